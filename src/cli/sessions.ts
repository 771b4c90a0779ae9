// latchkey sessions: shows and ends the sessions of an account.
import { Command } from 'commander';
import { userSessionList } from '#schemas/admin/user.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable, printText } from './output.js';
import { accountId, withOperator } from './services.js';

/** The command and its three: list, end, end-all. An account is named by its id or its address. */
export function sessionsCommand(): Command {
  const command = new Command('sessions').description('show and end the sessions of an account');
  command
    .command('list <account>')
    .description('its living sessions, the one refreshed last first; at most 100')
    .option('--json', 'as JSON')
    .action(list);
  command
    .command('end <account> [session]')
    .description('end one session, or all of them; access tokens that are out end within their lifetime')
    .option('--all', 'all of them')
    .option('--json', 'as JSON')
    .action(end);
  command
    .command('end-all')
    .description('end the sessions of everybody: after a failover or a restored backup, or when tokens have leaked')
    .option('--before <time>', 'those that began before this time, for example 2026-11-25T23:30:00Z; default: now')
    .option('--yes', 'that is what is meant')
    .option('--json', 'as JSON')
    .action(endAll);
  return command;
}

function list(account: string, { json = false }: { json?: boolean }): Promise<void> {
  return withOperator(async ({ users }) => {
    const found = await users.listSessions(await accountId(users, account));
    if (json) return printJson(userSessionList(found).sessions);
    printTable(
      found.map(({ id, createdAt, refreshedAt, ip, userAgent }) => [
        String(id),
        `since ${formatTimestamp(createdAt)}`,
        `refreshed ${formatTimestamp(refreshedAt)}`,
        ip ?? '-',
        userAgent ?? '-',
      ]),
    );
  });
}

async function end(
  account: string,
  session: string | undefined,
  { all = false, json = false }: { all?: boolean; json?: boolean },
): Promise<void> {
  if (all === (session !== undefined)) throw new CommandRefused('name one session, or say --all');
  await withOperator(async ({ users, act, held }) => {
    const id = await accountId(users, account);
    const ended = session === undefined ? await users.endSessions(id, act, held) : 1;
    if (session !== undefined) await users.endSession(id, session, act, held);
    printEnded(ended, json);
  });
}

async function endAll({ before, yes = false, json = false }: { before?: string; yes?: boolean; json?: boolean }) {
  if (!yes) throw new CommandRefused('everybody will have to log in again; if that is what is meant, say --yes');
  const time = before === undefined ? undefined : instant(before);
  // On the other stream, and only for somebody who watches: it takes a minute or two for a million sessions.
  const progress = process.stderr.isTTY
    ? (ended: number) => process.stderr.write(`\r${ended} sessions have ended so far.`)
    : undefined;
  await withOperator(async ({ endAllSessions, act }) => {
    const ended = await endAllSessions(time, act, progress);
    if (progress !== undefined) process.stderr.write('\r\u001b[K');
    printEnded(ended, json);
  });
}

/** A time that was typed, with its offset: a time of this machine's zone would not be that of the log of the database. */
export function instant(text: string): Date {
  const time = new Date(text);
  if (!/(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(time.getTime())) {
    throw new CommandRefused('--before must be a time with its offset, for example 2026-11-25T23:30:00Z');
  }
  return time;
}

function printEnded(ended: number | undefined, json: boolean): void {
  // Too many to count at once: their rows go in the background.
  if (json) printJson({ ended: ended ?? null });
  else if (ended === undefined) printText('All sessions have ended.\n');
  else printText(`${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.\n`);
}
