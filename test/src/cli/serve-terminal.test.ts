// `latchkey serve` in a terminal: the first start shows the banner and no JSON, and Ctrl-C stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { unlessInstalled } from '../../support/installed.js';
import { freePort, httpClient, serviceEnvironment } from '../../support/service.js';
import { until } from '../../support/until.js';
import { folder } from '../platform/database/embedded/processes.js';

t.setTimeout(120_000);

const SCRIPT = '/usr/bin/script';
const MAIN = join(packageRoot, 'dist', 'bundle', 'src', 'cli', 'main.js');

t.test(
  'the first start in a terminal shows the banner; afterwards events are readable',
  { skip: unlessInstalled(existsSync(SCRIPT), 'bsdutils') },
  async (t) => {
    const port = await freePort();
    const { DATABASE_URL: _, AUTH_SECRET: __, ...rest } = serviceEnvironment('', port);
    const env = { ...rest, PATH: process.env.PATH, DATA_DIR: await folder(t), TERM: 'xterm' };
    const command = `exec '${process.execPath}' '${MAIN}' serve`;
    const terminal = spawn(SCRIPT, ['-qefc', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    t.teardown(() => terminal.kill('SIGKILL'));
    const ended = once(terminal, 'close');
    let output = '';
    terminal.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await until('the banner', async () => output.includes('First admin'));
    t.notMatch(output, /\{"|signing key created/);
    const client = httpClient(port);
    t.equal((await client.register('user@example.com')).statusCode, 201);
    await until('the event', async () => output.includes('account registered'));
    t.match(output, /\d\d:\d\d:\d\d \S*INFO\S* +account registered .*event=\S*registered/);
    // Ctrl-C.
    terminal.stdin.write('\u0003');
    const [code] = await ended;
    t.equal(code, 0);
    t.match(output, /stopped/);
    t.notMatch(output, /\{"level"/);
  },
);
