// The Postgres for the measurements: the embedded one with its defaults, and databases with users and sessions.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import postgres from 'postgres';
import { readConfiguration } from '#platform/config/config.js';
import { deriveKey } from '#platform/config/secrets.js';
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '#platform/database/migrations.js';
import { createRefreshTokenCodec, hashRefreshToken } from '#sessions/refresh-token.js';
import { copyDatabase, distributeDatabase, workers } from '../test/support/citus.js';
import { withDatabaseName } from '../test/support/database.js';
import type { Client } from './load/work.js';
import { parentOf } from './processes.js';

/** A client and its session. */
export interface SeededClient extends Client {
  readonly sessionId: number;
  readonly refreshTokenHash: Buffer;
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** Starts Postgres in a temporary folder, which is removed when it stops. */
async function startEmbedded() {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  const { url, stop } = await startEmbeddedPostgres({ dataDir });
  return {
    url,
    stop: async (): Promise<void> => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** The server in TEST_DATABASE_URL, which is the coordinator of those in TEST_DATABASE_WORKERS, or else a new one. */
export async function startServer() {
  const { TEST_DATABASE_URL: given } = process.env;
  const { url: server, stop } = given === undefined ? await startEmbedded() : { url: given, stop: async () => {} };
  const nodes = [server, ...workers()].map((url) => postgres(url, { max: 1, onnotice: () => {} }));
  const facts = await Promise.all(
    nodes.map((node) => node`select pg_backend_pid() as pid, current_setting('server_version') as version`),
  );
  const prefix = `bench_${process.pid}`;
  let count = 0;

  async function create(template?: string): Promise<string> {
    count += 1;
    const name = `${prefix}_${count}`;
    const [coordinator, ...others] = nodes;
    await copyDatabase(coordinator as postgres.Sql, name, template ?? 'template1');
    if (template !== undefined) for (const node of others) await copyDatabase(node, name, template);
    return withDatabaseName(server, name);
  }

  async function drop(name: string): Promise<void> {
    for (const node of nodes) await node.unsafe(`drop database if exists ${name} with (force)`);
  }

  return {
    /** For each node, the process id of the postmaster, which is the ancestor of all its processes. */
    pids: facts.map(([row]) => parentOf(Number(row?.pid))),
    version: String(facts[0]?.[0]?.version),
    /** Creates a migrated database. */
    create: async (): Promise<string> => {
      const url = await create();
      await migrateDatabase(url);
      if (workers().length > 0) await distributeDatabase(server, nameOf(url));
      return url;
    },
    createEmpty: () => create(),
    /** Copies a database without connections. */
    copy: (url: string) => create(nameOf(url)),
    drop: (url: string): Promise<void> => drop(nameOf(url)),
    /** Writes a checkpoint, so that the next measurement does not include writes of earlier ones. */
    settle: async (): Promise<void> => {
      for (const node of nodes) await node`checkpoint`;
    },
    stop: async (): Promise<void> => {
      const left = await nodes[0]?.unsafe(`select datname from pg_database where datname like '${prefix}\\_%'`);
      for (const { datname } of left ?? []) await drop(datname);
      for (const node of nodes) await node.end();
      await stop();
    },
  };
}

export const SECRET = randomBytes(32).toString('base64');
/** The defaults of the service. */
export const { argon2, database: poolDefaults } = readConfiguration({});

const codec = createRefreshTokenCodec(deriveKey(SECRET, 'refresh-token/v1'));

/** The e-mail address of the user with this id. */
export function emailOf(userId: number): string {
  return `user${userId}@example.com`;
}

/** The user with this id, who has one session that was never refreshed. */
export function clientOf(userId: number): SeededClient {
  const sessionId = userId * 7 + 3;
  const refreshToken = codec.encode({ userId, sessionId, generation: 0 });
  return {
    userId,
    sessionId,
    email: emailOf(userId),
    refreshToken,
    refreshTokenHash: hashRefreshToken(refreshToken),
  };
}

/** Selects clients that are evenly distributed among the users; another `offset` selects other clients. */
export function clientsAmong(users: number, count: number, offset = 0): SeededClient[] {
  const distance = users / count;
  return Array.from({ length: count }, (_, i) => clientOf(1 + ((Math.floor(i * distance) + offset) % users)));
}

/** Replaces all users. Each has the password `password` and one session; the sessions of `clients` can be refreshed. */
export async function seed(url: string, users: number, clients: readonly SeededClient[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const passwordHash = await hash('password', argon2);
  const ids = clients.map(({ userId }) => userId);
  const hashes = clients.map(({ refreshTokenHash }) => refreshTokenHash.toString('hex'));
  await sql.begin(async (on) => {
    await on`truncate users cascade`;
    await on`
      insert into users (id, email, password_hash) overriding system value
      select n, 'user' || n || '@example.com', ${passwordHash} from generate_series(1, ${users}::int) n`;
    await on`select setval(pg_get_serial_sequence('users', 'id'), ${users}::int)`;
    await on`
      insert into sessions (user_id, id, refresh_token_hash, retry_keys, expires_at, ip, user_agent)
      select n, n::bigint * 7 + 3, coalesce(decode(known.hash, 'hex'), sha256(n::text::bytea)),
        decode(repeat('00', 64), 'hex'), now() + interval '30 days', '127.0.0.1', 'bench'
      from generate_series(1, ${users}::int) n
      left join unnest(${ids}::int[], ${hashes}::text[]) known (id, hash) on known.id = n`;
  });
  await sql`vacuum (freeze, analyze)`;
  await sql.end();
}

/** The fraction of session updates that were heap-only. Accurate only after the updating connections have been closed. */
export async function hotShare(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [row] = await sql`
    select n_tup_hot_upd::float8 / nullif(n_tup_upd, 0) as share from pg_stat_user_tables where relname = 'sessions'`;
  await sql.end();
  return Number(row?.share ?? Number.NaN);
}
