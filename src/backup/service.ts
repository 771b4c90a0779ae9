// Backup and restore of all data: a backup is one snapshot, a restore is one transaction.
import type postgres from 'postgres';
import { type AppliedMigration, type BackupReader, createBackupWriter, type Header } from './format.js';
import type { BackupRepository } from './repository.js';

/** The part of a distribution (src/distribution) that a restore needs. */
interface Distribution {
  readonly isDistributed: boolean;
  distributeAgain(): Promise<void>;
}

/** Nothing was backed up or restored. The message is one line for the operator and says why. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

interface Dependencies {
  /** A client with a single connection, used for nothing else. */
  readonly client: postgres.Sql;
  readonly repositoryOn: (sql: postgres.Sql | postgres.TransactionSql) => BackupRepository;
  readonly distributionWithin: (sql: postgres.TransactionSql) => Promise<Distribution>;
  /** The migrations of this version. */
  readonly known: readonly AppliedMigration[];
  /** The version of Latchkey that is running. */
  readonly version: string;
}

/** How a restore proceeds. */
export interface RestoreOptions {
  /** Replace existing data. */
  readonly replace: boolean;
  /** Called in the transaction, after the rows were restored and the tables were migrated to this version. */
  readonly finish: (sql: postgres.TransactionSql) => Promise<void>;
  /** Called with the number of rows so far. */
  readonly onProgress?: (rows: number) => void;
}

/** Requires a role that owns the tables. */
export function createBackups({ client, repositoryOn, distributionWithin, known, version }: Dependencies) {
  /**
   * Yields the bytes of a backup: a consistent snapshot, while the service keeps running. Rejects, possibly after part of the output,
   * with BackupRefused or an error of the database. If it is not read to its end, close the client: rows may still be in transit.
   */
  async function* backUp(onProgress: (rows: number) => void = () => {}): AsyncGenerator<Buffer> {
    const session = repositoryOn(client);
    // Not with client.begin(), whose callback cannot yield.
    await client.unsafe('begin isolation level repeatable read read only');
    await session.prepareTransaction();
    const migrations = await session.appliedMigrations();
    if (migrations.length === 0) throw new BackupRefused('there is nothing to back up: this database has no tables');
    if (!migrations.every(isKnown)) {
      throw new BackupRefused(
        'the tables belong to a newer version of Latchkey; back them up with that version, so that nothing is left out',
      );
    }
    const tables = await session.describeTables();
    await session.lockTables(tables.map(({ name }) => name));
    const writer = createBackupWriter();
    const header: Header = { createdAt: new Date().toISOString(), latchkey: version, migrations };
    yield writer.begin(header);
    for (const table of tables) {
      yield writer.table(table);
      for await (const chunk of session.read(table)) {
        yield writer.rows(chunk);
        onProgress(writer.countRows());
      }
      yield writer.endOfRows();
    }
    yield writer.end(await session.readSequences(tables.map(({ name }) => name)));
    await client.unsafe('commit');
  }

  /**
   * Loads a backup into the database and migrates its tables to this version, completely or not at all. Resolves to the number of rows.
   * Rejects with BackupRefused, DamagedBackup, the error of `finish`, or an error of the database.
   */
  async function restore(reader: BackupReader, { replace, finish, onProgress }: RestoreOptions): Promise<number> {
    const header = await reader.begin();
    if (header.migrations.length === 0 || header.migrations.some((each) => !isKnown(each))) {
      throw new BackupRefused(
        `the backup was made by a newer version of Latchkey (${header.latchkey}); install that version, or a later one, to restore it`,
      );
    }
    return client.begin(async (sql) => {
      const repository = repositoryOn(sql);
      await repository.prepareTransaction();
      await repository.lockMigrations();
      const hosts = await repository.livingInstances();
      if (hosts.length > 0) {
        throw new BackupRefused(
          `a service is running on this database (${[...new Set(hosts)].join(', ')}); stop it first. If it was killed, wait 30 seconds`,
        );
      }
      // Before anything else reads the tables: it determines how.
      const distribution = await distributionWithin(sql);
      const foreign = await repository.foreignTables();
      if (foreign.length > 0) {
        throw new BackupRefused(
          `the schema has tables of another application (${foreign.join(', ')}); name another schema in the URL of the database: ?schema=latchkey`,
        );
      }
      const used = await repository.tablesInUse();
      if (used.length > 0 && !replace) {
        throw new BackupRefused(
          `the database is not empty (${used.join(', ')}); restore into an empty database, or replace all data in this one with --replace`,
        );
      }
      // The next ids of distributed tables cannot be set, so these are created anew, filled on one node, and distributed at the end.
      const canKeepTables =
        !distribution.isDistributed && isSame(await repository.appliedMigrations(), header.migrations);
      const dependents = await repository.dependents(!canKeepTables);
      if (dependents.length > 0) {
        throw new BackupRefused(
          `${dependents.join(', ')} of another application depend${dependents.length === 1 ? 's' : ''} on the tables; drop the foreign keys and views, and create them again after the restore`,
        );
      }
      if (canKeepTables) await repository.empty();
      else await repository.recreateTables(header.migrations);

      const tables = await repository.describeTables();
      const names = tables.map(({ name }) => name);
      const foreignKeys = await repository.dropForeignKeys(names);
      const exists = (name: string) => tables.some((each) => each.name === name);
      const allowed = new Map(tables.map(({ name, columns }) => [name, columns]));
      for (let table = await reader.nextTable(); table !== undefined; table = await reader.nextTable()) {
        const columns = allowed.get(table.name);
        if (columns === undefined || table.columns.some((column) => !columns.includes(column))) {
          throw new BackupRefused(`the backup is damaged: there is no table ${table.name} with these columns`);
        }
        allowed.delete(table.name);
        await repository.write(table, counted(reader, onProgress));
      }
      const { sequences, rows } = await reader.end();
      for (const sequence of sequences) {
        if (!exists(sequence.table))
          throw new BackupRefused(`the backup is damaged: there is no table ${sequence.table}`);
        await repository.restartSequence(sequence);
      }
      const orphans = await repository.addForeignKeys(names, foreignKeys);
      await repository.deleteInstances();
      const last = header.migrations.at(-1)?.createdAt ?? 0;
      await repository.apply(known.filter(({ createdAt }) => createdAt > last));
      await finish(sql);
      await distribution.distributeAgain();
      return rows - orphans;
    });
  }

  const isKnown = ({ hash }: AppliedMigration) => known.some((each) => each.hash === hash);

  return { backUp, restore };
}

async function* counted(reader: BackupReader, onProgress: (rows: number) => void = () => {}): AsyncGenerator<Buffer> {
  for await (const chunk of reader.rows()) {
    yield chunk;
    onProgress(reader.countRows());
  }
}

function isSame(some: readonly AppliedMigration[], other: readonly AppliedMigration[]): boolean {
  return some.length === other.length && some.every(({ hash }, at) => hash === other[at]?.hash);
}
