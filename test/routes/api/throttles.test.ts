// Throttling of password guesses, by account and network, across instances.
import { availableParallelism } from 'node:os';
import t, { type Test } from 'tap';
import { Problem } from '#platform/errors/problem.js';
import { type TestApp, testApp, testAppOn } from '../../support/app.js';
import { matchAll } from '../../support/match.js';
import { type Answer, isProblem } from '../../support/problem.js';
import { ageThrottles, rowsOf } from '../../support/rows.js';
import { resetSetting, setSetting } from '../../support/settings.js';
import { floodWithoutThreads } from '../../support/threads.js';

const service = await testApp(t);
/** A second instance. */
const other = await testAppOn(t, service.databaseUrl);
const rows = rowsOf(t, service.databaseUrl);

const HOME = '203.0.113.7';
const ABROAD = '198.51.100.9';

const MANY = 40 * availableParallelism();

async function register(): Promise<{ id: number; email: string }> {
  return (await service.register(`user-${crypto.randomUUID()}@example.com`)).json();
}

interface From {
  readonly ip?: string;
  readonly on?: TestApp;
}

const login = (email: string, password = 'password', { ip = ABROAD, on = service }: From = {}) =>
  on.inject({ method: 'POST', url: '/api/login/', payload: { email, password }, remoteAddress: ip });
const guess = (email: string, from?: From) => login(email, 'wrong password', from);

/** Sets the number of failed attempts for an account, the last one just now, from unknown networks. */
async function failed(email: string, failures: number): Promise<void> {
  const times = async () =>
    new Map(
      (await rows`select key::text, attempted_at::text as at from throttles`).map(({ key, at }) => [
        key as string,
        at as string,
      ]),
    );
  const before = await times();
  isProblem(t, await guess(email), 'invalid_credentials', 'a wrong password that is verified');
  const [mine] = [...(await times())].find(([key, at]) => before.get(key) !== at) ?? [];
  await rows`
    update throttles set failures = ${failures}, attempted_at = clock_timestamp() where key::text = ${mine ?? ''}`;
}

const failures = async () => (await rows`select coalesce(sum(failures), 0)::int as sum from throttles`)[0]?.sum;

function fresh(name: string, run: (t: Test) => Promise<void>): Promise<unknown> {
  return t.test(name, async (t) => {
    await rows`delete from throttles`;
    await run(t);
  });
}

for (const [what, account] of [
  ['an account', async () => (await register()).email],
  ['an unknown address', async () => 'nobody@example.com'],
  ['an invalid address', async () => 'nobody@localhost'],
] as const) {
  await fresh(`of 50 concurrent guesses on two instances five are verified (${what})`, async (t) => {
    const email = await account();
    const begun = process.hrtime.bigint();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => guess(email, { on: i % 2 === 0 ? service : other })),
    );
    const seconds = Number((process.hrtime.bigint() - begun) / 1_000_000_000n);
    const taken = answers.filter(({ statusCode }) => statusCode === 401);
    // The delay ends after a second, so a slow machine may verify one more per second.
    t.ok(taken.length >= 5 && taken.length <= 5 + seconds, `${taken.length} in ${seconds} s`);
    t.equal(await failures(), taken.length, 'each of them counts');
    for (const answer of answers) {
      isProblem(t, answer, answer.statusCode === 401 ? 'invalid_credentials' : 'too_many_attempts', what);
    }
  });

  await fresh(`after the delay one of 50 concurrent guesses on two instances is verified (${what})`, async (t) => {
    const email = await account();
    await failed(email, 11);
    await ageThrottles(rows, 65);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => guess(email, { on: i % 2 === 0 ? service : other })),
    );
    t.equal(answers.filter(({ statusCode }) => statusCode === 401).length, 1);
    t.equal(answers.filter(({ statusCode }) => statusCode === 429).length, 49);
    t.equal(await failures(), 12, 'refused attempts are not counted');
  });
}

