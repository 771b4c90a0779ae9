// latchkey audit: prints the audit log, optionally as it grows, and exports it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { auditEvents } from '#audit/events.js';
import type { AuditFilter, AuditRepository, AuditRow } from '#audit/repository.js';
import { canonicalAddress } from '#platform/http/client-address.js';
import { event } from '#schemas/admin/audit.js';
import { commandContext } from './command-context.js';
import { didYouMean } from './did-you-mean.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable } from './output.js';
import { accountId, type CommandServices, withServices } from './services.js';
import { parseTime } from './time.js';

const POLL_MILLISECONDS = 1000;
/** How long a transaction may stay open after its event has its id: more than the timeouts of the service allow. */
const OPEN_MILLISECONDS = 10_000;
const PAGE = 500;
const MAX_LINES = 10_000;
const AFTER_ALL_EVENTS = Number.MAX_SAFE_INTEGER;

interface FilterOptions {
  readonly event?: readonly string[];
  readonly user?: string;
  readonly ip?: string;
  readonly changes?: boolean;
  readonly since?: string;
  readonly until?: string;
}

interface ListOptions extends FilterOptions {
  readonly lines: number;
  readonly json?: boolean;
}

interface TailOptions extends ListOptions {
  readonly follow?: boolean;
}

/** The command and its subcommands. */
export function auditCommand(): Command {
  const command = new Command('audit').description('read the audit log');
  withFilter(command.command('tail').description('print the latest events, newest last'))
    .option('-n, --lines <count>', 'number of events', lineCount, 50)
    .option('-f, --follow', 'keep printing new events until Ctrl-C')
    .option('--json', 'print one JSON object per line')
    .action(tail);
  withFilter(command.command('list').description('print the latest events, newest first'))
    .option('-n, --lines <count>', 'number of events', lineCount, 50)
    .option('--json', 'print one JSON object per line')
    .action(list);
  withFilter(command.command('export').description('print all events as JSON lines, newest first, for other systems'))
    .option('--json', 'the same: an export is JSON')
    .action(exportAll);
  return command;
}

function withFilter(command: Command): Command {
  const collect = (name: string, names: string[] = []) => {
    if (!(auditEvents as readonly string[]).includes(name)) {
      const hint = didYouMean(name, auditEvents);
      throw new CommandRefused(`${name} is not an event${hint}; the events are: ${auditEvents.join(', ')}`);
    }
    return [...names, name];
  };
  return command
    .addOption(new Option('--event <name>', 'only events with this name; may be repeated').argParser(collect))
    .option('--user <account>', 'only events with this account as actor or target; an id or an e-mail address')
    .option('--ip <address>', 'only events of requests from this address')
    .option('--changes', 'only changes that operators made to settings, roles, keys, mails and accounts')
    .option('--since <time>', 'only events at or after this time: 2026-11-25T23:30:00Z, 2026-11-25, yesterday, 2h')
    .option('--until <time>', 'only events before this time');
}

async function filterOf(
  { event, user, ip, changes, since, until }: FilterOptions,
  { users }: Pick<CommandServices, 'users'>,
): Promise<AuditFilter> {
  return {
    events: event,
    // An id is not looked up: the events of a deleted account are still there.
    userId: user === undefined ? undefined : await accountId(users, user),
    ip: ip === undefined ? undefined : addressOf(ip),
    changesOnly: changes,
    from: since === undefined ? undefined : parseTime('--since', since),
    to: until === undefined ? undefined : parseTime('--until', until),
  };
}

function addressOf(text: string): string {
  const address = canonicalAddress(text);
  if (address === undefined) throw new CommandRefused('--ip must be an IPv4 or IPv6 address');
  return address;
}

function tail({ lines, follow = false, json = false, ...options }: TailOptions): Promise<void> {
  return withServices(async ({ users, audit }) => {
    const filter = await filterOf(options, { users });
    const shown = await audit.find(filter, AFTER_ALL_EVENTS, lines);
    print(shown.toReversed(), json);
    if (follow) await followLog(audit, filter, shown, json);
  });
}

function list({ lines, json = false, ...options }: ListOptions): Promise<void> {
  return withServices(async ({ users, audit }) => {
    print(await audit.find(await filterOf(options, { users }), AFTER_ALL_EVENTS, lines), json);
  });
}

function exportAll(options: FilterOptions): Promise<void> {
  return withServices(async ({ users, audit }) => {
    const filter = await filterOf(options, { users });
    let before = AFTER_ALL_EVENTS;
    for (;;) {
      const page = await audit.find(filter, before, PAGE);
      print(page, true);
      if (page.length < PAGE) return;
      before = page.at(-1)?.id ?? 0;
    }
  });
}

/**
 * An event gets its id before its transaction commits, so an event with a smaller id than the last one printed may still appear. Each
 * poll therefore reads the last few seconds again and skips the events that were printed.
 */
async function followLog(audit: AuditRepository, filter: AuditFilter, shown: readonly AuditRow[], json: boolean) {
  const stop = stopSignal();
  const seen = new Set(shown.map(({ id }) => id));
  let newest = shown[0]?.id ?? 0;
  /** No event with this id or a smaller one can still appear. */
  let settled = shown.at(-1)?.id ?? 0;
  const polls: { at: number; newest: number }[] = [{ at: Date.now(), newest }];
  while (!stop.aborted) {
    const found = (await readAfter(audit, filter, settled)).filter(({ id }) => !seen.has(id));
    print(found.toReversed(), json);
    for (const { id } of found) seen.add(id);
    newest = Math.max(newest, ...found.map(({ id }) => id));
    polls.push({ at: Date.now(), newest });
    while (polls[0] !== undefined && polls[0].at < Date.now() - OPEN_MILLISECONDS) {
      settled = Math.max(settled, polls.shift()?.newest ?? 0);
    }
    for (const id of seen) if (id <= settled) seen.delete(id);
    await sleep(POLL_MILLISECONDS, undefined, { signal: stop }).catch(() => {});
  }
}

/** The events after an id, newest first. */
async function readAfter(audit: AuditRepository, filter: AuditFilter, after: number): Promise<AuditRow[]> {
  const found: AuditRow[] = [];
  for (;;) {
    const page = await audit.find({ ...filter, after }, found.at(-1)?.id ?? AFTER_ALL_EVENTS, PAGE);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

function print(rows: readonly AuditRow[], json: boolean): void {
  if (json) for (const row of rows) printJson(event(row));
  else printTable(rows.map(columns));
}

function columns({
  at,
  event: name,
  actorType,
  actorId,
  actorName,
  targetType,
  targetId,
  ip,
  details,
}: AuditRow): string[] {
  const actor = actorId ?? actorName;
  return [
    formatTimestamp(at),
    name,
    `by ${actorType}${actor === null ? '' : `:${actor}`}`,
    targetType === null ? '-' : `on ${targetType}:${targetId}`,
    [ip ?? '', Object.keys(details as object).length > 0 ? JSON.stringify(details) : ''].join(' ').trim(),
  ];
}

/** Aborted by Ctrl-C, by SIGTERM, and when the reader closes the pipe (`| head`). */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  commandContext().stdout.on('error', () => stop.abort());
  return stop.signal;
}

function lineCount(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MAX_LINES) throw new CommandRefused(`the number of lines must be from 1 to ${MAX_LINES}`);
  return number;
}
