// latchkey settings: its commands, their output and their errors.
import t, { type Test } from 'tap';
import { settingNames } from '#settings/registry.js';
import { testDatabase } from '../../support/database.js';
import { runHere } from '../../support/in-process.js';
import { rowsOf } from '../../support/rows.js';
import { claimsOf, runCommand, startService, tokensOf } from '../../support/service.js';
import { until } from '../../support/until.js';

const EMAIL = 'user@example.com';

async function command(t: Test, env: Record<string, string> = {}) {
  const url = await testDatabase(t);
  return {
    url,
    settings: (...args: string[]) => runHere(['settings', ...args], { DATABASE_URL: url, ...env }),
  };
}

t.test('a change and a reset take effect on a running service', async (t) => {
  const url = await testDatabase(t);
  const settings = (...args: string[]) => runCommand(['settings', ...args], { DATABASE_URL: url });
  const service = await startService(t, url);
  await service.register(EMAIL);
  const lifetime = async () => {
    const { iat, exp } = claimsOf(tokensOf(await service.login(EMAIL)));
    return Number(exp) - Number(iat);
  };
  t.equal(await lifetime(), 30);

  const set = await settings('set', 'ACCESS_TOKEN_LIFETIME', '60');
  t.strictSame(set, {
    code: 0,
    signal: null,
    stdout: 'ACCESS_TOKEN_LIFETIME  60 seconds  database\n',
    stderr: '',
  });
  // By notification, before the poll, which comes every 4 s.
  await until('the new lifetime', async () => (await lifetime()) === 60);

  const reset = await settings('reset', 'ACCESS_TOKEN_LIFETIME');
  t.equal(reset.stdout, 'ACCESS_TOKEN_LIFETIME  30 seconds  default\n');
  await until('the default', async () => (await lifetime()) === 30);
});

t.test('list and get print values and their sources, as text and as JSON', async (t) => {
  const { settings } = await command(t, { SETTING_PASSWORD_MIN_LENGTH: '12' });
  await settings('set', 'REQUIRE_CURRENT_PASSWORD', 'true');

  const list = await settings('list');
  t.equal(list.code, 0);
  t.strictSame(
    list.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[0]),
    settingNames,
  );
  t.match(list.stdout, /^PASSWORD_MIN_LENGTH +12 characters +environment$/m);
  t.match(list.stdout, /^REQUIRE_CURRENT_PASSWORD +true +database$/m);

  const json = JSON.parse((await settings('list', '--json')).stdout);
  t.strictSame(
    json.map(({ name }: { name: string }) => name),
    settingNames,
  );
  t.match(
    json.find(({ name }: { name: string }) => name === 'REQUIRE_CURRENT_PASSWORD'),
    { value: true, source: 'database', updatedBy: /^cli:/, updatedAt: /^\d{4}-/ },
  );

  t.equal((await settings('get', 'PASSWORD_MIN_LENGTH')).stdout, '12\n');
  const one = JSON.parse((await settings('get', 'PASSWORD_MIN_LENGTH', '--json')).stdout);
  t.strictSame(one, { name: 'PASSWORD_MIN_LENGTH', value: 12, source: 'environment', default: 12, version: 0 });
});

t.test('invalid names and values are rejected in one line, and nothing changes', async (t) => {
  const { settings } = await command(t);
  const refused: [string[], RegExp][] = [
    [['set', 'ACCESS_TOKEN_LIFETIME', '0'], /ACCESS_TOKEN_LIFETIME must be an integer from 1 to 86400 seconds/],
    [['set', 'ACCESS_TOKEN_LIFETIME', '86401'], /must be an integer/],
    [['set', 'ACCESS_TOKEN_LIFETIME', '1.5'], /must be an integer/],
    [['set', 'ACCESS_TOKEN_LIFETIME', 'soon'], /must be an integer/],
    [['set', 'ACCESS_TOKEN_LIFETIME', 'null'], /must be an integer/],
    [['set', 'REQUIRE_CURRENT_PASSWORD', '1'], /must be true or false/],
    [
      ['set', 'ACCESS_TOKEN_LIFETYME', '60'],
      /ACCESS_TOKEN_LIFETYME is not a setting \(did you mean ACCESS_TOKEN_LIFETIME\?\); the settings are: .*ACCESS_TOKEN_LIFETIME/,
    ],
    [['get', 'constructor'], /constructor is not a setting; the settings are: /],
    [['reset', 'toString'], /toString is not a setting/],
  ];
  for (const [args, line] of refused) {
    const { code, stdout, stderr } = await settings(...args);
    t.equal(code, 1, args.join(' '));
    t.equal(stdout, '');
    t.match(stderr, line);
    t.match(stderr, /^latchkey: [^\n]+\n$/, 'one line');
  }
  t.notMatch((await settings('list')).stdout, /database|environment/);
});