await fresh('an unknown address gets the same answers as a known one, also when throttled', async (t) => {
  const { email } = await register();
  const comparable = ({ statusCode, headers, body }: Awaited<ReturnType<typeof login>>) => {
    const { 'x-request-id': id, date, 'ratelimit-remaining': left, 'ratelimit-reset': reset, ...others } = headers;
    return { statusCode, others, body: body.replace(String(id), 'id') };
  };
  for (const counted of [1, 6, 11, 100]) {
    const seen = [];
    for (const address of [email, 'nobody@example.com']) {
      await rows`delete from throttles`;
      await failed(address, counted);
      // Not at the start of a second of the countdown.
      await rows`update throttles set attempted_at = attempted_at - interval '100 milliseconds'`;
      const refused = await guess(address);
      await ageThrottles(rows, 900);
      seen.push([comparable(refused), comparable(await guess(address))]);
    }
    t.strictSame(seen[0], seen[1], `${counted} before`);
  }
});

await fresh('a right password resets the count of wrong ones', async (t) => {
  const { email } = await register();
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < 4; i += 1) isProblem(t, await guess(email), 'invalid_credentials', `${round} ${i}`);
    t.equal((await login(email)).statusCode, 200, `round ${round}`);
    t.equal(await failures(), 0);
  }
});

await fresh('concurrent right passwords are all accepted', async (t) => {
  const { email } = await register();
  const answers = await Promise.all(Array.from({ length: 20 }, () => login(email)));
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    Array(20).fill(200),
  );
});

for (const before of [0, 4]) {
  await fresh(
    `concurrent right passwords from many networks on two instances are all accepted (after ${before} wrong ones)`,
    async (t) => {
      for (const instances of [[service], [service, other]] as const) {
        const { email } = await register();
        for (let i = 0; i < before; i += 1) isProblem(t, await guess(email), 'invalid_credentials', `wrong ${i}`);
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            login(email, 'password', { ip: `192.0.2.${i}`, on: instances[i % instances.length] as TestApp }),
          ),
        );
        for (const answer of answers) t.equal(answer.statusCode, 200, answer.body);
        t.equal(await failures(), 0);
      }
    },
  );
}

// One more may be verified each second. On a busy machine some wait for the row for longer than the database may take: their attempts may
// have been counted.
function areFiveVerified(t: Test, answers: Answer[], seconds: number): void {
  const verified = answers.filter(({ statusCode }) => statusCode === 401).length;
  const inDoubt = answers.filter(({ statusCode }) => statusCode === 503);
  t.ok(
    verified + inDoubt.length >= 5 && verified <= 5 + seconds,
    `${verified}, ${inDoubt.length} in doubt, in ${seconds} s`,
  );
  for (const answer of inDoubt) isProblem(t, answer, 'database_unavailable', 'in doubt');
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 401 && statusCode !== 503)) {
    isProblem(t, answer, 'too_many_attempts', 'not verified');
  }
}

await fresh('of concurrent guesses from many networks on two instances five are verified', async (t) => {
  const { email } = await register();
  t.equal((await login(email, 'password', { ip: HOME })).statusCode, 200);
  const begun = process.hrtime.bigint();
  const guesses = Array.from({ length: 60 }, (_, i) =>
    guess(email, { ip: `192.0.2.${i}`, on: i % 2 === 0 ? service : other }),
  );
  const owner = await login(email, 'password', { ip: HOME });
  t.equal(owner.statusCode, 200, 'a login from a known network is not affected');
  const answers = await Promise.all(guesses);
  const seconds = Number((process.hrtime.bigint() - begun) / 1_000_000_000n);
  areFiveVerified(t, answers, seconds);
});

await fresh('the delay doubles with each wrong password, up to LOGIN_MAX_DELAY', async (t) => {
  for (const [counted, delay] of [
    [9, 16],
    [10, 32],
    [13, 256],
    [14, 512],
    [15, 900],
    [99, 900],
    [100_000, 900],
  ] as const) {
    const { email } = await register();
    await failed(email, counted);
    const refused = await guess(email);
    isProblem(t, refused, 'too_many_attempts', `${counted} before`);
    const seconds = Number(refused.headers['retry-after']);
    t.ok(seconds <= delay && seconds > delay - 10, `${counted} before: ${seconds} s of ${delay}`);
    await ageThrottles(rows, delay - 10);
    isProblem(t, await guess(email), 'too_many_attempts', `${counted} before, shortly before the end`);
    await ageThrottles(rows, 10);
    isProblem(t, await guess(email), 'invalid_credentials', `${counted} before, at the end`);
  }
});

