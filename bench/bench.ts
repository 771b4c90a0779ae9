// What all cells share in one run: the server, the databases with few and with many users, the keys, and how things are measured.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { clientsAmong, emailOf, type SeededClient, type Server, seed, startServer } from './database.js';
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

/** Of a run. */
export interface Options extends Timing {
  readonly rounds: number;
  /** How many users and sessions are many. */
  readonly users: number;
  /** How many mixed requests the memory is looked at for. */
  readonly requests: number;
  /** A folder: every service that is measured leaves a CPU profile there, and is slower for it. */
  readonly profile?: string;
}

/** How many are few. */
export const FEW = 1000;
/** Connections of a load, and chains of refreshes. */
export const CONNECTIONS = 64;

export type Bench = Awaited<ReturnType<typeof createBench>>;

export async function createBench(options: Options) {
  const server = await startServer();
  const { users, warmUp, seconds, profile } = options;
  let many: Promise<string> | undefined;

  const few = await server.create();
  await seed(few, FEW, clientsAmong(FEW, FEW));
  // Its first start makes the signing keys: every service of this run has them from here.
  const service = await startLatchkey(few);
  // By a login, which leaves the sessions that are there as they are.
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
    /** What the reference `verify` verifies. */
    example: { token: example, jwk },

    /** Runs with a database of its own that has few users. */
    withFew: async <T>(run: (url: string) => Promise<T>): Promise<T> => {
      const url = await server.copy(few);
      try {
        return await run(url);
      } finally {
        await server.drop(url);
      }
    },

    /** The one database with many users, made when it is first asked for, where so many times FEW clients can be had. */
    many: (slices: number): Promise<string> => {
      many ??= (async () => {
        const url = await server.copy(few);
        const clients = Array.from({ length: slices }, (_, slice) => clientsAmong(users, FEW, slice));
        await seed(url, users, clients.flat());
        return url;
      })();
      return many;
    },

    /** A fresh service, for as long as something is measured on it. */
    withLatchkey: <T>(url: string, run: (service: Latchkey) => Promise<T>, env?: Record<string, string>): Promise<T> =>
      during(server, () => startLatchkey(url, env, profile), run),

    /** A fresh reference, measured as `GET /api/me/` and the like are. */
    hello: (): Promise<Measurement> =>
      during(server, startHello, (hello) =>
        measureLoad(server, 'hello', hello, {
          warmUp,
          seconds,
          connections: CONNECTIONS,
          work: { kind: 'get', targets: [{ path: '/', status: 200, body: '{"hello":"world"}' }], once: false },
        }),
      ),

    loop: async <Task extends object>(reference: string, task: Task): Promise<Measurement> => {
      await server.settle();
      return measureLoop(server, reference, { warmUp, seconds, ...task });
    },

    /** The access tokens that were answered must be signed by one of the service's keys. */
    checked: (measurement: Measurement): Measurement => {
      const forged = measurement.tokens.filter((token) => !isGenuine(token)).length;
      return { ...measurement, tokens: [], wrong: measurement.wrong + forged };
    },

    stop: server.stop,
  };
}

/** An access token for each of the clients, whose refresh tokens are used up by that. */
export function accessTokens({ client }: Pick<Latchkey, 'client'>, clients: readonly SeededClient[]) {
  return Promise.all(
    clients.map(async ({ userId, refreshToken }): Promise<string> => {
      const { statusCode, body } = await client.refresh(refreshToken);
      if (statusCode !== 200) throw new Error(`no access token: ${statusCode} ${body}`);
      const token: string = JSON.parse(body).access_token;
      if (claimsOf(token).user_id !== userId) throw new Error('the token of somebody else');
      return token;
    }),
  );
}

/** What a token says, not verified. */
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
