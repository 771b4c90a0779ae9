// A high-availability cluster as operators run it: Patroni and two PostgreSQL servers on machines of their own, etcd on a third.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { migrateDatabase } from '#platform/database/migrations.js';
import { type Machine, namespacesMissing, startNetwork } from './network.js';
import { POSTGRES_BIN, postgresIds } from './replication.js';
import { until } from './until.js';

const PASSWORD = 'password-of-this-test';
const PROGRAMS = ['/usr/bin/patroni', '/usr/bin/etcd', join(POSTGRES_BIN, 'postgres')];
const NODES = ['db-1', 'db-2'] as const;
/** A cluster needs that long to start, or to have a primary again, on a busy machine. */
const MAX_WAIT_MILLISECONDS = 120_000;

/** The reason to skip a test; false if it can run. Unlike other programs these are not expected in CI: the test needs root and minutes. */
export const patroniMissing: string | false = PROGRAMS.every((each) => existsSync(each))
  ? namespacesMissing
  : 'not installed: apt-get install patroni etcd-server postgresql-15';

/**
 * Why a primary that was frozen is not tested; false if it is. Before 3.0.3, it wakes up believing that it is the primary, and takes the
 * lock back from its successor (Patroni's pull request 2689): two primaries, of which the newer one loses what it has acknowledged.
 */
export function frozenUnsafe(): string | false {
  const [, ...version] = /(\d+)\.(\d+)\.(\d+)/.exec(execFileSync('patroni', ['--version'], { encoding: 'utf8' })) ?? [];
  const [major = 0, minor = 0, patch = 0] = version.map(Number);
  const isSafe = major > 3 || (major === 3 && (minor > 0 || patch >= 3));
  return isSafe ? false : 'needs Patroni 3.0.3';
}

export type NodeName = (typeof NODES)[number];

interface Member {
  readonly name: NodeName;
  readonly role: string;
  readonly state: string;
}

/** Seconds. docs/scale.md recommends them; a shorter `ttl` is not accepted. */
const TIMES = { ttl: 20, loop_wait: 2, retry_timeout: 5 };

/**
 * How commits wait for the standby: `off`: they do not; `on`: as long as Patroni considers it a member; `strict`: always, also without any
 * standby.
 */
export type Synchronous = 'off' | 'on' | 'strict';

