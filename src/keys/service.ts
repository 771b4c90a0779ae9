// Signing keys: which key signs, which keys verify, and how a key moves through its states (next → active → retired).
import { type Act, bySystem } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import { singleFlight } from '#platform/concurrency/single-flight.js';
import { isSigningAlgorithm, type SigningAlgorithm } from '#platform/config/signing-algorithms.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import { PROPAGATION_SECONDS } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import {
  associatedData,
  canDecryptAny,
  canSign,
  createKeySet,
  type DecodedKey,
  decodeKeyRow,
  fingerprintOf,
  type UndecodableKey,
} from './decode-key-row.js';
import type { KeyEncryption } from './key-encryption.js';
import type { EncryptedKey, SigningKeyRow, SigningKeysRepository } from './repository.js';
import { generateKey, type SigningKey, type VerificationKey } from './signing-key.js';

/** Active or next keys cannot be read, so the service cannot start. The message is one line for the operator. */
export class UnreadableSigningKeys extends Error {
  override readonly name = 'UnreadableSigningKeys';

  /** `secretIsRight`: AUTH_SECRET decrypts another key, so these rows are damaged. Only then is nothing lost by giving them up. */
  constructor(undecodable: readonly UndecodableKey[], secretIsRight: boolean) {
    const rows = undecodable.map(({ row, wrong }) => `${row.kid} (${row.state}: ${wrong})`);
    super(`signing keys cannot be read: ${rows.join(', ')}. ${secretIsRight ? DAMAGED : OTHER_SECRET}`);
  }
}

const OTHER_SECRET =
  'No key is lost: set the AUTH_SECRET that encrypted them, or append it to the new one (AUTH_SECRET=new,old). ' +
  'If that does not help, see docs/signing-keys.md, "When something is wrong"';
const DAMAGED =
  'AUTH_SECRET is right, because it decrypts another key: these rows are damaged. Restore them from a backup, or give them up ' +
  'together with the access tokens that they have signed: latchkey keys retire <kid>';

/** Which keys cannot be read, and whether the secret is known to be right. */
export interface KeyInspection {
  /** Active and next keys that cannot be read. */
  readonly unreadable: readonly {
    readonly kid: string;
    readonly state: SigningKeyRow['state'];
    readonly wrong: string;
  }[];
  /** AUTH_SECRET decrypts at least one key, so it is a secret of this database. */
  readonly secretDecryptsSome: boolean;
}

/** An operation on keys is not possible now. The message is one line for an operator at the command line. */
export class KeyOperationRefused extends Problem {
  constructor(code: 'key_too_young' | 'key_not_found', message: string) {
    super(code);
    this.message = message;
  }
}

interface Dependencies {
  readonly repository: SigningKeysRepository;
  readonly encryption: KeyEncryption;
  /** The algorithm of new keys. */
  readonly algorithm: SigningAlgorithm;
  readonly settings: Pick<Settings, 'get'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly log: Log;
  /** A monotonic clock, milliseconds. */
  readonly monotonicNow?: () => number;
}

/**
 * How long a retired key is kept after its last token has expired (seconds): an instance that has not seen the rotation yet signs
 * with the key for up to PROPAGATION_SECONDS, and verifiers allow a clock skew of one minute.
 */
const RETIRED_MARGIN_SECONDS = PROPAGATION_SECONDS + 60;
/** An upper bound for the steps that any state of the table can require. */
const MAX_STEPS = 10;
/**
 * How long a running instance waits before it re-encrypts a key that a previous secret has encrypted (milliseconds). While AUTH_SECRET
 * is being changed, instances with `old,new` and with `new,old` run side by side and must not keep undoing each other's work.
 */
const REENCRYPT_AFTER_MILLISECONDS = 60_000;
const DAY_SECONDS = 86_400;

