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
  const [environment = ''] = all(dockerfile, /^ENV (.*)$/gm).map(([pairs]) => pairs);
  for (const [name] of all(environment, /(?:^| )([A-Z_]+)=/g)) t.ok(isVariable(name), name);
  const { version } = JSON.parse(read('package.json')) as { version: string };
  t.match(dockerfile, `ARG VERSION="${version}"`);
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

/** The fields of https://fly.io/docs/reference/configuration/ that fly.toml uses, with the values that they may have there. */
const FLY_FIELDS: Readonly<Record<string, RegExp>> = {
  app: /^"[a-z0-9-]+"$/,
  primary_region: /^"[a-z]{3}"$/,
  kill_signal: /^"SIG(INT|TERM|QUIT|USR1|USR2|KILL|STOP)"$/,
  kill_timeout: /^\d+$/,
  'build.dockerfile': /^"Dockerfile"$/,
  'deploy.release_command': /^"latchkey migrate"$/,
  'deploy.strategy': /^"(rolling|immediate|canary|bluegreen)"$/,
  'http_service.internal_port': /^\d+$/,
  'http_service.force_https': /^(true|false)$/,
  'http_service.auto_stop_machines': /^"(off|stop|suspend)"$/,
  'http_service.auto_start_machines': /^(true|false)$/,
  'http_service.min_machines_running': /^\d+$/,
  'http_service.concurrency.type': /^"(connections|requests)"$/,
  'http_service.concurrency.soft_limit': /^\d+$/,
  'http_service.concurrency.hard_limit': /^\d+$/,
  'http_service.checks.method': /^"GET"$/,
  'http_service.checks.path': /^"\/readyz"$/,
  'http_service.checks.interval': /^"\d+(s|m)"$/,
  'http_service.checks.timeout': /^"\d+(s|m)"$/,
  'http_service.checks.grace_period': /^"\d+(s|m)"$/,
  'metrics.port': /^\d+$/,
  'metrics.path': /^"\/metrics"$/,
  'vm.size': /^"(shared|performance)-cpu-\d+x"$/,
  'vm.memory': /^"\d+(mb|gb)"$/,
};
/** These sections are lists, written with two brackets. */
const FLY_LISTS = ['http_service.checks', 'vm'];

/** What is wrong in a fly.toml. Only the parts of TOML that ours uses are known, so another spelling is a finding too. */
function undocumented(toml: string): string[] {
  let section = '';
  return toml.split('\n').flatMap((line) => {
    const [, open, name = ''] = /^ *(\[\[?)([a-z_.]+)\]+$/.exec(line) ?? [];
    if (open !== undefined) {
      section = `${name}.`;
      return FLY_LISTS.includes(name) === (open === '[[') ? [] : [line];
    }
    const [, key = '', value = ''] = /^ *([A-Za-z_]+) = (.+)$/.exec(line) ?? [];
    if (section === 'env.' && /^[A-Z_]+$/.test(key) && !key.startsWith('FLY_') && /^".*"$/.test(value)) return [];
    return /^ *(#.*)?$/.test(line) || FLY_FIELDS[section + key]?.test(value) ? [] : [line];
  });
}

t.test('fly.toml consists of documented fields with possible values', async (t) => {
  const toml = read('fly.toml');
  t.strictSame(undocumented(toml), []);
  t.strictSame(undocumented(toml.replace('kill_timeout', 'kill_timout')), ['kill_timout = 20'], 'control');
  t.strictSame(undocumented(toml.replace('[[vm]]', '[vm]')), ['[vm]'], 'control');
  t.strictSame(undocumented(toml.replace('"rolling"', '"roling"')), ['  strategy = "roling"'], 'control');
  const [, soft = '', hard = ''] = /soft_limit = (\d+)\n +hard_limit = (\d+)/.exec(toml) ?? [];
  t.ok(Number(soft) < Number(hard));
});

t.test(
  'the kill_timeout of fly.toml is longer than the service takes to stop, and at most what Fly allows',
  async (t) => {
    const [, seconds = '0'] = /^kill_timeout = (\d+)$/m.exec(read('fly.toml')) ?? [];
    t.ok(Number(seconds) > 15 && Number(seconds) <= 300);
  },
);

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
