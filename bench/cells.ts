// The cells of the benchmark: what is measured in each round, with which reference, and which goals apply.
import { availableParallelism } from 'node:os';
import { residentMib } from '../test/support/resources.js';
import { accessTokens, type Bench, claimsOf, FEW } from './bench.js';
import { argon2, clientsAmong, emailOf, hotShare, poolDefaults, type SeededClient, seed } from './database.js';
import type { LoadTask } from './load/load.js';
import type { Target, Work } from './load/work.js';
import { type Latchkey, type Measurement, measureLoad, startLatchkey } from './programs.js';
import { spreadOf } from './statistics.js';

/** A goal and its values in one round. */
export interface Goal {
  readonly what: string;
  readonly values: readonly number[];
  /** The upper or lower bound for the median of all rounds. */
  readonly most?: number;
  readonly least?: number;
  /** The reason that it cannot be determined on this machine. */
  readonly undetermined?: string;
}

/** The result of one round of a cell. */
export interface Found {
  readonly measurements: readonly Measurement[];
  readonly goals: readonly Goal[];
}

/** One row of the table, or several related ones. */
export interface Cell {
  readonly title: string;
  readonly run: (bench: Bench, round: number) => Promise<Found>;
}

/** For how many seconds access tokens are collected for requests that each use a new one. The tokens expire after 30 s. */
const COLLECT_SECONDS = 12;
const ALL_TOKENS = 1_000_000;
/** The rate of the reader whose latency is measured during a burst of logins; far below the capacity of the service. */
const READS_PER_SECOND = 400;
/** The number of sessions that can log out in one measurement with its warm-up. */
export const LOGOUTS = 100_000;
/** The rate of logins in a storm, as a multiple of what the reference `hash` can do. */
const STORM_FACTOR = 3;
/** The number of clients that log in concurrently, enough to keep hashing busy. */
const LOGIN_CONNECTIONS = 4 * availableParallelism();
const STORM_CONNECTIONS = 512;
const READERS_AT_ONCE = 64;
const STARTS = 5;
const MEMORY_MIB = 130;
/** The growth from the middle to the end that still counts as flat, because garbage collection works in steps. */
const FLAT_GROWTH = 1.1;
const MEMORY_MILLISECONDS = 100;
/** Two for the service, one for the load, and one for everything else. */
const CORES_FOR_WORKERS = 4;