/** Call `start` before anything else. */
export function createSigningKeys({
  repository,
  encryption,
  algorithm,
  settings,
  audit,
  log,
  monotonicNow = () => performance.now(),
}: Dependencies) {
  let activeKey: SigningKey | undefined;
  let byKid = new Map<string, VerificationKey>();
  let published = createKeySet([]);
  /** The last successful decoding of each row, by kid. */
  let decodings = new Map<string, DecodedKey>();
  let lastSeen = '';
  let rows: readonly SigningKeyRow[] = [];
  let readAt = monotonicNow();
  /** The kids of rows that cannot be decoded. */
  let unreadable = new Set<string>();
  const reported = new Set<string>();
  /** When a key encrypted with a previous secret was first seen (monotonicNow), by fingerprint. */
  let outdatedSince = new Map<string, number>();

  /** Decodes the rows. A row that has not changed yields the same key object as before. */
  async function decodeAll(found: readonly SigningKeyRow[]) {
    const decoded: DecodedKey[] = [];
    const undecodable: UndecodableKey[] = [];
    for (const row of found.filter(({ expired }) => !expired)) {
      const before = decodings.get(row.kid);
      const result =
        before?.fingerprint === fingerprintOf(row) ? { ...before, row } : await decodeKeyRow(row, encryption);
      if ('key' in result) decoded.push(result);
      else undecodable.push(result);
    }
    return { decoded, undecodable };
  }

  async function readTable(): Promise<boolean> {
    const found = await repository.findAll();
    return apply(found, await decodeAll(found));
  }

  /** Uses what is in the table. A row that cannot be decoded keeps its last successful decoding. Returns whether the table has changed. */
  function apply(found: readonly SigningKeyRow[], { decoded, undecodable }: Awaited<ReturnType<typeof decodeAll>>) {
    rows = found;
    readAt = monotonicNow();
    const usable = [...decoded];
    const verifying: VerificationKey[] = [];
    for (const { row, wrong, verifying: publicHalf } of undecodable) {
      const before = decodings.get(row.kid);
      // The fingerprint stays that of the valid row, so that this row is decoded again the next time.
      if (before !== undefined) usable.push({ ...before, row, needsReencryption: false });
      else if (publicHalf !== undefined) verifying.push(publicHalf);
      const facts = { kid: row.kid, state: row.state, wrong };
      reportOnce(`${row.kid} ${fingerprintOf(row)}`, facts, 'a signing key cannot be read');
    }
    unreadable = new Set(undecodable.map(({ row }) => row.kid));
    decodings = new Map(usable.map((decoding) => [decoding.row.kid, decoding]));
    const signing = usable.find(({ row }) => row.state === 'active')?.key;
    if (canSign(signing)) {
      activeKey = signing;
      reported.delete('no active key');
    } else if (activeKey !== undefined)
      reportOnce('no active key', { kid: activeKey.kid }, 'no active signing key: the last one signs');
    verifying.push(...usable.map(({ key }) => key));
    if (activeKey !== undefined && !verifying.some(({ kid }) => kid === activeKey?.kid)) verifying.push(activeKey);
    byKid = new Map(verifying.map((key) => [key.kid, key]));
    published = createKeySet(verifying);
    const seen = JSON.stringify(found.map((row) => [row.kid, row.state, fingerprintOf(row)]));
    const changed = seen !== lastSeen;
    lastSeen = seen;
    return changed;
  }

  function reportOnce(id: string, facts: object, message: string): void {
    if (reported.has(id)) return;
    reported.add(id);
    log.error(facts, message);
  }

  /** Reads the table again and performs the steps that are due; resolves to whether another instance had changed it. */
  const reload = singleFlight(async () => {
    const changed = await readTable();
    await performDueSteps();
    await reencryptOutdated();
    return changed;
  });

  const performDueSteps = () => repeat(performDueStep);

  async function repeat(step: () => Promise<boolean>): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS && (await step()); steps += 1) await readTable();
  }

  const inState = (state: 'active' | 'next') => rows.find((row) => row.state === state);

  /** Performs one step that is due. Returns whether one was due, even if another instance has performed it meanwhile. */
  async function performDueStep(): Promise<boolean> {
    if (await createMissingKey()) return true;
    const { active, next } = activeAndNext();
    const lifetime = settings.get('ACCESS_TOKEN_LIFETIME');
    if (lifetime > active.longestLifetime) {
      await repository.raiseLifetime(active.kid, lifetime);
      return true;
    }
    if (rows.some(({ expired }) => expired)) {
      for (const { kid } of await repository.removeExpired())
        log.info({ kid }, 'signing key removed: its tokens have expired');
      return true;
    }
    if (!isRotationDue(active, next)) return false;
    if (await rotate(active, next, settings.get('KEY_LEAD_TIME'), bySystem))
      log.info({ kid: next.kid }, 'signing key rotated');
    return true;
  }

  /** Creates or activates one key that is missing. Returns whether one was missing. */
  async function createMissingKey(): Promise<boolean> {
    const next = inState('next');
    if (inState('active') === undefined) {
      if (next === undefined || unreadable.has(next.kid)) await createKey('active');
      else if (await repository.activate(next.kid))
        log.warn({ kid: next.kid }, 'no active signing key: the next one signs');
      return true;
    }
    if (next !== undefined) return false;
    await createKey('next');
    return true;
  }

  function activeAndNext(): { active: SigningKeyRow; next: SigningKeyRow } {
    const active = inState('active');
    const next = inState('next');
    if (active === undefined || next === undefined)
      throw new KeyOperationRefused(
        'key_too_young',
        'the signing keys are being changed by another process; try again, or see: latchkey keys list',
      );
    return { active, next };
  }

  function isRotationDue(active: SigningKeyRow, next: SigningKeyRow): boolean {
    if (unreadable.has(next.kid) || next.secondsSinceCreated < settings.get('KEY_LEAD_TIME')) return false;
    const days = settings.get('KEY_ROTATION_DAYS');
    const isOld = days > 0 && active.secondsSinceActivated >= days * DAY_SECONDS;
    return isOld || (active.alg !== algorithm && next.alg === algorithm);
  }

  async function createKey(state: 'next' | 'active'): Promise<void> {
    const key = await newKey();
    if (await repository.insert(key, state)) log.info({ kid: key.kid, alg: key.alg, state }, 'signing key created');
  }

  async function newKey(): Promise<EncryptedKey> {
    const key = await generateKey(algorithm);
    return { ...key, privateKey: encryption.encrypt(key.privateKey, associatedData(key.kid, key.alg)) };
  }

  /**
   * Re-encrypts keys that a previous secret has encrypted. An instance that still has `old,new` may create such a key after the last
   * start with `new,old`; without this, a later start with `new` alone would fail.
   */
  async function reencryptOutdated(): Promise<void> {
    const outdated = [...decodings.values()].filter(({ needsReencryption }) => needsReencryption);
    const before = outdatedSince;
    outdatedSince = new Map(
      outdated.map(({ fingerprint }) => [fingerprint, before.get(fingerprint) ?? monotonicNow()]),
    );
    for (const decoding of outdated) {
      const since = outdatedSince.get(decoding.fingerprint) ?? 0;
      if (monotonicNow() - since >= REENCRYPT_AFTER_MILLISECONDS) await reencrypt(decoding);
    }
  }

  async function reencrypt({ row, key }: DecodedKey): Promise<void> {
    const data = associatedData(row.kid, key.alg);
    const decrypted = encryption.decrypt(row.privateKey, data);
    if (decrypted === undefined) return;
    const encrypted = encryption.encrypt(decrypted.plaintext, data);
    const replaced = await repository.replacePrivateKey(row.kid, row.privateKey, encrypted);
    if (replaced) log.info({ kid: row.kid }, 'signing key re-encrypted');
  }

  async function rotate(active: SigningKeyRow, next: SigningKeyRow, minimumAge: number, act: Act): Promise<boolean> {
    const rotation = {
      active: active.kid,
      next: next.kid,
      minimumAge,
      lifetime: settings.get('ACCESS_TOKEN_LIFETIME'),
      margin: RETIRED_MARGIN_SECONDS,
      afterNext: await newKey(),
    };
    const details = { retired: active.kid };
    return repository.rotate(rotation, (tx) =>
      audit.record({ ...act, event: 'signing_key.rotated', target: targetOf(next.kid), details }, tx),
    );
  }

  return {
    /** Reads the keys and creates the missing ones. Throws UnreadableSigningKeys. */
    async start(): Promise<void> {
      await readTableStrictly();
      // Only at a start: instances with different configurations must not keep replacing each other's key.
      const next = inState('next');
      if (next !== undefined && next.alg !== algorithm) {
        const key = await newKey();
        if (await repository.replaceNext(next.kid, key))
          log.info({ kid: key.kid, alg: key.alg }, 'next signing key replaced by one with the configured algorithm');
      }
      for (const decoding of decodings.values()) if (decoding.needsReencryption) await reencrypt(decoding);
      await readTable();
      await performDueSteps();
    },

    reload,

    /** Whether there is a key to sign with. */
    canSign: (): boolean => activeKey !== undefined,

    /** The key that signs. */
    current(): SigningKey {
      if (activeKey === undefined) throw new Error('the signing keys have not been started');
      return activeKey;
    },

    /** The key with this `kid`, if it verifies tokens. The same object as long as the key is the same. */
    find: (kid: string): VerificationKey | undefined => byKid.get(kid),

    /** The public key set for other verifiers. */
    published: () => published,

    /** Every key as this instance knows it, without a query: its state, and for how many seconds it has existed or (once active) signed. */
    ages: () =>
      rows.map(({ state, secondsSinceCreated, secondsSinceActivated }) => ({
        state,
        seconds: (secondsSinceActivated ?? secondsSinceCreated) + (monotonicNow() - readAt) / 1000,
      })),

    /** How many keys cannot be read. */
    unreadableCount: (): number => unreadable.size,

    /** Every key in the table, oldest first. */
    list: async () => (await repository.findAll()).map(describe),

    /**
     * Makes the next key active; creates missing keys first. Throws KeyOperationRefused if the next key has not been published for
     * KEY_LEAD_TIME (with `early`: PROPAGATION_SECONDS) or if another rotation came first, and UnreadableSigningKeys.
     */
    async rotate({ early, act = bySystem }: { early: boolean; act?: Act }): Promise<void> {
      const { active, next } = await ensureActiveAndNext();
      const minimumAge = early ? PROPAGATION_SECONDS : settings.get('KEY_LEAD_TIME');
      if (!early && next.secondsSinceCreated < minimumAge) throw tooYoung(next, minimumAge);
      const rotated = await rotate(active, next, minimumAge, act);
      if (!rotated)
        throw new KeyOperationRefused('key_too_young', 'another rotation came first; see: latchkey keys list');
      log.info({ kid: next.kid, early }, 'signing key rotated');
      // This instance signs with the new key before the caller gets its response. If this fails, the rotation is done all the same, and
      // the table watcher reads the keys again.
      await reload().catch((err: unknown) => log.warn({ err }, 'signing keys cannot be read after their rotation'));
    },

    /** For how many seconds the next key has been published. Throws the same errors as `rotate`. */
    nextAge: async (): Promise<number> => (await ensureActiveAndNext()).next.secondsSinceCreated,

    /** Reports which active and next keys cannot be read. */
    async inspect(): Promise<KeyInspection> {
      const found = await repository.findAll();
      const decrypts = ({ privateKey, kid, alg }: SigningKeyRow) =>
        isSigningAlgorithm(alg) && encryption.decrypt(privateKey, associatedData(kid, alg)) !== undefined;
      return {
        unreadable: (await findUnreadable(found)).map(({ row: { kid, state }, wrong }) => ({ kid, state, wrong })),
        secretDecryptsSome: found.some(decrypts),
      };
    },

    /**
     * Deletes the active and next keys that cannot be read, which invalidates the tokens that they have signed; resolves to their kids.
     * The next start creates new ones.
     */
    async retireUnreadable(act: Act): Promise<string[]> {
      const found = (await findUnreadable(await repository.findAll())).map(({ row }) => row);
      // The next key first, so that it does not become active when the active one is deleted.
      const ordered = [
        ...found.filter(({ state }) => state === 'next'),
        ...found.filter(({ state }) => state !== 'next'),
      ];
      for (const { kid } of ordered) await remove(kid, act);
      return ordered.map(({ kid }) => kid);
    },

    /**
     * Deletes a key, which invalidates the tokens that it has signed. Resolves to the state that it was in. Throws KeyOperationRefused if
     * there is no such key.
     */
    async retire(kid: string, act: Act = bySystem): Promise<SigningKeyRow['state']> {
      // A thumbprint contains no NUL, which Postgres would reject in a parameter.
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

  /** The active and the next key, created if missing. */
  async function ensureActiveAndNext(): Promise<{ active: SigningKeyRow; next: SigningKeyRow }> {
    await readTableStrictly();
    await repeat(createMissingKey);
    return activeAndNext();
  }

  async function findUnreadable(found: readonly SigningKeyRow[]): Promise<UndecodableKey[]> {
    return (await decodeAll(found)).undecodable.filter(({ row }) => row.state !== 'retired');
  }

  /** Reads the table. Throws UnreadableSigningKeys, and applies nothing, if the active or the next key cannot be read. */
  async function readTableStrictly(): Promise<void> {
    const found = await repository.findAll();
    const { decoded, undecodable } = await decodeAll(found);
    const required = undecodable.filter(({ row }) => row.state !== 'retired');
    if (required.length > 0) throw new UnreadableSigningKeys(required, canDecryptAny(decoded, encryption));
    apply(found, { decoded, undecodable });
  }
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

function tooYoung({ kid, createdAt }: SigningKeyRow, minimumAge: number): KeyOperationRefused {
  const from = new Date(createdAt.getTime() + minimumAge * 1000).toISOString();
  return new KeyOperationRefused(
    'key_too_young',
    `the next key ${kid} can sign from ${from}; before that, verifiers may not know it yet (KEY_LEAD_TIME). ` +
      'To rotate anyway: latchkey keys rotate --now',
  );
}

function targetOf(kid: string) {
  return { type: 'signing_key' as const, id: kid };
}

function describe({ kid, alg, state, createdAt, activatedAt, retiredAt, expiresAt }: SigningKeyRow) {
  return { kid, alg, state, createdAt, activatedAt, retiredAt, expiresAt };
}