await fresh('during the delay the right password is refused too; afterwards it works and ends the delay', async (t) => {
  const { email } = await register();
  await failed(email, 200);
  const refused = [await login(email), await guess(email)];
  for (const answer of refused) isProblem(t, answer, 'too_many_attempts', 'during the delay');
  await ageThrottles(rows, 900);
  t.equal((await login(email)).statusCode, 200, 'a stranger cannot lock the user out for good');
  t.equal((await login(email, 'password', { ip: '192.0.2.1' })).statusCode, 200, 'also from another network');
  t.equal(await failures(), 0);
});

await fresh('the count survives a restart and expires after a day without an attempt', async (t) => {
  const { email } = await register();
  await failed(email, 15);
  const restarted = await testAppOn(t, service.databaseUrl);
  isProblem(t, await login(email, 'password', { on: restarted }), 'too_many_attempts', 'restarted');
  await ageThrottles(rows, 86_400);
  isProblem(t, await guess(email), 'invalid_credentials', 'a day later');
  t.equal(await failures(), 1);
});

await fresh(
  'a user on a known network is not delayed by guesses from elsewhere, and does not reset their count',
  async (t) => {
    const { email } = await register();
    t.equal((await login(email, 'password', { ip: HOME })).statusCode, 200);
    await failed(email, 50);
    isProblem(t, await login(email), 'too_many_attempts', 'elsewhere');
    t.equal((await login(email, 'password', { ip: HOME })).statusCode, 200, 'at home');
    t.equal(
      (await login(email, 'password', { ip: `::ffff:${HOME}` })).statusCode,
      200,
      'the same as an IPv4-mapped address',
    );
    isProblem(t, await login(email), 'too_many_attempts', 'elsewhere, still');
    isProblem(t, await login(email, 'password', { ip: '203.0.113.8' }), 'too_many_attempts', 'a neighbouring address');
    const { email: another } = await register();
    await failed(another, 50);
    isProblem(t, await login(another, 'password', { ip: HOME }), 'too_many_attempts', 'the network of another account');
    await ageThrottles(rows, 30 * 86_400);
    await failed(email, 50);
    isProblem(t, await login(email, 'password', { ip: HOME }), 'too_many_attempts', 'not used for a month');
  },
);

await fresh('guesses from a known network are counted separately, and an IPv6 network is a /64', async (t) => {
  const { email } = await register();
  t.equal((await login(email, 'password', { ip: '2001:db8:1:2::3' })).statusCode, 200);
  for (let i = 0; i < 4; i += 1) {
    isProblem(t, await guess(email, { ip: `2001:db8:1:2:a:b:c:${i}` }), 'invalid_credentials', `${i}`);
  }
  await rows`update throttles set failures = failures + 10 where failures = 4`;
  isProblem(t, await login(email, 'password', { ip: '2001:db8:1:2::4' }), 'too_many_attempts', 'in the same /64');
  t.equal((await login(email, 'password', { ip: '2001:db8:1:3::3' })).statusCode, 200, 'in another one');
});

await fresh('current_password counts as a login, so an access token does not help to guess passwords', async (t) => {
  const { email } = await register();
  const { access_token: token } = await service.login(email);
  const headers = { authorization: `Bearer ${token}` };
  const me = (method: 'PUT' | 'DELETE', password: string) =>
    service.inject({
      method,
      url: '/api/me/',
      payload: { current_password: password },
      headers,
      remoteAddress: ABROAD,
    });
  isProblem(t, await me('PUT', 'wrong password'), 'current_password_wrong', 'PUT');
  isProblem(t, await me('DELETE', 'wrong password'), 'current_password_wrong', 'DELETE');
  isProblem(t, await guess(email), 'invalid_credentials', 'login');
  t.equal(await failures(), 3, 'one count for all of them');
  t.equal((await me('PUT', 'password')).statusCode, 200);
  t.equal(await failures(), 0, 'the right one resets the count');
  await rows`update throttles set failures = 12, attempted_at = clock_timestamp()`;
  isProblem(t, await me('PUT', 'wrong password'), 'too_many_attempts', 'PUT');
  isProblem(t, await me('PUT', 'password'), 'too_many_attempts', 'PUT, the right one');
  isProblem(t, await me('DELETE', 'password'), 'too_many_attempts', 'DELETE, the right one');
  isProblem(t, await login(email), 'too_many_attempts', 'login');
  t.equal(
    (await service.inject({ method: 'PUT', url: '/api/me/', payload: { username: 'John' }, headers })).statusCode,
    200,
  );
});

