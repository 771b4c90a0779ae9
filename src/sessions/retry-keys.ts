// The Idempotency-Keys of a session's last refreshes, as eight bytes each in one column: newest first, zeros for none.
import { hash } from 'node:crypto';

const KEY_BYTES = 8;
const KEPT = 8;

/** Of a session that was never refreshed. */
export const NO_RETRY_KEYS = Buffer.alloc(KEY_BYTES * KEPT);

/** How many bytes of the previous value stay when a key is put before them. */
export const RETRY_KEYS_KEPT_BYTES = KEY_BYTES * (KEPT - 1);

/** What is kept of a key; eight zeros stand for "no key was sent". */
export function hashRetryKey(key: string | undefined): Buffer {
  if (key === undefined) return Buffer.alloc(KEY_BYTES);
  return hash('sha256', key, 'buffer').subarray(0, KEY_BYTES);
}

/**
 * Whether `key` is the one with which the refresh `ago` refreshes before the last one was made (0: the last). Older ones
 * than are kept answer false.
 */
export function isRetryKey(retryKeys: Buffer, ago: number, key: string): boolean {
  if (ago < 0 || ago >= KEPT) return false;
  const kept = retryKeys.subarray(ago * KEY_BYTES, (ago + 1) * KEY_BYTES);
  return !kept.equals(hashRetryKey(undefined)) && kept.equals(hashRetryKey(key));
}
