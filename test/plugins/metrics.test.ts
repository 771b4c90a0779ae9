// What the service measures: outcomes, the names that the dashboard, the alert rules and the documentation use, and no open labels.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { catalogue } from '#platform/errors/catalogue.js';
import { type Family, formatSnapshot } from '#platform/metrics/snapshot.js';
import { packageRoot } from '#platform/process/package-info.js';
import { type TestApp, testApp } from '../support/app.js';
import { unlessInstalled } from '../support/installed.js';

const ON = { METRICS_PORT: '0' };
const read = (name: string) => readFileSync(join(packageRoot, name), 'utf8');

/** The value of a series; 0 if it does not exist. */
async function seriesValue({ app }: TestApp, series: string): Promise<number> {
  const families = await app.metrics.collect();
  return new Map(families.flatMap((family) => family.series)).get(series) ?? 0;
}

/** How many the action adds to a series. */
async function added(service: TestApp, series: string, action: () => Promise<unknown>): Promise<number> {
  const before = await seriesValue(service, series);
  await action();
  return (await seriesValue(service, series)) - before;
}

t.test('logins, registrations and refreshes are counted by outcome', async (t) => {
  const service = await testApp(t, { env: ON });
  const counts = async (series: string, action: () => Promise<unknown>) =>
    t.equal(await added(service, series, action), 1, series);

  await counts('latchkey_registrations_total{outcome="succeeded"}', () => service.register());
  await counts('latchkey_registrations_total{outcome="email_taken"}', () => service.register());
  await counts('latchkey_registrations_total{outcome="validation_failed"}', () => service.register('no address'));
  await counts('latchkey_logins_total{method="password",outcome="succeeded"}', () => service.login());
  await counts('latchkey_logins_total{method="password",outcome="invalid_credentials"}', () =>
    service.post('/api/login/', { email: 'user@example.com', password: 'wrong password' }),
  );
  await counts('latchkey_logins_total{method="email",outcome="sign_in_by_email_disabled"}', () =>
    service.post('/api/login/email/verify/', { token: 'x'.repeat(43) }),
  );

  const first = await service.login();
  await counts('latchkey_refreshes_total{outcome="rotated"}', () => service.refresh(first.refresh_token, 'key'));
  const repetition = await service.refresh(first.refresh_token, 'key');
  t.equal(await seriesValue(service, 'latchkey_refreshes_total{outcome="repeated"}'), 1);
  await service.refresh(repetition.json().refresh_token);
  await counts('latchkey_refreshes_total{outcome="reused"}', () => service.refresh(first.refresh_token));
  await counts('latchkey_refreshes_total{outcome="refused"}', () => service.refresh(first.refresh_token));
  t.equal(await seriesValue(service, 'latchkey_http_problems_total{code="invalid_refresh_token"}'), 1);
});

t.test('a token that was used a moment ago counts as used', async (t) => {
  const service = await testApp(t, { env: ON });
  await service.register();
  const { refresh_token: token } = await service.login();
  await service.refresh(token);
  t.equal(await added(service, 'latchkey_refreshes_total{outcome="used"}', () => service.refresh(token)), 1);
});

t.test('requests are measured by route pattern, method and class of the status', async (t) => {
  const service = await testApp(t, { env: ON });
  await service.register();
  const { access_token: token } = await service.login();
  const count = (labels: string) => `latchkey_http_request_duration_seconds_count{${labels}}`;
  const gained = (labels: string, action: () => Promise<unknown>) => added(service, count(labels), action);
  t.equal(await gained('route="/api/me",method="GET",status="2xx"', () => service.me(token)), 1);
  t.equal(await gained('route="/api/me",method="GET",status="4xx"', () => service.me('wrong')), 1);
  const id = 'route="/api/me/sessions/:id",method="DELETE",status="4xx"';
  t.equal(await gained(id, () => service.endSession(token, '12345')), 1);
  t.equal(
    await gained('route="none",method="none",status="4xx"', async () => {
      await service.inject({ method: 'GET', url: '/user@example.com' });
      await service.inject({ method: 'PATCH', url: '/secret-path' });
    }),
    2,
  );
});

t.test('labels have values of closed sets, whatever clients send', async (t) => {
  const service = await testApp(t, { env: ON });
  await service.register('someone@example.com');
  for (const [index, url] of ['/a', '/api/me/?token=b', '/api/me/sessions/9/', '/%ff', '/docs/static/zzz'].entries()) {
    await service.app.inject({
      method: index % 2 ? 'GET' : 'DELETE',
      url,
      headers: { authorization: `Bearer ${url}` },
    });
  }
  const routes = new Set(['none', ...service.routes.map(({ url }) => url)]);
  const methods = new Set(['none', ...service.routes.flatMap(({ method }) => method)]);
  const codes = new Set(Object.keys(catalogue));
  const families = await service.app.metrics.collect();
  for (const [series] of families.flatMap((family) => family.series)) {
    for (const [, label = '', value = ''] of series.matchAll(/(\w+)="([^"]*)"/g)) {
      if (label === 'route') t.ok(routes.has(value) || routes.has(`${value}/`), series);
      if (label === 'method')
        t.ok(methods.has(value) || ['password', 'email', 'passkey', 'second_factor'].includes(value), series);
      if (label === 'code') t.ok(codes.has(value), series);
    }
  }
  t.notMatch(formatSnapshot(families), /someone|example\.com|zzz|127\.0\.0\.1/);
});