export const cells: Readonly<Record<string, Cell>> = {
  verify: {
    title: 'GET /api/verify/, token seen before',
    run: async (bench) => {
      const hello = await bench.hello();
      const verify = await bench.withFew((url) => read(bench, url, 'verify'));
      return {
        measurements: [hello, verify],
        goals: [{ what: 'CPU per request, times hello', values: [verify.cpu / hello.cpu], most: 1.3 }],
      };
    },
  },

  me: {
    title: 'GET /api/me/, tokens reused',
    run: async (bench) => {
      const hello = await bench.hello();
      const me = await bench.withFew((url) => read(bench, url, 'me'));
      return {
        measurements: [hello, me],
        goals: [
          { what: 'CPU per request, times hello', values: [me.cpu / hello.cpu], most: 2 },
          { what: 'p99, times that of hello', values: [me.p99 / hello.p99], most: 5 },
        ],
      };
    },
  },

  'me-new': {
    title: 'GET /api/me/, each request with a new token',
    run: async (bench) => {
      const hello = await bench.hello();
      const verify = await bench.loop('verify', bench.example);
      const me = await bench.withFew((url) => readWithNewTokens(bench, url));
      return {
        measurements: [hello, verify, me],
        goals: [
          {
            what: 'CPU per request, times hello and one verification',
            values: [me.cpu / (hello.cpu + verify.cpu)],
            most: 1.25,
          },
        ],
      };
    },
  },

  refresh: {
    title: 'POST /api/refresh/, a chain for each connection',
    run: async (bench) => {
      const clients = clientsAmong(FEW, bench.options.connections);
      const sessions = clients.map(({ userId, sessionId, refreshTokenHash }) => ({
        userId,
        sessionId,
        hash: refreshTokenHash.toString('hex'),
      }));
      const { poolSize } = poolDefaults;
      const update = await bench.withFew((databaseUrl) => bench.loop('update', { databaseUrl, poolSize, sessions }));
      const hello = await bench.hello();
      const refresh = await bench.withFew((url) => refreshing(bench, url, 'refresh', clients));
      return {
        measurements: [update, hello, refresh],
        goals: [
          { what: 'rate, times update', values: [refresh.rate / update.rate], least: 0.6 },
          { what: 'CPU per request, times hello', values: [refresh.cpu / hello.cpu], most: 4 },
        ],
      };
    },
  },

  logout: {
    title: 'POST /api/logout/, each of a live session',
    run: async (bench) => {
      const hello = await bench.hello();
      const logout = await bench.withFew(async (url) => {
        await seed(url, LOGOUTS, []);
        const refreshTokens = clientsAmong(LOGOUTS, LOGOUTS).map(({ refreshToken }) => refreshToken);
        const work: Work = { kind: 'logout', refreshTokens };
        return bench.withLatchkey(url, (service) =>
          measureLoad(bench.server, 'logout', service, {
            ...bench.timing,
            connections: bench.options.connections,
            work,
          }),
        );
      });
      return {
        measurements: [hello, logout],
        goals: [{ what: 'CPU per request, times hello', values: [logout.cpu / hello.cpu], most: 7 }],
      };
    },
  },

  login: { title: 'POST /api/login/', run: (bench) => comparedWithHash(bench, 'login') },
  register: { title: 'POST /api/register/', run: (bench) => comparedWithHash(bench, 'register') },

  storm: {
    title: 'GET /api/me/ while logins storm at three times capacity',
    run: async (bench) => {
      const hash = await bench.loop('hash', argon2);
      const [quiet, stormy, logins] = await bench.withFew((url) =>
        bench.withLatchkey(url, async (service) => {
          const targets = await readers(service, 'me', clientsAmong(FEW, bench.options.connections));
          const work: Work = { kind: 'get', targets, once: false };
          const reading = (name: string) =>
            measureLoad(bench.server, name, service, {
              ...bench.timing,
              connections: bench.options.connections,
              rate: READS_PER_SECOND,
              work,
            });
          const before = await reading('me, quiet');
          const emails = clientsAmong(FEW, FEW).map(({ email }) => email);
          const both = await Promise.all([
            reading('me, storm'),
            measureLoad(bench.server, 'logins', service, {
              ...bench.timing,
              connections: STORM_CONNECTIONS,
              rate: STORM_FACTOR * hash.rate,
              // 503: rejected before any work, as is required at three times the capacity.
              work: { kind: 'login', emails, statuses: [200, 503] },
            }),
          ]);
          return [before, ...both] as const;
        }),
      );
      return {
        measurements: [hash, quiet, stormy, bench.checked(logins)],
        goals: [{ what: 'p99, times the quiet one', values: [stormy.p99 / quiet.p99], most: 3 }],
      };
    },
  },

  start: {
    title: 'cold start, from the process to the first 200 on /readyz',
    run: async (bench) => {
      const values = await bench.withFew(async (url) => {
        const found: number[] = [];
        while (found.length < STARTS) {
          const service = await startLatchkey(url);
          found.push(service.milliseconds);
          await service.stop();
        }
        return found;
      });
      return { measurements: [], goals: [{ what: 'milliseconds', values, most: 700 }] };
    },
  },

  memory: {
    title: 'memory, mixed requests',
    run: async (bench) => {
      const resident: number[] = [];
      const clients = clientsAmong(FEW, bench.options.connections);
      const mixed = await bench.withFew((url) =>
        bench.withLatchkey(url, async (service) => {
          const timer = setInterval(() => resident.push(residentMib(service.pid)), MEMORY_MILLISECONDS);
          const measured = await measureLoad(bench.server, 'mixed', service, {
            warmUp: 0,
            seconds: 0,
            requests: bench.options.requests,
            connections: bench.options.connections,
            work: { kind: 'mixed', clients, prefix: 'mixed' },
          });
          clearInterval(timer);
          resident.push(residentMib(service.pid));
          return measured;
        }),
      );
      const part = (from: number, to: number) =>
        spreadOf(resident.slice(Math.floor(resident.length * from), Math.ceil(resident.length * to)));
      const last = part(0.9, 1);
      return {
        measurements: [bench.checked(mixed)],
        goals: [
          { what: 'MiB resident in the last tenth, at most', values: [last.greatest], most: MEMORY_MIB },
          {
            what: 'the last tenth, times the middle',
            values: [last.median / part(0.4, 0.6).median],
            most: FLAT_GROWTH,
          },
        ],
      };
    },
  },

  growth: {
    title: 'from few users and sessions to many',
    run: async (bench, round) => {
      const { users, rounds } = bench.options;
      const measurements: Measurement[] = [];
      const goals: Goal[] = [];
      const all = Object.entries(operations);
      const url = await bench.many(rounds * all.length);
      for (const [index, [name, operation]] of all.entries()) {
        const few = await bench.withFew(async (url) => {
          const measurement = await operation(bench, url, `${name}, ${FEW}`, clientsAmong(FEW, FEW));
          return { measurement, hot: await hotShare(url) };
        });
        // Separate refresh tokens for each operation of each round.
        const clients = clientsAmong(users, FEW, round * all.length + index);
        const many = await operation(bench, url, `${name}, ${users}`, clients);
        measurements.push(few.measurement, many);
        goals.push({ what: `${name}: CPU, many times few`, values: [cost(many) / cost(few.measurement)], most: 1.2 });
        if (name === 'refresh') {
          goals.push({ what: 'heap-only updates, few', values: [few.hot], least: 0.95 });
          goals.push({ what: 'heap-only updates, many', values: [await hotShare(url)], least: 0.95 });
        }
      }
      return { measurements, goals };
    },
  },

  workers: {
    title: 'GET /api/verify/, two workers against one',
    run: async (bench) => {
      const one = await bench.withFew((url) => read(bench, url, 'verify', '1 worker'));
      const two = await bench.withFew((url) => read(bench, url, 'verify', '2 workers', { WEB_CONCURRENCY: '2' }));
      const cores = availableParallelism();
      const undetermined = `there are ${cores} cores, which the load has to share; ${CORES_FOR_WORKERS} are needed`;
      return {
        measurements: [one, two],
        goals: [
          {
            what: 'rate of two, times that of one',
            values: [two.rate / one.rate],
            least: 1.7,
            ...(cores < CORES_FOR_WORKERS && { undetermined }),
          },
          // A precondition of the rate that can be measured with any number of cores.
          { what: 'CPU per request of two, times that of one', values: [two.cpu / one.cpu], most: 2 / 1.7 },
        ],
      };
    },
  },
};

