// The state of the whole service at a glance: activity by the hour, sizes, and what `latchkey doctor` would say.
import type { ActiveHour, Activity } from '#activity/service.js';
import {
  checkAdmins,
  checkClock,
  checkConnection,
  checkDurability,
  checkIssuer,
  checkMailSettings,
  checkOutbox,
  checkPasskeys,
  checkServer,
  checkSettings,
  type Finding,
  fail,
  type OutboxFacts,
  OVERDUE_SECONDS,
  ok,
} from '#diagnosis/checks.js';
import type { SigningKeys } from '#keys/service.js';
import type { MailsRepository } from '#mail/repository.js';
import type { AppConfiguration } from '#platform/config/config.js';
import type { Settings } from '#settings/service.js';
import type { OverviewRepository, Size } from './repository.js';

/** What the first page of the console shows. */
export interface Overview {
  /** By the clock of the database. */
  readonly at: Date;
  /** Oldest first. The last one is not over. */
  readonly hours: readonly ActiveHour[];
  readonly accounts: Size;
  readonly sessions: Size;
  readonly mails: OutboxFacts;
  readonly findings: readonly Finding[];
}

interface Dependencies {
  readonly repository: OverviewRepository;
  readonly activity: Pick<Activity, 'last'>;
  readonly mails: Pick<MailsRepository, 'countProblems'>;
  readonly settings: Pick<Settings, 'get' | 'list'>;
  readonly keys: Pick<SigningKeys, 'unreadableCount'>;
  readonly config: Pick<AppConfiguration, 'issuer' | 'mail' | 'passkeys' | 'database' | 'production'>;
  /** Milliseconds. */
  readonly monotonicNow: () => number;
}

/** Two days, so that each hour can be compared with the same one of the day before. */
const HOURS = 48;
/** For how long one overview is returned to every operator. */
const CACHE_MILLISECONDS = 5000;

/** Collects overviews. */
export function createOverview({ repository, activity, mails, settings, keys, config, monotonicNow }: Dependencies) {
  let cached: { readonly overview: Promise<Overview>; readonly until: number } | undefined;

  /** The overview, at most five seconds old. */
  function read(): Promise<Overview> {
    if (cached !== undefined && monotonicNow() < cached.until) return cached.overview;
    const overview = collect();
    const entry = { overview, until: monotonicNow() + CACHE_MILLISECONDS };
    cached = entry;
    // A failure is not kept.
    overview.catch(() => {
      if (cached === entry) cached = undefined;
    });
    return overview;
  }

  // One query after the other, so that the page takes one connection and not ten.
  async function collect(): Promise<Overview> {
    const { at, hours } = await activity.last(HOURS);
    const accounts = await repository.countAccounts();
    const sessions = await repository.countSessions(settings.get('SESSION_MAX_LIFETIME'));
    const outbox = await mails.countProblems(OVERDUE_SECONDS);
    const { server, durability, clockDifference, admins } = await repository.readFacts();
    const { issuer, passkeys, mail, database, production } = config;
    const unreadable = keys.unreadableCount();
    const findings: Finding[] = [
      { check: 'issuer', ...checkIssuer(issuer) },
      { check: 'passkeys', ...checkPasskeys(passkeys, production) },
      { check: 'mail', ...checkMailSettings(mail, production) },
      { check: 'database', ...checkServer(server, database.url) },
      { check: 'connection', ...checkConnection(database.url, database.warnings ?? []) },
      { check: 'durability', ...checkDurability(durability) },
      { check: 'clock', ...checkClock(clockDifference) },
      { check: 'settings', ...checkSettings(settings.list()) },
      {
        check: 'signing keys',
        ...(unreadable === 0 ? ok('all readable') : fail(`${unreadable} cannot be read; run: latchkey doctor`)),
      },
      { check: 'outbox', ...checkOutbox(outbox) },
      { check: 'admin', ...checkAdmins(admins) },
    ];
    return { at, hours, accounts, sessions, mails: outbox, findings };
  }

  return { read };
}

export type OverviewService = ReturnType<typeof createOverview>;