await fresh('attempts that were not verified are not counted', async (t) => {
  const on = await testAppOn(t, service.databaseUrl);
  const flood = await on.whileOverloaded(() =>
    floodWithoutThreads(MANY, (i) => guess(`nobody-${i}@example.com`, { on })),
  );
  const taken = flood.filter(({ statusCode }) => statusCode === 401).length;
  const shed = flood.filter(({ body }) => body.includes('"overloaded"')).length;
  t.equal(taken + shed, MANY);
  t.ok(shed > 0);
  t.equal(await failures(), taken);
  t.equal((await rows`select 1 from throttles`).length, taken, 'no row is left');
});

await fresh('a changed setting acts at once', async (t) => {
  const { email } = await register();
  await failed(email, 4);
  await setSetting(service.app, 'LOGIN_FAILURES_BEFORE_DELAY', 1);
  isProblem(t, await login(email), 'too_many_attempts', 'stricter');
  await setSetting(service.app, 'LOGIN_FAILURES_BEFORE_DELAY', 0);
  t.equal((await login(email)).statusCode, 200, 'off');
  t.equal(await failures(), 4, 'nothing is counted when it is off');
  await resetSetting(service.app, 'LOGIN_FAILURES_BEFORE_DELAY');
  const { email: another } = await register();
  await failed(another, 30);
  await ageThrottles(rows, 60);
  isProblem(t, await login(another), 'too_many_attempts', 'a long delay');
  await setSetting(service.app, 'LOGIN_MAX_DELAY', 60);
  t.equal((await login(another)).statusCode, 200, 'a shorter one');
  await resetSetting(service.app, 'LOGIN_MAX_DELAY');
});

await fresh('each delay is one audit event, however many attempts are refused', async (t) => {
  const other = await testAppOn(t, service.databaseUrl);
  const { email, id } = await register();
  const reasons = async () =>
    (
      await rows`
        select details from audit_events where event = 'login.failed' and target_id = ${String(id)} order by id`
    ).map(({ details }) => details.reason);
  const refuse = (from: From) => login(email, 'password', from).then((answer) => t.equal(answer.statusCode, 429));
  await failed(email, 50);
  await Promise.all(Array.from({ length: 20 }, (_, i) => refuse({ on: [service, other][i % 2] as TestApp })));
  await refuse({ ip: HOME });
  t.strictSame(await reasons(), ['wrong_password', 'throttled']);

  await ageThrottles(rows, 7200);
  await guess(email);
  await refuse({});
  await refuse({ on: other });
  t.strictSame(await reasons(), ['wrong_password', 'throttled', 'wrong_password', 'throttled'], 'the next delay');

  const before = (await rows`select max(id) as id from audit_events`)[0]?.id;
  await failed('nobody@nowhere.example', 50);
  await login('nobody@nowhere.example');
  await login('nobody@nowhere.example');
  const unknown = await rows`select details, target_id from audit_events where id > ${before} order by id`;
  t.strictSame(
    unknown.map(({ details, target_id }) => [details.reason, target_id]),
    [
      ['unknown_account', null],
      ['throttled', null],
    ],
  );
});

await fresh('the table contains no address and no network in the clear', async (t) => {
  const { email } = await register();
  await login(email, 'password', { ip: HOME });
  await failed(email, 50);
  const [{ text } = { text: '' }] = await rows`select json_agg(throttles)::text as text from throttles`;
  for (const secret of [email, HOME, ABROAD, Buffer.from(email).toString('hex')]) t.notOk(text.includes(secret));
});

const [OLD] = service.app.config.secrets;
const NEW = `another-${OLD.split('').reverse().join('')}`;
const withSecrets = (t: Test, ...secrets: string[]) =>
  testAppOn(t, service.databaseUrl, { env: { AUTH_SECRET: secrets.join() } });

