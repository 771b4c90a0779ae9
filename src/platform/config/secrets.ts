// AUTH_SECRET: checks its strength, and derives keys from it.
import { hkdfSync } from 'node:crypto';

const MIN_BYTES = 32;
// Random text of the minimum length has far more distinct characters than this; "aaaa…" and "changemechangeme…" have fewer.
const MIN_DISTINCT_CHARACTERS = 10;

/** Splits `new,old` into secrets. Returns a string with the reason if one of them is too weak. */
export function parseSecrets(value: string): string[] | string {
  const secrets = value.split(',').map((secret) => secret.trim());
  for (const secret of secrets) {
    if (Buffer.byteLength(secret) < MIN_BYTES) return `must have at least ${MIN_BYTES} characters`;
    if (new Set(secret).size < MIN_DISTINCT_CHARACTERS) return 'must be random, not a word or a repeated character';
  }
  return secrets;
}

/**
 * Derives a 32-byte key with HKDF-SHA-256 (RFC 5869). Each use has its own `purpose`, such as `refresh-token/v1`, so that no
 * two uses share a key.
 */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `latchkey/${purpose}`, 32));
}

/** Derives one key for each secret, in the same order. While AUTH_SECRET is being changed, the first is used and all are accepted. */
export function deriveKeys(
  [current, ...previous]: readonly [string, ...string[]],
  purpose: string,
): readonly [Buffer, ...Buffer[]] {
  return [deriveKey(current, purpose), ...previous.map((secret) => deriveKey(secret, purpose))];
}
