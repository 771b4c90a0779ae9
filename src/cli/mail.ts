// latchkey mail: shows the outbox, sends mails again, and tests the mail server.
import { randomBytes, randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { createAuditRepository } from '#audit/repository.js';
import { createMailAdministration, type MailAdministration } from '#mail/administration.js';
import { failureOf } from '#mail/failure.js';
import { createMailsRepository, type MailFilter, type MailRow } from '#mail/repository.js';
import { mailKinds } from '#mail/templates/values.js';
import { createSmtpTransport } from '#mail/transport.js';
import { readConfiguration } from '#platform/config/config.js';
import { Problem } from '#platform/errors/problem.js';
import { createCursors } from '#platform/http/pagination.js';
import { mail, mailStates } from '#schemas/admin/mail.js';
import { canonicalEmail } from '#users/email.js';
import { commandContext } from './command-context.js';
import { withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable, printText } from './output.js';
import { operatorAct } from './services.js';

const PAGE_SIZE = 100;
const MAX_LINES = 10_000;

type ListOptions = MailFilter & { readonly lines: number; readonly json?: boolean };

/** The command and its subcommands. */
export function mailCommand(): Command {
  const command = new Command('mail').description('show the outbox, send e-mails again, test the mail server');
  command
    .command('list')
    .description('list the e-mails of the outbox, newest first; never their content')
    .option('-n, --lines <count>', 'number of e-mails', lineCount, 50)
    .addOption(new Option('--state <state>', 'only e-mails in this state').choices(mailStates))
    .addOption(new Option('--kind <kind>', 'only e-mails of this kind').choices(mailKinds))
    .option('--json', 'print JSON')
    .action(list);
  command
    .command('resend <ids...>')
    .description('send waiting or dead e-mails now; a running service does it')
    .option('--json', 'print JSON')
    .action((ids: readonly string[], { json = false }: { json?: boolean }) =>
      withMails((mails) => resend(mails, ids, json)),
    );
  command
    .command('test <address>')
    .description('send a test e-mail now, and print the answer of the mail server')
    .option('--json', 'print JSON')
    .action(sendTest);
  return command;
}

function list({ lines, state, kind, json = false }: ListOptions): Promise<void> {
  return withMails(async (mails) => {
    const found: MailRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await mails.list({ state, kind }, { limit: Math.min(PAGE_SIZE, lines - found.length), cursor });
      found.push(...page.rows);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && found.length < lines);
    print(found, json);
  });
}

/** Sends mails again. One that cannot be sent again does not prevent the others. */
async function resend(mails: MailAdministration, ids: readonly string[], json: boolean): Promise<void> {
  const resent: MailRow[] = [];
  const refused: string[] = [];
  for (const id of ids) {
    try {
      resent.push(await mails.resend(id, operatorAct()));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.push(ids.length === 1 ? error.message : `${id}: ${error.message}`);
    }
  }
  if (resent.length > 0) print(resent, json);
  if (refused.length > 0) throw new CommandRefused(refused.join(' '));
}

/** Without the database and the outbox, so that it tests the mail server alone. */
async function sendTest(address: string, { json = false }: { json?: boolean }): Promise<void> {
  const { mail: configured } = readConfiguration(commandContext().environment());
  if (configured?.type !== 'smtp') throw new CommandRefused('SMTP_URL is not set, so that no mail can be sent');
  const to = canonicalEmail(address);
  if (to === undefined) throw new CommandRefused('this is not a valid e-mail address');
  const { server, from } = configured;
  const transport = createSmtpTransport({ server, from });
  try {
    const answer = await transport.send({
      to,
      subject: 'Test mail of Latchkey',
      text: 'This mail shows that Latchkey can send mail with its SMTP_URL and MAIL_FROM.\n',
      html: undefined,
      messageId: `<${randomUUID()}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
      date: new Date(),
    });
    if (json) printJson({ answer });
    else printText(`The mail server has accepted the mail: ${answer}\n`);
  } catch (error) {
    throw new CommandRefused(`the mail could not be sent: ${failureOf(error).reason}`);
  } finally {
    transport.close();
  }
}

function withMails(run: (mails: MailAdministration) => Promise<void>): Promise<void> {
  return withDatabase(async (db) => {
    const repository = createMailsRepository(db);
    // A random key will do: the cursors are not used after the command.
    const cursors = createCursors<number>([randomBytes(32)], 'command');
    await run(createMailAdministration({ repository, audit: createAuditRepository(db), cursors, db }));
  });
}

function print(rows: readonly MailRow[], json: boolean): void {
  if (json) printJson(rows.map(mail));
  else printTable(rows.map(columns));
}

function columns({ id, kind, state, recipient, attempts, createdAt, nextAttemptAt, sentAt, lastError }: MailRow) {
  const time = {
    waiting: `due ${formatTimestamp(nextAttemptAt)}`,
    sent: `sent ${formatTimestamp(sentAt)}`,
    dead: `created ${formatTimestamp(createdAt)}`,
  };
  return [String(id), state, kind, recipient, time[state], `${attempts} attempts`, lastError ?? ''];
}

function lineCount(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MAX_LINES)
    throw new CommandRefused(`the number of e-mails must be from 1 to ${MAX_LINES}`);
  return number;
}
