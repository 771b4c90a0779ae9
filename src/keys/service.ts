// Signing keys: which one signs, which ones verify, and how one follows the other (next → active → retired).
import { type Act, bySystem } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import { isSigningAlgorithm, type SigningAlgorithm } from '#platform/config/signing-algorithms.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import { FOLLOW_SECONDS } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import {
  type BrokenKey,
  provesSecret,
  publish,
  type ReadKey,
  readRow,
  sealLabel,
  signs,
  sourceOf,
} from './decode-key-row.js';
import type { Seal } from './key-encryption.js';
import type { SealedKey, SigningKeyRow, SigningKeysRepository } from './repository.js';
import { generateKey, type SigningKey, type VerificationKey } from './signing-key.js';

/** Rows that a start cannot do without cannot be read. The message is one line for the operator. */
export class UnreadableSigningKeys extends Error {
  override readonly name = 'UnreadableSigningKeys';

  /** `secretIsRight`: it opens another key, so that these rows are damaged. Only then is there nothing to lose. */
  constructor(broken: readonly BrokenKey[], secretIsRight: boolean) {
    const rows = broken.map(({ row, wrong }) => `${row.kid} (${row.state}: ${wrong})`);
    super(`signing keys cannot be read: ${rows.join(', ')}. ${secretIsRight ? DAMAGED : OTHER_SECRET}`);
  }
}

const OTHER_SECRET =
  'No key is lost: set the AUTH_SECRET that they were made with, or put it behind the new one (AUTH_SECRET=new,old); ' +
  'if that is not it, see docs/signing-keys.md, "When something is wrong"';
const DAMAGED =
  'AUTH_SECRET is right, since it opens another key: these rows are damaged. Restore them from a backup, or give them up, ' +
  'and with them the access tokens that they have signed: latchkey keys retire <kid>';

/** Which keys cannot be read, and what is known of the secret. */
export interface KeyInspection {
  /** Those that a start cannot do without. */
  readonly unreadable: readonly {
    readonly kid: string;
    readonly state: SigningKeyRow['state'];
    readonly wrong: string;
  }[];
  /** AUTH_SECRET opens at least one of the keys: it is a secret of this database. */
  readonly secretOpensSome: boolean;
}

/** What was asked of the keys cannot be done now. The message is one line for the operator at the command line. */
export class KeyOperationRefused extends Problem {
  constructor(code: 'key_too_young' | 'key_not_found', message: string) {
    super(code);
    this.message = message;
  }
}

interface Dependencies {
  readonly repository: SigningKeysRepository;
  readonly seal: Seal;
  /** Of keys that are made from now on. */
  readonly algorithm: SigningAlgorithm;
  readonly settings: Pick<Settings, 'get'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly log: Log;
  /** A clock that never jumps, milliseconds. */
  readonly monotonicNow?: () => number;
}

/**
 * How much longer than its last token a retired key stays (seconds): an instance that has not heard of the rotation signs
 * with it for up to FOLLOW_SECONDS, and verifiers allow a minute of leeway.
 */
const RETIRED_MARGIN_SECONDS = FOLLOW_SECONDS + 60;
/** More than any state of the table asks for. */
const MOST_STEPS = 10;
/**
 * How long a key must have lain under an older secret until a running instance seals it anew (milliseconds). While AUTH_SECRET is
 * changed, instances with `old,new` and with `new,old` run side by side: they must not undo each other's work all the time.
 */
const RESEAL_AFTER_MILLISECONDS = 60_000;
const DAY_SECONDS = 86_400;

