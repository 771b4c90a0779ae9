// Deletes sessions that ended long ago, throttles that no longer delay anyone, full quotas, old audit events, mails, tokens and devices,
// slowly enough not to disturb requests.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRepository } from '#audit/repository.js';
import type { MailsRepository } from '#mail/repository.js';
import type { DeletedBatch } from '#platform/database/batch.js';
import type { Log } from '#platform/log/log.js';
import type { QuotasRepository } from '#quotas/repository.js';
import { BEFORE_ALL_SESSIONS } from '#sessions/limits.js';
import type { SessionKey } from '#sessions/repository.js';
import type { Settings } from '#settings/service.js';
import type { ThrottlesRepository } from '#throttles/repository.js';
import type { DeviceKey, PurgeRepository } from './repository.js';

interface Dependencies {
  readonly repository: PurgeRepository;
  readonly audit: Pick<AuditRepository, 'deleteOlder'>;
  readonly mails: Pick<MailsRepository, 'deleteOld'>;
  readonly throttles: Pick<ThrottlesRepository, 'deleteExpired'>;
  readonly quotas: Pick<QuotasRepository, 'deleteFull'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly log: Log;
  /** The number of rows that one statement examines. */
  readonly batchSize?: number;
  /** The pause between two statements, in milliseconds. */
  readonly pause?: number;
}

/** The result of a pass through a table. */
export interface PurgeResult {
  readonly deleted: number;
  /** The number of statements that examined a batch of rows. The log has this key. */
  readonly windows: number;
  /** False if the pass was stopped, or left to another instance that is purging. */
  readonly finished: boolean;
}

/** How long mails are kept for operators, in days. */
const MAIL_DAYS = { sent: 7, dead: 30 };
/** Sorts before every key. */
const BEFORE_ALL_KEYS = Buffer.alloc(0);
const BEFORE_ALL_DEVICES: DeviceKey = { userId: 0, fingerprint: BEFORE_ALL_KEYS };

/** Deletes rows of no further use, in batches. */
export function createPurge({
  repository,
  audit,
  mails,
  throttles,
  quotas,
  settings,
  log,
  batchSize = 500,
  pause = 50,
}: Dependencies) {
  /** Passes through a table in batches until `deleteBatch` returns undefined or a batch without a last key. */
  async function purgeTable<Key>(
    first: Key,
    deleteBatch: (after: Key) => Promise<DeletedBatch<Key> | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<PurgeResult> {
    let after: Key | undefined = first;
    let deleted = 0;
    let windows = 0;
    while (after !== undefined && !signal?.aborted) {
      if (windows > 0) await sleep(pause, undefined, { ref: false });
      const batch: DeletedBatch<Key> | undefined = await deleteBatch(after);
      if (batch === undefined) break;
      windows += 1;
      deleted += batch.deleted;
      after = batch.last;
    }
    return { deleted, windows, finished: after === undefined };
  }

  /**
   * Deletes the ended sessions in one pass by primary key. There is no index on the end of a session, because every refresh would have
   * to update it. `signal` stops the pass before the next statement.
   */
  async function purgeSessions(signal?: AbortSignal): Promise<PurgeResult> {
    const deleteBatch = (after: SessionKey) => repository.deleteDeadSessions(after, batchSize);
    const result = await purgeTable(BEFORE_ALL_SESSIONS, deleteBatch, signal);
    if (result.deleted > 0) log.info({ event: 'sessions_purged', ...result }, 'ended sessions deleted');
    return result;
  }

  /** Deletes the unused throttles in the same way: their times have no index either, because every login writes them. */
  async function purgeThrottles(signal?: AbortSignal): Promise<PurgeResult> {
    const deleteBatch = (after: Buffer) => throttles.deleteExpired(after, batchSize);
    const result = await purgeTable(BEFORE_ALL_KEYS, deleteBatch, signal);
    if (result.deleted > 0) log.info({ event: 'throttles_purged', ...result }, 'unused throttles deleted');
    return result;
  }

  /** Deletes the quotas that are full again in the same way. */
  async function purgeQuotas(signal?: AbortSignal): Promise<PurgeResult> {
    const result = await purgeTable(BEFORE_ALL_KEYS, (after: Buffer) => quotas.deleteFull(after, batchSize), signal);
    if (result.deleted > 0) log.info({ event: 'quotas_purged', ...result }, 'full quotas deleted');
    return result;
  }

  /**
   * Deletes audit events older than AUDIT_RETENTION_DAYS; resolves to their number. `signal` stops it before the next statement.
   */
  async function purgeAudit(signal?: AbortSignal): Promise<number> {
    const days = settings.get('AUDIT_RETENTION_DAYS');
    if (days === 0) return 0;
    const deleted = await deleteAll(() => audit.deleteOlder(days, batchSize), signal);
    if (deleted > 0) log.info({ event: 'audit_events_purged', deleted, days }, 'old audit events deleted');
    return deleted;
  }

  /** Deletes mails that were sent or given up long ago; resolves to their number. */
  async function purgeMails(signal?: AbortSignal): Promise<number> {
    const deleted = await deleteAll(() => mails.deleteOld(MAIL_DAYS, batchSize), signal);
    if (deleted > 0) log.info({ event: 'mails_purged', deleted }, 'old mails deleted');
    return deleted;
  }

  /** Deletes single-use tokens and challenges of no further use, and devices that nobody uses any more; resolves to their numbers. */
  async function purgeTokens(signal?: AbortSignal): Promise<{ tokens: number; devices: number; challenges: number }> {
    const tokens = await deleteAll(() => repository.deleteOldTokens(batchSize), signal);
    const deleteDevices = (after: DeviceKey) => repository.deleteOldDevices(after, batchSize);
    const { deleted: devices } = await purgeTable(BEFORE_ALL_DEVICES, deleteDevices, signal);
    const challenges = await deleteAll(() => repository.deleteOldChallenges(batchSize), signal);
    if (tokens + devices + challenges > 0)
      log.info({ event: 'tokens_purged', tokens, devices, challenges }, 'old tokens, devices and challenges deleted');
    return { tokens, devices, challenges };
  }

  /** Repeats a deletion in batches until a batch is not full; resolves to the number of rows. */
  async function deleteAll(deleteBatch: () => Promise<number>, signal: AbortSignal | undefined): Promise<number> {
    let deleted = 0;
    for (let last = batchSize; last === batchSize && !signal?.aborted; deleted += last) {
      if (deleted > 0) await sleep(pause, undefined, { ref: false });
      last = await deleteBatch();
    }
    return deleted;
  }

  /** Purges all tables, one after the other, also those after one that cannot be purged. Rejects at the end with the first error. */
  async function run(signal?: AbortSignal): Promise<void> {
    const errors: unknown[] = [];
    for (const purge of [purgeSessions, purgeThrottles, purgeQuotas, purgeAudit, purgeMails, purgeTokens]) {
      await purge(signal).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }

  return { purgeSessions, purgeThrottles, purgeQuotas, purgeAudit, purgeMails, purgeTokens, run };
}