/** The operations whose growth is measured. Each receives clients with unused refresh tokens. */
const operations: Readonly<
  Record<string, (bench: Bench, url: string, name: string, clients: readonly SeededClient[]) => Promise<Measurement>>
> = {
  me: (bench, url, name, clients) => read(bench, url, 'me', name, {}, clients),
  refresh: refreshing,
  login: (bench, url, name, clients) => hashing(bench, url, name, loginWork(clients)),
  register: (bench, url, name) => hashing(bench, url, name, registerWork()),
};

function cost({ cpu, postgresCpu }: Measurement): number {
  return cpu + postgresCpu;
}

/** On a new service: clients read with their access tokens. */
function read(
  bench: Bench,
  url: string,
  what: 'me' | 'verify',
  name: string = what,
  env: Record<string, string> = {},
  clients: readonly SeededClient[] = clientsAmong(FEW, bench.options.connections),
): Promise<Measurement> {
  return load(bench, url, name, env, async (service) => ({
    kind: 'get',
    targets: await readers(service, what, clients),
    once: false,
  }));
}

async function readers(
  service: Pick<Latchkey, 'client'>,
  what: 'me' | 'verify',
  clients: readonly SeededClient[],
): Promise<Target[]> {
  const targets: Target[] = [];
  // A thousand at once would wait for the database for too long.
  for (let at = 0; at < clients.length; at += READERS_AT_ONCE) {
    const tokens = await accessTokens(service, clients.slice(at, at + READERS_AT_ONCE));
    targets.push(...tokens.map((token) => targetOf(what, token)));
  }
  return targets;
}