/** The key ring. `start` before anything else. */
export function createSigningKeys({
  repository,
  seal,
  algorithm,
  settings,
  audit,
  log,
  monotonicNow = () => performance.now(),
}: Dependencies) {
  let active: SigningKey | undefined;
  let byKid = new Map<string, VerificationKey>();
  let published = publish([]);
  /** The last good reading of each row. */
  let readings = new Map<string, ReadKey>();
  let seen = '';
  let rows: readonly SigningKeyRow[] = [];
  /** The kids of rows that cannot be read. */
  let unreadable = new Set<string>();
  const reported = new Set<string>();
  /** Since when keys have been seen under an older secret (monotonicNow), by what they were read from. */
  let outdatedSince = new Map<string, number>();

  /** Every row; a key whose row is as it was is the same object as before. */
  function readAll(): { good: ReadKey[]; broken: BrokenKey[] } {
    const good: ReadKey[] = [];
    const broken: BrokenKey[] = [];
    for (const row of rows.filter(({ expired }) => !expired)) {
      const before = readings.get(row.kid);
      const reading = before?.source === sourceOf(row) ? { ...before, row } : readRow(row, seal);
      if ('key' in reading) good.push(reading);
      else broken.push(reading);
    }
    return { good, broken };
  }

  /** Takes what is in the table; of what cannot be read there the last good reading stays. True: it had changed. */
  function accept(found: readonly SigningKeyRow[]): boolean {
    rows = found;
    const { good, broken } = readAll();
    const verifying: VerificationKey[] = [];
    for (const { row, wrong, verifying: publicHalf } of broken) {
      const before = readings.get(row.kid);
      // Its source stays the one that was good: the row is still broken when it is read the next time.
      if (before !== undefined) good.push({ ...before, row, outdatedSeal: false });
      else if (publicHalf !== undefined) verifying.push(publicHalf);
      report(`${row.kid} ${sourceOf(row)}`, { kid: row.kid, state: row.state, wrong }, 'a signing key cannot be read');
    }
    unreadable = new Set(broken.map(({ row }) => row.kid));
    readings = new Map(good.map((reading) => [reading.row.kid, reading]));
    const signing = good.find(({ row }) => row.state === 'active')?.key;
    if (signs(signing)) {
      active = signing;
      reported.delete('no active key');
    } else if (active !== undefined)
      report('no active key', { kid: active.kid }, 'no active signing key: the last one signs');
    verifying.push(...good.map(({ key }) => key));
    if (active !== undefined && !verifying.some(({ kid }) => kid === active?.kid)) verifying.push(active);
    byKid = new Map(verifying.map((key) => [key.kid, key]));
    published = publish(verifying);
    const now = JSON.stringify(found.map((row) => [row.kid, row.state, sourceOf(row)]));
    const changed = now !== seen;
    seen = now;
    return changed;
  }

  function report(once: string, facts: object, message: string): void {
    if (reported.has(once)) return;
    reported.add(once);
    log.error(facts, message);
  }

  /** Reads the table again and does what is due there; resolves to whether somebody else had changed it. */
  const reload = singleFlight(async () => {
    const changed = accept(await repository.findAll());
    await doWhatIsDue();
    await resealWhatIsOutdated();
    return changed;
  });

  const doWhatIsDue = () => repeat(step);

  async function repeat(act: () => Promise<boolean>): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS && (await act()); steps += 1) accept(await repository.findAll());
  }

  const inState = (state: 'active' | 'next') => rows.find((row) => row.state === state);

  /** Does one thing that is due; true when there was one, whoever has done it in the end. */
  async function step(): Promise<boolean> {
    if (await makeMissing()) return true;
    const { current, next } = both();
    const lifetime = settings.get('ACCESS_TOKEN_LIFETIME');
    if (lifetime > current.longestLifetime) {
      await repository.raiseLifetime(current.kid, lifetime);
      return true;
    }
    if (rows.some(({ expired }) => expired)) {
      for (const { kid } of await repository.removeExpired())
        log.info({ kid }, 'signing key removed: its tokens are dead');
      return true;
    }
    if (!isDue(current, next)) return false;
    if (await replace(current, next, settings.get('KEY_LEAD_TIME'), bySystem))
      log.info({ kid: next.kid }, 'signing key rotated');
    return true;
  }

  /** Makes one key that is missing; true when there was one. */
  async function makeMissing(): Promise<boolean> {
    const next = inState('next');
    if (inState('active') === undefined) {
      if (next === undefined || unreadable.has(next.kid)) await make('active');
      else if (await repository.activate(next.kid))
        log.warn({ kid: next.kid }, 'no active signing key: the next one signs');
      return true;
    }
    if (next !== undefined) return false;
    await make('next');
    return true;
  }

  function both(): { current: SigningKeyRow; next: SigningKeyRow } {
    const current = inState('active');
    const next = inState('next');
    if (current === undefined || next === undefined)
      throw new KeyOperationRefused('key_too_young', 'the signing keys are being changed; see: latchkey keys list');
    return { current, next };
  }

  function isDue(current: SigningKeyRow, next: SigningKeyRow): boolean {
    if (unreadable.has(next.kid) || next.secondsSinceCreated < settings.get('KEY_LEAD_TIME')) return false;
    const days = settings.get('KEY_ROTATION_DAYS');
    const old = days > 0 && current.secondsSinceActivated >= days * DAY_SECONDS;
    return old || (current.alg !== algorithm && next.alg === algorithm);
  }

  async function make(state: 'next' | 'active'): Promise<void> {
    const key = await newKey();
    if (await repository.insert(key, state)) log.info({ kid: key.kid, alg: key.alg, state }, 'signing key made');
  }

  async function newKey(): Promise<SealedKey> {
    const key = await generateKey(algorithm);
    return { ...key, privateKey: seal.close(key.privateKey, sealLabel(key.kid, key.alg)) };
  }

  /**
   * A key that an instance of the step before has made, after the last start with `new,old`, would end every start with `new` alone.
   */
  async function resealWhatIsOutdated(): Promise<void> {
    const outdated = [...readings.values()].filter(({ outdatedSeal }) => outdatedSeal);
    const before = outdatedSince;
    outdatedSince = new Map(outdated.map(({ source }) => [source, before.get(source) ?? monotonicNow()]));
    for (const reading of outdated) {
      const since = outdatedSince.get(reading.source) ?? 0;
      if (monotonicNow() - since >= RESEAL_AFTER_MILLISECONDS) await reseal(reading);
    }
  }

  async function reseal({ row, key }: ReadKey): Promise<void> {
    const label = sealLabel(row.kid, key.alg);
    const opened = seal.open(row.privateKey, label);
    if (opened === undefined) return;
    const done = await repository.reseal(row.kid, row.privateKey, seal.close(opened.content, label));
    if (done) log.info({ kid: row.kid }, 'signing key sealed anew');
  }

  async function replace(current: SigningKeyRow, next: SigningKeyRow, minimumAge: number, act: Act): Promise<boolean> {
    const rotation = {
      active: current.kid,
      next: next.kid,
      minimumAge,
      lifetime: settings.get('ACCESS_TOKEN_LIFETIME'),
      margin: RETIRED_MARGIN_SECONDS,
      afterNext: await newKey(),
    };
    const details = { retired: current.kid };
    return repository.rotate(rotation, (tx) =>
      audit.record({ ...act, event: 'signing_key.rotated', target: targetOf(next.kid), details }, tx),
    );
  }

  return {
    /** Reads the keys, and makes those that are missing. Throws UnreadableSigningKeys. */
    async start(): Promise<void> {
      await readStrictly();
      // At a start only: instances that are configured differently must not take turns for ever.
      const next = inState('next');
      if (next !== undefined && next.alg !== algorithm) {
        const key = await newKey();
        if (await repository.replaceNext(next.kid, key))
          log.info({ kid: key.kid, alg: key.alg }, 'the next signing key has the configured algorithm');
      }
      for (const reading of readings.values()) if (reading.outdatedSeal) await reseal(reading);
      accept(await repository.findAll());
      await doWhatIsDue();
    },

    reload,

    /** Whether there is a key that signs. */
    canSign: (): boolean => active !== undefined,

    /** The key that signs. */
    current(): SigningKey {
      if (active === undefined) throw new Error('the signing keys have not been started');
      return active;
    },

    /** The key with this `kid`, if its tokens are good. The same object as long as it is the same key. */
    find: (kid: string): VerificationKey | undefined => byKid.get(kid),

    /** What verifiers elsewhere are told. */
    published: () => published,

    /** Every key in the table, the oldest first. */
    list: async () => (await repository.findAll()).map(describe),

    /**
     * The next key signs from now on; one that is missing is made first. Throws KeyOperationRefused when it has not been
     * published for KEY_LEAD_TIME, or with `early` for FOLLOW_SECONDS, and when another rotation came first;
     * UnreadableSigningKeys.
     */
    async rotate({ early, act = bySystem }: { early: boolean; act?: Act }): Promise<void> {
      const { current, next } = await pair();
      const minimumAge = early ? FOLLOW_SECONDS : settings.get('KEY_LEAD_TIME');
      if (!early && next.secondsSinceCreated < minimumAge) throw tooYoung(next, minimumAge);
      const rotated = await replace(current, next, minimumAge, act);
      if (!rotated)
        throw new KeyOperationRefused('key_too_young', 'another rotation came first; see: latchkey keys list');
      log.info({ kid: next.kid, early }, 'signing key rotated');
      // This instance signs with it before the caller is answered. The rotation is done, whether or not this works: the watch reads again.
      await reload().catch((err: unknown) => log.warn({ err }, 'signing keys cannot be read after their rotation'));
    },

    /** For how many seconds the next key has been published. Throws as `rotate`. */
    nextAge: async (): Promise<number> => (await pair()).next.secondsSinceCreated,

    /** Which keys cannot be read. */
    async inspect(): Promise<KeyInspection> {
      rows = await repository.findAll();
      const unreadable = unreadableInUse().map(({ row: { kid, state }, wrong }) => ({ kid, state, wrong }));
      const opens = ({ privateKey, kid, alg }: SigningKeyRow) =>
        isSigningAlgorithm(alg) && seal.open(privateKey, sealLabel(kid, alg)) !== undefined;
      return { unreadable, secretOpensSome: rows.some(opens) };
    },

    /** Ends the keys that cannot be read, with the tokens that they have signed; returns their kids. The next start makes new ones. */
    async retireUnreadable(act: Act): Promise<string[]> {
      rows = await repository.findAll();
      // The next one first: it must not take the place of the active one.
      const found = unreadableInUse().map(({ row }) => row);
      const inOrder = [
        ...found.filter(({ state }) => state === 'next'),
        ...found.filter(({ state }) => state !== 'next'),
      ];
      for (const { kid } of inOrder) await remove(kid, act);
      return inOrder.map(({ kid }) => kid);
    },

    /** Ends a key at once, with the tokens that it has signed. Throws KeyOperationRefused when there is no such key. */
    async retire(kid: string, act: Act = bySystem): Promise<SigningKeyRow['state']> {
      // A NUL, which Postgres cannot be asked for, is in no thumbprint.
      const state = /^[\w-]+$/.test(kid) ? await remove(kid, act) : undefined;
      if (state === undefined)
        throw new KeyOperationRefused('key_not_found', `there is no signing key ${kid}; see: latchkey keys list`);
      log.warn({ kid, state }, 'signing key retired early');
      return state;
    },
  };

  function remove(kid: string, act: Act): Promise<SigningKeyRow['state'] | undefined> {
    const target = targetOf(kid);
    return repository.remove(kid, (state, tx) =>
      audit.record({ ...act, event: 'signing_key.retired', target, details: { state } }, tx),
    );
  }

  /** The active key and the next one, made where they are missing. */
  async function pair(): Promise<{ current: SigningKeyRow; next: SigningKeyRow }> {
    await readStrictly();
    await repeat(makeMissing);
    return both();
  }

  function unreadableInUse(): BrokenKey[] {
    return readAll().broken.filter(({ row }) => row.state !== 'retired');
  }

  async function readStrictly(): Promise<void> {
    rows = await repository.findAll();
    const { good, broken } = readAll();
    const serious = broken.filter(({ row }) => row.state !== 'retired');
    if (serious.length > 0) throw new UnreadableSigningKeys(serious, provesSecret(good, seal));
    accept(rows);
  }
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

function tooYoung({ kid, createdAt }: SigningKeyRow, minimumAge: number): KeyOperationRefused {
  const from = new Date(createdAt.getTime() + minimumAge * 1000).toISOString();
  return new KeyOperationRefused(
    'key_too_young',
    `the next key ${kid} can sign from ${from} on: until then a verifier may not know it (KEY_LEAD_TIME). ` +
      'If that does no harm: latchkey keys rotate --now',
  );
}

function targetOf(kid: string) {
  return { type: 'signing_key' as const, id: kid };
}

function describe({ kid, alg, state, createdAt, activatedAt, retiredAt, expiresAt }: SigningKeyRow) {
  return { kid, alg, state, createdAt, activatedAt, retiredAt, expiresAt };
}
