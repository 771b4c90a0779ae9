// latchkey users: creates, shows, changes and deletes accounts. Changes take effect at once.
import { Command, Option } from 'commander';
import { ConfigurationError } from '#platform/config/config.js';
import { user } from '#schemas/admin/user.js';
import type { UserAdministration } from '#users/administration.js';
import type { Account, AccountFilter } from '#users/repository.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable, printText } from './output.js';
import { readNewPassword } from './password.js';
import { accountId, type CommandServices, withServices } from './services.js';
import { exportCommand } from './users-export.js';
import { importCommand } from './users-import.js';

/** Accounts per page. */
const PAGE_SIZE = 100;

interface Json {
  readonly json?: boolean;
}

type CreateOptions = Json & { readonly role?: string[]; readonly username?: string };
type ListOptions = Json & {
  readonly email?: string;
  readonly search?: string;
  readonly role?: string;
  readonly disabled?: boolean;
};

/** The command and its subcommands. An account is identified by its id or its e-mail address. */
export function usersCommand(): Command {
  const command = new Command('users').description('create, show, change, delete, import and export accounts');
  const collect = (role: string, roles: string[] = []) => [...roles, role];
  command
    .command('create <email>')
    .description('create an account; prompts for its password, or reads it as one line from standard input')
    .option('--role <name>', 'a role to grant, such as admin; may be repeated', collect)
    .option('--username <name>', 'a display name')
    .addOption(json())
    .action(create);
  command
    .command('list')
    .description('list accounts, ordered by id')
    .option('--email <prefix>', 'only accounts whose e-mail address starts with this prefix')
    .option('--search <text>', 'only accounts with this part of the e-mail address or username')
    .option('--role <name>', 'only accounts with this role')
    .option('--disabled', 'only disabled accounts')
    .addOption(json())
    .action(list);
  command
    .command('show <account>')
    .description('show an account, and what its next login needs')
    .addOption(json())
    .action(show);
  command
    .command('disable <account>')
    .description('end all sessions of an account and block its logins')
    .requiredOption('--reason <text>', 'the reason, for the audit log')
    .addOption(json())
    .action((account: string, { reason, ...options }: Json & { reason: string }) =>
      change(account, options, ({ users, operator }, id) => users.disable(id, checkedReason(reason), operator)),
    );
  command
    .command('enable <account>')
    .description('allow a disabled account to log in again')
    .option('--reason <text>', 'the reason, for the audit log')
    .addOption(json())
    .action((account: string, { reason = 'no reason given', ...options }: Json & { reason?: string }) =>
      change(account, options, ({ users, operator }, id) => users.enable(id, checkedReason(reason), operator)),
    );
  command
    .command('unblock <account>')
    .description(
      'forget the wrong passwords that were entered for an account, so that its next login does not have to wait',
    )
    .addOption(json())
    .action((account: string, options: Json) =>
      change(account, options, ({ users, operator }, id) => users.unblock(id, operator)),
    );
  command
    .command('set-password <account>')
    .description('set a password and end all sessions; prompts for it, or reads it as one line from standard input')
    .addOption(json())
    .action(setPassword);
  command
    .command('reset-factors <account>')
    .description('remove the second factors and recovery codes of an account whose owner has lost them')
    .addOption(json())
    .action((account: string, options: Json) =>
      change(account, options, async ({ users, operator }, id) => {
        await users.resetSecondFactors(id, operator);
        return users.find(id);
      }),
    );
  command
    .command('grant <account> <role>')
    .description('grant a role to an account')
    .addOption(json())
    .action((account: string, role: string, options: Json) =>
      change(account, options, ({ users, operator }, id) => users.grant(id, role, operator)),
    );
  command
    .command('revoke <account> <role>')
    .description('take a role away from an account')
    .addOption(json())
    .action((account: string, role: string, options: Json) =>
      change(account, options, ({ users, operator }, id) => users.revoke(id, role, operator)),
    );
  command
    .command('delete <account>')
    .description('permanently delete an account and its sessions')
    .option('--yes', 'confirm the deletion')
    .addOption(json())
    .action(remove);
  command.addCommand(importCommand());
  command.addCommand(exportCommand());
  return command;
}

async function create(email: string, { role: roles = [], username, json: asJson }: CreateOptions): Promise<void> {
  const password = await readNewPassword();
  await withServices(async ({ users, operator }) => {
    const name = username === undefined ? undefined : printable('username', username, 150);
    const created = await users.createWithPassword({ email, username: name, roles }, password, operator);
    printOne(created, asJson);
  });
}

