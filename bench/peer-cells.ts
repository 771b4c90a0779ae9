// The cells of `npm run bench -- --peers`: the same operations in Latchkey and in each peer, in one run and with the same load.
import { accessTokens, type Bench, FEW } from './bench.js';
import { type Cell, LOGOUTS, targetOf } from './cells.js';
import { clientsAmong, type SeededClient, seed } from './database.js';
import type { Work } from './load/work.js';
import type { Peer } from './peers.js';
import { type Latchkey, type Measurement, measureLoad, type Program } from './programs.js';

/** The operations of a small application; a peer has one process and a pool of ten connections, like Latchkey. */
const CONNECTIONS = 16;

type Measured = Program & Pick<Latchkey, 'client'>;

interface Operation {
  readonly title: string;
  /** The number of users, each of whom has a session. */
  readonly users: number;
  readonly work: (program: Measured, clients: readonly SeededClient[]) => Promise<Work>;
  /** The bound for the ratio to a peer; 1 for the others. */
  readonly most?: Readonly<Record<string, number>>;
}

const operations: Readonly<Record<string, Operation>> = {
  me: {
    title: 'GET /api/me/',
    users: FEW,
    work: async (program, clients) => {
      const tokens = await accessTokens(program, clients.slice(0, CONNECTIONS));
      return { kind: 'get', targets: tokens.map((token) => targetOf('me', token)), once: false };
    },
  },
  refresh: {
    title: 'POST /api/refresh/',
    users: FEW,
    work: async (_, clients) => ({
      kind: 'refresh',
      clients: clients
        .slice(0, CONNECTIONS)
        .map(({ userId, email, refreshToken }) => ({ userId, email, refreshToken })),
      keepTokens: 0,
    }),
  },
  logout: {
    title: 'POST /api/logout/',
    users: LOGOUTS,
    work: async (_, clients) => ({ kind: 'logout', refreshTokens: clients.map(({ refreshToken }) => refreshToken) }),
    most: { fastapi: 0.6 },
  },
  login: {
    title: 'POST /api/login/',
    users: FEW,
    work: async (_, clients) => ({ kind: 'login', emails: clients.map(({ email }) => email), statuses: [200] }),
  },
};

/** By the name of the operation. */
export function peerCells(peers: readonly Peer[]): Readonly<Record<string, Cell>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      {
        title: operation.title,
        run: async (bench) => {
          const own = await measureOwn(bench, operation);
          const others = [];
          for (const peer of peers) others.push({ name: peer.name, found: await measurePeer(bench, operation, peer) });
          return {
            measurements: [own, ...others.map(({ found }) => found)],
            goals: others.map(({ name: peer, found }) => ({
              what: `CPU per request, times ${peer}`,
              values: [own.cpu / found.cpu],
              most: operation.most?.[peer] ?? 1,
            })),
          };
        },
      } satisfies Cell,
    ]),
  );
}

function measureOwn(bench: Bench, operation: Operation): Promise<Measurement> {
  return bench.withFew(async (url) => {
    const clients = clientsAmong(operation.users, operation.users);
    if (operation.users !== FEW) await seed(url, operation.users, []);
    return bench.withLatchkey(url, async (service) =>
      bench.checked(await measure(bench, 'latchkey', service, operation, clients)),
    );
  });
}

function measurePeer(bench: Bench, operation: Operation, peer: Peer): Promise<Measurement> {
  const clients = clientsAmong(operation.users, operation.users);
  return bench.withPeer(peer, clients, async (program) => {
    const found = await measure(bench, peer.name, program, operation, clients);
    // Signed by the peer itself.
    return { ...found, tokens: [] };
  });
}

async function measure(
  bench: Bench,
  name: string,
  program: Measured,
  operation: Operation,
  clients: readonly SeededClient[],
): Promise<Measurement> {
  const work = await operation.work(program, clients);
  return measureLoad(bench.server, name, program, { ...bench.timing, connections: CONNECTIONS, work });
}
