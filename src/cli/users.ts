// latchkey users: makes, shows, changes and deletes accounts; what it does is in force at once.
import { Command, Option } from 'commander';
import { user } from '#schemas/admin/user.js';
import type { UserAdministration } from '#users/administration.js';
import type { Account, AccountFilter } from '#users/repository.js';
import { CommandRefused } from './error-message.js';
import { printJson, printTable, printText } from './output.js';
import { readNewPassword } from './password.js';
import { accountId, type Operator, withOperator } from './services.js';

/** Accounts are read in pages of so many. */
const PAGE = 100;

interface Json {
  readonly json?: boolean;
}

type CreateOptions = Json & { readonly role?: string[]; readonly username?: string };
type ListOptions = Json & { readonly email?: string; readonly role?: string; readonly disabled?: boolean };

/** The command and its nine. An account is named by its id or its address. */
export function usersCommand(): Command {
  const command = new Command('users').description('make, show, change and delete accounts');
  const collect = (role: string, roles: string[] = []) => [...roles, role];
  command
    .command('create <email>')
    .description('make an account; its password is asked for, or is the line on standard input')
    .option('--role <name>', 'a role to give, such as admin; may be repeated', collect)
    .option('--username <name>', 'a name to show')
    .addOption(json())
    .action(create);
  command
    .command('list')
    .description('accounts, in the order of their ids')
    .option('--email <prefix>', 'those whose address begins so')
    .option('--role <name>', 'those that have this role')
    .option('--disabled', 'those that are disabled')
    .addOption(json())
    .action(list);
  command
    .command('show <account>')
    .description('one account, by its id or its address')
    .addOption(json())
    .action((account: string, options: Json) => change(account, options, ({ users }, id) => users.find(id)));
  command
    .command('disable <account>')
    .description('end its sessions, and let it log in no more')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .addOption(json())
    .action((account: string, { reason, ...options }: Json & { reason: string }) =>
      change(account, options, ({ users, act, held }, id) => users.disable(id, stated(reason), act, held)),
    );
  command
    .command('enable <account>')
    .description('let it log in again')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(json())
    .action((account: string, { reason = 'no reason given', ...options }: Json & { reason?: string }) =>
      change(account, options, ({ users, act, held }, id) => users.enable(id, stated(reason), act, held)),
    );
  command
    .command('set-password <account>')
    .description('end its sessions, and give it a password, which is asked for, or is the line on standard input')
    .addOption(json())
    .action(setPassword);
  command
    .command('grant <account> <role>')
    .description('give it a role')
    .addOption(json())
    .action((account: string, role: string, options: Json) =>
      change(account, options, ({ users, act, held }, id) => users.grant(id, role, act, held)),
    );
  command
    .command('revoke <account> <role>')
    .description('take a role from it')
    .addOption(json())
    .action((account: string, role: string, options: Json) =>
      change(account, options, ({ users, act, held }, id) => users.revoke(id, role, act, held)),
    );
  command
    .command('delete <account>')
    .description('delete it, for ever, with its sessions')
    .option('--yes', 'yes, this account')
    .addOption(json())
    .action(remove);
  return command;
}

async function create(email: string, { role: roles = [], username, json: asJson }: CreateOptions): Promise<void> {
  const password = await readNewPassword();
  await withOperator(async ({ users, act, held }) => {
    const name = username === undefined ? undefined : printable('username', username, 150);
    const made = await users.createWithPassword({ email, username: name, roles }, password, act, held);
    printOne(made, asJson);
  });
}

function list({ email, role, disabled, json: asJson }: ListOptions): Promise<void> {
  return withOperator(async ({ users }) => {
    const found: Account[] = [];
    for await (const page of pagesOf(users, { emailPrefix: email, role, disabled })) {
      if (asJson) found.push(...page);
      else print(page);
    }
    if (asJson) printJson(found.map(user));
  });
}

/** Page by page: there may be millions. */
async function* pagesOf(users: UserAdministration, filter: AccountFilter): AsyncGenerator<readonly Account[]> {
  let cursor: string | undefined;
  do {
    const page = await users.list(filter, { limit: PAGE, cursor });
    yield page.rows;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function setPassword(account: string, options: Json): Promise<void> {
  const password = await readNewPassword();
  await change(account, options, async ({ users, act, held }, id) => {
    await users.setPassword(id, password, act, held);
    return users.find(id);
  });
}

async function remove(account: string, { yes, json: asJson }: Json & { yes?: boolean }): Promise<void> {
  if (!yes) throw new CommandRefused(`this cannot be undone; if you mean it: latchkey users delete ${account} --yes`);
  await withOperator(async ({ users, act, held }) => {
    const id = await accountId(users, account);
    await users.remove(id, act, held);
    if (asJson) printJson({ deleted: id });
    else printText(`The account ${id} is deleted.\n`);
  });
}

/** Does something on one account, and prints how it is then. */
function change(
  account: string,
  { json: asJson }: Json,
  act: (operator: Operator, id: number) => Promise<Account>,
): Promise<void> {
  return withOperator(async (operator) => {
    printOne(await act(operator, await accountId(operator.users, account)), asJson);
  });
}

function printOne(account: Account, asJson = false): void {
  if (asJson) printJson(user(account));
  else print([account]);
}

function print(accounts: readonly Account[]): void {
  printTable(
    accounts.map(({ id, email, username, roles, disabledAt, disabledReason }) => [
      String(id),
      email,
      roles.join(',') || '-',
      disabledAt === null ? 'active' : `disabled ${disabledAt.toISOString().slice(0, 10)}: ${disabledReason ?? ''}`,
      username,
    ]),
  );
}

/** As the API bounds it. */
function stated(reason: string): string {
  return printable('reason', reason, 500);
}

function printable(what: string, text: string, most: number): string {
  if (text.trim() === '') throw new CommandRefused(`${what} must not be empty`);
  if (text.length > most) throw new CommandRefused(`${what} must have at most ${most} characters`);
  if (/\p{Cc}|\p{Cs}/u.test(text)) throw new CommandRefused(`${what} must not have control characters`);
  return text;
}

function json(): Option {
  return new Option('--json', 'as JSON');
}
