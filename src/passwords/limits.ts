// The fixed bounds of a password; the least length is a live setting.

/** Code points, after NFC. */
export const PASSWORD_MAX_LENGTH = 256;

/** Bytes of UTF-8, after NFC: every password of the greatest length in any script fits. */
export const PASSWORD_MAX_BYTES = 1024;