function list({ email, search, role, disabled, json: asJson }: ListOptions): Promise<void> {
  return withServices(async ({ users }) => {
    const found: Account[] = [];
    for await (const page of pagesOf(users, { emailPrefix: email, search, role, disabled })) {
      if (asJson) found.push(...page);
      else print(page);
    }
    if (asJson) printJson(found.map(user));
  });
}

/** Reads page by page, since there may be millions of accounts. */
async function* pagesOf(users: UserAdministration, filter: AccountFilter): AsyncGenerator<readonly Account[]> {
  let cursor: string | undefined;
  do {
    const page = await users.list(filter, { limit: PAGE_SIZE, cursor });
    yield page.rows;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function show(account: string, { json: asJson }: Json): Promise<void> {
  await withServices(async ({ users }) => {
    const found = await users.find(await accountId(users, account));
    if (asJson) return printJson(user(found));
    // The counts of wrong passwords cannot be found without the secret.
    const delay = await users.loginDelay(found.id).catch((error: unknown) => {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    });
    printDetails(found, delay);
  });
}

async function setPassword(account: string, options: Json): Promise<void> {
  const password = await readNewPassword();
  await change(account, options, async ({ users, operator }, id) => {
    await users.setPassword(id, password, operator);
    return users.find(id);
  });
}

async function remove(account: string, { yes, json: asJson }: Json & { yes?: boolean }): Promise<void> {
  if (!yes) throw new CommandRefused(`this cannot be undone; to confirm, run: latchkey users delete ${account} --yes`);
  await withServices(async ({ users, operator }) => {
    const id = await accountId(users, account);
    await users.remove(id, operator);
    if (asJson) printJson({ deleted: id });
    else printText(`Account ${id} deleted.\n`);
  });
}

/** Runs an operation on one account, and prints the account afterwards. */
function change(
  account: string,
  { json: asJson }: Json,
  operation: (services: CommandServices, id: number) => Promise<Account>,
): Promise<void> {
  return withServices(async (services) => {
    printOne(await operation(services, await accountId(services.users, account)), asJson);
  });
}

function printOne(account: Account, asJson = false): void {
  if (asJson) printJson(user(account));
  else print([account]);
}

/** `delay`: how many seconds the next login has to wait; undefined: not known. */
function printDetails(account: Account, delay: number | undefined): void {
  const { id, email, emailVerified, pendingEmail, username, roles, hasPassword, hasSecondFactor, createdAt } = account;
  const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
  const wait = delay === undefined ? 'unknown without AUTH_SECRET' : delay > 0 ? `${delay} s` : 'no';
  printTable([
    ['id', String(id)],
    ['e-mail', email],
    ['verified', yesOrNo(emailVerified)],
    ...(pendingEmail === null ? [] : [['new e-mail', `${pendingEmail}, not confirmed yet`]]),
    ['username', username || '-'],
    ['roles', roles.join(', ') || '-'],
    ['state', stateOf(account)],
    ['password', yesOrNo(hasPassword)],
    ['second factor', yesOrNo(hasSecondFactor)],
    ['must wait', wait],
    ['created', formatTimestamp(createdAt)],
  ]);
}

function print(accounts: readonly Account[]): void {
  printTable(
    accounts.map((account) => [
      String(account.id),
      account.email,
      account.roles.join(',') || '-',
      stateOf(account),
      account.username,
    ]),
  );
}

function stateOf({ disabledAt, disabledReason, deletionDueAt }: Account): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const states = [
    disabledAt !== null && (disabledReason !== null || deletionDueAt === null)
      ? `disabled ${day(disabledAt)}: ${disabledReason ?? ''}`
      : undefined,
    deletionDueAt !== null ? `leaving, deleted ${day(deletionDueAt)}` : undefined,
  ];
  return states.filter((state) => state !== undefined).join('; ') || 'active';
}

/** Checks the same limits as the API. */
function checkedReason(reason: string): string {
  return printable('reason', reason, 500);
}

function printable(name: string, text: string, maxLength: number): string {
  if (text.trim() === '') throw new CommandRefused(`${name} must not be empty`);
  if (text.length > maxLength) throw new CommandRefused(`${name} must have at most ${maxLength} characters`);
  if (/\p{Cc}|\p{Cs}/u.test(text)) throw new CommandRefused(`${name} must not contain control characters`);
  return text;
}

function json(): Option {
  return new Option('--json', 'print JSON');
}
