// Passwords: acceptance, exact comparison, and hashes.
import fc from 'fast-check';
import { pino } from 'pino';
import t from 'tap';
import { createBreaches } from '#passwords/breaches.js';
import { createForeignHashes } from '#passwords/foreign/foreign-hashes.js';
import { createPasswords, type PasswordOwner, serviceNames } from '#passwords/service.js';
import { Problem } from '#platform/errors/problem.js';

const COST = { memoryCost: 64, timeCost: 1, parallelism: 1 };
const limiter = {
  run: <T>(work: () => Promise<T>) => work(),
  admit: () => ({ leave: () => {} }),
  assertOpen: () => {},
};
const settingsOf = (least: number, common = false) =>
  ({
    get: (name: string) => (name === 'PASSWORD_MIN_LENGTH' ? least : name === 'PASSWORD_REJECT_COMMON' && common),
  }) as never;

/** The dependencies of the service, except for the settings. */
const parts = {
  limiter,
  cost: COST,
  breaches: createBreaches({ url: 'http://127.0.0.1:9/', log: pino({ level: 'silent' }) }),
  foreignHashes: createForeignHashes({ firebaseSignerKey: undefined, log: pino({ level: 'silent' }) }),
  serviceNames: serviceNames({
    issuer: 'https://auth.acme.example',
    audience: 'shop',
    publicUrl: { host: 'login.zyxtopia.example:8443' },
    mail: { from: { name: 'Quovadis Fitness', address: 'no-reply@mail.brambly.example' } },
  }),
};
const passwordsOf = (least = 8, cost = COST) => createPasswords({ ...parts, cost, settings: settingsOf(least) });

const passwords = await passwordsOf();

/** The message of a refusal; undefined if the password is accepted. */
async function refusal(password: string, on = passwords, owner: PasswordOwner = {}): Promise<string | undefined> {
  try {
    await on.assertAcceptable(password, owner, {});
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error;
    return error.errors?.map(({ path, message }) => `${path} ${message}`).join();
  }
}

t.test('with PASSWORD_REJECT_COMMON common passwords are refused in any letter case', async (t) => {
  const strict = await createPasswords({ ...parts, settings: settingsOf(8, true) });
  for (const common of ['password', 'Password', 'PASSWORD1', '12345678', 'qwertyuiop', 'iloveyou', 'TrustNo1']) {
    t.match(await refusal(common, strict), /^\/password is one of the most common passwords; choose /, common);
    t.equal(await refusal(common), undefined, `${common}, where it is off`);
  }
  for (const other of ['correct horse battery staple', 'Pässwörd-2931-lang', 'drowssap-tub-gnol']) {
    t.equal(await refusal(other, strict), undefined, other);
  }
  t.equal(await refusal('short', strict), '/password must have at least 8 characters');
});

t.test('a password made of the address, the name or the service is refused, and the refusal says so', async (t) => {
  const strict = await createPasswords({ ...parts, settings: settingsOf(8, true) });
  const owner = { email: 'alice.smith@example.com', username: 'Wonder Woman' };
  for (const password of [
    'alice.smith@example.com',
    'WonderWoman1!',
    'auth.acme.example',
    'Latchkey2026',
    'shopshop1',
    'Zyxtopia-2026',
    'QuovadisFitness!',
    'Brambly123',
  ]) {
    t.match(
      await refusal(password, strict, owner),
      /based on the e-mail address, the username or the name of this service; /,
    );
    t.equal(await refusal(password, passwords, owner), undefined, `${password}, where the setting is off`);
  }
  t.equal(await refusal('WonderWoman-eats-tofu', strict, owner), undefined);
  t.match(await refusal('Summer2026!', strict, owner), /a sequence or a date/);
});

