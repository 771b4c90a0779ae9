// What the owner of an account may know: a summary, and an export of everything that is stored (GDPR, articles 15 and 20).
import { byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import type { Quotas } from '#quotas/service.js';
import type { SessionRef, Sessions } from '#sessions/service.js';
import type { Account, UsersRepository } from '#users/repository.js';
import type {
  PersonalDataRepository,
  StoredDevice,
  StoredEvent,
  StoredFactor,
  StoredMail,
  StoredPasskey,
  StoredRecoveryCode,
  StoredSession,
  StoredToken,
} from './repository.js';

/** An account, as its owner sees it with all details. */
export interface OwnAccount {
  readonly account: Account;
  /** Active ones, as the list of sessions has them. */
  readonly sessions: number;
}

/** The lists of an export, each in pages of rows. */
export interface ExportedLists {
  readonly sessions: AsyncIterable<readonly StoredSession[]>;
  readonly events: AsyncIterable<readonly StoredEvent[]>;
  readonly devices: AsyncIterable<readonly StoredDevice[]>;
  readonly tokens: AsyncIterable<readonly StoredToken[]>;
  /** Authenticator apps. */
  readonly factors: AsyncIterable<readonly StoredFactor[]>;
  readonly passkeys: AsyncIterable<readonly StoredPasskey[]>;
  readonly recoveryCodes: AsyncIterable<readonly StoredRecoveryCode[]>;
  readonly mails: AsyncIterable<readonly StoredMail[]>;
}

/** An export whose lists are read while it is sent. */
export interface Export extends OwnAccount {
  readonly lists: ExportedLists;
  /** Must be called when the export has been sent or abandoned. */
  readonly close: () => void;
}

interface Dependencies {
  readonly repository: PersonalDataRepository;
  readonly users: Pick<UsersRepository, 'findAccount'>;
  readonly sessions: Pick<Sessions, 'listByUser' | 'assertLive'>;
  readonly quotas: Pick<Quotas, 'takeOwnOperation'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly db: Db;
  /** Rows in a page. */
  readonly pageSize?: number;
}

const BEFORE_ALL = -1;

/** A refusal is a Problem. */
export function createPersonalData({ repository, users, sessions, quotas, audit, db, pageSize = 500 }: Dependencies) {
  // Exports that run in this process, by account: one has to be sent before the next one begins.
  const running = new Set<number>();

  /** Throws `invalid_token` if the account is deleted or disabled. */
  async function summarize(userId: number): Promise<OwnAccount> {
    const [account, live] = await Promise.all([users.findAccount(userId), sessions.listByUser(userId)]);
    if (account === undefined || account.disabledAt !== null) throw new Problem('invalid_token');
    return { account, sessions: live.length };
  }

  /**
   * Begins an export. Throws `invalid_token` unless the caller's session is active, and `rate_limited` while another export of the account
   * is being sent, and after too many.
   */
  async function begin(caller: SessionRef, origin: Origin): Promise<Export> {
    const { userId } = caller;
    await sessions.assertLive(caller);
    if (running.has(userId)) throw new Problem('rate_limited');
    running.add(userId);
    const close = () => running.delete(userId);
    try {
      const summary = await summarize(userId);
      const target = { type: 'user', id: userId } as const;
      await db.transaction(async (tx) => {
        await quotas.takeOwnOperation(userId, tx);
        await audit.record({ ...byUser(caller, origin), event: 'user.exported', target }, tx);
      });
      return { ...summary, lists: listsOf(userId), close };
    } catch (error) {
      close();
      throw error;
    }
  }

  function listsOf(userId: number): ExportedLists {
    const pages = <Row extends { id: number }>(find: (userId: number, after: number, size: number) => Promise<Row[]>) =>
      pagesOf((after) => find(userId, after, pageSize), pageSize);
    return {
      sessions: pages(repository.findSessions),
      events: concatenated(pages(repository.findActs), pages(repository.findActsOfOthers)),
      devices: onePage(() => repository.findDevices(userId)),
      tokens: pages(repository.findTokens),
      factors: onePage(() => repository.findFactors(userId)),
      passkeys: onePage(() => repository.findPasskeys(userId)),
      recoveryCodes: onePage(() => repository.findRecoveryCodes(userId)),
      mails: pages(repository.findMails),
    };
  }

  return { summarize, begin };
}

export type PersonalData = ReturnType<typeof createPersonalData>;

/** Reads pages one after the other, each when it is asked for. */
async function* pagesOf<Row extends { id: number }>(find: (after: number) => Promise<Row[]>, size: number) {
  let after: number | undefined = BEFORE_ALL;
  while (after !== undefined) {
    const rows: Row[] = await find(after);
    yield rows;
    after = rows.length === size ? rows.at(-1)?.id : undefined;
  }
}

async function* onePage<Row>(find: () => Promise<Row[]>) {
  yield await find();
}

async function* concatenated<T>(...parts: AsyncIterable<T>[]) {
  for (const part of parts) yield* part;
}
