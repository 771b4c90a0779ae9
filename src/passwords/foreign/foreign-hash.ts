// What a family of foreign password hashes provides, and the limits that all families share.

/** A hash that another system has computed. */
export interface ForeignHash {
  /** Whether one verification stays within the limits of its family. An unaffordable hash must not be verified. */
  readonly isAffordable: boolean;
  /** Whether a password matches, computed as the other system did, outside the event loop. */
  readonly verify: (password: string) => Promise<boolean>;
}

/** Reads the text form of a family; undefined if the text is not of this family. */
export type ForeignHashParser = (text: string) => ForeignHash | undefined;

/**
 * The most memory of one verification, in bytes. As many run at once as there are cores. This admits Django's argon2 (100 MiB), and
 * scrypt with N = 2^17 and r = 8 (128 MiB, and a little for its blocks).
 */
export const MAX_MEMORY_BYTES = 136 * 2 ** 20;

/** A positive integer without sign and leading zeros, as a regular expression. */
export const INTEGER = '[1-9]\\d{0,8}';
