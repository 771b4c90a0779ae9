// How much of a User-Agent header is stored and shown.

/** Characters. Browsers send fewer than 300; what is longer carries no further information. */
export const MAX_USER_AGENT_LENGTH = 512;
