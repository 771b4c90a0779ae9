// latchkey audit: prints the audit log, optionally as it grows.

import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { auditEvents } from '#audit/events.js';
import type { AuditFilter, AuditRepository, AuditRow } from '#audit/repository.js';
import { event } from '#schemas/admin/audit.js';
import { commandContext } from './command-context.js';
import { CommandRefused } from './error-message.js';
import { formatTimestamp, printJson, printTable } from './output.js';
import { accountId, withServices } from './services.js';

const POLL_MILLISECONDS = 1000;
/** How long a transaction may stay open after its event has its id: more than the timeouts of the service allow. */
const OPEN_MILLISECONDS = 10_000;
const PAGE = 500;
const MAX_LINES = 10_000;
const AFTER_ALL_EVENTS = Number.MAX_SAFE_INTEGER;

interface TailOptions {
  readonly lines: number;
  readonly follow?: boolean;
  readonly event?: string;
  readonly user?: string;
  readonly json?: boolean;
}

/** The command and its subcommand. */
export function auditCommand(): Command {
  const command = new Command('audit').description('read the audit log');
  command
    .command('tail')
    .description('print the latest events, newest last')
    .option('-n, --lines <count>', 'number of events', lineCount, 50)
    .option('-f, --follow', 'keep printing new events until Ctrl-C')
    .addOption(new Option('--event <name>', 'only events with this name').choices(auditEvents))
    .option('--user <account>', 'only events with this account as actor or target; an id or an e-mail address')
    .option('--json', 'print one JSON object per line')
    .action(tail);
  return command;
}

function tail({ lines, follow = false, event: name, user, json = false }: TailOptions): Promise<void> {
  return withServices(async ({ users, audit }) => {
    // An id is not looked up: the events of a deleted account are still there.
    const userId = user === undefined ? undefined : await accountId(users, user);
    const filter = { event: name, userId };
    const shown = await audit.find(filter, AFTER_ALL_EVENTS, lines);
    print(shown, json);
    if (follow) await followLog(audit, filter, shown, json);
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
    print(found, json);
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

function print(newestFirst: readonly AuditRow[], json: boolean): void {
  const rows = newestFirst.toReversed();
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
