// Runs the command blocks of the documentation as they stand, and compares their output with what the pages show.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { TEST_SECRET } from '../support/app.js';
import { emptyDatabase, testDatabase, withDatabaseName } from '../support/database.js';
import { codeBlocks } from '../support/page.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { claimsOf, freePort, httpClient, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';
import { type CommandBlock, commandBlocks, comparable, missingLines } from './blocks.js';

type Environment = Readonly<Record<string, string>>;

const MAIN = join(packageRoot, 'dist', 'bundle', 'src', 'cli', 'main.js');
const OTHER_SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
const CHEAP_HASHES = { ARGON2_MEMORY_KIB: '7168', ARGON2_TIME_COST: '1' };
const JSON_BODY = { 'content-type': 'application/json' };

/**
 * Runs a script with its output in a pipe, as in a shell: Node's own pipes are sockets, which `tee /dev/stderr` cannot open. The reader
 * ignores SIGINT, so that it ends last.
 */
const READER = `bash --norc -euo pipefail -c "$1" 2>&1 | (trap '' INT; exec cat); exit "\${PIPESTATUS[0]}"`;

const FLY = 'needs an account at Fly.io';
const REGISTRY = 'installs packages from a registry';
const SELF = 'runs the tests, of which this is one, or rebuilds what they run';
const LONG = 'measures for minutes';
const DOCKER =
  'needs a Docker engine; .ci/image builds and runs the image, test/deploy/manifests.test.ts checks the Compose file';
const SYSTEMD = 'needs root and systemd; test/deploy/manifests.test.ts checks the unit';
const KUBERNETES = 'needs a cluster; test/deploy/manifests.test.ts checks the manifests';

/** Blocks that the tests below run, by page and place on the page. */
const RUN: Readonly<Record<string, readonly number[]>> = {
  'README.md': [3, 4, 5, 6, 7, 8, 9, 10],
  'docs/backup.md': [0, 1, 2, 3, 4, 5, 6, 7, 8],
  'docs/cli.md': [0, 1, 2, 3, 4, 5, 6, 7, 8],
  'docs/configuration.md': [0, 1],
  'docs/console.md': [0],
  'docs/database.md': [0],
  'docs/deploy.md': [0, 12],
  'docs/errors.md': [0],
  'docs/first-week.md': [0],
  'docs/limits.md': [0],
  'docs/mobile.md': [0],
  'docs/moving.md': [0, 1, 2, 9, 10],
  'docs/proxies.md': [0, 1],
  'docs/settings.md': [0],
  'docs/signing-keys.md': [0, 1],
  'docs/verify-tokens.md': [0],
};