/** A read with any bearer's token. */
export function targetOf(what: 'me' | 'verify', accessToken: string): Target {
  if (what === 'verify') return { path: '/api/verify/', accessToken, status: 204 };
  const { user_id: id } = claimsOf(accessToken);
  return { path: '/api/me/', accessToken, status: 200, body: JSON.stringify({ id, username: '', email: emailOf(id) }) };
}

/** The tokens come from another instance, so the measured one has never seen them. */
async function readWithNewTokens(bench: Bench, url: string): Promise<Measurement> {
  const clients = clientsAmong(FEW, bench.options.connections);
  const { tokens } = await bench.withLatchkey(url, (issuer) =>
    measureLoad(bench.server, 'issuer', issuer, {
      warmUp: 0,
      seconds: Math.min(COLLECT_SECONDS, 3 * (bench.timing.warmUp + bench.timing.seconds)),
      connections: bench.options.connections,
      work: { kind: 'refresh', clients, keepTokens: ALL_TOKENS },
    }),
  );
  const targets = tokens.map((token) => targetOf('me', token));
  return load(bench, url, 'me, new tokens', {}, async () => ({ kind: 'get', targets, once: true }));
}

function refreshing(bench: Bench, url: string, name: string, clients: readonly SeededClient[]): Promise<Measurement> {
  const known = clients.map(({ userId, email, refreshToken }) => ({ userId, email, refreshToken }));
  return load(bench, url, name, {}, async () => ({
    kind: 'refresh',
    clients: known,
    keepTokens: bench.options.connections,
  }));
}

async function comparedWithHash(bench: Bench, what: 'login' | 'register'): Promise<Found> {
  const hash = await bench.loop('hash', argon2);
  const work = what === 'login' ? loginWork(clientsAmong(FEW, FEW)) : registerWork();
  const measurement = await bench.withFew((url) => hashing(bench, url, what, work));
  return {
    measurements: [hash, measurement],
    goals: [{ what: 'rate, times hash', values: [measurement.rate / hash.rate], least: 0.9 }],
  };
}

function loginWork(clients: readonly SeededClient[]): Work {
  return { kind: 'login', emails: clients.map(({ email }) => email), statuses: [200] };
}

function registerWork(): Work {
  return { kind: 'register', prefix: `new-${process.hrtime.bigint()}` };
}

function hashing(bench: Bench, url: string, name: string, work: Work): Promise<Measurement> {
  return load(bench, url, name, {}, async () => work, LOGIN_CONNECTIONS);
}

async function load(
  bench: Bench,
  url: string,
  name: string,
  env: Record<string, string>,
  prepare: (service: Latchkey) => Promise<LoadTask['work']>,
  connections = bench.options.connections,
): Promise<Measurement> {
  const measurement = await bench.withLatchkey(
    url,
    async (service) =>
      measureLoad(bench.server, name, service, { ...bench.timing, connections, work: await prepare(service) }),
    env,
  );
  return bench.checked(measurement);
}
