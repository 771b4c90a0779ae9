// Requested links: equal requests are one, a flood is bounded, and a request that fails delays no other.
import t from 'tap';
import { createAuditRepository } from '#audit/repository.js';
import { createJobsRepository } from '#jobs/repository.js';
import { createLinkSender } from '#users/link-sender.js';
import { createUsersRepository } from '#users/repository.js';
import { testAppOn } from '../../support/app.js';
import { mailingApp } from '../../support/mail-links.js';
import { isProblem } from '../../support/problem.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { until } from '../../support/until.js';

const service = await mailingApp(t, { SETTING_MAIL_REQUESTS_PER_HOUR: '0' });
const { app, rows, begin, forgot, resend, tokensOf } = service;
// The test decides when links are sent.
await app.jobs.stop();

const sender = () =>
  createLinkSender({
    jobs: createJobsRepository(app.db),
    repository: createUsersRepository(app.db),
    emailLinks: app.emailLinks,
    audit: createAuditRepository(app.db),
    db: app.db,
    log: app.log,
  });
const waiting = async () => (await rows`select from jobs where kind = 'send_link'`).length;

t.test('equal requests that wait are one, for known and unknown addresses alike', async (t) => {
  const { email } = await begin();
  const unknown = `unknown-${crypto.randomUUID()}@example.com`;
  for (const address of [email, unknown]) {
    const before = await waiting();
    const answers = [await forgot(address), ...(await Promise.all([forgot(address), forgot(address.toUpperCase())]))];
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [202, 202, 202],
    );
    t.equal((await waiting()) - before, 1);
    t.equal((await resend(address)).statusCode, 202);
    t.equal((await waiting()) - before, 2, 'another kind of link');
  }
  await sender().run();
  t.equal(await waiting(), 0);
  t.equal((await tokensOf(email, 'reset_password')).length, 1);
  await forgot(email);
  await sender().run();
  t.equal((await tokensOf(email, 'reset_password')).length, 2, 'a later request is a new one');
});

t.test('a request that fails delays no other one, and is tried again', async (t) => {
  const accounts = [];
  for (let i = 0; i < 6; i += 1) accounts.push(await begin());
  for (const { email } of accounts.slice(0, 3)) await forgot(email);
  const [broken] = await rows`insert into jobs (kind, subject) values ('send_link', 'not JSON') returning id`;
  for (const { email } of accounts.slice(3)) await forgot(email);
  for (let i = 0; i < 40; i += 1) await forgot(`unknown-${i}@example.com`);
  const lines = service.logLines().length;
  await sender().run();
  for (const { email } of accounts) t.equal((await tokensOf(email, 'reset_password')).length, 1);
  t.strictSame(
    (await rows`select id from jobs where kind = 'send_link'`).map(({ id }) => id),
    [broken?.id],
  );
  const warnings = service
    .logLines()
    .slice(lines)
    .filter(({ level }) => level === 'warn');
  t.match(warnings, [{ job: 'send_link' }]);
  t.equal(warnings.length, 1);
  await rows`delete from jobs`;
});

t.test("a request of an owner is not lost in a stranger's that waits, whose e-mails are used up", async (t) => {
  await setSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR', 1);
  t.teardown(() => resetSetting(app, 'MAILS_PER_ACCOUNT_PER_HOUR'));
  const { email } = await begin();
  const [home, elsewhere] = ['203.0.113.7', '198.51.100.1'];
  const post = async (url: string, payload: object, remoteAddress: string) =>
    (await app.inject({ method: 'POST', url, payload, remoteAddress })).statusCode;
  t.equal(await post('/api/login/', { email, password: 'password' }, home), 200);
  const ask = (from: string) => post('/api/password/forgot/', { email }, from);
  t.equal(await ask(elsewhere), 202);
  await sender().run();
  t.equal(await ask(elsewhere), 202);
  t.equal(await ask(home), 202);
  await sender().run();
  t.equal((await tokensOf(email, 'reset_password')).length, 2, 'one for each of the two networks');
});

t.test('several instances send each link once', async (t) => {
  const accounts = [];
  for (let i = 0; i < 10; i += 1) accounts.push(await begin());
  for (const { email } of accounts) await forgot(email);
  await Promise.all([sender().run(), sender().run(), sender().run()]);
  for (const { email } of accounts) t.equal((await tokensOf(email, 'reset_password')).length, 1);
});

t.test('while too many links wait, further requests are refused, and other jobs are done', async (t) => {
  await rows`insert into jobs (kind, subject, unique_key)
    select 'send_link', format('{"link":"reset_password","email":"n%s@example.com","origin":{}}', n), 'test ' || n
    from generate_series(1, 10000) n`;
  for (const address of [(await begin()).email, 'unknown@example.com']) {
    const answer = await forgot(address);
    isProblem(t, answer, 'rate_limited', address);
    t.equal(answer.headers['retry-after'], '60');
  }
  await rows`insert into jobs (kind, subject) values ('remove_role', 'nobody')`;
  const other = await testAppOn(t, service.databaseUrl, { catchesMail: true });
  await until(
    'the other job is done',
    async () => (await rows`select from jobs where kind = 'remove_role'`).length === 0,
  );
  await until('the links are drained', async () => (await waiting()) === 0);
  await other.app.jobs.stop();
  t.equal((await forgot('unknown@example.com')).statusCode, 202);
});
