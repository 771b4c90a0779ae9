// What the rules of rotation amount to: every interleaving of a client, its network, a thief and a clock, around the real
// classifyRefusedRefresh() and the real memory of keys.
//
// The model. A session has one client, which follows the documented rule: one key per refresh token, made when the token
// is received, stored beside it, and sent with every attempt to use it. What was once sent, a request or an answer, can
// arrive at any time later, any number of times, or never: so the network is the set of all that was ever sent, and only
// grows. At one moment a thief may copy what the client has stored; from then on he may send any token that he knows with
// his own keys, with none, or with the stolen one. The clock is free: at each judgement the time since the last refresh is
// any of TIMES, on either side of the grace and of the 10 s, and negative for a clock that was set back.
//
// The bound. A verdict depends on how many refreshes ago a token was used, and on the keys of the last eight refreshes, so
// a session's n-th refresh differs from its (n + 1)-th in nothing that is classify. Two refreshes after the theft decide who
// is alive; five in all leave room for one before it, and for late duplicates of each kind. Without a thief, where the
// states are few, 20 refreshes go beyond the memory of eight.
import t from 'tap';
import { classifyRefusedRefresh, type RefusedRefreshClass } from '#sessions/refused-refresh.js';
import { hashRetryKey, isRetryKey, NO_RETRY_KEYS, RETRY_KEYS_KEPT_BYTES } from '#sessions/retry-keys.js';

const TIMES = [1, 6, 11, 100_000, -1];

interface Rules {
  /** How often the session is refreshed at most. */
  readonly refreshes: number;
  /** What the thief copies, if there is one. */
  readonly theft?: 'token' | 'token and key';
  readonly graceSeconds?: number;
  /** A duplicate comes at most so many refreshes after its token was used. Default: no bound. */
  readonly lateness?: number;
  /** Whether all sessions of the account may be ended, at any moment. */
  readonly endsAll?: boolean;
  /** How many keys the client makes for one token: 1 is the rule, 2 a fresh one for a second attempt. */
  readonly keysPerToken?: number;
  /** Stands in for classifyRefusedRefresh(), to plant a bug. */
  readonly classify?: typeof classifyRefusedRefresh;
}

/** Who has been handed a successor of the stolen token or of a later one, since the theft: a bit for each generation. */
interface Gains {
  readonly client: number;
  readonly thief: number;
}

interface State {
  /** The session as the database has it. */
  readonly generation: number;
  readonly retryKeys: Buffer;
  readonly isLive: boolean;
  /** Whether it has ended with all others of its account. */
  readonly endedWithAll: boolean;
  /** The generation of the token that the client has stored. */
  readonly stored: number;
  /** Whether an answer with the successor of that token is on its way, or lost. */
  readonly answered: boolean;
  /** The generation that was stolen; undefined before the theft. */
  readonly stolen: number | undefined;
  /** The tokens that the thief has or will have when an answer reaches him: a bit for each generation. */
  readonly known: number;
  readonly gains: Gains;
  /** How this state came about, newest first. */
  readonly steps: Step | undefined;
}

interface Step {
  readonly what: string;
  readonly before: Step | undefined;
}

const START: State = {
  generation: 0,
  retryKeys: NO_RETRY_KEYS,
  isLive: true,
  endedWithAll: false,
  stored: 0,
  answered: false,
  stolen: undefined,
  known: 0,
  gains: { client: 0, thief: 0 },
  steps: undefined,
};

/** What must hold in every state; undefined, or what is wrong. */
type Property = (state: State, rules: Rules) => string | undefined;

interface Outcome {
  readonly states: number;
  /** The shortest way to a state that has not the property, last line the reason. */
  readonly counterexample: readonly string[] | undefined;
}

/** Breadth first: what it finds is shortest, and without a counterexample every state has been seen. */
function explore(rules: Rules, property: Property): Outcome {
  const seen = new Set([keyOf(START)]);
  let frontier: State[] = [START];
  while (frontier.length > 0) {
    const next: State[] = [];
    for (const state of frontier) {
      const wrong = property(state, rules);
      if (wrong !== undefined) return { states: seen.size, counterexample: [...stepsTo(state), wrong] };
      for (const successor of successors(state, rules)) {
        const key = keyOf(successor);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(successor);
      }
    }
    frontier = next;
  }
  return { states: seen.size, counterexample: undefined };
}

