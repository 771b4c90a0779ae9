// AUTH_SECRET: what is strong enough, and the keys that are derived from it.
import { hkdfSync } from 'node:crypto';

const MIN_BYTES = 32;
// Random text of this length has far more; "aaaa…" and "changemechangeme…" have fewer.
const MIN_DISTINCT_CHARACTERS = 10;

/** Splits `new,old` into its secrets; a string says what is wrong with them. */
export function parseSecrets(value: string): string[] | string {
  const secrets = value.split(',').map((secret) => secret.trim());
  for (const secret of secrets) {
    if (Buffer.byteLength(secret) < MIN_BYTES) return `must have at least ${MIN_BYTES} characters`;
    if (new Set(secret).size < MIN_DISTINCT_CHARACTERS) return 'must be random, not a word or a repeated character';
  }
  return secrets;
}

/**
 * A 32-byte key for one purpose, by HKDF-SHA-256 (RFC 5869). `purpose` is distinct for each use (`refresh-token/v1`), so
 * that no two uses share a key.
 */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `latchkey/${purpose}`, 32));
}

/** One key for each secret, in the same order: while AUTH_SECRET is being changed, the first one is used and all are accepted. */
export function deriveKeys(
  [current, ...previous]: readonly [string, ...string[]],
  purpose: string,
): readonly [Buffer, ...Buffer[]] {
  return [deriveKey(current, purpose), ...previous.map((secret) => deriveKey(secret, purpose))];
}
