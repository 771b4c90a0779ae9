// Every example of the document is replayed against the service.
import { sql } from 'drizzle-orm';
import t, { type Test } from 'tap';
import type { Overview } from '#schemas/admin/overview.js';
import type { SettingList } from '#schemas/admin/setting.js';
import { EXAMPLE_SETUP_TOKEN } from '#schemas/admin/user.js';
import { sharedApps, type TestApp, testApp } from '../support/app.js';
import type { Response } from '../support/conformance.js';
import { claimsOf } from '../support/service.js';
import { until } from '../support/until.js';
import { answerExamples, asDeclared, needsToken, type Operation, operationsOf, requestExamples } from './document.js';
import {
  emailToken,
  fillPath,
  grantAdmin,
  isAdminOperation,
  logInAdmin,
  needsResource,
  passkeyProof,
  secondFactorProof,
  signInProof,
  withFactor,
} from './error-scenarios.js';
import { shape } from './shape.js';

t.test('every example request gets the documented answer', async (t) => {
  const apps = sharedApps(t);
  const sharedService = () =>
    apps({ env: { SETTING_SIGN_IN_BY_EMAIL: 'true' }, setupToken: EXAMPLE_SETUP_TOKEN, catchesMail: true });
  const { app } = await sharedService();
  const operations = operationsOf(app.swagger());
  t.ok(operations.length > 30);
  for (const operation of operations) {
    const requests = requestExamples(operation);
    const answers = answerExamples(asDeclared(operation, app.routes)).filter(({ status }) => status < 300);
    t.ok(answers.length > 0, `${operation.operationId} has an example`);
    if (requests !== undefined) t.strictSame(answers.map(({ name }) => name).sort(), Object.keys(requests).sort());
    for (const { status, name, value } of answers) {
      await t.test(`${operation.operationId}: ${name}`, async (t) => {
        const service = CHANGES_SERVICE.test(operation.operationId) ? await newService(t) : await sharedService();
        const response = await replay(service, operation, requests?.[name]?.value);
        t.equal(response.statusCode, status);
        t.strictSame(shape(shortened(response.body, value)), value && shape(JSON.stringify(value)));
      });
    }
  }
});

/** The example of the settings shows one of them, and that of the overview one hour and one finding; these are compared. */
function shortened(body: string, example: Readonly<Record<string, unknown>> | undefined): string {
  const { settings, hours, findings } = (example ?? {}) as Partial<SettingList & Overview>;
  if (hours !== undefined) {
    const answer = JSON.parse(body) as Overview;
    const checks = new Set(findings?.map(({ check }) => check));
    return JSON.stringify({
      ...answer,
      hours: answer.hours.slice(-1),
      findings: answer.findings.filter(({ check }) => checks.has(check)),
    });
  }
  if (settings === undefined) return body;
  const names = settings.map(({ name }) => name);
  const answer = JSON.parse(body) as SettingList;
  return JSON.stringify({ ...answer, settings: answer.settings.filter(({ name }) => names.includes(name)) });
}

/** Operations on what a service keeps in memory. All others share one service, whose accounts are deleted before each example. */
const CHANGES_SERVICE = /Setting|Key|Instance|Role|Overview/;

function newService(t: Test): Promise<TestApp> {
  return testApp(t, { setupToken: EXAMPLE_SETUP_TOKEN, catchesMail: true });
}

