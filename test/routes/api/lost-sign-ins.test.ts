// The connection to the database is lost before or after each message of a login that is a transaction: neither its session nor a proof that
// works once is lost.
import type { LightMyRequestResponse as Response } from 'fastify';
import t, { type Test } from 'tap';
import type { Mail, MailData } from '#mail/kinds.js';
import { testAppOn } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { mailsOf } from '../../support/mail.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { addAuthenticator, verifyAddress } from '../../support/second-factors.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';

const databaseUrl = await testDatabase(t);
const proxy = await startTcpProxy(t, databaseUrl);
const env = {
  DATABASE_POOL_SIZE: '1',
  SETTING_NOTIFY_NEW_SIGN_IN: 'true',
  SETTING_SIGN_IN_BY_EMAIL: 'true',
  SETTING_MAILS_PER_ACCOUNT_PER_HOUR: '1000',
};
const service = await testAppOn(t, proxy.url, { env, catchesMail: true });
/** Prepares what the test cuts no connection of. */
const direct = await testAppOn(t, databaseUrl, { env, catchesMail: true });
const rows = rowsOf(t, databaseUrl);

interface User {
  readonly id: number;
  readonly email: string;
}

async function newUser(): Promise<User> {
  const email = `user-${crypto.randomUUID()}@example.com`;
  const { id } = (await direct.register(email)).json();
  await verifyAddress(direct, email);
  await direct.login(email);
  return { id, email };
}

/** Prepares a login. The returned function performs it. */
type Login = (user: User) => Promise<() => Promise<Response>>;

const logins: Record<string, Login> = {
  'with the link of a mail': async ({ email }) => {
    await direct.post('/api/login/email/', { email });
    const mail = (await mailsOf(rows, email)).findLast(({ kind }) => kind === 'sign_in') as Mail;
    const token = new URL((mail.data as MailData['sign_in']).url).searchParams.get('token');
    return () => service.post('/api/login/email/verify/', { token });
  },
  'with a password from a new device': async ({ email }) => {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
    return () => service.post('/api/login/', { email, password: 'password' }, headers);
  },
};

async function isSignedIn(t: Test, answer: Response, { id }: User, what: string): Promise<void> {
  t.equal(answer.statusCode, 200, `${what}: ${answer.body}`);
  t.equal((await direct.refresh(answer.json().refresh_token)).statusCode, 200, `${what}: the session works`);
  const stored = await rows`select 1 from sessions where user_id = ${id}`;
  t.equal(stored.length, 2, `${what}: one session more`);
}

/** A login with the link of a mail that leads to a second factor. */
async function isChallenged(t: Test, answer: Response, { id }: User, what: string): Promise<void> {
  t.equal(answer.json().code, 'second_factor_required', `${what}: ${answer.body}`);
  const { challenge } = answer.json();
  const wrong = await direct.post('/api/login/second-factor/', { challenge, code: '000000' });
  t.equal(wrong.json().code, 'second_factor_wrong', `${what}: the challenge works`);
  const stored = await rows`select 1 from account_tokens where user_id = ${id} and purpose = 'second_factor'`;
  t.equal(stored.length, 1, `${what}: one challenge`);
}

const kinds = Object.entries(logins).map(([what, prepare]) => ({ what, prepare, newUser, isDone: isSignedIn }));
kinds.push({
  what: 'with the link of a mail, for an account with a second factor',
  prepare: logins['with the link of a mail'] as Login,
  newUser: async () => {
    const user = await newUser();
    await addAuthenticator(direct, (await direct.login(user.email)).access_token);
    return user;
  },
  isDone: isChallenged,
});

for (const { what, prepare, newUser, isDone } of kinds) {
  t.test(`a login ${what}`, async (t) => {
    // Opens the connection and prepares the statements.
    const first = await newUser();
    await isDone(t, await (await prepare(first))(), first, 'undisturbed');
    let point = 1;
    for (; ; point += 1) {
      const user = await newUser();
      const login = await prepare(user);
      const { wasCut, result } = await proxy.cutAt(point, login);
      if (result.status === 'rejected') throw result.reason;
      if (result.value.statusCode !== 503) await isDone(t, result.value, user, `message ${point}`);
      else {
        isProblem(t, result.value, 'database_unavailable', `message ${point}`);
        await isDone(t, await login(), user, `again after message ${point}`);
      }
      if (!wasCut) break;
    }
    t.ok(point > 2, 'messages were lost');
  });
}
