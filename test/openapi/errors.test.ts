// Every error that the document has is brought about for real.
import t from 'tap';
import { EXAMPLE_SETUP_TOKEN } from '#schemas/admin/user.js';
import { type TestApp, testApp, testAppOn } from '../support/app.js';
import { conformance, type Response } from '../support/conformance.js';
import { answerExamples, type Operation, operationsOf } from './document.js';
import { cutOff, overloaded, suspendable, withoutDatabase } from './environments.js';
import { goodRequest, logInAdmin, recipes, type Worlds } from './error-scenarios.js';
import { shape } from './shape.js';

/** Recipes that wait for a deadline to pass are begun all at once. */
const SLOW = ['request_timeout', 'handler_timeout'];

t.test('every documented error happens, exactly as documented', async (t) => {
  // One client sends all of it.
  const many = { SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0', SETTING_REGISTRATIONS_PER_HOUR: '0' };
  const well = await testApp(t, { env: many, setupToken: EXAMPLE_SETUP_TOKEN });
  const { app, databaseUrl } = well;
  const documented = operationsOf(app.swagger()).flatMap((operation) =>
    answerExamples(operation)
      .filter(({ status }) => status >= 400)
      .map((example) => ({ ...example, operation })),
  );
  const draining = await testAppOn(t, databaseUrl);
  draining.app.readiness.drain();
  const worlds: Worlds = {
    well,
    port: Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port),
    strict: await testAppOn(t, databaseUrl, {
      env: { SETTING_REQUIRE_CURRENT_PASSWORD: 'true', SETTING_PASSWORD_REJECT_COMMON: 'true' },
      setupToken: EXAMPLE_SETUP_TOKEN,
    }),
    closed: await testAppOn(t, databaseUrl, { env: { SETTING_REGISTRATION_OPEN: 'false' } }),
    limited: await testAppOn(t, databaseUrl, { env: { SETTING_REQUESTS_PER_MINUTE: '1' } }),
    overloaded: await overloaded(t, databaseUrl),
    draining,
    cutOff: await cutOff(t, databaseUrl),
    withoutDatabase: await withoutDatabase(t, databaseUrl),
    // Its one access token must outlive all the recipes.
    lastAdmin: await oneAdmin(await testApp(t, { env: { SETTING_ACCESS_TOKEN_LIFETIME: '3600' } })),
    fresh: await testApp(t, { setupToken: EXAMPLE_SETUP_TOKEN }),
    suspend: await suspendable(t, databaseUrl, documented.filter(({ name }) => name === 'handler_timeout').length),
  };
  const check = conformance(app.swagger());
  const unused = new Set(Object.keys(recipes));
  const cook = async (operation: Operation, name: string) => {
    const key = [`${operation.operationId}.${name}`, name].find((each) => recipes[each] !== undefined);
    const recipe = recipes[key ?? ''];
    if (key === undefined || recipe === undefined) throw new Error(`no recipe for ${operation.operationId} ${name}`);
    unused.delete(key);
    return recipe(await goodRequest(operation, well), worlds);
  };

  for (const { operation, status, name, value, answer } of begin(documented, cook)) {
    await t.test(`${operation.operationId}: ${status} ${name}`, async (t) => {
      const response = await answer();
      t.equal(response.statusCode, status);
      t.strictSame(shape(response.body), value && shape(JSON.stringify(value)));
      check({ method: operation.method, url: operation.path }, response);
    });
  }
  t.strictSame([...unused], [], 'every recipe is for something documented');
});

/** One after the other; those that wait for a deadline come last, and are begun all at once. */
function* begin<T extends { operation: Operation; name: string }>(
  documented: readonly T[],
  cook: (operation: Operation, name: string) => Promise<Response>,
) {
  for (const each of documented) {
    if (!SLOW.includes(each.name)) yield { ...each, answer: () => cook(each.operation, each.name) };
  }
  for (const slow of SLOW) {
    const group = documented.filter(({ name }) => name === slow);
    const answers = group.map(({ operation, name }) => cook(operation, name));
    // A failure is reported by the test that waits for it, and until then is not unhandled.
    Promise.allSettled(answers);
    for (const [i, each] of group.entries()) yield { ...each, answer: () => answers[i] as Promise<Response> };
  }
}

async function oneAdmin(service: TestApp) {
  const accessToken = await logInAdmin(service, 'admin@example.com');
  return { service, accessToken, userId: 1 };
}