t.test('without METRICS_PORT no request is measured', async (t) => {
  const service = await testApp(t);
  await service.register();
  const families = await service.app.metrics.collect();
  t.strictSame(families.find(({ name }) => name.startsWith('latchkey_http_request'))?.series, []);
});

t.test('database, settings, keys, mails and the process are measured', async (t) => {
  const service = await testApp(t, { env: { ...ON, DATABASE_POOL_SIZE: '7' }, catchesMail: true });
  await service.register();
  const families = new Map((await service.app.metrics.collect()).map((family) => [family.name, family]));
  const one = (name: string, labels = '') =>
    new Map(families.get(name)?.series ?? []).get(labels === '' ? name : `${name}{${labels}}`);
  t.equal(
    Number(one('latchkey_database_connections', 'state="free"')) +
      Number(one('latchkey_database_connections', 'state="in_use"')),
    7,
  );
  t.equal(one('latchkey_database_deadline_misses_total'), 0);
  t.equal(one('latchkey_signing_keys', 'state="active"'), 1);
  t.equal(one('latchkey_signing_keys', 'state="next"'), 1);
  t.ok(Number(one('latchkey_signing_key_age_seconds', 'state="active"')) > 0);
  t.ok(Number(one('latchkey_settings_age_seconds')) >= 0);
  t.equal(one('latchkey_settings_version'), 0);
  t.equal(one('latchkey_mails', 'state="dead"'), 0);
  t.equal(one('latchkey_processes'), 1);
  t.ok(Number(one('process_resident_memory_bytes')) > 1e6);
  t.ok(Number(one('process_cpu_seconds_total')) > 0);
  t.ok((await seriesValue(service, 'latchkey_password_hash_wait_seconds_count')) >= 1);
});

const END = '\n<!-- end of metrics -->';
const START = /<!-- metrics: [^>]*-->\n/;

function tableOf(families: readonly Family[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const unit = (name: string) => /_(seconds|bytes)(_total)?$/.exec(name)?.[1] ?? '';
  return [
    row(['metric', 'type', 'unit', 'what it is']),
    '|---|---|---|---|',
    ...families.map(({ name, type, help }) => row([`\`${name}\``, type, unit(name), help])),
  ].join('\n');
}

t.test('docs/metrics.md lists every metric; dashboard, rules and page name no other', async (t) => {
  const { app } = await testApp(t, { env: ON });
  const families = await app.metrics.collect();
  const page = read('docs/metrics.md');
  const [head = '', rest = ''] = page.split(START);
  const marker = START.exec(page)?.[0] ?? '';
  const current = rest.slice(0, rest.indexOf(END.trim())).trim();
  const table = tableOf(families);
  if (process.env.TAP_SNAPSHOT === '1') {
    writeFileSync(join(packageRoot, 'docs', 'metrics.md'), `${head}${marker}${table}${END}\n`);
  } else t.equal(current, table, 'If the change is intended: npm run config:update');

  const exists = new Set(
    families.flatMap(({ name, type }) =>
      type === 'histogram' ? [name, ...['_bucket', '_sum', '_count'].map((suffix) => name + suffix)] : [name],
    ),
  );
  for (const file of ['deploy/grafana/latchkey.json', 'deploy/prometheus/latchkey.rules.yml', 'docs/metrics.md']) {
    const named = new Set(read(file).match(/\b(?:latchkey|process|nodejs)_[a-z0-9_]+/g));
    t.ok(named.size > 3, file);
    for (const name of named) t.ok(exists.has(name), `${file} names ${name}`);
  }
  const dashboard = read('deploy/grafana/latchkey.json');
  for (const { name } of families) t.ok(dashboard.includes(name), `the dashboard shows ${name}`);
});

t.test('docs/metrics.md says what to do about every alert, and each has a test', async (t) => {
  const alerts = [...read('deploy/prometheus/latchkey.rules.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
  t.ok(alerts.length > 5);
  for (const name of alerts) {
    t.match(read('docs/metrics.md'), `| \`${name}\` |`);
    t.match(read('deploy/prometheus/latchkey.rules.test.yml'), `name: ${name} fires`);
    t.match(read('deploy/prometheus/latchkey.rules.test.yml'), `name: ${name} is quiet`);
  }
});

const PROMTOOL = '/usr/bin/promtool';
t.test(
  'promtool accepts the metrics, the rules and their tests',
  { skip: unlessInstalled(existsSync(PROMTOOL), 'prometheus') },
  async (t) => {
    const promtool = (args: readonly string[], input = '') => runPromtool(t, args, input);
    const service = await testApp(t, { env: ON });
    await service.register();
    await service.login();
    await promtool(['check', 'metrics'], formatSnapshot(await service.app.metrics.collect()));
    await promtool(['check', 'rules', 'latchkey.rules.yml']);
    await promtool(['check', 'config', 'prometheus.yml']);
    await promtool(['test', 'rules', 'latchkey.rules.test.yml']);
  },
);

async function runPromtool(t: Test, args: readonly string[], input: string): Promise<void> {
  const running = promisify(execFile)(PROMTOOL, args, { cwd: join(packageRoot, 'deploy', 'prometheus') });
  running.child.stdin?.end(input);
  await running.then(
    () => t.pass(args.join(' ')),
    (error) => t.fail(`${args.join(' ')}: ${error.stdout}${error.stderr}`),
  );
}
