// `npm start` under a supervisor that signals npm's process: the service gets the signal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { testDatabase } from '../../support/database.js';
import { freePort, httpClient, serviceEnvironment } from '../../support/service.js';
import { until } from '../../support/until.js';

t.setTimeout(120_000);

t.test('SIGTERM and SIGINT to npm stop the service in an orderly way and free its port', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const port = await freePort();
    const { PATH = '', HOME = '' } = process.env;
    // Without `prestart`, which would rebuild the files that other tests use.
    const npm = spawn('npm', ['start', '--ignore-scripts'], {
      cwd: packageRoot,
      env: { PATH, HOME, ...serviceEnvironment(await testDatabase(t), port), DRAIN_SECONDS: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    npm.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const ended = once(npm, 'close');
    const client = httpClient(port);
    await until('the service is ready', async () => (await client.status('/readyz')) === 200);
    const pid = Number(/"pid":(\d+)/.exec(output)?.[1]);
    t.teardown(() => {
      npm.kill('SIGKILL');
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    npm.kill(signal);
    await ended;
    await until('the service has ended', async () => !isAlive(pid));
    t.match(output, new RegExp(`"reason":"${signal}"[\\s\\S]*"msg":"stopped"`), `${signal}: an orderly stop`);
    t.equal(await client.status('/livez').catch(() => undefined), undefined, 'nothing listens on its port');
  }
});

t.test('there is no shell between npm and the service', async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  t.match(scripts.start, /^exec node /);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