/** Blocks that are not run, by page and first line, with the reason. Add each new block here or above. */
const NOT_RUN: readonly [page: string, firstLine: string, why: string][] = [
  ['CONTRIBUTING.md', 'npm ci', REGISTRY],
  ['README.md', 'npm ci && npm start', `${REGISTRY}; .ci/run does it in a clean clone`],
  ['README.md', 'docker build -t latchkey .', 'needs Docker; .ci/image does it without'],
  ['README.md', 'npm ci && npm test', SELF],
  ['bench/README.md', 'npm ci', LONG],
  ['docs/client.md', '(cd latchkey && npm ci && cd client && npm pack)', REGISTRY],
  ['docs/client.md', 'npm run build', SELF],
  ['examples/react/README.md', 'npm ci && npm start', `${REGISTRY}; .ci/clients builds and uses the application`],
  [
    'examples/second-factors/README.md',
    'npm ci && SETTING_STEP_UP_MAX_AGE=60 npm start',
    `${REGISTRY}; test/e2e/second-factors-example.e2e.ts uses the page`,
  ],
  [
    'examples/second-factors/README.md',
    'node examples/second-factors/serve.js',
    'needs the service; test/e2e/second-factors-example.e2e.ts uses the page',
  ],
  ['examples/react/README.md', '(cd client && npm pack)', `${REGISTRY}; .ci/clients builds and uses the application`],
  ['docs/deploy.md', 'docker build --tag latchkey --build-arg REVISION="$(git rev-parse HEAD)" .', DOCKER],
  ['docs/deploy.md', 'docker run --rm --env-file latchkey.env latchkey latchkey migrate', DOCKER],
  ['docs/deploy.md', 'docker stop latchkey && docker rm latchkey', DOCKER],
  ['docs/deploy.md', 'echo "AUTH_SECRET=$(openssl rand -base64 32)" > deploy/.env', DOCKER],
  [
    'docs/deploy.md',
    'docker compose -f deploy/compose.yaml exec latchkey latchkey users create you@example.com --role admin',
    DOCKER,
  ],
  ['docs/deploy.md', 'npm ci && npm pack', `${REGISTRY}; .ci/release does it`],
  ['docs/deploy.md', 'systemctl status latchkey', SYSTEMD],
  [
    'docs/deploy.md',
    'sudo systemd-run --pty --quiet --collect --property DynamicUser=yes --property EnvironmentFile=/etc/latchkey/latchkey.env \\',
    SYSTEMD,
  ],
  ['docs/deploy.md', 'kubectl create secret generic latchkey --from-env-file=latchkey.env', KUBERNETES],
  ['docs/deploy.md', 'kubectl delete job latchkey-migrate --ignore-not-found', KUBERNETES],
  [
    'docs/deploy.md',
    'kubectl exec -it deployment/latchkey -- latchkey users create you@example.com --role admin',
    KUBERNETES,
  ],
  ['docs/deploy.md', 'curl -s https://auth.example.com/readyz', 'needs a public address'],
  ['docs/deploy-fly.md', 'fly auth login', FLY],
  ['docs/deploy-fly.md', 'fly mpg create --name my-auth-db --region fra', FLY],
  [
    'docs/deploy-fly.md',
    "fly secrets set --app my-auth --stage DATABASE_POOLER=transaction DATABASE_DIRECT_URL='postgresql://…@direct.….flympg.net/…'",
    FLY,
  ],
  ['docs/deploy-fly.md', 'fly secrets set --app my-auth --stage AUTH_SECRET="$(openssl rand -base64 32)"', FLY],
  ['docs/deploy-fly.md', 'fly deploy --app my-auth', FLY],
  ['docs/deploy-fly.md', 'URL=https://my-auth.fly.dev', FLY],
  [
    'docs/deploy-fly.md',
    'fly ssh console --app my-auth --pty -C "latchkey users create you@example.com --role admin"',
    FLY,
  ],
  [
    'docs/deploy-fly.md',
    "fly secrets set --app my-auth PUBLIC_URL=https://my-auth.fly.dev MAIL_FROM='Example <no-reply@example.com>' SMTP_URL='smtp://…'",
    FLY,
  ],
  ['docs/deploy-fly.md', 'fly ssh console --app my-auth -C "latchkey settings set ACCESS_TOKEN_LIFETIME 60"', FLY],
  [
    'docs/deploy-fly.md',
    "fly secrets set --app my-auth TRUST_PROXY='172.16.0.0/12,<your v4>,<your v6>,<networks of your CDN>'",
    FLY,
  ],
  ['docs/deploy-fly.md', 'fly ssh console --app my-auth -C "latchkey settings set LOGIN_ATTEMPTS_PER_MINUTE 600"', FLY],
  ...[
    "jq -c '{",
    'psql "$SUPABASE_DB_URL" -XAt -c "',
    'bin/kc.sh export --realm my-realm --users realm_file --file realm.json',
    'psql "$RAILS_DB_URL" -XAt -c "',
    'firebase auth:export firebase.json --format=json --project my-project',
    'PGTZ=UTC psql "$BETTER_AUTH_DB_URL" -XAt -c "',
  ].map((line): [string, string, string] => ['docs/moving.md', line, 'test/src/transfer/peers.test.ts runs it']),
  [
    'docs/mail.md',
    'SMTP_URL=smtp://user:password@smtp.example.com:587',
    'needs a mail server; test/src/cli/mail.test.ts has one',
  ],
  ['docs/mail.md', 'latchkey mail test you@example.com', 'needs a mail server; test/src/cli/mail.test.ts has one'],
  ['docs/mail.md', 'latchkey mail list --state dead', 'needs a dead mail; test/src/cli/mail.test.ts has one'],
  [
    'docs/mail.md',
    "latchkey mail list --state dead --lines 10000 --json | jq '.[].id' | xargs latchkey mail resend",
    'needs dead mails; test/src/cli/mail.test.ts sends several again',
  ],
  ['docs/metrics.md', 'METRICS_PORT=9091 npm start', 'does not end; test/faults/metrics.test.ts scrapes the port'],
  [
    'docs/tracing.md',
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npm start',
    'does not end; test/faults/tracing.test.ts has a collector',
  ],
  ['docs/deploy-fly.md', 'fly scale count 2 --region fra --app my-auth', FLY],
  [
    'docs/performance.md',
    'npm run bench -- --only verify,refresh --env OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318',
    LONG,
  ],
  ['docs/tracing.md', 'OTEL_TRACES_SAMPLER=traceidratio', 'sets variables'],
  [
    'docs/performance.md',
    'npm run bench -- --only verify,me,refresh,me-new --rounds 1 --warm-up 3 --profile /tmp/profiles',
    LONG,
  ],
  ['docs/performance.md', 'npm run bench -- --peers --only logout,refresh,me --rounds 3', LONG],
  ['docs/performance.md', "FLOOD='^GET /docs|^on and|^POST' npm test -- test/faults/pipelining.test.ts", SELF],
  [
    'docs/performance.md',
    'FAULTS=full npm test -- test/faults/busy-cores.test.ts              # with all figures',
    LONG,
  ],
  ['docs/proxies.md', 'npm ci && npm run build', REGISTRY],
  ['docs/reliability.md', 'npm run test:faults                # a short run of each fault', SELF],
  ['docs/scale.md', 'export TEST_DATABASE_URL=postgres://postgres@127.0.0.1/postgres', LONG],
  ['docs/scale.md', 'export TEST_DATABASE_URL=postgres://postgres:secret@127.0.0.1:57010/postgres', LONG],
  ['docs/settings.md', 'npm test -- test/faults/propagation.test.ts', SELF],
];

