// The rules for refused refreshes, case by case. (rotation-model.test.ts checks what they achieve together.)
import t from 'tap';
import { classifyRefusedRefresh, DOUBLE_SUBMIT_SECONDS, type RefusedRefreshClass } from '#sessions/refused-refresh.js';
import { hashRetryKey, NO_RETRY_KEYS, RETRY_KEYS_KEPT_BYTES } from '#sessions/retry-keys.js';

/** A session in generation 10: key 'k9' created it, 'k8' the previous one, and so on; generation 6 was created without a key. */
const GENERATION = 10;
const retryKeys = Array.from({ length: GENERATION }, (_, i) => (i === 5 ? undefined : `k${i}`)).reduce<Buffer>(
  (kept, key) => Buffer.concat([hashRetryKey(key), kept.subarray(0, RETRY_KEYS_KEPT_BYTES)]),
  NO_RETRY_KEYS,
);

interface Case {
  readonly what: string;
  readonly generation: number;
  readonly key?: string;
  /** Seconds since the last refresh. */
  readonly seconds?: number;
  readonly grace?: number;
  readonly isLive?: boolean;
  readonly result: RefusedRefreshClass;
}

const HOURS = 5 * 3600;
const JUST_UNDER = DOUBLE_SUBMIT_SECONDS - 0.001;

const CASES: readonly Case[] = [
  // The parent, with the key that consumed it: the answer was lost.
  { what: 'parent, its key, at once', generation: 9, key: 'k9', seconds: 0, result: 'repeat' },
  { what: 'parent, its key, hours later', generation: 9, key: 'k9', seconds: HOURS, result: 'repeat' },
  { what: 'parent, its key, clock set back', generation: 9, key: 'k9', seconds: -60, result: 'repeat' },
  { what: 'parent, its key, session over', generation: 9, key: 'k9', isLive: false, result: 'invalid' },
  // An older one with its key: a duplicate that comes late.
  { what: 'grandparent, its key', generation: 8, key: 'k8', result: 'used' },
  { what: 'grandparent, its key, hours later', generation: 8, key: 'k8', seconds: HOURS, result: 'used' },
  { what: 'the oldest that is remembered, its key', generation: 2, key: 'k2', result: 'used' },
  { what: 'one older than is remembered, its key', generation: 1, key: 'k1', result: 'reused' },
  // A key that is not the one.
  { what: 'parent, another key, at once', generation: 9, key: 'x', seconds: 0, result: 'used' },
  { what: 'parent, another key, under 10 s', generation: 9, key: 'x', seconds: JUST_UNDER, result: 'used' },
  { what: 'parent, another key, 10 s', generation: 9, key: 'x', seconds: DOUBLE_SUBMIT_SECONDS, result: 'reused' },
  { what: 'parent, the key of the grandparent', generation: 9, key: 'k8', seconds: HOURS, result: 'reused' },
  { what: 'grandparent, the key of the parent', generation: 8, key: 'k9', seconds: 0, result: 'reused' },
  { what: 'grandparent, another key, at once', generation: 8, key: 'x', seconds: 0, result: 'reused' },
  { what: 'one made without a key, any key', generation: 5, key: 'k5', seconds: 0, result: 'reused' },
  { what: 'one made without a key, an empty key', generation: 5, key: '', seconds: 0, result: 'reused' },
  // No key.
  { what: 'parent, no key, at once', generation: 9, seconds: 0, result: 'used' },
  { what: 'parent, no key, under 10 s', generation: 9, seconds: JUST_UNDER, result: 'used' },
  { what: 'parent, no key, 10 s', generation: 9, seconds: DOUBLE_SUBMIT_SECONDS, result: 'reused' },
  { what: 'parent, no key, hours later', generation: 9, seconds: HOURS, result: 'reused' },
  { what: 'grandparent, no key, at once', generation: 8, seconds: 0, result: 'reused' },
  { what: 'the first, no key', generation: 0, seconds: 0, result: 'reused' },
  { what: 'one made without a key, no key', generation: 5, seconds: 0, result: 'reused' },
  { what: 'parent, no key, clock set back', generation: 9, seconds: -60, result: 'used' },
  // The grace: for the parent, without a key.
  { what: 'parent, no key, within the grace', generation: 9, seconds: 4.9, grace: 5, result: 'repeat' },
  { what: 'parent, no key, after the grace', generation: 9, seconds: 5, grace: 5, result: 'used' },
  { what: 'parent, no key, after the grace and 10 s', generation: 9, seconds: 10, grace: 5, result: 'reused' },
  { what: 'parent, no key, in a grace over 10 s', generation: 9, seconds: 59, grace: 60, result: 'repeat' },
  { what: 'parent, no key, after a grace over 10 s', generation: 9, seconds: 60, grace: 60, result: 'reused' },
  { what: 'parent, no key, grace, clock set back a little', generation: 9, seconds: -0.1, grace: 5, result: 'repeat' },
  { what: 'parent, no key, grace, clock set back', generation: 9, seconds: -HOURS, grace: 60, result: 'used' },
  { what: 'parent, another key, within the grace', generation: 9, key: 'x', seconds: 1, grace: 5, result: 'used' },
  { what: 'grandparent, no key, within the grace', generation: 8, seconds: 1, grace: 60, result: 'reused' },
  {
    what: 'parent, within the grace, session ended',
    generation: 9,
    seconds: 1,
    grace: 5,
    isLive: false,
    result: 'invalid',
  },
  // Not about rotation.
  { what: 'the current one', generation: 10, result: 'invalid' },
  { what: 'the current one, the key of its parent', generation: 10, key: 'k9', result: 'invalid' },
  { what: 'one that was never issued', generation: 11, result: 'invalid' },
  { what: 'an old one, session over', generation: 3, isLive: false, result: 'invalid' },
];

for (const { what, generation, key, seconds = 1, grace = 0, isLive = true, result } of CASES) {
  t.test(`${what}: ${result}`, async (t) => {
    const session = { generation: GENERATION, retryKeys, isLive, secondsSinceRefresh: seconds };
    t.equal(classifyRefusedRefresh(session, generation, key, grace), result);
  });
}
