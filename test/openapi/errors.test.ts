// Every documented error is produced by the running service.
import t from 'tap';
import { EXAMPLE_SETUP_TOKEN } from '#schemas/admin/user.js';
import { validationExample } from '#schemas/problem.js';
import { type TestApp, testApp, testAppOn } from '../support/app.js';
import { conformance, type Response } from '../support/conformance.js';
import { answerExamples, asDeclared, type Operation, operationsOf } from './document.js';
import { cutOff, overloaded, suspendable, withoutDatabase } from './environments.js';
import { type Environments, goodRequest, logInAdmin, scenarios } from './error-scenarios.js';
import { shape } from './shape.js';

/** Scenarios that wait for a timeout run all at once. */
const SLOW = ['request_timeout', 'handler_timeout'];

t.test('every documented error can be produced and is exactly as documented', async (t) => {
  // All requests come from one client address.
  const many = {
    SETTING_SIGN_IN_BY_EMAIL: 'true',
    SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0',
    SETTING_REGISTRATIONS_PER_HOUR: '0',
  };
  const healthy = await testApp(t, { env: many, setupToken: EXAMPLE_SETUP_TOKEN, catchesMail: true });
  const { app, databaseUrl } = healthy;
  const documented = operationsOf(app.swagger()).flatMap((operation) =>
    answerExamples(asDeclared(operation, app.routes))
      .filter(({ status }) => status >= 400)
      .map((example) => ({ ...example, operation })),
  );
  const draining = await testAppOn(t, databaseUrl);
  draining.app.readiness.drain();
  const environments: Environments = {
    healthy,
    port: Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port),
    strict: await testAppOn(t, databaseUrl, {
      env: {
        SETTING_SIGN_IN_BY_EMAIL: 'true',
        SETTING_REQUIRE_CURRENT_PASSWORD: 'true',
        SETTING_PASSWORD_REJECT_COMMON: 'true',
      },
      setupToken: EXAMPLE_SETUP_TOKEN,
    }),
    closed: await testAppOn(t, databaseUrl, { env: { SETTING_REGISTRATION_OPEN: 'false' } }),
    limited: await testAppOn(t, databaseUrl, { env: { SETTING_REQUESTS_PER_MINUTE: '1' } }),
    overloaded: await overloaded(t, databaseUrl),
    draining,
    cutOff: await cutOff(t, databaseUrl),
    withoutDatabase: await withoutDatabase(t, databaseUrl),
    // Its access token must outlive all scenarios.
    lastAdmin: await oneAdmin(await testApp(t, { env: { SETTING_ACCESS_TOKEN_LIFETIME: '3600' } })),
    fresh: await testApp(t, { setupToken: EXAMPLE_SETUP_TOKEN }),
    suspend: await suspendable(t, databaseUrl, documented.filter(({ name }) => name === 'handler_timeout').length),
  };
  const check = conformance(app.swagger());
  const unused = new Set(Object.keys(scenarios));
  const produce = async (operation: Operation, name: string) => {
    const key = [`${operation.operationId}.${name}`, name].find((each) => scenarios[each] !== undefined);
    const scenario = scenarios[key ?? ''];
    if (key === undefined || scenario === undefined)
      throw new Error(`no scenario for ${operation.operationId} ${name}`);
    unused.delete(key);
    return scenario(await goodRequest(operation, healthy), environments);
  };

  for (const { operation, status, name, value, answer } of runAll(documented, produce)) {
    await t.test(`${operation.operationId}: ${status} ${name}`, async (t) => {
      const response = await answer();
      t.equal(response.statusCode, status);
      t.strictSame(shape(response.body), value && shape(JSON.stringify(value)));
      check({ method: operation.method, url: operation.path }, response);
    });
  }
  t.strictSame([...unused], [], 'every scenario belongs to a documented error');
});

t.test('the example of invalid fields is the answer to such a request', async (t) => {
  const { post } = await testApp(t);
  const { body } = await post('/api/register/', { email: 'user.example.com' });
  t.strictSame(shape(body), shape(JSON.stringify(validationExample.value)));
});

/** Runs the scenarios one after the other; those that wait for a timeout come last and run all at once. */
function* runAll<T extends { operation: Operation; name: string }>(
  documented: readonly T[],
  produce: (operation: Operation, name: string) => Promise<Response>,
) {
  for (const each of documented) {
    if (!SLOW.includes(each.name)) yield { ...each, answer: () => produce(each.operation, each.name) };
  }
  for (const slow of SLOW) {
    const group = documented.filter(({ name }) => name === slow);
    const answers = group.map(({ operation, name }) => produce(operation, name));
    // A rejection is reported by the test that awaits it, and must not count as unhandled until then.
    Promise.allSettled(answers);
    for (const [i, each] of group.entries()) yield { ...each, answer: () => answers[i] as Promise<Response> };
  }
}

async function oneAdmin(service: TestApp) {
  const accessToken = await logInAdmin(service, 'admin@example.com');
  return { service, accessToken, userId: 1 };
}
