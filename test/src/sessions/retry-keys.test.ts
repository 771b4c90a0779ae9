// The hashes of Idempotency-Keys that a session remembers.
import { createHash } from 'node:crypto';
import t from 'tap';
import { hashRetryKey, isRetryKey, NO_RETRY_KEYS, RETRY_KEYS_KEPT_BYTES } from '#sessions/retry-keys.js';

/** The same as the rotating UPDATE does with the column. */
function remember(retryKeys: Buffer, key: string | undefined): Buffer {
  return Buffer.concat([hashRetryKey(key), retryKeys.subarray(0, RETRY_KEYS_KEPT_BYTES)]);
}

const KEYS = Array.from({ length: 12 }, (_, i) => `key-${i}`);

t.test('the last eight keys are found, each only at its own position', async (t) => {
  const kept = KEYS.reduce(remember, NO_RETRY_KEYS);
  t.equal(kept.length, 64);
  for (const [i, key] of KEYS.entries()) {
    const places = Array.from({ length: 20 }, (_, ago) => ago).filter((ago) => isRetryKey(kept, ago, key));
    const ago = KEYS.length - 1 - i;
    t.strictSame(places, ago < 8 ? [ago] : [], key);
  }
});

t.test('a refresh without a key leaves a gap that no key matches', async (t) => {
  const kept = [undefined, 'second', undefined].reduce<Buffer>(remember, NO_RETRY_KEYS);
  t.ok(isRetryKey(kept, 1, 'second'));
  for (const key of ['', '\0', '\0'.repeat(8), '0', 'undefined', 'null', 'second']) {
    t.notOk(isRetryKey(kept, 0, key), JSON.stringify(key));
    t.notOk(isRetryKey(kept, 2, key), JSON.stringify(key));
    t.notOk(isRetryKey(NO_RETRY_KEYS, 0, key), JSON.stringify(key));
  }
});

t.test('positions out of range match no key', async (t) => {
  const kept = remember(NO_RETRY_KEYS, 'key');
  for (const ago of [-1, 8, 9, 2 ** 24, Number.POSITIVE_INFINITY]) t.notOk(isRetryKey(kept, ago, 'key'), String(ago));
  t.notOk(isRetryKey(Buffer.alloc(0), 0, 'key'), 'a column that is too short');
});

t.test('keys are compared exactly', async (t) => {
  const kept = remember(NO_RETRY_KEYS, 'Key');
  t.ok(isRetryKey(kept, 0, 'Key'));
  for (const other of ['key', 'KEY', 'Key ', 'Ke', 'Key\0']) t.notOk(isRetryKey(kept, 0, other), JSON.stringify(other));
});

t.test('only the hash of a key is stored', async (t) => {
  t.strictSame(hashRetryKey('key'), createHash('sha256').update('key').digest().subarray(0, 8));
  t.equal(hashRetryKey(undefined).toString('hex'), '0000000000000000');
});