t.test('the length is counted in characters after composition', async (t) => {
  const short = '/password must have at least 8 characters';
  const long = '/password must have at most 256 characters';
  const cases: readonly (readonly [what: string, password: string, refusal: string | undefined])[] = [
    ['7 letters', 'x'.repeat(7), short],
    ['8 letters', 'x'.repeat(8), undefined],
    ['256 letters', 'x'.repeat(256), undefined],
    ['257 letters', 'x'.repeat(257), long],
    ['7 emoji, 14 code units', '😀'.repeat(7), short],
    ['8 emoji', '😀'.repeat(8), undefined],
    ['256 emoji, 1,024 bytes', '😀'.repeat(256), undefined],
    ['257 emoji', '😀'.repeat(257), long],
    ['8 letters in two code points each, which are one', 'a\u0308'.repeat(8), undefined],
    ['7 of them, 14 code points as sent', 'a\u0308'.repeat(7), short],
    ['256 of them, 512 code points as sent', 'a\u0308'.repeat(256), undefined],
    ['8 spaces', ' '.repeat(8), undefined],
    ['only digits', '12345678', undefined],
    ['256 letters that composition makes longer', '\u0958'.repeat(256), long],
  ];
  for (const [what, password, expected] of cases) t.equal(await refusal(password), expected, what);
});

t.test('the minimum length is a setting', async (t) => {
  t.equal(await refusal('x'.repeat(14), await passwordsOf(15)), '/password must have at least 15 characters');
  t.equal(await refusal('x'.repeat(15), await passwordsOf(15)), undefined);
});

t.test('every password of the maximum length is within the limit of bytes', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 200, maxLength: 256 }), (password) => {
      const composed = password.normalize('NFC');
      return [...composed].length > 256 || Buffer.byteLength(composed) <= 1024;
    }),
  );
});

t.test('a hash is argon2id in PHC format with its own salt', async (t) => {
  const form = /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;
  const [one, two] = [await passwords.hash('password'), await passwords.hash('password')];
  t.match(one, form);
  t.match(two, form);
  t.not(one, two);
});

t.test('a password matches exactly, in either Unicode form', async () => {
  const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(texts, texts, async (password, other) => {
      const hash = await passwords.hash(password);
      const same = password.normalize('NFC') === other.normalize('NFC');
      return (
        (await passwords.verify(hash, password)) &&
        (await passwords.verify(hash, password.normalize('NFD'))) &&
        (await passwords.verify(hash, other)) === same
      );
    }),
    { numRuns: 100 },
  );
});

t.test('passwords are not trimmed, case-folded or truncated', async (t) => {
  const near: readonly (readonly [string, string])[] = [
    ['password', 'Password'],
    ['password', 'password '],
    ['password', ' password'],
    ['password', 'password\n'],
    ['password', 'password\0'],
    ['ﬁle name', 'file name'],
    ['ｐassword', 'password'],
    ['straße 12', 'strasse 12'],
    [`${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`],
    [`${'x'.repeat(255)}a`, `${'x'.repeat(255)}b`],
    [`${'😀'.repeat(255)}😀`, `${'😀'.repeat(255)}😁`],
  ];
  for (const [password, other] of near) {
    const hash = await passwords.hash(password);
    t.ok(await passwords.verify(hash, password));
    t.notOk(await passwords.verify(hash, other), JSON.stringify(other.slice(-20)));
  }
});

const REST = '$c29tZXNhbHRzb21lc2FsdA$4ls6YrXEP5zPjTDgzkVPUaiMFNmxpBpFjLTKK7hrzkk';

