// latchkey sessions: lists and ends sessions.
import { Command } from 'commander';
import { userSessionList } from '#schemas/admin/user.js';
import { commandContext } from './command-context.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable, printText } from './output.js';
import { accountId, withServices } from './services.js';
import { parseTime } from './time.js';

/** The command and its subcommands. An account is identified by its id or its e-mail address. */
export function sessionsCommand(): Command {
  const command = new Command('sessions').description('list and end sessions');
  command
    .command('list <account>')
    .description('list the active sessions of an account, most recently refreshed first, at most 100')
    .option('--json', 'print JSON')
    .action(list);
  command
    .command('end <account> [session]')
    .description('end one session of an account, or all of them; access tokens stay valid until they expire')
    .option('--all', 'end all sessions of the account')
    .option('--json', 'print JSON')
    .action(end);
  command
    .command('end-all')
    .description('end the sessions of all accounts: after a failover or a restored backup, or when tokens have leaked')
    .option(
      '--before <time>',
      'only sessions that started before this time: 2026-11-25T23:30:00Z, 2026-11-25, yesterday, 2h; default: now',
    )
    .option('--yes', 'confirm that all users have to log in again')
    .option('--json', 'print JSON')
    .action(endAll);
  return command;
}

function list(account: string, { json = false }: { json?: boolean }): Promise<void> {
  return withServices(async ({ users }) => {
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
  if (all === (session !== undefined)) throw new CommandRefused('give the id of one session, or --all');
  await withServices(async ({ users, operator }) => {
    const id = await accountId(users, account);
    const ended = session === undefined ? await users.endSessions(id, operator) : 1;
    if (session !== undefined) await users.endSession(id, session, operator);
    printEnded(ended, json);
  });
}

async function endAll({ before, yes = false, json = false }: { before?: string; yes?: boolean; json?: boolean }) {
  if (!yes) throw new CommandRefused('all users will have to log in again; to confirm, add --yes');
  const time = before === undefined ? undefined : parseTime('--before', before);
  // Progress goes to stderr, and only on a terminal. A million sessions take a minute or two.
  const { stderr } = commandContext();
  const progress = stderr.isTTY ? (ended: number) => stderr.write(`\r${ended} sessions ended so far.`) : undefined;
  await withServices(async ({ endAllSessions, operator }) => {
    const ended = await endAllSessions(time, operator.act, progress);
    if (progress !== undefined) stderr.write('\r\u001b[K');
    printEnded(ended, json);
  });
}

function printEnded(ended: number | undefined, json: boolean): void {
  // Undefined: too many to count at once. A job deletes their rows.
  if (json) printJson({ ended: ended ?? null });
  else if (ended === undefined) printText('All sessions have ended.\n');
  else printText(`${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.\n`);
}
