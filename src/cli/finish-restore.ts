// What a database that went back in time needs before anybody is served: old sessions end, and its keys fit AUTH_SECRET.
import { Command } from 'commander';
import type { Configuration } from '#platform/config/config.js';
import type { Db } from '#platform/database/database.js';
import { withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';
import { refuseToReplace, signingKeysOn } from './keys.js';
import { printJson } from './output.js';
import { servicesOn } from './services.js';
import { parseTime } from './sessions.js';

/** What is wanted of it. */
export interface FinishOptions {
  /** Sessions that began before it end; undefined: all. */
  readonly before?: Date | undefined;
  /** No session ends. */
  readonly keepSessions?: boolean | undefined;
  /** AUTH_SECRET is another one on purpose: keys that it does not open are replaced. */
  readonly newSecret?: boolean | undefined;
}

interface RunOptions {
  readonly before?: string;
  readonly newSecret?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What was done. */
export interface Finished {
  readonly ended: number;
  /** The kids of keys that could not be read, and are gone. */
  readonly replaced: readonly string[];
}

/** The command: for a restore by other means than `latchkey restore`, and for a failover that has lost something. */
export function restoreFinishCommand(): Command {
  return new Command('restore-finish')
    .description(
      'after a restored dump, point-in-time recovery or failover: end all sessions, and see that the keys fit',
    )
    .option('--before <time>', 'only sessions that began before this time, for example 2026-11-25T23:30:00Z')
    .option('--new-secret', 'AUTH_SECRET is another one on purpose: replace the signing keys that it does not open')
    .option('--yes', 'that is what is meant: everybody has to log in again')
    .option('--json', 'as JSON')
    .action((options: RunOptions) => run(options));
}

async function run({ before, newSecret, yes = false, json = false }: RunOptions): Promise<void> {
  if (!yes) throw new CommandRefused('everybody will have to log in again; if that is what is meant, say --yes');
  const options = { before: before === undefined ? undefined : parseTime(before), newSecret };
  await withDatabase(async (db, config) => {
    const finished = await finishRestore(db, config, options);
    if (json) printJson(finished);
    else process.stdout.write(`${describeFinished(finished).join('\n')}\n`);
  });
}

/** Run again, it finds nothing left to do. Throws CommandRefused, before anything is changed, when the keys do not fit. */
export async function finishRestore(
  db: Db,
  config: Configuration,
  { before, keepSessions = false, newSecret = false }: FinishOptions,
): Promise<Finished> {
  const { endAllSessions, settings, operator } = await servicesOn(db, config);
  const keys = await signingKeysOn(db, config, settings);
  const inspection = await keys.inspect();
  if (inspection.unreadable.length > 0) await refuseToReplace(db, inspection, newSecret);
  const ended = keepSessions ? 0 : await endAllSessions(before, operator.act);
  const replaced = await keys.retireUnreadable(operator.act);
  return { ended, replaced };
}

/** In sentences. */
export function describeFinished({ ended, replaced }: Finished): string[] {
  const sessions = `${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.`;
  if (replaced.length === 0) return [sessions, 'The signing keys are readable and stay.'];
  return [
    sessions,
    `${replaced.length} signing ${replaced.length === 1 ? 'key was' : 'keys were'} removed; the start makes new ones.`,
  ];
}
