// Debian's nginx in front of the service, for example to serve it under a path prefix of a site.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { freePort, httpClient } from './service.js';
import { until } from './until.js';

export const NGINX = '/usr/sbin/nginx';

/** The reason to skip a test; false if it can run. */
export const nginxMissing = existsSync(NGINX) ? false : 'needs nginx';

/** Starts nginx with these servers, in which `PORT` is replaced by its port; stopped when the test ends. */
export async function startNginxWith(t: Pick<Test, 'teardown'>, servers: string) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-nginx-'));
  await mkdir(join(folder, 'temp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const config = [
    'daemon off;',
    'master_process off;',
    `pid ${folder}/nginx.pid;`,
    'events {}',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${folder}/temp/${name};`),
    servers.replaceAll('PORT', String(port)),
    '}',
  ];
  await writeFile(join(folder, 'nginx.conf'), config.join('\n'));
  const child = spawn(NGINX, ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const client = httpClient(port);
  await until(
    'nginx listens',
    async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended: ${stderr}`);
      return (await client.status('/')) !== undefined;
    },
    30_000,
  );
  return { ...client, port };
}