t.test('without a valid stored hash no password matches, but a hash is computed all the same', async (t) => {
  let runs = 0;
  const counting = {
    ...limiter,
    run: <T>(work: () => Promise<T>) => {
      runs += 1;
      return work();
    },
  };
  const counted = await createPasswords({ ...parts, limiter: counting, settings: settingsOf(8) });
  for (const stored of [
    undefined,
    null,
    '',
    'x',
    '$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA',
    // The library throws for numbers with leading zeros, and for Base64 that no encoder writes.
    `$argon2id$v=19$m=064,t=1,p=1${REST}`,
    `$argon2id$v=19$m=64,t=01,p=1${REST}`,
    `$argon2id$v=19$m=64,t=0,p=1${REST}`,
    `$argon2id$v=19$m=64,t=1,p=1${REST.replace('2FsdA', '2FsdB')}`,
    `$argon2id$v=19$m=64,t=1,p=1${REST.slice(0, -1)}l`,
    '$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAA$c29tZWhhc2hzb21laGFzaA',
  ]) {
    if (stored) t.not(counted.checkOwnHash(stored), 'valid', stored);
    t.notOk(await counted.verify(stored, 'password'));
    t.notOk(await counted.verify(stored, ''));
  }
  t.equal(runs, 22, 'each passed the limiter');
});

t.test(
  'a stored hash is verified up to 10 passes and 16 lanes, and with more of either it matches no password',
  async (t) => {
    for (const [what, cost, matches] of [
      ['10 passes', { memoryCost: 64, timeCost: 10, parallelism: 1 }, true],
      ['11 passes', { memoryCost: 64, timeCost: 11, parallelism: 1 }, false],
      ['16 lanes', { memoryCost: 128, timeCost: 1, parallelism: 16 }, true],
      ['17 lanes', { memoryCost: 136, timeCost: 1, parallelism: 17 }, false],
    ] as const) {
      const stored = await (await passwordsOf(8, cost)).hash('password');
      t.match(stored, new RegExp(`\\$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}\\$`));
      t.equal(await passwords.verify(stored, 'password'), matches, what);
    }
  },
);

t.test('a hash is outdated when it is weaker than new ones or of another algorithm', async (t) => {
  const strict = await passwordsOf(8, { memoryCost: 64, timeCost: 3, parallelism: 1 });
  t.notOk(strict.isOutdated(await strict.hash('password')));
  for (const [head, isOutdated] of [
    ['m=64,t=3,p=1', false],
    ['m=64,t=3,p=2', false],
    ['m=65,t=3,p=1', false],
    ['m=64,t=4,p=1', false],
    ['m=64,t=2,p=1', true],
    ['m=63,t=3,p=1', true],
    // More memory with fewer passes, or the reverse: neither is weaker.
    ['m=128,t=1,p=1', false],
    ['m=32,t=10,p=1', false],
    ['m=32,t=6,p=1', true],
    ['m=192,t=1,p=1', false],
  ] as const) {
    t.equal(strict.isOutdated(`$argon2id$v=19$${head}${REST}`), isOutdated, head);
  }
  for (const other of [`$argon2i$v=19$m=64,t=3,p=1${REST}`, `$argon2id$v=16$m=64,t=3,p=1${REST}`, '$2b$12$x', '']) {
    t.ok(strict.isOutdated(other), other);
  }
});

t.test('instances with any costs settle on one hash', async () => {
  const cost = fc.record({
    memoryCost: fc.integer({ min: 16, max: 64 }),
    timeCost: fc.integer({ min: 1, max: 4 }),
    parallelism: fc.constantFrom(1, 2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(cost, { minLength: 2, maxLength: 4 }), async (costs) => {
      const instances = await Promise.all(costs.map((each) => passwordsOf(8, each)));
      const headOf = (each: (typeof costs)[number]) =>
        `$argon2id$v=19$m=${each.memoryCost},t=${each.timeCost},p=${each.parallelism}${REST}`;
      let stored = `$argon2id$v=19$m=8,t=1,p=1${REST}`;
      let renewals = 0;
      for (let round = 0; round < 3; round += 1) {
        renewals = 0;
        for (const [i, instance] of instances.entries()) {
          if (!instance.isOutdated(stored)) continue;
          stored = headOf(costs[i] as (typeof costs)[number]);
          renewals += 1;
        }
      }
      return renewals === 0;
    }),
    { numRuns: 50 },
  );
});
