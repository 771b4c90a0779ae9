// The Idempotency-Keys of a session's last refreshes: one column with eight bytes per key, newest first, and random ones where none was
// sent.
import { hash, randomBytes } from 'node:crypto';

const KEY_BYTES = 8;
const KEPT = 8;

/** The column of a session that was never refreshed. */
export const NO_RETRY_KEYS = Buffer.alloc(KEY_BYTES * KEPT);

/** How many bytes of the previous value remain when a key is prepended. */
export const RETRY_KEYS_KEPT_BYTES = KEY_BYTES * (KEPT - 1);

/**
 * The eight bytes that a refresh stores. Without a key they are random: no key matches them, but the refresh can recognise that it wrote
 * them.
 */
export function retryKeyOf(key: string | undefined): Buffer {
  return key === undefined ? randomBytes(KEY_BYTES) : hashRetryKey(key);
}

/** Whether the last refresh stored `stored`. */
export function isLastRetryKey(retryKeys: Buffer, stored: Buffer): boolean {
  return retryKeys.subarray(0, KEY_BYTES).equals(stored);
}

/** The eight bytes that stand for a key. Zeros for none: earlier versions stored them, and so does a new session. */
export function hashRetryKey(key: string | undefined): Buffer {
  if (key === undefined) return Buffer.alloc(KEY_BYTES);
  return hash('sha256', key, 'buffer').subarray(0, KEY_BYTES);
}

/**
 * Whether `key` was sent with the refresh that came `ago` refreshes before the last one (0: the last one itself). False for refreshes
 * whose keys are no longer stored.
 */
export function isRetryKey(retryKeys: Buffer, ago: number, key: string): boolean {
  if (ago < 0 || ago >= KEPT) return false;
  const kept = retryKeys.subarray(ago * KEY_BYTES, (ago + 1) * KEY_BYTES);
  return !kept.equals(hashRetryKey(undefined)) && kept.equals(hashRetryKey(key));
}
