// The files of docs/deploy.md for Compose, systemd and Kubernetes: their shape, and that what they name exists.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { Container, PodTemplateSpec, Probe, Service } from 'kubernetes-types/core/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { readConfiguration } from '#platform/config/config.js';
import { environmentSchema } from '#platform/config/variables.js';
import { packageRoot } from '#platform/process/package-info.js';
import { findValueError, isSettingName, parseValue } from '#settings/registry.js';
import { compile } from '../support/compile.js';
import { unlessInstalled } from '../support/installed.js';
import { codeBlocks } from '../support/page.js';

const run = promisify(execFile);
const read = (name: string) => readFileSync(join(packageRoot, name), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const SECRET = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
/** The time that a service may take to stop, without DRAIN_SECONDS (docs/reliability.md). */
const STOP_SECONDS = 13;

/** The lines of a file of variables, as Docker, systemd and kubectl read it. */
function variablesOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The names in an environment that are neither variables nor settings with a valid value. */
function unknownVariables(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const setting = name.replace(/^SETTING_/, '');
    if (setting === name) return name in environmentSchema.properties ? [] : [name];
    return isSettingName(setting) && findValueError(setting, parseValue(value)) === undefined ? [] : [name];
  });
}

t.test('the variables on the page are valid', async (t) => {
  const [, text = ''] = /<<END\n(.*?)END\n/s.exec(codeBlocks('deploy.md', 'sh')[0] ?? '') ?? [];
  const variables = variablesOf(text);
  t.ok(Object.keys(variables).length > 5);
  t.strictSame(unknownVariables(variables), []);
  readConfiguration({ ...variables, AUTH_SECRET: SECRET, NODE_ENV: 'production' });
  t.strictSame(unknownVariables({ METRIC_PORT: '1', SETTING_NONE: '1' }), ['METRIC_PORT', 'SETTING_NONE'], 'control');
});

t.test(
  'what the image contains can be read by its user, also from a checkout that was made with a strict umask',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-image-'));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const target = join(folder, 'image');
    await run('sh', ['-c', 'umask 077; exec "$@"', 'sh', process.execPath, 'scripts/image.mjs', target], {
      cwd: packageRoot,
    });
    const unreadable = '( -type d -not -perm 755 ) -o ( -type f -not -perm -444 )';
    const { stdout } = await run('find', [target, ...unreadable.split(' ')]);
    t.equal(stdout, '');
    t.ok(existsSync(join(target, 'dist', 'bundle', 'src', 'cli', 'main.js')), 'control');
  },
);

t.test('the procedure for systemd leaves files that the account of the unit can read', async (t) => {
  // The shell of the procedure has the umask of the user, which sudo keeps.
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-umask-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const [configure = ''] = codeBlocks('deploy.md', 'sh');
  const after = (script: string) => run('sh', ['-c', `umask 022\n${script}\numask`], { cwd: folder });
  t.match((await after(configure)).stdout, /^0*22$/m, 'the umask of the shell is as before');
  t.equal(statSync(join(folder, 'latchkey.env')).mode & 0o777, 0o600);
  t.match(read('docs/deploy.md'), "sudo sh -c 'umask 022; npm install --global --prefix /opt/latchkey ./latchkey-");
});

interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly depends_on?: Record<string, { condition: string }>;
  readonly ports?: string[];
  readonly stop_grace_period?: string;
  readonly volumes?: string[];
}