const blocks = commandBlocks();
const isNotRun = ({ page, text }: CommandBlock) =>
  NOT_RUN.some(([of, firstLine]) => of === page && firstLine === text.split('\n', 1)[0]);

function block(page: string, at: number): CommandBlock {
  const found = blocks.find((each) => each.page === page && each.at === at);
  if (found === undefined) throw new Error(`${page} has no block of commands number ${at}`);
  return found;
}

t.test('every command block is run, or listed with the reason why it is not', async (t) => {
  t.ok(blocks.length > 40, 'blocks are found');
  for (const each of blocks) {
    const runs = RUN[each.page]?.includes(each.at) ?? false;
    t.equal(runs, !isNotRun(each), `${each.page}, block ${each.at}: ${each.text.split('\n', 1)[0]}`);
  }
  for (const [page, firstLine] of NOT_RUN) {
    const named = blocks.filter((each) => each.page === page && each.text.split('\n', 1)[0] === firstLine);
    t.equal(named.length, 1, `${page}: ${firstLine}`);
  }
  const planned = Object.entries(RUN).flatMap(([page, places]) => places.map((at) => `${page} ${at}`));
  for (const each of planned)
    t.ok(
      blocks.some(({ page, at }) => `${page} ${at}` === each),
      `${each} exists`,
    );
});