function* successors(state: State, rules: Rules): Generator<State> {
  const { stored, stolen, known } = state;
  // The client has sent all its tokens up to the stored one; each request may arrive now, or once more.
  for (let generation = 0; generation <= stored; generation += 1) {
    for (const key of clientKeys(generation, rules)) yield* deliver(state, rules, 'client', generation, key);
  }
  // An answer for another token than the stored one is for a request that the client has done with.
  if (state.answered) {
    yield { ...state, stored: stored + 1, answered: false, steps: step(state, `client stores token ${stored + 1}`) };
  }
  if (rules.endsAll && state.isLive) {
    yield { ...state, isLive: false, endedWithAll: true, steps: step(state, 'all sessions of the account end') };
  }
  if (rules.theft !== undefined && stolen === undefined) {
    yield { ...state, stolen: stored, known: bit(stored), steps: step(state, `thief copies token ${stored}`) };
  }
  if (stolen === undefined) return;
  for (let generation = stolen; bit(generation) <= known; generation += 1) {
    if ((known & bit(generation)) === 0) continue;
    for (const key of thiefKeys(stolen, rules)) yield* deliver(state, rules, 'thief', generation, key);
  }
}

/** A request reaches the service, which does as src/sessions does: rotates, or judges. */
function* deliver(
  state: State,
  rules: Rules,
  sender: 'client' | 'thief',
  generation: number,
  key: string | undefined,
): Generator<State> {
  const { refreshes, lateness = Number.POSITIVE_INFINITY } = rules;
  if (state.generation - generation > lateness) return;
  const what = `${sender} sends token ${generation} with ${key ?? 'no key'}`;
  if (state.isLive && generation === state.generation) {
    if (state.generation === refreshes) return;
    const rotated = { ...state, generation: generation + 1, retryKeys: remember(state.retryKeys, key) };
    yield gain(rotated, sender, generation, step(state, `${what}: rotated`));
    return;
  }
  const seen = new Set<RefusedRefreshClass>();
  for (const [secondsSinceRefresh, verdict] of verdicts(state, rules, generation, key)) {
    if (seen.has(verdict)) continue;
    seen.add(verdict);
    const steps = step(state, `${what}, ${secondsSinceRefresh} s after the last refresh: ${verdict}`);
    if (verdict === 'reused') yield { ...state, isLive: false, steps };
    else if (verdict === 'repeat') yield gain(state, sender, generation, steps);
  }
}

/** The successor of `generation` is handed to somebody; the answer arrives when it likes, or never. */
function gain(state: State, who: 'client' | 'thief', generation: number, steps: Step): State {
  const gains = { ...state.gains };
  if (state.stolen !== undefined && generation >= state.stolen) gains[who] |= bit(generation);
  if (who === 'thief') return { ...state, gains, known: state.known | bit(generation + 1), steps };
  return { ...state, gains, answered: state.answered || generation === state.stored, steps };
}

function clientKeys(generation: number, { keysPerToken = 1 }: Rules): string[] {
  return Array.from({ length: keysPerToken }, (_, attempt) => `key ${generation}${'abc'[attempt]}`);
}

/** Two of his own: one for all his requests, or another for the next. */
function thiefKeys(stolen: number, { theft }: Rules): (string | undefined)[] {
  const own = [undefined, 'key X', 'key Y'];
  return theft === 'token and key' ? [...own, `key ${stolen}a`] : own;
}

const memories = new Map<string, Buffer>();

/** What the rotating UPDATE makes of the column; the same object for the same bytes. */
function remember(retryKeys: Buffer, key: string | undefined): Buffer {
  const made = Buffer.concat([hashRetryKey(key), retryKeys.subarray(0, RETRY_KEYS_KEPT_BYTES)]);
  const bytes = made.toString('latin1');
  return getOrMake(memories, bytes, () => made);
}

const asked = new WeakMap<Rules, WeakMap<Buffer, Map<string, ReadonlyMap<number, RefusedRefreshClass>>>>();

