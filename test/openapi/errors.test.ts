// Every documented error is produced by the running service.
import t from 'tap';
import { EXAMPLE_SETUP_TOKEN } from '#schemas/admin/user.js';
import { validationExample } from '#schemas/problem.js';
import { type TestApp, testApp, testAppOn } from '../support/app.js';
import { conformance, type Response } from '../support/conformance.js';
import { answerExamples, asDeclared, operationsOf } from './document.js';
import { cutOff, overloaded, suspendable, withoutDatabase } from './environments.js';
import { type Environments, type GoodRequest, goodRequest, logInAdmin, scenarios } from './error-scenarios.js';
import { shape } from './shape.js';

/** Scenarios that wait for a timeout run all at once. */
const SLOW = ['request_timeout', 'handler_timeout'];
/** Errors of requests that are refused before they can change anything: those of one operation share a request and its account. */
const REFUSED_EARLY = new Set([
  'body_too_large',
  'database_unavailable',
  'forbidden',
  'headers_too_large',
  'internal_error',
  'invalid_token',
  'key_not_found',
  'mail_not_found',
  'mail_unavailable',
  'malformed_json',
  'malformed_request',
  'missing_token',
  'passkeys_unavailable',
  'rate_limited',
  'registration_closed',
  'request_timeout',
  'role_not_found',
  'sign_in_by_email_disabled',
  'unsupported_media_type',
  'user_not_found',
]);

t.test('every documented error can be produced and is exactly as documented', async (t) => {
  // All requests come from one client address.
  const many = {
    SETTING_SIGN_IN_BY_EMAIL: 'true',
    SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0',
    SETTING_REGISTRATIONS_PER_HOUR: '0',
    SETTING_ACCESS_TOKEN_LIFETIME: '3600',
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
    closed: await testAppOn(t, databaseUrl, {
      env: { SETTING_REGISTRATION_OPEN: 'false', PUBLIC_URL: 'http://auth.example.com' },
    }),
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
  const shared = new Map<string, GoodRequest>();
  const requestFor = async ({ operation, name, value }: (typeof documented)[number]): Promise<GoodRequest> => {
    if (!REFUSED_EARLY.has(name) && value?.code !== 'validation_failed') return goodRequest(operation, healthy);
    const request = shared.get(operation.operationId) ?? (await goodRequest(operation, healthy));
    shared.set(operation.operationId, request);
    return request;
  };
  const prepare = async (example: (typeof documented)[number]) => {
    const { operation, name } = example;
    const key = [`${operation.operationId}.${name}`, name].find((each) => scenarios[each] !== undefined);
    const scenario = scenarios[key ?? ''];
    if (key === undefined || scenario === undefined)
      throw new Error(`no scenario for ${operation.operationId} ${name}`);
    unused.delete(key);
    const request = await requestFor(example);
    return () => scenario(request, environments);
  };

  for await (const { operation, status, name, value, answer } of runAll(documented, prepare)) {
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

type Produce = () => Promise<Response>;

/** Runs the scenarios one after the other; those that wait for a timeout come last and, once prepared, run all at once. */
async function* runAll<T extends { name: string }>(documented: readonly T[], prepare: (each: T) => Promise<Produce>) {
  for (const each of documented) {
    if (!SLOW.includes(each.name)) yield { ...each, answer: async () => (await prepare(each))() };
  }
  for (const slow of SLOW) {
    const group = documented.filter(({ name }) => name === slow);
    const prepared: Produce[] = [];
    for (const each of group) prepared.push(await prepare(each));
    const answers = prepared.map((produce) => produce());
    // A rejection is reported by the test that awaits it, and must not count as unhandled until then.
    Promise.allSettled(answers);
    for (const [i, each] of group.entries()) yield { ...each, answer: () => answers[i] as Promise<Response> };
  }
}

async function oneAdmin(service: TestApp) {
  const accessToken = await logInAdmin(service, 'admin@example.com');
  return { service, accessToken, userId: 1 };
}
