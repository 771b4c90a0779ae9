// latchkey sessions: shows and ends the sessions of an account.
import { Command } from 'commander';
import { userSessionList } from '../schemas/admin/user.js';
import { CommandRefused } from './failure.js';
import { accountId, withOperator } from './operator.js';
import { moment, printJson, printTable } from './output.js';

/** The command and its two: list, end. An account is named by its id or its address. */
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
  return command;
}

function list(account: string, { json = false }: { json?: boolean }): Promise<void> {
  return withOperator(async ({ users }) => {
    const found = await users.listSessions(await accountId(users, account));
    if (json) return printJson(userSessionList(found).sessions);
    printTable(
      found.map(({ id, createdAt, refreshedAt, ip, userAgent }) => [
        String(id),
        `since ${moment(createdAt)}`,
        `refreshed ${moment(refreshedAt)}`,
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
    if (json) printJson({ ended });
    else process.stdout.write(`${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.\n`);
  });
}