/** What classifyRefusedRefresh() says at each of TIMES. It hashes keys, and so is asked only once about each case. */
function verdicts(
  state: State,
  rules: Rules,
  generation: number,
  key: string | undefined,
): ReadonlyMap<number, RefusedRefreshClass> {
  const { classify = classifyRefusedRefresh, graceSeconds = 0 } = rules;
  const byKeys = getOrMake(
    asked,
    rules,
    () => new WeakMap<Buffer, Map<string, ReadonlyMap<number, RefusedRefreshClass>>>(),
  );
  const byCase = getOrMake(byKeys, state.retryKeys, () => new Map<string, ReadonlyMap<number, RefusedRefreshClass>>());
  const verdictAt = (secondsSinceRefresh: number): [number, RefusedRefreshClass] => [
    secondsSinceRefresh,
    classify({ ...state, secondsSinceRefresh }, generation, key, graceSeconds),
  ];
  const wholeCase = `${state.generation},${state.isLive},${generation},${key}`;
  return getOrMake(byCase, wholeCase, () => new Map(TIMES.map(verdictAt)));
}

/** Whether a request of now is answered with a successor, whatever the clock says. */
function works(state: State, rules: Rules, generation: number, key?: string): boolean {
  if (state.isLive && generation === state.generation) return true;
  return [...verdicts(state, rules, generation, key).values()].includes('repeat');
}

const never: Property = () => undefined;

const clientIsNeverLoggedOut: Property = (state, rules) => {
  if (!state.isLive) return 'the session has ended';
  const keys = clientKeys(state.stored, rules);
  const stuck = state.generation < rules.refreshes && !keys.some((key) => works(state, rules, state.stored, key));
  return stuck ? `the client cannot use token ${state.stored}` : undefined;
};

/** Without the key that consumed it, nothing but the current token works, in any state. */
const oneTokenLives: Property = (state, rules) => {
  const all = Array.from({ length: state.generation + 2 }, (_, generation) => generation);
  const live = all.filter((generation) => works(state, rules, generation) || works(state, rules, generation, 'key Z'));
  return live.length > (state.isLive ? 1 : 0) ? `tokens ${live} work` : undefined;
};

/** Whatever is handed out is the successor of what was sent, and it is the current token: there is no other one. */
const successorIsTheCurrentToken: Property = (state, rules) => {
  for (let generation = 0; generation < state.generation; generation += 1) {
    const keys = [undefined, 'key X', 'key Y', ...clientKeys(generation, rules)];
    if (generation + 1 !== state.generation && keys.some((key) => works(state, rules, generation, key))) {
      return `token ${generation + 1} is handed out when ${state.generation} is the current one`;
    }
  }
  return undefined;
};

/**
 * Of client and thief at most one gets anything after the theft. A thief who has the key too can share one refresh, that of
 * the token he stole: from the next token on it is again at most one. The other's next use, 10 s late, ends the session.
 */
const notBothAlive: Property = ({ gains, stolen }, { theft }) => {
  const shared = theft === 'token and key' ? bit(stolen ?? 0) : 0;
  const both = (gains.client & ~shared) !== 0 && (gains.thief & ~shared) !== 0;
  return both ? 'client and thief both go on' : undefined;
};

/**
 * Whoever comes second finds out, and ends it for both: a used token that comes again without the key it was used with, and
 * not at once, ends the session.
 */
const secondUseIsNoticed: Property = (state, rules) => {
  if (!state.isLive) return undefined;
  for (let generation = 0; generation < state.generation; generation += 1) {
    for (const key of [undefined, 'key Z', ...`key ${generation}a`]) {
      if (key !== undefined && isRetryKey(state.retryKeys, state.generation - generation - 1, key)) continue;
      const verdict = verdicts(state, rules, generation, key).get(11);
      if (verdict !== 'reused')
        return `used token ${generation} comes with ${key ?? 'no key'} and is merely ${verdict}`;
    }
  }
  return undefined;
};

