// The registry of live settings: valid and invalid values.
import fc from 'fast-check';
import t from 'tap';
import {
  findValueError,
  isSettingName,
  MAX_ACCESS_TOKEN_LIFETIME,
  parseValue,
  registry,
  type SettingName,
  settingNames,
} from '#settings/registry.js';

const DAY = 86_400;

const INTEGERS: readonly (readonly [name: SettingName, least: number, most: number])[] = [
  ['ACCESS_TOKEN_LIFETIME', 1, DAY],
  ['REFRESH_TOKEN_LIFETIME', 1, 400 * DAY],
  ['REFRESH_GRACE_SECONDS', 0, 60],
  ['SESSION_MAX_LIFETIME', 0, 4000 * DAY],
  ['MAX_SESSIONS_PER_USER', 0, 1000],
  ['KEY_ROTATION_DAYS', 0, 3650],
  ['KEY_LEAD_TIME', 5, 30 * DAY],
  ['PASSWORD_MIN_LENGTH', 8, 64],
  ['LOGIN_FAILURES_BEFORE_DELAY', 0, 100],
  ['LOGIN_MAX_DELAY', 1, 3600],
  ['LOGIN_ATTEMPTS_PER_MINUTE', 0, 1_000_000],
  ['REGISTRATIONS_PER_HOUR', 0, 1_000_000],
  ['REFRESHES_PER_MINUTE', 0, 1_000_000],
  ['REQUESTS_PER_MINUTE', 0, 100_000_000],
  ['AUDIT_RETENTION_DAYS', 0, 3650],
  ['ACCOUNT_DELETION_GRACE', 0, 90 * DAY],
  ['STEP_UP_MAX_AGE', 0, 30 * DAY],
  ['SECOND_FACTOR_GRACE_DAYS', 0, 365],
  ['SIGN_IN_LIFETIME', 60, 3600],
  ['EMAIL_VERIFICATION_LIFETIME', 300, 30 * DAY],
  ['PASSWORD_RESET_LIFETIME', 60, DAY],
  ['EMAIL_CHANGE_UNDO_LIFETIME', 3600, 30 * DAY],
  ['MAIL_REQUESTS_PER_HOUR', 0, 1_000_000],
  ['MAILS_PER_ACCOUNT_PER_HOUR', 1, 1000],
  ['WRONG_SIGN_IN_CODES_PER_DAY', 100, 1_000_000],
  ['MAILS_PER_MINUTE', 0, 1_000_000],
];

const NEVER = [
  '',
  '30',
  'abc',
  0.5,
  -1,
  1e12,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  [],
  [30],
  {},
  30n,
];

for (const [name, least, most] of INTEGERS) {
  t.test(`${name} is an integer from ${least} to ${most}`, async (t) => {
    for (const good of [least, most, registry[name].default])
      t.equal(findValueError(name, good), undefined, String(good));
    for (const bad of [least - 1, most + 1, least + 0.5, true, false, ...NEVER]) {
      t.match(
        findValueError(name, bad),
        new RegExp(`^must be an integer from ${least} to ${most}( [a-z]+)?$`),
        String(bad),
      );
    }
  });
}

const BOOLEANS: readonly SettingName[] = [
  'REGISTRATION_OPEN',
  'PASSWORD_REJECT_COMMON',
  'PASSWORD_REJECT_BREACHED',
  'REQUIRE_CURRENT_PASSWORD',
  'REQUIRE_VERIFIED_EMAIL',
  'STEP_UP_FOR_OPERATORS',
  'SECOND_FACTOR_REQUIRED',
  'SECOND_FACTOR_REQUIRED_FOR_OPERATORS',
  'SIGN_IN_BY_EMAIL',
  'NOTIFY_PASSWORD_CHANGED',
  'NOTIFY_EMAIL_CHANGED',
  'NOTIFY_NEW_SIGN_IN',
  'NOTIFY_TOKEN_REUSE',
];

for (const name of BOOLEANS) {
  t.test(`${name} is true or false`, async (t) => {
    for (const good of [true, false]) t.equal(findValueError(name, good), undefined);
    for (const bad of [0, 1, 'true', 'yes', ...NEVER])
      t.equal(findValueError(name, bad), 'must be true or false', String(bad));
  });
}

t.test('every setting is tested here, and has a description and a valid default', async (t) => {
  t.strictSame([...settingNames].sort(), [...INTEGERS.map(([name]) => name), ...BOOLEANS].sort());
  for (const name of settingNames) {
    t.equal(findValueError(name, registry[name].default), undefined, name);
    t.match(registry[name].description, /^[A-Z].+\.$/, name);
    t.match(name, /^[A-Z]+(_[A-Z]+)*$/);
  }
});

t.test('the longest access token lifetime is the one that verification accepts', async (t) => {
  t.equal(findValueError('ACCESS_TOKEN_LIFETIME', MAX_ACCESS_TOKEN_LIFETIME), undefined);
  t.ok(findValueError('ACCESS_TOKEN_LIFETIME', MAX_ACCESS_TOKEN_LIFETIME + 1));
});

t.test('other names are not settings', async (t) => {
  for (const name of ['', 'access_token_lifetime', 'ACCESS_TOKEN_LIFETIME ', '__proto__', 'constructor', 'toString']) {
    t.notOk(isSettingName(name), name);
  }
});

t.test('parsing a text never fails', async (t) => {
  t.strictSame(['30', 'true', 'null', '"30"', '[1]'].map(parseValue), [30, true, null, '30', [1]]);
  t.strictSame(['', 'abc', '{', '0x1f', '1_000', 'True'].map(parseValue), ['', 'abc', '{', '0x1f', '1_000', 'True']);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const name of settingNames) findValueError(name, parseValue(text));
    }),
  );
});
