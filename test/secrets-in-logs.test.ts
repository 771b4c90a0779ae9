// Every operation is called with marked secrets, in valid and invalid requests, at the most verbose log level: none is in the output or in
// a trace.
import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { testDatabase } from './support/database.js';
import { otlpReceiver } from './support/otlp.js';
import { runCommand, startService, tokensOf } from './support/service.js';
import { converse } from './support/wire.js';

const MARK = `marker${randomBytes(6).toString('hex')}`;
const EMAIL = `${MARK}@example.com`;
const PASSWORD = `${MARK}-password`;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Preloaded into the service as a control: prints the headers and the URL of every request, which the search must find. */
const LEAK = `--import=data:text/javascript,${encodeURIComponent(`
  import { subscribe } from 'node:diagnostics_channel';
  subscribe('http.server.request.start', ({ request }) => console.log(JSON.stringify(request.headers) + request.url));
`)}`;

/** The members of all request bodies, each with its own marked secret. */
const BODY = {
  email: EMAIL,
  password: PASSWORD,
  current_password: `${MARK}-current`,
  refresh_token: `${MARK}-refresh`,
  access_token: `${MARK}-access`,
  username: `${MARK}-name`,
  value: `${MARK}-value`,
  reason: `${MARK}-reason`,
};

interface Document {
  readonly paths: Record<string, Record<string, unknown>>;
}

/** Calls every operation; resolves to the output and to the secrets that must not be in it. */
async function run(t: Test, env: Readonly<Record<string, string>>) {
  const databaseUrl = await testDatabase(t);
  const AUTH_SECRET = `${MARK}${randomBytes(24).toString('base64url')}`;
  const service = await startService(t, databaseUrl, { LOG_LEVEL: 'trace', AUTH_SECRET, DRAIN_SECONDS: '0', ...env });
  const secrets = new Set<string>([MARK, AUTH_SECRET, `:${new URL(databaseUrl).password}@`, '$argon2']);
  const hide = (pair: ReturnType<typeof tokensOf>) => {
    secrets.add(pair.refresh_token);
    for (const part of pair.access_token.split('.')) secrets.add(part);
    return pair;
  };

  t.equal((await service.register(EMAIL, PASSWORD)).statusCode, 201);
  const first = hide(tokensOf(await service.login(EMAIL, PASSWORD)));
  const headers = { 'idempotency-key': `${MARK}-key`, cookie: `session=${MARK}` };
  const pair = hide(tokensOf(await service.refresh(first.refresh_token, headers)));
  hide(tokensOf(await service.refresh(first.refresh_token, headers)));
  t.equal((await service.updateMe(pair.access_token, { username: `${MARK}-name` })).statusCode, 200);

  const { paths } = JSON.parse((await service.call('GET', '/openapi.json')).body) as Document;
  const bearers = ['', `Bearer ${pair.access_token}`, `Bearer ${MARK}.${MARK}.${MARK}`, `Basic ${MARK}`];
  let calls = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of METHODS) {
      if (operations[method] === undefined) continue;
      for (const authorization of bearers) {
        const url = `${path.replaceAll(/\{\w+\}/g, '1')}?token=${MARK}&access_token=${pair.access_token}&cursor=${MARK}`;
        const sent = {
          ...headers,
          'user-agent': MARK,
          'x-forwarded-for': MARK,
          ...(authorization && { authorization }),
        };
        const body = method === 'get' ? undefined : BODY;
        // The deletion of the own account is refused, because the current password is wrong.
        await service.call(method.toUpperCase(), url, { headers: sent, body });
        calls += 1;
      }
    }
  }
  t.ok(calls > 100, `${calls} calls`);

  const length = `Host: x\r\nContent-Type: application/json\r\nContent-Length`;
  for (const bytes of [
    `${MARK}\r\n\r\n`,
    `GET /${MARK} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${MARK}\r\nBad Header ${MARK}\r\n\r\n`,
    `GET /%zz${MARK} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    `GET /x HTTP/1.1\r\nHost: x\r\nX: ${MARK.repeat(1000)}\r\n\r\n`,
    `POST /api/login/ HTTP/1.1\r\n${length}: 2\r\nContent-Length: 3\r\n\r\n${MARK}`,
    `POST /api/login/ HTTP/1.1\r\nConnection: close\r\n${length}: ${MARK.length + 12}\r\n\r\n{"password": ${MARK}`,
    `POST /api/login/ HTTP/1.1\r\nConnection: close\r\n${length}: 99999\r\n\r\n${MARK}`,
  ]) {
    const { answers } = await converse(service.port, bytes);
    t.ok((answers[0]?.statusCode ?? 0) >= 400, bytes.slice(0, 30));
  }
  const { stdout, stderr } = await service.stop('SIGTERM');
  return { output: stdout + stderr, lines: service.logLines().length, secrets };
}

t.test('no secret is in the output of the service, nor in its traces', async (t) => {
  const receiver = await otlpReceiver(t);
  const { output, lines, secrets } = await run(t, receiver.env);
  t.ok(lines > 100, `${lines} lines`);
  const found = output.split('\n').filter((line) => [...secrets].some((secret) => line.includes(secret)));
  t.strictSame(found, []);
  t.ok(receiver.spans().length > 100, `${receiver.spans().length} spans`);
  const traces = receiver.exports.map(({ body }) => body.toString()).join('\n');
  t.strictSame(
    [...secrets].filter((secret) => traces.includes(secret)),
    [],
  );
});

t.test('a leaked secret is found', async (t) => {
  const { output, secrets } = await run(t, { NODE_OPTIONS: LEAK });
  const found = [...secrets].filter((secret) => output.includes(secret));
  t.ok(found.includes(MARK), 'a secret from a header or a URL');
  t.ok(found.length > 3, 'the parts of an access token');
});

t.test('the password of the database is not printed when the database cannot be used', async (t) => {
  const databaseUrl = new URL(await testDatabase(t));
  databaseUrl.password = MARK;
  // A database that does not exist, so that the start fails.
  databaseUrl.pathname = `/${MARK}`;
  const env = {
    DATABASE_URL: databaseUrl.href,
    AUTH_SECRET: `${MARK}${MARK}${randomBytes(9).toString('hex')}`,
    PORT: '0',
  };
  const { code, stdout, stderr } = await runCommand(['serve'], { ...env, LOG_LEVEL: 'trace' });
  t.not(code, 0);
  t.ok((stdout + stderr).length > 0, 'the reason is printed');
  t.notMatch(stdout + stderr, new RegExp(`:${MARK}@|${MARK}${MARK}`));
});