t.test('the history lists changes, and a rollback restores one', async (t) => {
  const { url, settings } = await command(t);
  await settings('set', 'ACCESS_TOKEN_LIFETIME', '60');
  await settings('set', 'PASSWORD_MIN_LENGTH', '12');
  await settings('set', 'ACCESS_TOKEN_LIFETIME', '90');
  t.match(await settings('rollback', 'ACCESS_TOKEN_LIFETIME', '1'), {
    code: 0,
    stdout: 'ACCESS_TOKEN_LIFETIME  60 seconds  database\n',
    stderr: /^$/,
  });
  t.match(await settings('rollback', 'ACCESS_TOKEN_LIFETIME', '0'), {
    code: 0,
    stdout: 'ACCESS_TOKEN_LIFETIME  30 seconds  default\n',
  });

  const { stdout } = await settings('history', 'ACCESS_TOKEN_LIFETIME');
  t.match(
    stdout,
    /^5 {2}\(default\) {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}cli:.+\n4 {2}60 .*\n3 {2}90 .*\n1 {2}60 .*\n$/,
  );
  const json = JSON.parse((await settings('history', 'ACCESS_TOKEN_LIFETIME', '--json')).stdout);
  t.strictSame(
    json.map(({ version, value }: { version: number; value: unknown }) => [version, value]),
    [
      [5, null],
      [4, 60],
      [3, 90],
      [1, 60],
    ],
  );
  const events = await rowsOf(t, url)`
    select event, actor_type, target_id from audit_events where event = 'setting.rolled_back'`;
  t.strictSame(
    events.map((row) => ({ ...row })),
    Array(2).fill({ event: 'setting.rolled_back', actor_type: 'cli', target_id: 'ACCESS_TOKEN_LIFETIME' }),
  );

  for (const [args, line] of [
    [['rollback', 'ACCESS_TOKEN_LIFETIME', '2'], /This setting has no change with this number/],
    [['rollback', 'ACCESS_TOKEN_LIFETIME', '99'], /This setting has no change with this number/],
    [['rollback', 'ACCESS_TOKEN_LIFETIME', '1.5'], /the version must be the number of a change/],
    [['rollback', 'ACCESS_TOKEN_LIFETIME', '9999999999'], /the version must be the number of a change/],
    [['rollback', 'NO_SUCH_SETTING', '1'], /NO_SUCH_SETTING is not a setting/],
    [['history', 'NO_SUCH_SETTING'], /NO_SUCH_SETTING is not a setting; the settings are: /],
  ] as [string[], RegExp][]) {
    const { code, stdout: out, stderr } = await settings(...args);
    t.equal(code, 1, args.join(' '));
    t.equal(out, '');
    t.match(stderr, /^latchkey: [^\n]+\n$/);
    t.match(stderr, line);
  }
});

t.test('a duration may have a unit, which is converted to that of the setting', async (t) => {
  const { settings } = await command(t);
  for (const [name, given, stored] of [
    ['ACCESS_TOKEN_LIFETIME', '1h', '3600 seconds'],
    ['ACCESS_TOKEN_LIFETIME', '90s', '90 seconds'],
    ['ACCESS_TOKEN_LIFETIME', '45', '45 seconds'],
    ['REFRESH_TOKEN_LIFETIME', '2w', '1209600 seconds'],
    ['AUDIT_RETENTION_DAYS', '90d', '90 days'],
  ] as const) {
    const { code, stdout } = await settings('set', name, given);
    t.strictSame([code, stdout], [0, `${name}  ${stored}  database\n`], given);
  }
  for (const [name, given, message] of [
    ['AUDIT_RETENTION_DAYS', '90s', /AUDIT_RETENTION_DAYS is a whole number of days, and 90s is not/],
    ['ACCESS_TOKEN_LIFETIME', '1y', /ACCESS_TOKEN_LIFETIME must be an integer/],
    ['ACCESS_TOKEN_LIFETIME', '400d', /ACCESS_TOKEN_LIFETIME must be/],
    ['PASSWORD_MIN_LENGTH', '12s', /PASSWORD_MIN_LENGTH must be an integer/],
    ['LOGIN_MAX_DELLAY', '1h', /did you mean LOGIN_MAX_DELAY\?/],
  ] as const) {
    t.match(await settings('set', name, given), { code: 1, stdout: /^$/, stderr: message }, `${name} ${given}`);
  }
});
