// The fixed upper bounds of a password. The minimum length is a live setting.

/** Code points, after NFC. */
export const PASSWORD_MAX_LENGTH = 256;

/** Bytes of UTF-8, after NFC. Four per code point, so that no script lowers the maximum length. */
export const PASSWORD_MAX_BYTES = 1024;
