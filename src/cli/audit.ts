// latchkey audit: what was done, when and by whom, as it happens.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { auditEvents } from '#audit/events.js';
import type { AuditFilter, AuditRepository, AuditRow } from '#audit/repository.js';
import { event } from '#schemas/admin/audit.js';
import { CommandRefused } from './error-message.js';
import { moment, printJson, printTable } from './output.js';
import { accountId, withServices } from './services.js';

const POLL_MILLISECONDS = 1000;
/** How long a transaction that has its id already may still be open: longer than Postgres lets it. */
const OPEN_MILLISECONDS = 10_000;
const PAGE = 500;
const MOST = 10_000;
const END = Number.MAX_SAFE_INTEGER;

interface TailOptions {
  readonly lines: number;
  readonly follow?: boolean;
  readonly event?: string;
  readonly user?: string;
  readonly json?: boolean;
}

/** The command and its one: tail. */
export function auditCommand(): Command {
  const command = new Command('audit').description('show what was done, when and by whom');
  command
    .command('tail')
    .description('the last events, the newest last')
    .option('-n, --lines <count>', 'how many', count, 50)
    .option('-f, --follow', 'go on with those that come, until Ctrl-C')
    .addOption(new Option('--event <name>', 'only this one').choices(auditEvents))
    .option('--user <account>', 'only what an account did, or what was done on it; by its id or its address')
    .option('--json', 'one event a line, as JSON')
    .action(tail);
  return command;
}

function tail({ lines, follow = false, event: name, user, json = false }: TailOptions): Promise<void> {
  return withServices(async ({ users, audit }) => {
    // An id is taken as it is: the events of an account that is deleted are still there.
    const userId = user === undefined ? undefined : await accountId(users, user);
    const filter = { event: name, userId };
    const shown = await audit.find(filter, END, lines);
    print(shown, json);
    if (follow) await goOn(audit, filter, shown, json);
  });
}

/**
 * Ids are given before the commit: one that is smaller than the last shown may still come. What is new since some seconds is
 * therefore read each time, and what was shown is passed over.
 */
async function goOn(audit: AuditRepository, filter: AuditFilter, shown: readonly AuditRow[], json: boolean) {
  const stop = untilStopped();
  const seen = new Set(shown.map(({ id }) => id));
  let newest = shown[0]?.id ?? 0;
  /** From here on nothing is certain yet. At the beginning: what the list began with, or came after it. */
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

/** The newest first. */
async function readAfter(audit: AuditRepository, filter: AuditFilter, after: number): Promise<AuditRow[]> {
  const found: AuditRow[] = [];
  for (;;) {
    const page = await audit.find({ ...filter, after }, found.at(-1)?.id ?? END, PAGE);
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
    moment(at),
    name,
    `by ${actorType}${actor === null ? '' : `:${actor}`}`,
    targetType === null ? '-' : `on ${targetType}:${targetId}`,
    [ip ?? '', Object.keys(details as object).length > 0 ? JSON.stringify(details) : ''].join(' ').trim(),
  ];
}

/** Aborted by Ctrl-C, by SIGTERM, and when nobody reads on (`| head`). */
function untilStopped(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  process.stdout.on('error', () => stop.abort());
  return stop.signal;
}

function count(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MOST) throw new CommandRefused(`the number of lines must be from 1 to ${MOST}`);
  return number;
}