t.test('the lines that a page shows must appear in the output, in their order', async (t) => {
  t.strictSame(missingLines('a 1\nb', 'x\na   1\ny\nb\n'), []);
  t.strictSame(missingLines('b\na', 'a\nb\n'), ['a']);
  t.strictSame(missingLines('since 2026-11-25 21:58', 'since 2027-01-02 03:04\n'), []);
  t.strictSame(missingLines('{"id":1}', '{"id":2}'), ['{"id":1}']);
  t.strictSame(comparable('{"request_id": "abc-1"}'), ['{"request_id": "<ID>"}']);
});

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A folder in which `latchkey` is installed, with the environment of a shell. */
async function installation(t: Pick<Test, 'teardown'>, env: Environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-docs-'));
  const running = new Set<() => Promise<unknown>>();
  t.teardown(async () => {
    for (const stop of running) await stop();
    await rm(folder, { recursive: true, force: true });
  });
  const bin = join(folder, 'bin');
  await mkdir(bin);
  // npm puts the command into the PATH of a project; npx runs it.
  const command = `exec "${process.execPath}" "${MAIN}" "$@"`;
  await writeFile(join(bin, 'latchkey'), `#!/bin/sh\n${command}\n`);
  await writeFile(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = latchkey ] || exit 127\nshift\n${command}\n`);
  for (const name of ['latchkey', 'npx']) await chmod(join(bin, name), 0o755);
  const port = await freePort();
  const { PATH = '', HOME = '' } = process.env;
  const shell: Environment = { PATH: `${bin}:${PATH}`, HOME, PORT: String(port), ...CHEAP_HASHES, ...env };
  // The only change to a block: the port of the examples may be in use.
  const withPort = (text: string) => text.replaceAll('localhost:3000', `localhost:${port}`);

  function start(text: string, more: Environment, input: string) {
    const child = spawn('bash', ['--norc', '-c', READER, 'bash', withPort(text)], {
      cwd: folder,
      env: { ...shell, ...more },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    let output = '';
    const add = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    const ended = once(child, 'close').then(([code]): Ran => ({ code: code as number | null, output }));
    const signal = (name: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // The processes have ended.
      }
    };
    return { child, ended, output: () => output, signal };
  }

  const client = httpClient(port);
  return {
    folder,
    port,
    client,
    sh: async (text: string, more: Environment = {}, input = ''): Promise<Ran> => {
      const { ended, signal } = start(text, more, input);
      const timer = setTimeout(() => signal('SIGKILL'), 120_000);
      const ran = await ended;
      clearTimeout(timer);
      return ran;
    },
    /** Runs a script that ends with `latchkey serve`; resolves when the service is ready. `stop` sends Ctrl-C. */
    serve: async (text = 'latchkey serve', more: Environment = {}) => {
      const service = start(text, more, '');
      const kill = async () => {
        service.signal('SIGKILL');
        await service.ended;
      };
      running.add(kill);
      await until(
        'the service is ready',
        async () => {
          if (service.child.exitCode !== null) throw new Error(`it ended: ${service.output()}`);
          return (await client.status('/readyz')) === 200;
        },
        60_000,
      );
      return {
        output: service.output,
        stop: async () => {
          service.signal('SIGINT');
          const ran = await service.ended;
          running.delete(kill);
          return ran;
        },
      };
    },
  };
}

type Installation = Awaited<ReturnType<typeof installation>>;

/** Runs a block and compares its output with the page. */
async function run(
  t: Test,
  on: Installation,
  { page, at, text, shown }: CommandBlock,
  more: Environment = {},
  input = '',
) {
  const ran = await on.sh(text, more, input);
  t.equal(ran.code, 0, `${page}, block ${at}: ${text}${ran.output}`);
  t.strictSame(
    missingLines(shown, ran.output),
    [],
    `${page}, block ${at} shows what there is; there is: ${ran.output}`,
  );
  return ran.output;
}

/** Runs a block that ends with a service, which keeps running, and compares the output with the page. */
async function serve(t: Test, on: Installation, { page, at, text, shown }: CommandBlock, more: Environment = {}) {
  const service = await on.serve(text, more);
  t.strictSame(missingLines(shown, service.output()), [], `${page}, block ${at} shows what there is`);
  return service;
}

/** Runs each `$ command` of a transcript and compares its output with the lines below it, except password prompts: those appear at a terminal only. */
async function transcript(t: Test, on: Installation, { page, at, text }: CommandBlock, input = '') {
  for (const part of text.split(/^\$ /m).slice(1)) {
    const [command = '', ...shown] = part.split('\n');
    const { output } = await on.sh(`${command} || true`, {}, input);
    const lines = shown.filter((line) => !/^(Password|Repeat password):$/.test(line)).join('\n');
    t.strictSame(comparable(output), comparable(lines), `${page}, block ${at}: ${command}`);
  }
}

const timeout = 240_000;

t.test('README.md, errors.md and settings.md: the calls, on the embedded database', { timeout }, async (t) => {
  const on = await installation(t);
  const service = await on.serve();
  const [register, login, me, change, refresh, logout, set, create] = (RUN['README.md'] ?? []).map((at) =>
    block('README.md', at),
  );
  if (!register || !login || !me || !change || !refresh || !logout || !set || !create)
    throw new Error('blocks are missing');
  await run(t, on, register);
  const pair = JSON.parse(await run(t, on, login));
  const [shown, real] = [JSON.parse(login.shown), pair].map((each) => Object.keys(claimsOf(each)));
  t.strictSame(shown, real, 'the token that the page shows has the claims of a real one');
  const env = { ACCESS_TOKEN: pair.access_token, REFRESH_TOKEN: pair.refresh_token };
  await run(t, on, me, env);
  await run(t, on, change, env);
  const next = JSON.parse(await run(t, on, refresh, env));
  await run(t, on, logout, { REFRESH_TOKEN: next.refresh_token });
  await run(t, on, set);
  await run(t, on, create, {}, 'correct horse battery\n');

  const wrong = await on.sh(block('docs/errors.md', 0).text);
  t.strictSame(missingLines(block('docs/errors.md', 0).shown, wrong.output), [], wrong.output);
  const twice = await run(t, on, block('docs/mobile.md', 0));
  t.match(twice, /"access_token":"[^"]+","refresh_token":"[^"]+"/, 'the refresh that was repeated');
  t.match(await run(t, on, block('docs/first-week.md', 0)), /setting\.changed/);
  t.match(await on.sh('latchkey settings reset ACCESS_TOKEN_LIFETIME'), { code: 0 });
  const admin = tokensOf(
    await on.client.call('POST', '/api/login/', {
      headers: JSON_BODY,
      body: { email: 'admin@example.com', password: 'correct horse battery' },
    }),
  );
  const changed = await on.sh(block('docs/settings.md', 0).text, { TOKEN: admin.access_token });
  t.equal(changed.code, 0);
  t.match(changed.output, /"value":30.*"version"/s, 'the setting as it was');
  t.match(changed.output, /"value":60.*"updated_by":"user:2"/s, 'and as it is then');
  t.match(await service.stop(), { code: 0 });
});

t.test('configuration.md, limits.md, signing-keys.md, console.md and verify-tokens.md', { timeout }, async (t) => {
  const on = await installation(t, { DATABASE_URL: await testDatabase(t), AUTH_SECRET: TEST_SECRET });
  const named = await serve(t, on, block('docs/verify-tokens.md', 0));
  t.match(
    (await on.client.call('GET', '/.well-known/openid-configuration')).body,
    '"issuer":"https://auth.example.com"',
  );
  await run(t, on, block('docs/configuration.md', 0), { OLD_SECRET: TEST_SECRET });
  const settings = await run(t, on, block('docs/configuration.md', 1));
  t.match(settings, /^ACCESS_TOKEN_LIFETIME +60 seconds +database$/m);
  await run(t, on, block('docs/limits.md', 0));
  await run(t, on, block('docs/console.md', 0), {}, 'correct horse battery\n');
  t.match(await on.sh('latchkey keys rotate --now'), { code: 0 });
  await run(t, on, block('docs/signing-keys.md', 0));

  const replace = block('docs/signing-keys.md', 1);
  const lost = { AUTH_SECRET: OTHER_SECRET };
  t.match(
    await on.sh(replace.text, lost),
    { code: 1, output: /a service that has read them is running/ },
    'as the page says',
  );
  t.match(await named.stop(), { code: 0 });
  t.match(await on.sh('latchkey serve', lost), {
    code: 1,
    output: /signing keys cannot be read: .*AUTH_SECRET=new,old/,
  });
  await run(t, on, replace, lost);
  t.match(await (await on.serve('latchkey serve', lost)).stop(), { code: 0 });
});

t.test('proxies.md: the service starts as the page says', { timeout }, async (t) => {
  const on = await installation(t);
  const prefixed = await serve(t, on, block('docs/proxies.md', 0));
  t.match((await on.client.call('GET', '/openapi.json')).body, '"url":"https://www.example.com/auth"');
  t.match(await prefixed.stop(), { code: 0 });

  const withCookies = await serve(t, on, block('docs/proxies.md', 1));
  await on.client.register('user@example.com');
  const { headers } = await on.client.call('POST', '/api/login/', {
    headers: { ...JSON_BODY, 'x-refresh-token-mode': 'cookie', origin: 'https://app.example.com' },
    body: { email: 'user@example.com', password: 'password' },
  });
  t.match(headers['set-cookie'], [/^__Host-latchkey-refresh=.*; HttpOnly; Secure; SameSite=Strict$/]);
  t.match(await withCookies.stop(), { code: 0 });
});

t.test('cli.md: commands print what the page shows', { timeout }, async (t) => {
  const on = await installation(t);
  const [revoke, create, migrate, pipe, list, unblock, audit, auditList, doctor] = (RUN['docs/cli.md'] ?? []).map(
    (at) => block('docs/cli.md', at),
  );
  if (!revoke || !create || !migrate || !pipe || !list || !unblock || !audit || !auditList || !doctor) {
    throw new Error('blocks are missing');
  }
  await transcript(t, on, create, 'correct horse battery\n');
  await transcript(t, on, revoke);
  await on.sh("latchkey users create b@example.com --username 'B B'", {}, 'correct horse battery\n');
  await transcript(t, on, list);
  await on.sh('latchkey users enable 2');
  await transcript(t, on, audit);
  await run(t, on, auditList);
  await on.sh('latchkey users create user@example.com', {}, 'correct horse battery\n');
  await run(t, on, unblock);
  await run(t, on, pipe);
  await transcript(t, on, doctor);
  await transcript(t, await installation(t, { DATABASE_URL: await testDatabase(t) }), migrate);
});

t.test('moving.md: accounts move out and in', { timeout }, async (t) => {
  const on = await installation(t);
  const [example = ''] = codeBlocks('moving.md', 'json');
  await writeFile(join(on.folder, 'users.jsonl'), example);
  await run(t, on, block('docs/moving.md', 0));
  const service = await on.serve();
  t.equal((await on.client.login('jane@example.com', 'correct horse battery')).statusCode, 200);
  const jq = await on.sh('command -v jq >/dev/null');
  if (jq.code === 0)
    t.match(await run(t, on, block('docs/moving.md', 1)), /^jane@example\.com\t1\njohn@example\.com\t2$/m);
  else t.comment('jq is not installed: its block was not run');
  await run(t, on, block('docs/moving.md', 2));
  await run(t, on, block('docs/moving.md', 9));
  const other = await testDatabase(t);
  t.match(
    await run(t, on, block('docs/moving.md', 10), { OTHER_URL: other }),
    /^2 created, 0 existed already, 0 lines refused\.$/m,
  );
  t.match(await service.stop(), { code: 0 });
  const there = await installation(t, { DATABASE_URL: other, AUTH_SECRET: TEST_SECRET });
  await there.serve();
  t.equal((await there.client.login('jane@example.com', 'correct horse battery')).statusCode, 200);
});

t.test('deploy.md: the steps lead to a running service', { timeout }, async (t) => {
  const on = await installation(t);
  await run(t, on, block('docs/deploy.md', 0));
  const file = await readFile(join(on.folder, 'latchkey.env'), 'utf8');
  const variables = Object.fromEntries(
    file
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  // As the image and the unit do; the example's database and port may not be there.
  const env = { ...variables, NODE_ENV: 'production', DATABASE_URL: await emptyDatabase(t), METRICS_PORT: '0' };
  t.match(await on.sh('latchkey migrate', env), { code: 0 });
  const service = await on.serve('latchkey serve', env);
  await run(t, on, block('docs/deploy.md', 12), env, 'correct horse battery\n');
  t.match(await service.stop(), { code: 0 });
});

t.test('backup.md: a database moves from the laptop to production', { timeout }, async (t) => {
  const laptop = await installation(t);
  const service = await laptop.serve();
  await laptop.client.register('user@example.com');
  const pair = tokensOf(await laptop.client.login('user@example.com'));
  await run(t, laptop, block('docs/backup.md', 0));
  await run(t, laptop, block('docs/backup.md', 1));
  const psql = await laptop.sh('command -v psql >/dev/null');
  if (psql.code === 0) t.match(await run(t, laptop, block('docs/backup.md', 8)), /^ +1$/m);
  else t.comment('psql is not installed: its block was not run');
  t.match(await service.stop(), { code: 0 });
  await run(t, laptop, block('docs/backup.md', 3));
  const secret = await run(t, laptop, block('docs/backup.md', 4));

  const production = { DATABASE_URL: await emptyDatabase(t), AUTH_SECRET: secret };
  const moved = await installation(t, production);
  await copyFile(join(laptop.folder, 'latchkey.backup'), join(moved.folder, 'latchkey.backup'));
  const there = await serve(t, moved, block('docs/backup.md', 5));
  const refreshed = await moved.client.refresh(pair.refresh_token);
  t.equal(refreshed.statusCode, 200, 'everybody stays logged in');
  t.match(await there.stop(), { code: 0 });

  await run(t, moved, block('docs/backup.md', 6));
  const finished = await moved.serve();
  t.equal((await moved.client.refresh(tokensOf(refreshed).refresh_token)).statusCode, 401);
  t.match(await finished.stop(), { code: 0 });

  const restored = await installation(t, { ...production, DATABASE_URL: await emptyDatabase(t) });
  await copyFile(join(laptop.folder, 'latchkey.backup'), join(restored.folder, 'latchkey.backup'));
  await serve(t, restored, block('docs/backup.md', 2));
  t.equal((await restored.client.refresh(pair.refresh_token)).statusCode, 401, 'a restore revives no session');
  t.equal((await restored.client.login('user@example.com')).statusCode, 200);
});

t.test(
  'database.md and backup.md: PostgreSQL with two roles, dumped and restored',
  { skip: replicationMissing, timeout },
  async (t) => {
    const { url } = await startReplication(t);
    const server = url();
    const { host } = new URL(server);
    const execute = async (on: string, script: string) => {
      const sql = postgres(on, { max: 1, onnotice: () => {} });
      for (const statement of script.split(/;\n/)) if (statement.trim() !== '') await sql.unsafe(statement);
      await sql.end();
    };
    const [makeRoles = '', grantRights = ''] = codeBlocks('database.md', 'sql');
    await execute(server, makeRoles);
    await execute(withDatabaseName(server, 'latchkey'), grantRights);
    const on = await installation(t);
    const start = block('docs/database.md', 0);
    const service = await serve(t, on, { ...start, text: start.text.replaceAll('db.internal:5432', host) });
    await on.client.register('user@example.com');
    const { refresh_token: token } = tokensOf(await on.client.login('user@example.com'));
    t.match(await service.stop(), { code: 0 });

    // The block generates its own secret, which is not known here; another one is used from here on.
    const owner = `postgres://latchkey_owner:owner-password@${host}/latchkey`;
    const dump = block('docs/backup.md', 7);
    await execute(server, 'create database restored owner latchkey_owner');
    const env = { DATABASE_URL: owner, RESTORED_URL: withDatabaseName(owner, 'restored'), AUTH_SECRET: OTHER_SECRET };
    const refused = await on.sh(dump.text, env);
    t.match(
      refused,
      { code: 1, output: /AUTH_SECRET decrypts none of the signing keys/ },
      'another secret, and nobody has said so',
    );
    await execute(server, 'drop database restored');
    await execute(server, 'create database restored owner latchkey_owner');
    const withNewSecret = dump.text.replace('restore-finish --yes', 'restore-finish --yes --new-secret');
    const restored = await on.serve(withNewSecret, env);
    t.match(restored.output(), /1 session has ended\.\n2 signing keys were removed/);
    t.equal((await on.client.refresh(token)).statusCode, 401);
    t.equal((await on.client.login('user@example.com')).statusCode, 200);
    t.match(await restored.stop(), { code: 0 });

    // The block as it stands, with the secret that the database was used with.
    await execute(server, 'create database again owner latchkey_owner');
    const again = { ...env, DATABASE_URL: env.RESTORED_URL, RESTORED_URL: withDatabaseName(owner, 'again') };
    const kept = await serve(t, on, dump, again);
    t.match(kept.output(), /1 session has ended\.\nThe signing keys are readable and were kept\./);
    t.match(await kept.stop(), { code: 0 });
    const skip = codeBlocks('backup.md', 'sql')[0] ?? '';
    await execute(again.RESTORED_URL, skip);
    t.match(
      (
        await on.sh(
          'latchkey users create later@example.com',
          again.RESTORED_URL ? { ...env, DATABASE_URL: again.RESTORED_URL } : {},
          'correct horse battery\n',
        )
      ).output,
      /^100002 /,
    );
  },
);
