// Shared by all cells of a run: the Postgres server, databases with few and many users, signing keys, and measuring functions.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { clientsAmong, emailOf, type SeededClient, type Server, seed, startServer } from './database.js';
import { type Peer, type StartedPeer, seedPeer, startPeer } from './peers.js';
import {
  type Latchkey,
  type Measurement,
  measureLoad,
  measureLoop,
  type Program,
  startHello,
  startLatchkey,
} from './programs.js';
import type { Timing } from './protocol.js';

/** Options of a run. */
export interface Options extends Timing {
  readonly rounds: number;
  /** The number of connections of a load, and of refresh chains. */
  readonly connections: number;
  /** The number of users and sessions in the large database. */
  readonly users: number;
  /** The number of mixed requests over which memory is observed. */
  readonly requests: number;
  /** Additional variables of the measured service. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder in which each measured service leaves a CPU profile, which slows it down. */
  readonly profile?: string;
}

/** The number of users in a small database. */
export const FEW = 1000;

export type Bench = Awaited<ReturnType<typeof createBench>>;

export async function createBench(options: Options) {
  const server = await startServer();
  const { users, warmUp, seconds, profile, env: variables } = options;
  let many: Promise<string> | undefined;

  const few = await server.create();
  await seed(few, FEW, clientsAmong(FEW, FEW));
  // The first start creates the signing keys, which all services of this run share.
  const service = await startLatchkey(few);
  // Obtained by a login, which does not change existing sessions.
  const login = await service.client.login(emailOf(FEW));
  const example: string = JSON.parse(login.body).access_token;
  const { keys }: { keys: readonly (JsonWebKey & { kid: string })[] } = JSON.parse(
    (await service.client.call('GET', '/.well-known/jwks.json')).body,
  );
  await service.stop();
  const isGenuine = verifier(keys);
  const jwk = keys.find(({ kid }) => kid === kidOf(example));
  if (jwk === undefined) throw new Error('the key of a token is not published');

  return {
    options,
    server,
    timing: { warmUp, seconds },
    /** The input of the reference `verify`. */
    example: { token: example, jwk },

    /** Runs with a separate database that has few users. */
    withFew: async <T>(run: (url: string) => Promise<T>): Promise<T> => {
      const url = await server.copy(few);
      try {
        return await run(url);
      } finally {
        await server.drop(url);
      }
    },

    /** The shared database with many users, created on first use; it has enough clients for the given multiple of FEW. */
    many: (slices: number): Promise<string> => {
      many ??= (async () => {
        const url = await server.copy(few);
        const clients = Array.from({ length: slices }, (_, slice) => clientsAmong(users, FEW, slice));
        await seed(url, users, clients.flat());
        return url;
      })();
      return many;
    },

    /** Starts a new service for the duration of a measurement. */
    withLatchkey: <T>(url: string, run: (service: Latchkey) => Promise<T>, env?: Record<string, string>): Promise<T> =>
      during(server, () => startLatchkey(url, { ...env, ...variables }, profile), run),

    /** Starts a peer for the duration of a measurement, on a database of its own with these clients. */
    withPeer: async <T>(
      peer: Peer,
      clients: readonly SeededClient[],
      run: (program: StartedPeer) => Promise<T>,
    ): Promise<T> => {
      const url = await server.createEmpty();
      try {
        await seedPeer(url, clients);
        return await during(server, () => startPeer(peer, url), run);
      } finally {
        await server.drop(url);
      }
    },

    /** Starts a new reference, measured in the same way as `GET /api/me/` and similar routes. */
    hello: (): Promise<Measurement> =>
      during(server, startHello, (hello) =>
        measureLoad(server, 'hello', hello, {
          warmUp,
          seconds,
          connections: options.connections,
          work: { kind: 'get', targets: [{ path: '/', status: 200, body: '{"hello":"world"}' }], once: false },
        }),
      ),

    loop: async <Task extends object>(reference: string, task: Task): Promise<Measurement> => {
      await server.settle();
      return measureLoop(server, reference, { warmUp, seconds, ...task });
    },

    /** Checks that the returned access tokens are signed with a key of the service. */
    checked: (measurement: Measurement): Measurement => {
      const forged = measurement.tokens.filter((token) => !isGenuine(token)).length;
      return { ...measurement, tokens: [], wrong: measurement.wrong + forged };
    },

    stop: server.stop,
  };
}

/** Obtains an access token for each client, which uses up its refresh token. */
export function accessTokens({ client }: Pick<Latchkey, 'client'>, clients: readonly SeededClient[]) {
  return Promise.all(
    clients.map(async ({ userId, refreshToken }): Promise<string> => {
      const { statusCode, body } = await client.refresh(refreshToken);
      if (statusCode !== 200) throw new Error(`no access token: ${statusCode} ${body}`);
      const token: string = JSON.parse(body).access_token;
      if (claimsOf(token).user_id !== userId) throw new Error('the token belongs to another user');
      return token;
    }),
  );
}

/** The unverified claims of a token. */
export function claimsOf(token: string): { readonly user_id: number } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

async function during<P extends Pick<Program, 'stop'>, T>(
  server: Server,
  start: () => Promise<P>,
  run: (program: P) => Promise<T>,
): Promise<T> {
  const program = await start();
  try {
    await server.settle();
    return await run(program);
  } finally {
    await program.stop();
  }
}

function verifier(keys: readonly (JsonWebKey & { kid: string })[]) {
  const publicKeys = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
  return (token: string): boolean => {
    const [header, payload, signature = ''] = token.split('.');
    const key = publicKeys.get(kidOf(token));
    if (key === undefined) return false;
    const signed = Buffer.from(`${header}.${payload}`);
    return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  };
}

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
}
