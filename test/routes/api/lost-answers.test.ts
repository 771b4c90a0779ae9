// The connection to the database is lost before or after each message of an operation: the client does not notice, and it happens once.
import { hash as bcryptHash } from '@node-rs/bcrypt';
import type { LightMyRequestResponse as Response } from 'fastify';
import t, { type Test } from 'tap';
import { testAppOn } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { newUser } from '../../support/user.js';

const databaseUrl = await testDatabase(t);
const proxy = await startTcpProxy(t, databaseUrl);
const service = await testAppOn(t, proxy.url, { env: { DATABASE_POOL_SIZE: '1' } });
const rows = rowsOf(t, databaseUrl);

/** Of another system: the first login replaces it. */
const OLD_HASH = `$foreign$${await bcryptHash('password', 4)}`;

const newEmail = () => `user-${crypto.randomUUID()}@example.com`;

/** A new user, logged in. */
const begin = async () => {
  const { id: userId, ...user } = await newUser(service);
  return { ...user, userId };
};

async function countOf(query: PromiseLike<readonly { count: number }[]>): Promise<number> {
  return (await query)[0]?.count ?? Number.NaN;
}

const eventsOf = (event: string, userId: number) =>
  countOf(rows`
    select count(*)::int from audit_events where event = ${event} and (actor_id = ${userId} or target_id = ${String(userId)})`);

/** Prepares an operation. The returned function performs it and checks what it has done. */
type Operation = (t: Test) => Promise<() => Promise<void>>;

const operations: Record<string, Operation> = {
  'refresh with a key': (t) => rotation(t, 'key'),
  'refresh without a key': (t) => rotation(t, undefined),
  logout: async (t) => {
    const { refresh_token: token, userId } = await begin();
    return async () => {
      t.equal((await service.logout(token)).statusCode, 200);
      t.equal(await eventsOf('session.logged_out', userId), 1, 'it is recorded once');
      isProblem(t, await service.refresh(token), 'invalid_refresh_token', 'the session is over');
    };
  },
  login: async (t) => loginOf(t, await begin()),
  'login that renews the hash': async (t) => {
    const user = await begin();
    await rows`update users set password_hash = ${OLD_HASH} where id = ${user.userId}`;
    return loginOf(t, user);
  },
  'login that needs a second factor': async (t) => {
    const { email, userId } = await begin();
    await rows`update users set has_second_factor = true where id = ${userId}`;
    return async () => {
      const answer = await service.post('/api/login/', { email, password: 'password' });
      t.equal(answer.json().code, 'second_factor_required');
      t.equal(await eventsOf('login.second_factor_required', userId), 1);
    };
  },
  register: async (t) => {
    const email = newEmail();
    return async () => {
      const created = await service.register(email);
      t.equal(created.statusCode, 201, created.body);
      t.equal(await eventsOf('user.registered', created.json().id), 1);
      isProblem(t, await service.register(email), 'email_taken', 'again');
    };
  },
  me: async (t) => {
    const { access_token: token, email } = await begin();
    return async () => {
      t.equal((await service.me(token)).json().email, email);
    };
  },
};

function loginOf(t: Test, { email, userId }: { email: string; userId: number }): () => Promise<void> {
  return async () => {
    const { refresh_token: token } = await service.login(email);
    t.equal(await countOf(rows`select count(*)::int from sessions where user_id = ${userId}`), 2, 'one more session');
    t.equal(await eventsOf('login.succeeded', userId), 2);
    t.equal(await countOf(rows`select count(*)::int from throttles where failures > 0`), 0, 'no attempt is counted');
    t.equal((await service.refresh(token)).statusCode, 200);
  };
}

async function rotation(t: Test, key: string | undefined): Promise<() => Promise<void>> {
  const { refresh_token: first, userId } = await begin();
  return async () => {
    const answer = await service.refresh(first, key);
    t.equal(answer.statusCode, 200, answer.body);
    const [session] = await rows`select generation from sessions where user_id = ${userId}`;
    t.equal(session?.generation, 1, 'rotated once');
    isProblem(t, await service.refresh(first), 'refresh_token_used', 'again');
    t.equal((await service.refresh(answer.json().refresh_token)).statusCode, 200, 'the successor works');
  };
}

for (const [what, prepare] of Object.entries(operations)) {
  t.test(what, async (t) => {
    // Opens the connection and prepares the statements.
    await (await prepare(t))();
    let point = 1;
    for (; ; point += 1) {
      const { wasCut, result } = await proxy.cutAt(point, await prepare(t));
      if (result.status === 'rejected') throw result.reason;
      if (!wasCut) break;
    }
    t.ok(point > 2, 'the request and its answer were lost');
  });
}

t.test('a refresh whose statement was lost does not take the rotation of another request for its own', async (t) => {
  const other = await testAppOn(t, databaseUrl);
  /** The statement of the first refresh is lost; meanwhile another instance gets the same token. */
  async function race(key: string | undefined): Promise<readonly [Response, Response]> {
    const { refresh_token: token } = await begin();
    let onLost = () => {};
    const lost = new Promise<void>((resolve) => {
      onLost = resolve;
    });
    proxy.intercept((direction) => {
      if (direction === 'to server') onLost();
      return false;
    });
    const first = service.refresh(token, key);
    await lost;
    const second = await other.refresh(token, key);
    proxy.intercept();
    proxy.cut();
    return [await first, second];
  }

  const [refused, rotated] = await race(undefined);
  t.equal(rotated.statusCode, 200);
  isProblem(t, refused, 'refresh_token_used', 'the first');
  const [repeated, original] = await race('key');
  t.equal(repeated.json().refresh_token, original.json().refresh_token, 'the same key gets the same successor');
});