/** Starts a cluster with a migrated database; stopped when the test ends. */
export async function startPatroni(t: Pick<Test, 'teardown'>, synchronous: Synchronous) {
  const home = await mkdtemp(join(tmpdir(), 'latchkey-patroni-'));
  const owner = postgresIds();
  const children: ChildProcess[] = [];
  t.teardown(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  // Registered later, so it runs earlier: the machines and all that runs on them are gone when the files are removed.
  const network = await startNetwork(t, [...NODES, 'etcd']);
  const { machines } = network;
  if (owner !== undefined) await chown(home, owner.uid, owner.gid);

  /** Runs a program on a machine, as the user that Debian's package created. */
  function start(machine: Machine, program: string, ...args: readonly string[]): void {
    const user = owner === undefined ? [] : ['--reuid', `${owner.uid}`, '--regid', `${owner.gid}`, '--clear-groups'];
    const [ip, ...rest] = machine.command('setpriv', ...user, program, ...args);
    const child = spawn(ip, rest, {
      cwd: home,
      stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: home, LANG: 'C' },
    });
    children.push(child);
  }

  const { etcd } = machines;
  const clients = `http://${etcd.address}:2379`;
  const peers = `http://${etcd.address}:2380`;
  start(
    etcd,
    'etcd',
    ...['--name', 'etcd', '--data-dir', join(home, 'etcd'), '--initial-cluster', `etcd=${peers}`],
    ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
    ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers],
  );

  const configurationOf = (machine: Machine) => ({
    scope: 'latchkey',
    name: machine.name,
    restapi: { listen: `${machine.address}:8008`, connect_address: `${machine.address}:8008` },
    etcd3: { hosts: [`${etcd.address}:2379`] },
    bootstrap: {
      dcs: {
        ...TIMES,
        // The server starts in seconds. Without this limit Patroni would wait five minutes for it before it promotes the standby.
        primary_start_timeout: 10,
        // While etcd is away, the primary continues as long as it reaches the other servers.
        failsafe_mode: true,
        synchronous_mode: synchronous !== 'off',
        synchronous_mode_strict: synchronous === 'strict',
        postgresql: {
          use_pg_rewind: true,
          parameters: { max_connections: 60, wal_log_hints: 'on', wal_keep_size: '256MB' },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }],
    },
    postgresql: {
      listen: `${machine.address}:5432`,
      connect_address: `${machine.address}:5432`,
      data_dir: join(home, machine.name, 'data'),
      bin_dir: POSTGRES_BIN,
      pgpass: join(home, machine.name, 'pgpass'),
      pg_hba: ['host all all samenet scram-sha-256', 'host replication all samenet scram-sha-256'],
      authentication: Object.fromEntries(
        [
          ['superuser', 'postgres'],
          ['replication', 'replicator'],
          ['rewind', 'rewinder'],
        ].map(([what, username]) => [what, { username, password: PASSWORD }]),
      ),
      parameters: { unix_socket_directories: join(home, machine.name) },
    },
    log: { dir: join(home, machine.name) },
  });

  const fileOf = (name: NodeName) => join(home, name, 'patroni.json');
  for (const name of NODES) {
    await mkdir(join(home, name), { mode: 0o700 });
    if (owner !== undefined) await chown(join(home, name), owner.uid, owner.gid);
    // YAML, which JSON is a part of.
    await writeFile(fileOf(name), JSON.stringify(configurationOf(machines[name])), { mode: 0o644 });
  }

  const startNode = (name: NodeName): void => start(machines[name], 'patroni', fileOf(name));

  const urlOf = (...names: readonly NodeName[]) =>
    `postgres://postgres:${PASSWORD}@${names.map((name) => `${machines[name].address}:5432`).join()}/postgres`;

  /** The state of the cluster according to a member that answers. */
  async function members(): Promise<Member[]> {
    for (const name of NODES) {
      const answer = await call(name, '/cluster', { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      if (answer?.ok) return ((await answer.json()) as { members: Member[] }).members;
    }
    return [];
  }

  const call = (name: NodeName, path: string, options: RequestInit) =>
    fetch(`http://${machines[name].address}:8008${path}`, options);

  /** Resolves to the primary when there is one, other than `former`. */
  const untilPrimary = (former?: NodeName): Promise<NodeName> =>
    until(
      'the cluster has a primary',
      async () => {
        for (const name of NODES) if (name !== former && (await acceptsWrites(name))) return name;
        return undefined;
      },
      MAX_WAIT_MILLISECONDS,
    );

  /** Resolves to the primary when the other server follows it, and commits wait for it if they should. */
  const untilComplete = (): Promise<NodeName> =>
    until(
      'the cluster is complete',
      async () => {
        const found = await members();
        const leader = found.find(({ role, state }) => role === 'leader' && state === 'running');
        const follower = synchronous === 'off' ? 'replica' : 'sync_standby';
        const hasFollower = found.some(({ role, state }) => role === follower && /running|streaming/.test(state));
        return leader !== undefined && hasFollower && (await follows(leader.name)) ? leader.name : undefined;
      },
      MAX_WAIT_MILLISECONDS,
    );

  /** Runs a query on a server over a connection of its own; undefined if it fails. */
  async function rowOf(name: NodeName, query: string): Promise<postgres.Row | undefined> {
    const sql = postgres(urlOf(name), { max: 1, onnotice: () => {}, connect_timeout: 1 });
    const late = AbortSignal.timeout(1500);
    try {
      const given = new Promise<never>((_, reject) => late.addEventListener('abort', () => reject(late.reason)));
      return (await Promise.race([sql.unsafe(query), given]))[0];
    } catch {
      return undefined;
    } finally {
      void sql.end({ timeout: 0 });
    }
  }

  /** Whether a server accepts writes, according to itself. */
  const acceptsWrites = async (name: NodeName): Promise<boolean> =>
    (await rowOf(name, 'select pg_is_in_recovery() as standby'))?.standby === false;

  const follows = async (leader: NodeName): Promise<boolean> => {
    const found = await rowOf(
      leader,
      `select string_agg(state || ' ' || sync_state, ',') as state from pg_stat_replication`,
    );
    return found?.state === `streaming ${synchronous === 'off' ? 'async' : 'sync'}`;
  };

  const [first, second] = NODES;
  await until(
    'etcd answers',
    () =>
      fetch(`${clients}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    MAX_WAIT_MILLISECONDS,
  );
  startNode(first);
  await untilPrimary();
  startNode(second);
  await untilComplete();
  await migrateDatabase(urlOf(first));

  /** The addresses of the other machines. The service runs on the host, which is none of them. */
  const othersOf = (name: NodeName) =>
    Object.values(machines)
      .filter((machine) => machine.name !== name)
      .map(({ address }) => address);

  return {
    /** What an operator gives to the service. */
    url: urlOf(...NODES),
    urlOf: (name: NodeName) => urlOf(name),
    untilPrimary,
    untilComplete,
    /** Resolves when commits no longer wait for the other server. */
    untilAlone: (primary: NodeName) =>
      until(
        'commits wait for no standby',
        async () =>
          (await rowOf(primary, `select setting from pg_settings where name = 'synchronous_standby_names'`))
            ?.setting === '',
        MAX_WAIT_MILLISECONDS,
      ),
    startNode,
    /** The machine of etcd is away for so long that Patroni notices; resolves when it is back. */
    loseEtcd: async (primary: NodeName): Promise<void> => {
      await etcd.signal('SIGSTOP');
      await until(
        'Patroni continues without etcd',
        async () =>
          /^patroni_failsafe_mode_is_active\{.*\} 1$/m.test(await (await call(primary, '/metrics', {})).text()),
        MAX_WAIT_MILLISECONDS,
      );
      await etcd.signal('SIGCONT');
    },
    other: (name: NodeName): NodeName => (name === first ? second : first),
    /** Like `patronictl switchover`. Resolves when it is done. */
    switchover: async (leader: NodeName, candidate: NodeName): Promise<void> => {
      const answer = await call(leader, '/switchover', { method: 'POST', body: JSON.stringify({ leader, candidate }) });
      if (!answer.ok) throw new Error(`no switchover: ${await answer.text()}`);
    },
    /** Kills every process on the machine. */
    killNode: (name: NodeName) => machines[name].signal('SIGKILL'),
    /** Stops every process on the machine; its kernel goes on. */
    freeze: (name: NodeName) => machines[name].signal('SIGSTOP'),
    thaw: (name: NodeName) => machines[name].signal('SIGCONT'),
    /** Kills the processes of PostgreSQL, which Patroni sees. */
    killPostgres: async (name: NodeName): Promise<void> => {
      const row = await rowOf(name, `select split_part(pg_read_file('postmaster.pid'), e'\n', 1)::int as pid`);
      process.kill(row?.pid, 'SIGKILL');
    },
    /** Nobody reaches the machine. */
    isolate: async (name: NodeName): Promise<void> => {
      for (const address of [...othersOf(name), network.host]) await network.cut(machines[name].address, address);
    },
    /** The machine is reached by the service only: not by the other server and not by etcd. */
    cutFromCluster: async (name: NodeName): Promise<void> => {
      for (const address of othersOf(name)) await network.cut(machines[name].address, address);
    },
    mend: async (name: NodeName): Promise<void> => {
      for (const address of [...othersOf(name), network.host]) await network.mend(machines[name].address, address);
    },
  };
}

export type PatroniCluster = Awaited<ReturnType<typeof startPatroni>>;