t.test('the Compose file starts services that exist, with valid variables', async (t) => {
  const file = parse(read('deploy/compose.yaml'), { merge: true }) as {
    name: string;
    services: Record<string, ComposeService>;
    volumes: object;
  };
  t.strictSame(Object.keys(file).sort(), ['name', 'services', 'volumes']);
  const known = [
    ...['build', 'cap_drop', 'command', 'depends_on', 'environment', 'healthcheck', 'image', 'mem_limit', 'ports'],
    ...['read_only', 'restart', 'security_opt', 'stop_grace_period', 'volumes'],
  ];
  const conditions = ['service_healthy', 'service_completed_successfully'];
  for (const [name, service] of Object.entries(file.services)) {
    t.strictSame(
      Object.keys(service).filter((key) => !known.includes(key)),
      [],
      `${name} has keys of the Compose specification`,
    );
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      t.ok(other in file.services && conditions.includes(condition), `${name} depends on ${other}`);
    }
    for (const port of service.ports ?? []) t.match(port, /^127\.0\.0\.1:\d+:\d+$/, `${name}: only this machine`);
    for (const volume of service.volumes ?? []) t.ok((volume.split(':')[0] ?? '') in file.volumes, volume);
  }
  const { latchkey, migrate, postgres, mail } = file.services;
  t.strictSame(migrate?.command, ['latchkey', 'migrate']);
  t.strictSame(latchkey?.command, ['latchkey', 'serve']);
  t.ok(existsSync(join(packageRoot, 'deploy', latchkey?.build ?? '', 'Dockerfile')));
  t.strictSame(migrate?.environment, latchkey?.environment, 'both use the same variables');

  const { AUTH_SECRET: secret = '', ...variables } = latchkey?.environment ?? {};
  t.match(secret, /^\$\{AUTH_SECRET:\?[\w /,.-]+\}$/, 'no secret in the file, and an error where it is not set');
  t.strictSame(unknownVariables(variables), []);
  // The image sets these two.
  const config = readConfiguration({ ...variables, AUTH_SECRET: SECRET, NODE_ENV: 'production', HOST: '0.0.0.0' });
  const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database } = postgres?.environment ?? {};
  t.equal(config.database.url, `postgres://${user}:${password}@postgres:5432/${database}`);
  t.match(config.mail, { type: 'smtp', server: { host: 'mail', port: 1025, tls: 'none' } });
  t.ok(mail?.ports?.includes('127.0.0.1:8025:8025'));
  t.ok(latchkey?.ports?.includes(`127.0.0.1:${config.port}:${config.port}`));
  t.ok(latchkey?.ports?.includes(`127.0.0.1:${config.metricsPort}:${config.metricsPort}`));
  const seconds = Number.parseInt(latchkey?.stop_grace_period ?? '', 10);
  t.ok(seconds > STOP_SECONDS + config.drainSeconds, 'the time to stop');
});

t.test('systemd: what the unit runs, and how long it may take', async (t) => {
  const unit = read('deploy/systemd/latchkey.service');
  const values = (key: string) => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);
  t.strictSame(values('ExecStartPre'), ['/opt/latchkey/bin/latchkey migrate']);
  t.strictSame(values('ExecStart'), ['/opt/latchkey/bin/latchkey serve']);
  t.match(read('docs/deploy.md'), '--prefix /opt/latchkey ./latchkey-');
  const [file = ''] = values('EnvironmentFile');
  t.match(read('docs/deploy.md'), `latchkey.env ${file}\n`);
  t.strictSame(unknownVariables(variablesOf(values('Environment').join('\n'))), []);
  t.ok(Number(values('TimeoutStopSec')[0]) > STOP_SECONDS + environmentSchema.properties.DRAIN_SECONDS.default);
  t.ok(Number(values('LimitNOFILE')[0]) >= environmentSchema.properties.MAX_CONNECTIONS.default + 100);
});

const hasSystemd = existsSync('/usr/bin/systemd-analyze');

t.test(
  'systemd-analyze accepts the unit, and finds little to harden',
  { skip: unlessInstalled(hasSystemd, 'systemd') },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-unit-'));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    // The command must exist.
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'latchkey'), '#!/bin/sh\n');
    await chmod(join(folder, 'bin', 'latchkey'), 0o755);
    const path = join(folder, 'latchkey.service');
    const unit = read('deploy/systemd/latchkey.service').replaceAll('=/opt/latchkey/bin', `=${folder}/bin`);
    await writeFile(path, unit);
    const verified = await run('systemd-analyze', ['verify', '--man=no', path]);
    t.equal(verified.stderr, '');
    await run('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', path]);
    await writeFile(path, unit.replace('\nProtectSystem=strict', '\nProtectSystm=strict'));
    t.match((await run('systemd-analyze', ['verify', '--man=no', path])).stderr, 'ProtectSystm', 'control');
  },
);

interface Kinds {
  readonly Deployment: Deployment;
  readonly Job: Job;
  readonly Service: Service;
  readonly PodDisruptionBudget: PodDisruptionBudget;
}

const MODULES: Record<keyof Kinds, string> = {
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  Service: 'core/v1',
  PodDisruptionBudget: 'policy/v1',
};

const manifests = ['migrate', 'latchkey'].flatMap((name) =>
  parseAllDocuments(read(`deploy/kubernetes/${name}.yaml`)).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as Kinds[keyof Kinds];
  }),
);

