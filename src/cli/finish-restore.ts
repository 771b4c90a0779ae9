// The steps that a restored database needs before it serves requests: ending old sessions, and checking its keys against AUTH_SECRET.
import { Command } from 'commander';
import { createAccountTokensRepository } from '#account-tokens/repository.js';
import { createJobsRepository } from '#jobs/repository.js';
import { createMailsRepository } from '#mail/repository.js';
import type { Configuration } from '#platform/config/config.js';
import type { Db } from '#platform/database/database.js';
import { withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';
import { assertReplaceable, signingKeysOn } from './keys.js';
import { printJson, printText } from './output.js';
import { servicesOn } from './services.js';
import { parseTime } from './time.js';

/** How a restore is finished. */
export interface FinishOptions {
  /** End only the sessions that began before this time; undefined ends all. */
  readonly before?: Date | undefined;
  /** End no session. */
  readonly keepSessions?: boolean | undefined;
  /** AUTH_SECRET was changed on purpose: replace the keys that it does not decrypt. */
  readonly newSecret?: boolean | undefined;
}

interface RunOptions {
  readonly before?: string;
  readonly newSecret?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** The result of finishing a restore. */
export interface Finished {
  /** The number of sessions that were ended. */
  readonly ended: number;
  /** The kids of the unreadable keys that were removed. */
  readonly replaced: readonly string[];
}

/** The command, for databases restored by other means than `latchkey restore` and for a failover that has lost transactions. */
export function restoreFinishCommand(): Command {
  return new Command('restore-finish')
    .description(
      'after a restored dump, a point-in-time recovery or a failover: end all sessions, and check the signing keys',
    )
    .option('--before <time>', 'end only sessions that began before this time, for example 2026-11-25T23:30:00Z')
    .option('--new-secret', 'AUTH_SECRET was changed on purpose: replace the signing keys that it does not decrypt')
    .option('--yes', 'confirm that all users have to log in again')
    .option('--json', 'print JSON')
    .action((options: RunOptions) => run(options));
}

async function run({ before, newSecret, yes = false, json = false }: RunOptions): Promise<void> {
  if (!yes) throw new CommandRefused('all users will have to log in again; to confirm, pass --yes');
  const options = { before: before === undefined ? undefined : parseTime('--before', before), newSecret };
  await withDatabase(async (db, config) => {
    const finished = await finishRestore(db, config, options);
    if (json) printJson(finished);
    else printText(`${describeFinished(finished).join('\n')}\n`);
  });
}

/** Idempotent. Throws CommandRefused, before it changes anything, if AUTH_SECRET does not decrypt the keys. */
export async function finishRestore(
  db: Db,
  config: Configuration,
  { before, keepSessions = false, newSecret = false }: FinishOptions,
): Promise<Finished> {
  const { endAllSessions, settings, operator } = await servicesOn(db, config);
  const keys = await signingKeysOn(db, config, settings);
  const inspection = await keys.inspect();
  if (inspection.unreadable.length > 0) await assertReplaceable(db, inspection, newSecret);
  const ended = keepSessions ? 0 : await endAllSessions(before, operator.act);
  if (!keepSessions) await dropMail(db);
  const replaced = await keys.retireUnreadable(operator.act);
  return { ended, replaced };
}

/**
 * Ends what is meant for the time of the backup: links that may have been used or revoked since, mails that may have been sent, and
 * requests for them.
 */
async function dropMail(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await createAccountTokensRepository(db).revokeOfAllAccounts(tx);
    await createMailsRepository(db).giveUpWaiting('the database was restored', tx);
    await createJobsRepository(db).deleteOfKind('send_link', tx);
  });
}

/** Describes the result in sentences. */
export function describeFinished({ ended, replaced }: Finished): string[] {
  const sessions = `${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.`;
  if (replaced.length === 0) return [sessions, 'The signing keys are readable and were kept.'];
  return [
    sessions,
    `${replaced.length} signing ${replaced.length === 1 ? 'key was' : 'keys were'} removed; the service creates new ones when it starts.`,
  ];
}