await fresh('a change of AUTH_SECRET loses neither counts nor the known networks of an account', async (t) => {
  const { email } = await register();
  t.equal((await login(email, 'password', { ip: HOME })).statusCode, 200);
  await failed(email, 50);
  for (const secrets of [
    [OLD, NEW],
    [NEW, OLD],
  ]) {
    const on = await withSecrets(t, ...secrets);
    isProblem(t, await login(email, 'password', { on }), 'too_many_attempts', 'the delay continues');
    t.equal((await login(email, 'password', { ip: HOME, on })).statusCode, 200, 'not on a known network');
  }
  const both = await withSecrets(t, NEW, OLD);
  await ageThrottles(rows, 900);
  isProblem(t, await guess(email, { on: both }), 'invalid_credentials', 'one more');
  const after = await withSecrets(t, NEW);
  const refused = await login(email, 'password', { on: after });
  isProblem(t, refused, 'too_many_attempts', 'the count survives the removal of the old secret');
  t.ok(Number(refused.headers['retry-after']) > 800, 'as long as before');
  t.equal((await login(email, 'password', { ip: HOME, on: after })).statusCode, 200, 'so do known networks');
  await ageThrottles(rows, 900);
  t.equal((await login(email, 'password', { on: both })).statusCode, 200);
  t.equal((await rows`select 1 from throttles where failures > 0`).length, 0, 'a right password resets all counts');
});

await fresh('while AUTH_SECRET is being changed, a delay is one audit event too', async (t) => {
  const both = await withSecrets(t, NEW, OLD);
  const { email, id } = await register();
  for (let i = 0; i < 5; i += 1) await guess(email, { on: both });
  await rows`update throttles set failures = 50, attempted_at = clock_timestamp()`;
  for (let i = 0; i < 3; i += 1)
    isProblem(t, await login(email, 'password', { on: both }), 'too_many_attempts', 'login');
  const events = await rows`
    select 1 from audit_events where target_id = ${String(id)} and details ->> 'reason' = 'throttled'`;
  t.equal(events.length, 1);
});

await fresh('without the secret, a row cannot be found by its address', async (t) => {
  const { email } = await register();
  await failed(email, 50);
  isProblem(t, await guess(email), 'too_many_attempts', 'with the secret');
  const stranger = await withSecrets(t, NEW);
  isProblem(t, await guess(email, { on: stranger }), 'invalid_credentials', 'with another secret');
  t.equal((await rows`select 1 from throttles`).length, 2, 'one row for each secret');
});

await fresh('while AUTH_SECRET is changed, of 50 concurrent guesses on all instances five are verified', async (t) => {
  const instances = [service, await withSecrets(t, OLD, NEW), await withSecrets(t, NEW, OLD)];
  // Opens the connections of the new instances.
  for (const on of instances) await guess(`first-${crypto.randomUUID()}@example.com`, { on });
  for (const account of ['nobody@example.com', (await register()).email]) {
    const begun = process.hrtime.bigint();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => guess(account, { on: instances[i % 3] as TestApp, ip: `192.0.2.${i}` })),
    );
    const seconds = Number((process.hrtime.bigint() - begun) / 1_000_000_000n);
    areFiveVerified(t, answers, seconds);
  }
  const { email } = await register();
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        login(email, 'password', { on: instances[1 + (i % 2)] as TestApp, ip: `198.18.${round}.${i}` }),
      ),
    );
    for (const answer of answers) t.equal(answer.statusCode, 200, answer.body);
  }
});

await fresh('a throttled attempt is one line in the log', async (t) => {
  const { email } = await register();
  await failed(email, 50);
  const { headers } = await login(email);
  const lines = service.logLines().filter((line) => line.request_id === headers['x-request-id']);
  matchAll(t, lines, [
    { code: 'too_many_attempts', status: 429, route: '/api/login', ip: ABROAD, msg: 'request refused' },
  ]);
  t.notOk(JSON.stringify(service.logLines()).includes(email));
});

await fresh('an attempt that was not verified causes no delay', async (t) => {
  const { email } = await register();
  await failed(email, 14);
  await ageThrottles(rows, 7200);
  const { passwords } = service.app;
  const { verify } = passwords;
  Object.assign(passwords, { verify: () => Promise.reject(new Problem('overloaded')) });
  isProblem(t, await service.whileOverloaded(() => login(email)), 'overloaded', 'not verified');
  Object.assign(passwords, { verify });
  t.equal((await login(email)).statusCode, 200, 'the next attempt is not delayed');
});
