// The document's examples are what the service does: each is replayed, and each error is brought about for real.
import t, { type Test } from 'tap';
import { testApp, testAppOn } from '../support/app.js';
import { conformance, type Response } from '../support/conformance.js';
import { claimsOf } from '../support/service.js';
import { answerExamples, needsToken, type Operation, operationsOf, requestExamples } from './document.js';
import { goodRequest, recipes, type Worlds } from './recipes.js';
import { cutOff, suspendable, withoutDatabase } from './worlds.js';

/** Recipes that wait for a deadline to pass are begun all at once. */
const SLOW = ['request_timeout', 'handler_timeout'];

t.test('every example of a request gets the documented answer', async (t) => {
  const { app } = await testApp(t);
  for (const operation of operationsOf(app.swagger())) {
    const requests = requestExamples(operation);
    const answers = answerExamples(operation).filter(({ status }) => status < 300);
    t.ok(answers.length > 0, `${operation.operationId} has an example`);
    if (requests !== undefined) t.strictSame(answers.map(({ name }) => name).sort(), Object.keys(requests).sort());
    for (const { status, name, value } of answers) {
      await t.test(`${operation.operationId}: ${name}`, async (t) => {
        const response = await replay(t, operation, requests?.[name]?.value);
        t.equal(response.statusCode, status);
        t.strictSame(shape(response.body), value && shape(JSON.stringify(value)));
      });
    }
  }
});

t.test('every documented error happens, exactly as documented', async (t) => {
  const well = await testApp(t);
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
    strict: await testAppOn(t, databaseUrl, { env: { SETTING_REQUIRE_CURRENT_PASSWORD: 'true' } }),
    draining,
    cutOff: await cutOff(t, databaseUrl),
    withoutDatabase: await withoutDatabase(t, databaseUrl),
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

/** Sends an example as it stands to a fresh service, but for the tokens, which are real ones. */
async function replay(t: Test, operation: Operation, example: Record<string, unknown> | undefined): Promise<Response> {
  const { inject, register, login } = await testApp(t);
  const headers: Record<string, string> = {};
  for (const { in: place, name, example: value } of operation.parameters ?? []) {
    if (place === 'header' && value !== undefined) headers[name] = value;
  }
  let url = operation.path;
  const payload = example && { ...example };
  if (needsToken(operation) || payload?.refresh_token !== undefined || operation.operationId === 'login') {
    // The account of the examples is the one that registers by default.
    await register();
    const pair = await login();
    if (needsToken(operation)) headers.authorization = `Bearer ${pair.access_token}`;
    if (payload?.refresh_token !== undefined) payload.refresh_token = pair.refresh_token;
    url = url.replace('{id}', String(claimsOf(pair).sid));
  }
  return inject({ method: operation.method, url, headers, ...(payload && { payload }) });
}

/** An answer, with only the form of what is new each time: tokens, ids, times, places. Undefined for none. */
function shape(body: string): unknown {
  if (body === '') return undefined;
  return JSON.parse(body, (key, value) => {
    if (key === 'access_token') return jwtShape(value);
    if (key === 'refresh_token') return UUID.test(value) ? 'a UUID' : value;
    // Of a public key.
    if (['kid', 'x', 'y'].includes(key)) return /^[\w-]{43}$/.test(value) ? '43 letters' : value;
    if (key === 'id' && typeof value === 'string') return /^\d+$/.test(value) ? 'digits' : value;
    if (/_at$/.test(key)) return INSTANT.test(value) ? 'a time' : value;
    if (key === 'ip' || key === 'user_agent') return typeof value;
    if (key === 'request_id') return /^[0-9a-z]+-[0-9a-z]+$/.test(value) ? 'a request id' : value;
    return value;
  });
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Header and claims, with their values where these are the same each time. */
function jwtShape(token: string): unknown {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  const { iat, exp } = claims as { iat: number; exp: number };
  const fresh = { kid: typeof header?.kid, sid: typeof claims?.sid, jti: typeof claims?.jti };
  return { header: { ...header, kid: fresh.kid }, claims: { ...claims, ...fresh, iat: 0, exp: exp - iat } };
}
