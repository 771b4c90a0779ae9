// Moves accounts in and out: imports the lines of a file in batches, and writes the lines of an export.
import type { Act } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Db } from '#platform/database/database.js';
import { ADMIN_ROLE } from '#roles/permissions.js';
import type { RolesRepository } from '#roles/repository.js';
import { type Hashes, knownFields, toAccount, toLine } from './account-record.js';
import { createAddressSet } from './address-set.js';
import type { InputRecord } from './json-lines.js';
import type { RefusedLine } from './refusals.js';
import type { NewAccountRow, TransferRepository } from './repository.js';

interface Dependencies {
  readonly repository: TransferRepository;
  readonly roles: Pick<RolesRepository, 'lockShared'>;
  readonly audit: Pick<AuditRepository, 'recordWithId' | 'setDetails'>;
  readonly hashes: Hashes;
  readonly db: Db;
}

/** How an import runs. */
export interface ImportOptions {
  /** Checks everything and changes nothing. */
  readonly dryRun: boolean;
  /** Lines that an earlier import has imported are counted as present, not refused. */
  readonly resume: boolean;
  readonly act: Act;
  /** Aborted: the import ends after the current batch. */
  readonly signal: AbortSignal;
  /** Called for each refused line, in the order of the file. */
  readonly onRefused: (refused: RefusedLine) => void | Promise<void>;
  /** Called after each batch. */
  readonly onProgress: (counts: ImportCounts) => void;
}

/** How many lines had which outcome. */
export interface ImportCounts {
  readonly created: number;
  readonly present: number;
  readonly refused: number;
}

/** The result of an import. */
export interface ImportResult extends ImportCounts {
  readonly interrupted: boolean;
  /** The names of the fields that were ignored, at most MAX_NAMES of them. */
  readonly ignoredFields: readonly string[];
}

/** A transaction of this size takes some 20 ms, so that a registration of an address in it waits no longer. */
const BATCH_LINES = 500;
const PAGE_ACCOUNTS = 500;
const MAX_NAMES = 20;

interface NewAccount {
  readonly line: number;
  readonly account: NewAccountRow;
}