/** Compiles manifests as values of the types of the Kubernetes API: an unknown field or a wrong type is an error. */
async function typeErrors(objects: readonly object[]): Promise<string> {
  const parent = join(packageRoot, 'dist', 'test', 'deploy');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'manifests-'));
  const imports = Object.entries(MODULES).map(
    ([kind, from]) => `import type { ${kind} } from 'kubernetes-types/${from}.js';`,
  );
  const values = (objects as { kind: string }[]).map(
    (each, at) => `export const manifest${at}: ${each.kind} = ${JSON.stringify(each)};`,
  );
  await writeFile(join(folder, 'manifests.ts'), [...imports, ...values].join('\n'));
  try {
    return await compile(folder, [join(folder, 'manifests.ts')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function manifest<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind] {
  const found = manifests.filter((each) => each.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} manifests of the kind ${kind}`);
  return found[0] as Kinds[Kind];
}

t.test('Kubernetes: the manifests are objects of its API', async (t) => {
  const { spec, ...service } = manifest('Service');
  const errors = await typeErrors([...manifests, { ...service, spec: { ...spec, selectors: {} } }]);
  const [only = '', ...others] = errors.split('\n').filter((line) => line.startsWith('dist'));
  t.strictSame(others, []);
  t.match(only, /selectors.* does not exist in type 'ServiceSpec'/, 'control: the unknown field, and nothing else');
});

function containerOf(template: PodTemplateSpec | undefined): Container {
  const [container, ...others] = template?.spec?.containers ?? [];
  if (container === undefined || others.length > 0) throw new Error('not one container');
  return container;
}

t.test('the Kubernetes manifests agree with each other and the image', async (t) => {
  const deployment = manifest('Deployment');
  const template = deployment.spec?.template;
  const container = containerOf(template);
  const job = containerOf(manifest('Job').spec?.template);
  t.strictSame(job.args, ['latchkey', 'migrate']);
  t.equal(job.image, container.image);
  t.match(container.image, new RegExp(`/latchkey:${version.replaceAll('.', '\\.')}$`));

  const labels = template?.metadata?.labels ?? {};
  t.strictSame(deployment.spec?.selector.matchLabels, labels);
  t.strictSame(manifest('Service').spec?.selector, labels);
  t.strictSame(manifest('PodDisruptionBudget').spec?.selector?.matchLabels, labels);
  t.strictSame(template?.spec?.topologySpreadConstraints?.[0]?.labelSelector?.matchLabels, labels);
  t.notSame(manifest('Job').spec?.template.metadata?.labels, labels, 'the Service sends nothing to the Job');

  const variables = Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value]));
  t.strictSame(unknownVariables(variables), []);
  const config = readConfiguration({ ...variables, AUTH_SECRET: SECRET });
  const ports = Object.fromEntries(
    (container.ports ?? []).map(({ name = '', containerPort }) => [name, containerPort]),
  );
  t.strictSame(ports, { http: config.port, metrics: config.metricsPort });
  t.equal(template?.metadata?.annotations?.['prometheus.io/port'], String(config.metricsPort));
  t.strictSame(
    manifest('Service').spec?.ports?.map(({ targetPort }) => targetPort),
    ['http'],
    'metrics are not public',
  );
  t.ok((template?.spec?.terminationGracePeriodSeconds ?? 0) > STOP_SECONDS + config.drainSeconds, 'the time to stop');
  for (const [probe, path] of [
    [container.startupProbe, 'startupz'],
    [container.readinessProbe, 'readyz'],
    [container.livenessProbe, 'livez'],
  ] as [Probe | undefined, string][]) {
    t.match(probe?.httpGet, { path: `/${path}`, port: 'http' });
    t.ok(existsSync(join(packageRoot, 'routes', path)), path);
  }

  for (const [pod, each] of [
    [template?.spec, container],
    [manifest('Job').spec?.template.spec, job],
  ] as const) {
    t.equal(pod?.automountServiceAccountToken, false);
    t.match(pod?.securityContext, { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } });
    t.match(each.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
    t.strictSame(each.securityContext?.capabilities, { drop: ['ALL'] });
    t.strictSame(each.envFrom, [{ secretRef: { name: 'latchkey' } }]);
    t.ok(each.resources?.limits?.memory);
  }
  t.match(read('docs/deploy.md'), 'kubectl create secret generic latchkey --from-env-file=latchkey.env');
});