/** Once all sessions of the account have ended nobody gets anything, with whatever token and key, however late a request arrives. */
const nothingAfterTheEndOfAll: Property = (state, rules) => {
  if (!state.endedWithAll) return undefined;
  for (let generation = 0; generation <= state.generation + 1; generation += 1) {
    const keys = [undefined, 'key X', 'key Z', ...clientKeys(generation, rules)];
    const working = keys.find((key) => works(state, rules, generation, key));
    if (keys.some((key) => works(state, rules, generation, key))) {
      return `token ${generation} works with ${working ?? 'no key'} after the end of all sessions`;
    }
  }
  return undefined;
};

const all =
  (...properties: readonly Property[]): Property =>
  (state, rules) => {
    for (const property of properties) {
      const wrong = property(state, rules);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

const LATENESS_REMEMBERED = 8;
const REFRESHES_WITH_THIEF = 5;

t.test('a client that follows the rule is never logged out, whatever the network does', async (t) => {
  const safe = all(clientIsNeverLoggedOut, oneTokenLives, successorIsTheCurrentToken);
  for (const graceSeconds of [0, 5, 60]) {
    const outcome = explore(
      { refreshes: LATENESS_REMEMBERED, graceSeconds },
      graceSeconds === 0 ? safe : clientIsNeverLoggedOut,
    );
    t.equal(outcome.counterexample, undefined, `grace ${graceSeconds}: ${outcome.states} states`);
  }
  const long = explore({ refreshes: 20, lateness: LATENESS_REMEMBERED }, safe);
  t.equal(long.counterexample, undefined, `20 refreshes: ${long.states} states`);
});

t.test('a duplicate more than eight refreshes late is taken for theft: the memory ends there', async (t) => {
  const { counterexample } = explore({ refreshes: 20, lateness: LATENESS_REMEMBERED + 1 }, clientIsNeverLoggedOut);
  t.match(counterexample?.at(-2), /^client sends token 0 with key 0a, .*: reused$/);
});

for (const theft of ['token', 'token and key'] as const) {
  t.test(`client and thief of the ${theft} do not both go on, and one token lives`, async (t) => {
    const safe = all(notBothAlive, oneTokenLives, successorIsTheCurrentToken, secondUseIsNoticed);
    const { counterexample, states } = explore({ refreshes: REFRESHES_WITH_THIEF, theft }, safe);
    t.equal(counterexample, undefined, `${states} states`);
  });
}

t.test(
  'nothing works after the end of all sessions, for client and thief, in any order of what is under way',
  async (t) => {
    for (const graceSeconds of [0, 60]) {
      const rules: Rules = { refreshes: 2, theft: 'token and key', endsAll: true, graceSeconds };
      const { counterexample, states } = explore(rules, nothingAfterTheEndOfAll);
      t.equal(counterexample, undefined, `grace ${graceSeconds}: ${states} states`);
      const reached = explore(rules, ({ endedWithAll, answered }) =>
        endedWithAll && answered ? 'reached' : undefined,
      );
      t.ok(reached.counterexample, 'an answer is still under way when all sessions end');
    }
  },
);

t.test('a thief who is first is found out by the client, and a client who is first by the thief', async (t) => {
  const ended =
    (by: string): Property =>
    (state) =>
      !state.isLive && state.steps?.what.startsWith(`${by} sends`) ? 'ended' : undefined;
  for (const by of ['client', 'thief']) {
    t.ok(
      explore({ refreshes: 3, theft: 'token' }, ended(by)).counterexample,
      `the ${by}'s second use ends the session`,
    );
  }
});

/** Rules and planted bugs that must fail, or the model proves nothing. */
const CONTROLS: readonly (readonly [what: string, rules: Rules, property: Property])[] = [
  [
    'a client that makes a fresh key for each attempt is logged out',
    { refreshes: 2, keysPerToken: 2 },
    clientIsNeverLoggedOut,
  ],
  [
    'a client is logged out when only the last key is remembered',
    {
      refreshes: 3,
      classify: (session, ...rest) => {
        const retryKeys = Buffer.alloc(session.retryKeys.length);
        session.retryKeys.copy(retryKeys, 0, 0, hashRetryKey(undefined).length);
        return classifyRefusedRefresh({ ...session, retryKeys }, ...rest);
      },
    },
    clientIsNeverLoggedOut,
  ],
  [
    'a client is logged out when keys are not looked at',
    {
      refreshes: 2,
      classify: (session, generation, _key, grace) => classifyRefusedRefresh(session, generation, undefined, grace),
    },
    clientIsNeverLoggedOut,
  ],
  [
    'a thief who is quick goes on beside the client under a grace',
    { refreshes: 3, theft: 'token', graceSeconds: 5 },
    notBothAlive,
  ],
  [
    'a lost answer is repeated after the end of all sessions, when the epoch is not looked at',
    {
      refreshes: 2,
      endsAll: true,
      classify: (session, ...rest) => classifyRefusedRefresh({ ...session, isLive: true }, ...rest),
    },
    nothingAfterTheEndOfAll,
  ],
  ['two tokens work under a grace', { refreshes: 2, graceSeconds: 5 }, oneTokenLives],
  [
    'two tokens work after the clock was set back, when a grace of 0 is not told from one',
    {
      refreshes: 2,
      classify: (session, generation, key, grace) =>
        classifyRefusedRefresh(session, generation, key, session.secondsSinceRefresh < grace ? 60 : 0),
    },
    oneTokenLives,
  ],
  [
    'an old successor is handed out when its use is not looked at',
    {
      refreshes: 3,
      classify: (session, generation, key, grace) => {
        const verdict = classifyRefusedRefresh(session, generation, key, grace);
        return verdict === 'used' && key !== undefined ? 'repeat' : verdict;
      },
    },
    successorIsTheCurrentToken,
  ],
  [
    'client and thief go on when any key will do',
    {
      refreshes: 3,
      theft: 'token',
      classify: (session, generation, key, grace) =>
        session.isLive && generation === session.generation - 1
          ? 'repeat'
          : classifyRefusedRefresh(session, generation, key, grace),
    },
    notBothAlive,
  ],
  [
    'theft goes unnoticed when an old token is merely refused',
    {
      refreshes: 3,
      theft: 'token',
      classify: (session, generation, key, grace) => {
        const verdict = classifyRefusedRefresh(session, generation, key, grace);
        return verdict === 'reused' ? 'used' : verdict;
      },
    },
    secondUseIsNoticed,
  ],
  [
    'a thief with the key shares more than the token he stole',
    { refreshes: 3, theft: 'token and key' },
    (state) => notBothAlive(state, { refreshes: 3, theft: 'token' }),
  ],
];

for (const [what, rules, property] of CONTROLS) {
  t.test(`the model finds out: ${what}`, async (t) => {
    const { counterexample } = explore(rules, property);
    t.ok(counterexample, 'a counterexample');
    for (const line of counterexample ?? []) t.comment(line);
  });
}

t.test('the model reaches what it is about', async (t) => {
  const rules: Rules = { refreshes: 4, theft: 'token and key' };
  const reached = (what: string, is: (state: State) => boolean) =>
    t.ok(explore(rules, (state) => (is(state) ? what : undefined)).counterexample, what);
  reached('the client stores the last token', ({ stored }) => stored === 4);
  reached(
    'an answer is lost for good',
    ({ stored, generation, stolen }) => stolen === undefined && generation === stored + 1,
  );
  reached('the thief is three tokens ahead', ({ stored, generation, isLive }) => isLive && generation === stored + 3);
  reached(
    'both hold the successor of the stolen token',
    ({ stolen, stored, known }) => stored === (stolen ?? 9) + 1 && (known & bit(stored)) !== 0,
  );
  t.ok(explore({ refreshes: 1 }, never).states >= 3);
});

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function getOrMake<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  const value = cache.get(key) ?? make();
  cache.set(key, value);
  return value;
}

function bit(generation: number): number {
  return 1 << generation;
}

function step(state: State, what: string): Step {
  return { what, before: state.steps };
}

function stepsTo({ steps }: State): string[] {
  const lines: string[] = [];
  for (let each = steps; each !== undefined; each = each.before) lines.unshift(each.what);
  return lines;
}

/** All of a state but how it came about. */
function keyOf({ generation, retryKeys, isLive, endedWithAll, stored, answered, stolen, known, gains }: State): string {
  const numbers = [generation, isLive, endedWithAll, stored, answered, stolen, known, gains.client, gains.thief].map(
    Number,
  );
  return `${numbers.join()},${retryKeys.toString('latin1')}`;
}
