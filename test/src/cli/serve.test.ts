// `latchkey serve` with the embedded database: the printed banner, and its link that creates the first administrator.
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { makeSetupToken } from '#setup/token.js';
import { testDatabase } from '../../support/database.js';
import { type Answer, isProblem } from '../../support/problem.js';
import {
  freePort,
  httpClient,
  runCommand,
  serviceEnvironment,
  startCommand,
  startService,
  tokensOf,
} from '../../support/service.js';
import { until } from '../../support/until.js';
import { folder } from '../platform/database/embedded/processes.js';

// Seven starts with an embedded Postgres.
t.setTimeout(300_000);

const PASSWORD = 'a-password-of-the-test';
const LINK = /^ {2}First admin {2}http:\/\/localhost:(\d+)\/admin\/#setup=([\w-]{43})$/m;

/** Starts the service on its embedded database and waits until it has printed that it is ready. */
async function serveEmbedded(t: Test, dataDir: string, env: Record<string, string> = {}) {
  const port = await freePort();
  const { DATABASE_URL: _, AUTH_SECRET: __, ...rest } = serviceEnvironment('', port);
  const { child, ended, stdout, stderr } = startCommand(['serve'], { ...rest, DATA_DIR: dataDir, ...env });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await until('the service is ready', () => {
    if (child.exitCode !== null) throw new Error(`the service ended: ${stderr()}${stdout()}`);
    return /is ready\.\n[\s\S]*\n\n/.test(stdout());
  });
  const [, linked, token] = LINK.exec(stdout()) ?? [];
  return {
    ...httpClient(port),
    port,
    linkedPort: linked,
    token,
    stdout,
    /** Stops the service; resolves to all its output. */
    stop: async () => {
      child.kill('SIGINT');
      const ending = await ended;
      t.equal(ending.code, 0, ending.stderr);
      return ending.stdout + ending.stderr;
    },
  };
}

t.test('the link in the banner creates the first admin, and later starts print none', async (t) => {
  const dataDir = await folder(t);
  const first = await serveEmbedded(t, dataDir);
  t.equal(first.linkedPort, String(first.port));
  const printed = [...first.stdout().matchAll(/http:\/\/localhost:\d+\S*/g)].map(([url]) => new URL(url).pathname);
  t.strictSame(printed, ['/', '/docs/', '/dev/mail/', '/admin/']);
  for (const path of printed) t.equal(await first.status(path), 200, `${path}: every printed address can be opened`);
  await first.stop();

  const second = await serveEmbedded(t, dataDir, { LOG_LEVEL: 'trace' });
  const { token = '' } = second;
  t.not(token, first.token, 'each start has its own token');
  const setUp = (email: string, given = token) =>
    second.post('/api/admin/setup/', { token: given, email, password: PASSWORD });
  isProblem(t, await setUp('admin@example.com', first.token), 'setup_closed', 'the token of the previous start');
  t.equal((await setUp('admin@example.com')).statusCode, 201);
  isProblem(t, await setUp('other@example.com'), 'setup_closed', 'the link has been used');
  const { access_token: accessToken } = tokensOf(await second.login('admin@example.com', PASSWORD));
  t.equal((await second.as(accessToken, 'GET', '/api/admin/users/')).statusCode, 200);
  const said = await second.stop();
  t.equal(said.split(token).length - 1, 1, 'the token is printed once, in the banner');
  t.ok(said.includes('first_admin_created'), 'the log is in the output');

  const third = await serveEmbedded(t, dataDir);
  t.match(third.stdout(), /is ready\./);
  t.match(third.stdout(), /^ {2}Mail {2}http:\/\/localhost:\d+\/dev\/mail\/ /m);
  t.notMatch(third.stdout(), /First admin|setup/);
  isProblem(
    t,
    await third.post('/api/admin/setup/', { token, email: 'x@example.com', password: PASSWORD }),
    'setup_closed',
    'no token',
  );
  await third.stop();
});

t.test('with two workers the link works once, and not after an admin was created on the command line', async (t) => {
  const env = { WEB_CONCURRENCY: '2' };
  const service = await serveEmbedded(t, await folder(t), env);
  const { token } = service;
  // On a busy machine, some of so many requests are refused before any work (503 `overloaded`) and sent again.
  const setUp = async (i: number): Promise<Answer> => {
    const body = { token, email: `admin-${i}@example.com`, password: PASSWORD };
    const answer = await service.post('/api/admin/setup/', body);
    if (answer.statusCode !== 503 || !answer.body.includes('"overloaded"')) return answer;
    await sleep(100);
    return setUp(i);
  };
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => setUp(i)));
  t.equal(answers.filter(({ statusCode }) => statusCode === 201).length, 1);
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 201)) {
    isProblem(t, answer, 'setup_closed', 'the others');
  }
  for (let i = 0; i < 4; i += 1) t.equal(await service.status('/dev/mail/'), 200, 'each worker shows caught e-mails');
  await service.stop();

  const dataDir = await folder(t);
  const other = await serveEmbedded(t, dataDir, env);
  const created = await runCommand(
    ['users', 'create', 'admin@example.com', '--role', 'admin'],
    { DATA_DIR: dataDir },
    30_000,
    `${PASSWORD}\n`,
  );
  t.equal(created.code, 0, created.stderr);
  for (let i = 0; i < 4; i += 1) {
    const answer = await other.post('/api/admin/setup/', {
      token: other.token,
      email: `late-${i}@example.com`,
      password: PASSWORD,
    });
    isProblem(t, answer, 'setup_closed', 'there is an admin');
  }
  await other.stop();
});

t.test('on an external database there is no setup token, and none is read from the environment', async (t) => {
  const { hash, token } = makeSetupToken();
  for (const workers of ['1', '2']) {
    const env = { WEB_CONCURRENCY: workers, SETUP_TOKEN_HASH: hash };
    const service = await startService(t, await testDatabase(t), env);
    const body = { token, email: 'admin@example.com', password: PASSWORD };
    for (let i = 0; i < 4; i += 1) isProblem(t, await service.post('/api/admin/setup/', body), 'setup_closed', workers);
    const { stdout } = await service.stop('SIGTERM');
    t.notMatch(stdout, /First admin|#setup/);
  }
});
