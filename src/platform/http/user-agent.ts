// The stored length of User-Agent headers.

/** How many characters of a User-Agent header are stored. Browsers send fewer than 300, and longer text adds no information. */
export const MAX_USER_AGENT_LENGTH = 512;
