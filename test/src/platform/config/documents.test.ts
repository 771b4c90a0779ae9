// docs/configuration.md and .env.example are generated from the schemas and list every variable and setting.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import t from 'tap';
import { readConfiguration } from '#platform/config/config.js';
import { environmentSchema } from '#platform/config/variables.js';
import { packageRoot } from '#platform/process/package-info.js';
import { registry } from '#settings/registry.js';
import { createSettings } from '#settings/service.js';

const PAGE = join(packageRoot, 'docs', 'configuration.md');
const EXAMPLE = join(packageRoot, '.env.example');
const UPDATE = 'If the change is intended: npm run config:update';
const COMMAND = /^\$\((.*)\)$/;

interface Variable {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly { readonly const: unknown }[];
}

const variables = Object.entries<Variable>(environmentSchema.properties);
const settings = Object.entries(registry);

const code = (value: unknown) => `\`${value}\``;
const row = (...cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function values({ minimum, maximum, anyOf }: Variable): string {
  if (anyOf !== undefined) return anyOf.map((each) => code(each.const)).join(', ');
  return minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`;
}

function variablesTable(): string[] {
  return [
    row('variable', 'default', 'values', 'example', 'what it is'),
    '|---|---|---|---|---|',
    ...variables.map(([name, variable]) =>
      row(
        code(name),
        variable.default === undefined || variable.default === '' ? '' : code(variable.default),
        values(variable),
        code(variable.examples?.[0]),
        variable.description ?? '',
      ),
    ),
  ];
}

function settingsTable(): string[] {
  return [
    row('setting', 'default', 'values', 'unit', 'what it is'),
    '|---|---|---|---|---|',
    ...settings.map(([name, { schema, default: value, unit, description }]) =>
      row(
        code(name),
        code(value),
        schema.type === 'boolean' ? '`true`, `false`' : values(schema),
        unit ?? '',
        description,
      ),
    ),
  ];
}

function envExample(): string {
  const variableLines = variables.flatMap(([name, { default: value, examples, description }]) => {
    const example = String(value ?? examples?.[0]);
    const [, command] = COMMAND.exec(example) ?? [];
    // This file is not read by a shell.
    if (command !== undefined) return ['', `# ${description} Generate one with: ${command}`, `# ${name}=`];
    return ['', `# ${description}`, `# ${name}=${example || examples?.[0]}`];
  });
  const settingLines = settings.flatMap(([name, { default: value, description }]) => [
    '',
    `# ${description}`,
    `# SETTING_${name}=${value}`,
  ]);
  return [
    '# The environment variables of the service, with defaults or examples; all of them are optional. Copy this file to .env',
    '# and uncomment the lines that you change. See docs/configuration.md.',
    ...variableLines,
    '',
    '# Defaults of the live settings in this deployment. Values set by an operator (`latchkey settings`) take precedence.',
    ...settingLines,
    '',
  ].join('\n');
}

/** Replaces the generated tables of the page, which are between comments. */
function withTables(page: string, tables: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(tables).reduce((text, [name, lines]) => {
    const between = new RegExp(`(<!-- ${name}[^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!between.test(text)) throw new Error(`docs/configuration.md has no place for its ${name}`);
    return text.replace(between, (_all, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`);
  }, page);
}

t.test('every variable and setting has a description, and every variable an example', async (t) => {
  for (const [name, { description, examples }] of variables) {
    t.match(description, /\.$/, name);
    t.ok(String(examples?.[0] ?? '').length > 0, `${name} has an example`);
  }
  for (const [name, { description }] of settings) t.match(description, /\.$/, name);
});

t.test('docs/configuration.md lists every variable and setting', async (t) => {
  const page = readFileSync(PAGE, 'utf8');
  const expected = withTables(page, { variables: variablesTable(), settings: settingsTable() });
  if (process.env.TAP_SNAPSHOT === '1') writeFileSync(PAGE, expected);
  t.equal(readFileSync(PAGE, 'utf8'), expected, `docs/configuration.md is out of date. ${UPDATE}`);
});

t.test('docs/configuration.md names only existing variables and settings', async (t) => {
  const known = new Set([...variables, ...settings].map(([name]) => name));
  const named = [...readFileSync(PAGE, 'utf8').matchAll(/`(?:SETTING_)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b[^`]*`/g)];
  t.ok(named.length > 10);
  for (const [text, name = ''] of named) t.ok(known.has(name), text);
});

t.test('.env.example lists every variable and setting', async (t) => {
  const expected = envExample();
  if (process.env.TAP_SNAPSHOT === '1') writeFileSync(EXAMPLE, expected);
  t.equal(readFileSync(EXAMPLE, 'utf8'), expected, `.env.example is out of date. ${UPDATE}`);
});

t.test('.env.example is an empty configuration, and a valid one when uncommented', async (t) => {
  const text = readFileSync(EXAMPLE, 'utf8');
  t.strictSame(Object.keys(parseEnv(text)), []);
  const environment = parseEnv(text.replaceAll(/^# ([A-Z0-9_]+=)/gm, '$1'));
  t.strictSame(
    Object.keys(environment).sort(),
    [...variables.map(([name]) => name), ...settings.map(([name]) => `SETTING_${name}`)].sort(),
    'each of them once',
  );
  const config = readConfiguration(environment);
  t.strictSame(config.argon2, readConfiguration({}).argon2);
  const { list } = createSettings({ repository: {} as never, log: {} as never, defaults: config.settingDefaults });
  for (const { name, value } of list()) t.equal(value, registry[name].default, name);
});