/** Sends an example unchanged, except for real tokens, to a service without accounts. */
async function replay(
  service: TestApp,
  operation: Operation,
  example: Record<string, unknown> | undefined,
): Promise<Response> {
  if (needsResource(operation)) return replayForOperator(service, operation, example);
  const { inject, register, login } = service;
  const headers: Record<string, string> = {};
  for (const { in: place, name, example: value } of operation.parameters ?? []) {
    if (place === 'header' && value !== undefined) headers[name] = value;
  }
  let url = operation.path.replace('{name}', 'ACCESS_TOKEN_LIFETIME');
  for (const { in: place, name, required, example: value } of operation.parameters ?? []) {
    if (place === 'query' && required) url += `${url.includes('?') ? '&' : '?'}${name}=${value}`;
  }
  const payload = example && { ...example };
  if (needsToken(operation) || payload?.refresh_token !== undefined || operation.operationId === 'login') {
    // The default account of `register` is the one in the examples.
    await register();
    if (isAdminOperation(operation)) await grantAdmin(service, 'user@example.com');
    await before[operation.operationId]?.(service);
    const pair = await login();
    if (needsToken(operation)) headers.authorization = `Bearer ${pair.access_token}`;
    if (payload?.refresh_token !== undefined) payload.refresh_token = pair.refresh_token;
    url = url.replace('{id}', String(claimsOf(pair).sid));
    url = await withFactor(operation, service, 'user@example.com', pair.access_token, payload, url);
  }
  if (payload !== undefined && operation.operationId === 'completeLogin') {
    await register();
    await secondFactorProof(service, 'user@example.com', payload);
  }
  if (payload !== undefined && operation.operationId === 'logInWithPasskey') {
    await register();
    payload.credential = await passkeyProof(service, 'user@example.com');
  }
  if (payload !== undefined && USES_EMAIL_TOKEN.test(operation.operationId)) {
    await register();
    payload.token = await emailToken(operation, service, 'user@example.com');
  }
  if (payload !== undefined && operation.operationId === 'verifySignIn') {
    await register();
    const { code, sign_in_token, token } = await signInProof(service, 'user@example.com');
    Object.assign(payload, payload.token === undefined ? { code, sign_in_token } : { token });
  }
  return inject({ method: operation.method, url, headers, ...(payload && { payload }) });
}

const USES_EMAIL_TOKEN =
  /^(verifyEmail|disownAccount|resetForgottenPassword|confirmEmailChange|cancelEmailChange|undoEmailChange)$/;

/** Sends an example of an operator's operation. The account of the examples is in the path, or is the operator's own. */
async function replayForOperator(service: TestApp, operation: Operation, payload: object | undefined) {
  const { app, inject } = service;
  const onPath = operation.path.includes('{id}');
  const url = await fillPath(operation, service, 'user@example.com', 'support');
  const accessToken = await logInAdmin(service, onPath ? 'admin@example.com' : 'user@example.com');
  await before[operation.operationId]?.(service);
  // Then the next key has been published for long enough.
  await app.db.execute(sql`update signing_keys set created_at = created_at - interval '1 day'`);
  const headers = { authorization: `Bearer ${accessToken}` };
  return inject({ method: operation.method, url, headers, ...(payload && { payload }) });
}

/** Preparations that some examples need. */
const before: Readonly<Record<string, (service: TestApp) => Promise<unknown>>> = {
  listSettingChanges: ({ app }) =>
    app.settings.set('ACCESS_TOKEN_LIFETIME', 60, {
      act: { actor: { type: 'user', userId: 1 }, origin: {} },
      expectedVersion: 0,
    }),
  listMails: async ({ app }) => {
    // The mail of the registration, which is caught at once, becomes one that a mail server has refused for now.
    await until(
      'the mail is caught',
      async () =>
        (
          await app.db.execute(sql`
            update mails set state = 'waiting', sent_at = null, recipient = 'jane.smith@example.com',
              next_attempt_at = now() + interval '1 hour', last_error = '451 4.7.1 Greylisted, please try again later'
            where state = 'sent' returning id`)
        ).length === 1,
    );
  },
  resendMail: ({ app }) =>
    app.db.execute(sql`
      update mails set user_id = 1, recipient = 'jane.smith@example.com', expires_at = now() + interval '1 day',
        last_error = '451 4.7.1 Greylisted, please try again later'
      where state = 'waiting'`),
  // The link that the registration has sent.
  exportMyAccount: ({ app }) => app.db.execute(sql`with gone as (delete from account_tokens) delete from mails`),
  listInstances: async ({ app }) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    await until('the instance is registered', async () => (await app.instances.list()).instances.length === 1);
  },
};