/** Imports and exports of accounts. */
export function createTransfer({ repository, roles, audit, hashes, db }: Dependencies) {
  /** Imports lines, batch by batch. What is imported before an error stays; run it again with `resume`. */
  async function importAccounts(
    source: AsyncIterable<readonly (InputRecord | RefusedLine)[]>,
    { dryRun, resume, act, signal, onRefused, onProgress }: ImportOptions,
  ): Promise<ImportResult> {
    const seen = createAddressSet();
    const ignored = new Set<string>();
    let counts: ImportCounts = { created: 0, present: 0, refused: 0 };
    let eventId: number | undefined;
    let batch: (NewAccount | RefusedLine)[] = [];

    async function flush(): Promise<void> {
      const lines = batch;
      batch = [];
      const { refused, created, present, addresses, recorded } = await db.transaction(async (tx) => {
        const outcome = await importBatch(lines, tx);
        const total = {
          created: counts.created + outcome.created,
          present: counts.present + outcome.present,
          refused: counts.refused + outcome.refused.length,
        };
        // One event for the whole import, which is right whenever the process is killed: each batch commits the new counts with its
        // accounts.
        return { ...outcome, recorded: dryRun ? undefined : await recordCounts(total, tx) };
      });
      // Only now: the function of a transaction can run several times.
      for (const email of addresses) seen.add(email);
      eventId = recorded;
      counts = {
        created: counts.created + created,
        present: counts.present + present,
        refused: counts.refused + refused.length,
      };
      for (const each of refused) await onRefused(each);
      onProgress(counts);
    }

    async function recordCounts(total: ImportCounts, on: Db): Promise<number | undefined> {
      if (eventId !== undefined) await audit.setDetails(eventId, { ...total }, on);
      else if (total.created > 0)
        return audit.recordWithId({ ...act, event: 'users.imported', details: { ...total } }, on);
      return eventId;
    }

    async function importBatch(lines: readonly (NewAccount | RefusedLine)[], on: Db) {
      const existingRoles = await lockRoles(lines, on);
      const inBatch = new Set<string>();
      const refusedBy = new Map<number, RefusedLine>();
      const candidates: NewAccount[] = [];
      for (const each of lines) {
        if ('refusal' in each) refusedBy.set(each.line, each);
        else if (!each.account.roles.every((role) => existingRoles.has(role))) refuse(each.line, 'role_unknown');
        else if (inBatch.has(each.account.email)) refuse(each.line, 'duplicate');
        else {
          inBatch.add(each.account.email);
          candidates.push(each);
        }
      }
      const rows = candidates.map(({ account }) => account);
      const created = new Set(rows.length === 0 ? [] : await create(rows, on));
      const taken = candidates.filter(({ account }) => !created.has(account.email));
      // Among the addresses that were not free, those of earlier lines are known.
      const isNew = new Map(candidates.map(({ line, account }) => [line, !seen.has(account.email)]));
      const compared = taken.filter(({ line }) => isNew.get(line)).map(({ account }) => account);
      const imported = new Set(resume && compared.length > 0 ? await repository.findImported(compared, on) : []);
      for (const { line, account } of taken) {
        if (!isNew.get(line)) refuse(line, 'duplicate');
        else if (!imported.has(account.email)) refuse(line, 'email_taken');
      }
      // A dry run creates no account that a later line with the same address could meet.
      const repeated = dryRun
        ? candidates.filter(({ line, account }) => created.has(account.email) && !isNew.get(line))
        : [];
      for (const { line } of repeated) refuse(line, 'duplicate');
      const refused = [...refusedBy.values()].sort((a, b) => a.line - b.line);
      return {
        created: created.size - repeated.length,
        present: imported.size,
        refused,
        addresses: candidates.map(({ account }) => account.email),
      };

      function refuse(line: number, refusal: RefusedLine['refusal']): void {
        refusedBy.set(line, { line, refusal });
      }
    }

    /** The addresses of the rows that were created, or would be. */
    async function create(rows: readonly NewAccountRow[], on: Db): Promise<string[]> {
      if (!dryRun) return repository.insert(rows, on);
      const addresses = rows.map(({ email }) => email);
      const taken = new Set(await repository.findTaken(addresses, on));
      return addresses.filter((email) => !taken.has(email));
    }

    for await (const records of source) {
      for (const record of records) {
        batch.push(toNewAccount(record, ignored));
        if (batch.length >= BATCH_LINES) await flush();
        if (signal.aborted) break;
      }
      if (signal.aborted) break;
    }
    if (batch.length > 0 && !signal.aborted) await flush();
    return { ...counts, interrupted: signal.aborted, ignoredFields: [...ignored] };
  }

  function toNewAccount(record: InputRecord | RefusedLine, ignored: Set<string>): NewAccount | RefusedLine {
    if ('refusal' in record) return record;
    for (const name of Object.keys(record.fields)) {
      if (!knownFields.has(name) && ignored.size < MAX_NAMES) ignored.add(name);
    }
    const account = toAccount(record, hashes, new Date());
    const { line } = record;
    return typeof account === 'string' ? { line, refusal: account } : { line, account };
  }

  /** The existing roles among those of the lines. They cannot be deleted before the transaction ends. */
  async function lockRoles(lines: readonly (NewAccount | RefusedLine)[], on: Db): Promise<ReadonlySet<string>> {
    const names = new Set(lines.flatMap((each) => ('account' in each ? each.account.roles : [])));
    names.delete(ADMIN_ROLE);
    const existing = names.size === 0 ? [] : await roles.lockShared([...names], on);
    return new Set([ADMIN_ROLE, ...existing.map(({ name }) => name)]);
  }

  /** The lines of all accounts, ordered by id. Accounts that change during the export may appear as before or after. */
  async function* exportAccounts(act: Act, onProgress: (accounts: number) => void): AsyncGenerator<Buffer> {
    // Recorded first, so that no hash can be read without leaving a trace.
    const eventId = await audit.recordWithId({ ...act, event: 'users.exported' }, db);
    let count = 0;
    let after = 0;
    for (;;) {
      const page = await repository.findPage(after, PAGE_ACCOUNTS);
      const accounts = page.filter(({ isDeleted }) => !isDeleted);
      count += accounts.length;
      onProgress(count);
      if (accounts.length > 0) yield Buffer.from(accounts.map(toLine).join(''));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ACCOUNTS) break;
      after = last.id;
    }
    await audit.setDetails(eventId, { accounts: count }, db);
  }

  return { importAccounts, exportAccounts };
}

export type Transfer = ReturnType<typeof createTransfer>;
