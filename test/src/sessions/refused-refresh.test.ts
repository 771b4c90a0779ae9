// The rules for refused refreshes, case by case. (rotation-model.test.ts checks what they achieve together.)
import t from 'tap';
import { DOUBLE_SUBMIT_SECONDS, judge, type Verdict } from '#sessions/refused-refresh.js';
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
  readonly alive?: boolean;
  readonly verdict: Verdict;
}

const HOURS = 5 * 3600;
const JUST_UNDER = DOUBLE_SUBMIT_SECONDS - 0.001;

const CASES: readonly Case[] = [
  // The parent with the key that consumed it: its answer was lost.
  { what: 'parent, its key, at once', generation: 9, key: 'k9', seconds: 0, verdict: 'repeat' },
  { what: 'parent, its key, hours later', generation: 9, key: 'k9', seconds: HOURS, verdict: 'repeat' },
  { what: 'parent, its key, clock set back', generation: 9, key: 'k9', seconds: -60, verdict: 'repeat' },
  { what: 'parent, its key, session ended', generation: 9, key: 'k9', alive: false, verdict: 'invalid' },
  // An older token with its key: a late duplicate.
  { what: 'grandparent, its key', generation: 8, key: 'k8', verdict: 'used' },
  { what: 'grandparent, its key, hours later', generation: 8, key: 'k8', seconds: HOURS, verdict: 'used' },
  { what: 'the oldest remembered one, its key', generation: 2, key: 'k2', verdict: 'used' },
  { what: 'one beyond the memory, its key', generation: 1, key: 'k1', verdict: 'reused' },
  // Wrong keys.
  { what: 'parent, another key, at once', generation: 9, key: 'x', seconds: 0, verdict: 'used' },
  { what: 'parent, another key, under 10 s', generation: 9, key: 'x', seconds: JUST_UNDER, verdict: 'used' },
  { what: 'parent, another key, 10 s', generation: 9, key: 'x', seconds: DOUBLE_SUBMIT_SECONDS, verdict: 'reused' },
  { what: 'parent, the key of the grandparent', generation: 9, key: 'k8', seconds: HOURS, verdict: 'reused' },
  { what: 'grandparent, the key of the parent', generation: 8, key: 'k9', seconds: 0, verdict: 'reused' },
  { what: 'grandparent, another key, at once', generation: 8, key: 'x', seconds: 0, verdict: 'reused' },
  { what: 'one made without a key, any key', generation: 5, key: 'k5', seconds: 0, verdict: 'reused' },
  { what: 'one made without a key, an empty key', generation: 5, key: '', seconds: 0, verdict: 'reused' },
  // No key.
  { what: 'parent, no key, at once', generation: 9, seconds: 0, verdict: 'used' },
  { what: 'parent, no key, under 10 s', generation: 9, seconds: JUST_UNDER, verdict: 'used' },
  { what: 'parent, no key, 10 s', generation: 9, seconds: DOUBLE_SUBMIT_SECONDS, verdict: 'reused' },
  { what: 'parent, no key, hours later', generation: 9, seconds: HOURS, verdict: 'reused' },
  { what: 'grandparent, no key, at once', generation: 8, seconds: 0, verdict: 'reused' },
  { what: 'the first, no key', generation: 0, seconds: 0, verdict: 'reused' },
  { what: 'one made without a key, no key', generation: 5, seconds: 0, verdict: 'reused' },
  { what: 'parent, no key, clock set back', generation: 9, seconds: -60, verdict: 'used' },
  // The grace period: for the parent, without a key.
  { what: 'parent, no key, within the grace', generation: 9, seconds: 4.9, grace: 5, verdict: 'repeat' },
  { what: 'parent, no key, after the grace', generation: 9, seconds: 5, grace: 5, verdict: 'used' },
  { what: 'parent, no key, after the grace and 10 s', generation: 9, seconds: 10, grace: 5, verdict: 'reused' },
  { what: 'parent, no key, in a grace over 10 s', generation: 9, seconds: 59, grace: 60, verdict: 'repeat' },
  { what: 'parent, no key, after a grace over 10 s', generation: 9, seconds: 60, grace: 60, verdict: 'reused' },
  { what: 'parent, another key, within the grace', generation: 9, key: 'x', seconds: 1, grace: 5, verdict: 'used' },
  { what: 'grandparent, no key, within the grace', generation: 8, seconds: 1, grace: 60, verdict: 'reused' },
  {
    what: 'parent, within the grace, session ended',
    generation: 9,
    seconds: 1,
    grace: 5,
    alive: false,
    verdict: 'invalid',
  },
  // Tokens that are not used ones.
  { what: 'the current one', generation: 10, verdict: 'invalid' },
  { what: 'the current one, the key of its parent', generation: 10, key: 'k9', verdict: 'invalid' },
  { what: 'one that was never issued', generation: 11, verdict: 'invalid' },
  { what: 'an old one, session ended', generation: 3, alive: false, verdict: 'invalid' },
];

for (const { what, generation, key, seconds = 1, grace = 0, alive = true, verdict } of CASES) {
  t.test(`${what}: ${verdict}`, async (t) => {
    const session = { generation: GENERATION, retryKeys, alive, secondsSinceRefresh: seconds };
    t.equal(judge(session, generation, key, grace), verdict);
  });
}
