// Password hashes of other systems: vectors that those systems computed, and what is refused.
import fc from 'fast-check';
import { pino } from 'pino';
import t from 'tap';
import { createForeignHashes, originalText } from '#passwords/foreign/foreign-hashes.js';

const SIGNER_KEY = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';
const OTHER_KEY = Buffer.alloc(64, 7);
const FIREBASE_HASH =
  '42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';

const silent = pino({ level: 'silent' });
const hashesWith = (firebaseSignerKey: Buffer | undefined) => createForeignHashes({ firebaseSignerKey, log: silent });
const hashes = hashesWith(Buffer.from(SIGNER_KEY, 'base64'));

/** Hash and password, by origin. */
const VECTORS: readonly [origin: string, hash: string, password: string][] = [
  [
    'Django 3.2, PBKDF2 with SHA-256',
    'pbkdf2_sha256$260000$lLRSYUI76zYYl0lBqGluku$SuVSWcIctYt1CMmtB0ZFz0YV/lwDHXgvpW8zTd41VFk=',
    'pässword',
  ],
  [
    'Django 3.2, PBKDF2 with SHA-1',
    'pbkdf2_sha1$260000$WmWYColfxcBTviYLJE6CSK$HRXwjEmS/2fcaaj22N5+0CeXQ0c=',
    'pässword',
  ],
  [
    'Django 3.2, argon2',
    'argon2$argon2id$v=19$m=102400,t=2,p=8$MGlYaDAzTjdxMFY5S0tISWRZaUtMRQ$HmfUIjdjg+B8yMoBDMPtjw',
    'pässword',
  ],
  [
    'Django 3.2, bcrypt_sha256',
    'bcrypt_sha256$$2b$12$aOcKkebs5zUVwWTeuFrIt.bv25nuAkPDQRoe02t2ld3vXdT5RRPoi',
    'pässword',
  ],
  ['Django 3.2, bcrypt', 'bcrypt$$2b$12$WvnY0dgPhY2PmT1i4Rrqs.qWFe00jfzzRFHogQAR5oSgPwvLRlDBu', 'pässword'],
  [
    "Django's own test of scrypt",
    'scrypt$16384$seasalt$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==',
    'lètmein',
  ],
  [
    "Django 4.0's own test of scrypt",
    'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
    'lètmein',
  ],
  [
    'better-auth',
    '75cb69090c22f98c5abae8f0d9ef1d6d:884d567e1852e2dfc534193bd7bb3fccdaf4aae57c03e9a315c410796e2a000f4cdf7d33811e4bbbb9bc35803e42e7e335145ddc40f5d0d35b1ea1721a92a3c9',
    'user1password',
  ],
  [
    'better-auth, which normalizes to NFKC',
    '3c590078515816e4f1407a144e789231:95244431afdd99b93d2fdd3312d18a78194e707f7cf26cc68dec24ea6a9222f535fab493243d9ea4e1a1b69d3b0406aaa9eb4ade04dd14dd2be3207b8e5a8f33',
    'ｐässwörd ﬁ',
  ],
  ["Firebase's scrypt repository", `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==$${FIREBASE_HASH}`, 'user1password'],
  [
    'Firebase, in the form of Supabase',
    `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=${SIGNER_KEY}$${FIREBASE_HASH}`,
    'user1password',
  ],
  ['crypt_blowfish, 2a', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['crypt_blowfish, labelled 2b', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['crypt_blowfish, labelled 2y', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK', 'U*U*'],
  [
    'crypt_blowfish, longer than 72 bytes',
    '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
  ],
  [
    'the argon2 reference, argon2id',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    'password',
  ],
  [
    'the argon2 reference, argon2i',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    'password',
  ],
  [
    'the argon2 reference, argon2i version 1.0, written without a version',
    '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
    'password',
  ],
];

/** The verifier of an accepted hash. */
function verifierOf(hash: string, from = hashes) {
  const accepted = from.accept(hash);
  if ('refusal' in accepted) throw new Error(`${accepted.refusal}: ${hash}`);
  const found = from.find(accepted.stored);
  if (found === undefined) throw new Error(`not found: ${accepted.stored}`);
  return { stored: accepted.stored, verify: found.verify };
}

for (const [origin, hash, password] of VECTORS) {
  t.test(`a hash of ${origin} is verified`, async (t) => {
    const { stored, verify } = verifierOf(hash);
    t.equal(await verify(password), true, 'the right password');
    t.equal(await verify(`${password}`.slice(1)), false, 'a part of it');
    t.equal(await verify(''), false, 'an empty one');
    t.not(stored, hash, 'it is stored with a tag');

    const text = originalText(stored) ?? '';
    if (!text.includes('sk256')) t.equal(text, hash, 'and exported as it came');
    t.strictSame(hashes.accept(text), { stored }, 'an export can be imported');
  });
}

t.test('a password is compared as it is typed, except where the origin normalizes', async (t) => {
  const composed = 'pässword';
  const decomposed = composed.normalize('NFD');
  for (const [origin, hash, password] of VECTORS.filter((vector) => vector[2] === composed)) {
    t.equal(await verifierOf(hash).verify(password.normalize('NFD')), false, origin);
  }
  const [, betterAuth = ''] = VECTORS.find(([origin]) => origin.includes('NFKC')) ?? [];
  t.equal(await verifierOf(betterAuth).verify('pässwörd fi'.normalize('NFD')), true);
  t.not(decomposed, composed);
});

t.test('bcrypt uses 72 bytes of a password, and bcrypt_sha256 uses all', async (t) => {
  const [, cut = '', long = ''] = VECTORS.find(([origin]) => origin.includes('72')) ?? [];
  const { verify } = verifierOf(cut);
  t.equal(await verify(long.slice(0, 72)), true);
  t.equal(await verify(`${long.slice(0, 72)}something else`), true);
  t.equal(await verify(long.slice(0, 71)), false);
  // Django: make_password('x' * 80, hasher='bcrypt_sha256')
  const whole = 'bcrypt_sha256$$2b$12$JZpgbRnBgN1Bc97vmXqfVOv9pqioGbm8JdU/damN2wDZEfyYeo1UK';
  t.equal(await verifierOf(whole).verify('x'.repeat(80)), true);
  t.equal(await verifierOf(whole).verify('x'.repeat(79)), false);
});

t.test('the signer key of Firebase is not stored, and must be the right one', async (t) => {
  const [text, withKey] = VECTORS.filter(([origin]) => origin.includes('Firebase')).map((vector) => vector[1]);
  const { stored } = verifierOf(text ?? '');
  t.match(stored, /^\$foreign\$\$fbscrypt\$v=1,n=14,r=8,p=1,ss=Bw==,sk256=[0-9a-f]{16}\$42xEC/);
  t.equal(verifierOf(withKey ?? '').stored, stored, 'it is left out if the hash has it');

  t.strictSame(hashesWith(undefined).accept(text ?? ''), { refusal: 'signer_key_missing' });
  t.strictSame(hashesWith(OTHER_KEY).accept(withKey ?? ''), { refusal: 'signer_key_differs' });
  t.strictSame(hashesWith(OTHER_KEY).accept(originalText(stored) ?? ''), { refusal: 'signer_key_differs' });
  t.strictSame(hashesWith(Buffer.alloc(32)).accept(text ?? ''), { refusal: 'signer_key_differs' }, 'of another length');

  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  for (const key of [undefined, OTHER_KEY]) {
    t.equal(createForeignHashes({ firebaseSignerKey: key, log }).find(stored), undefined);
  }
  t.strictSame(
    lines.map((line) => JSON.parse(line).key),
    ['missing', 'different'],
  );
  t.notMatch(lines.join(), '42xEC', 'no part of a hash is logged');
});

t.test('a hash that would take the machine down is refused, at the import and at a login', async (t) => {
  const b64 = (length: number) => Buffer.alloc(length, 1).toString('base64');
  const bare = (length: number) => b64(length).replaceAll('=', '');
  const argon2 = (m: number, time: number, p: number) =>
    `$argon2id$v=19$m=${m},t=${time},p=${p}$c29tZXNhbHQ$${bare(32)}`;
  const scrypt = (N: number, r: number, p: number) => `scrypt$${N}$salt$${r}$${p}$${b64(64)}`;
  const bcrypt = (cost: number) => `$2b$${cost}$${'a'.repeat(53)}`;
  const firebase = (n: number, r: number, p: number) => `$fbscrypt$v=1,n=${n},r=${r},p=${p},ss=Bw==$${FIREBASE_HASH}`;
  const pairs: [accepted: string, costly: string][] = [
    [`pbkdf2_sha256$3000000$salt$${b64(32)}`, `pbkdf2_sha256$3000001$salt$${b64(32)}`],
    [`pbkdf2_sha1$1500000$salt$${b64(20)}`, `pbkdf2_sha1$1500001$salt$${b64(20)}`],
    [argon2(139_264, 7, 1), argon2(139_265, 1, 1)],
    [argon2(65_536, 16, 1), argon2(65_536, 17, 1)],
    [argon2(65_536, 1, 16), argon2(65_536, 1, 17)],
    [scrypt(2 ** 17, 8, 1), scrypt(2 ** 18, 8, 1)],
    [scrypt(2 ** 14, 8, 16), scrypt(2 ** 14, 8, 17)],
    [scrypt(2, 8, 8), scrypt(2, 8, 999_999_999)],
    [bcrypt(14), bcrypt(15)],
    [bcrypt(10), bcrypt(31)],
    [`bcrypt_sha256$${bcrypt(14)}`, `bcrypt_sha256$${bcrypt(15)}`],
    [firebase(14, 8, 1), firebase(20, 8, 1)],
    [firebase(14, 8, 2), firebase(14, 8, 999_999)],
  ];
  for (const [accepted, costly] of pairs) {
    t.ok('stored' in hashes.accept(accepted), accepted);
    t.strictSame(hashes.accept(costly), { refusal: 'hash_too_costly' }, costly);
    t.equal(hashes.find(`$foreign$${costly}`), undefined, 'a row that was changed by hand is not verified either');
  }
});

t.test('the greatest accepted cost of scrypt can be computed', async (t) => {
  for (const cost of ['131072$salt$8$1', '2$salt$8$100000']) {
    const { verify } = verifierOf(`scrypt$${cost}$${Buffer.alloc(64, 1).toString('base64')}`);
    t.equal(await verify('password'), false);
  }
});

t.test('text that is not a supported hash is refused', async (t) => {
  const b64 = (length: number) => Buffer.alloc(length, 1).toString('base64');
  for (const text of [
    '',
    'password',
    '5f4dcc3b5aa765d61d8327deb882cf99',
    'md5$salt$0123456789abcdef0123456789abcdef',
    'sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8',
    '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
    '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
    '$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.',
    `pbkdf2_sha256$0$salt$${b64(32)}`,
    `pbkdf2_sha256$-1$salt$${b64(32)}`,
    `pbkdf2_sha256$01$salt$${b64(32)}`,
    `pbkdf2_sha256$1e5$salt$${b64(32)}`,
    `pbkdf2_sha256$9999999999$salt$${b64(32)}`,
    `pbkdf2_sha256$1000$$${b64(32)}`,
    `pbkdf2_sha256$1000$salt$${b64(20)}`,
    `pbkdf2_sha1$1000$salt$${b64(32)}`,
    `pbkdf2_sha512$1000$salt$${b64(64)}`,
    `pbkdf2_sha256$1000$salt$${b64(32)}\n`,
    `scrypt$16383$salt$8$1$${b64(64)}`,
    `scrypt$1$salt$8$1$${b64(64)}`,
    `scrypt$16384$salt$8$1$${b64(32)}`,
    `$2x$10$${'a'.repeat(53)}`,
    `$2b$03$${'a'.repeat(53)}`,
    `$2b$+4$${'a'.repeat(53)}`,
    `$2b$10$${'a'.repeat(52)}`,
    `bcrypt_sha256$2b$10$${'a'.repeat(53)}`,
    '$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=18$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    `${'0'.repeat(32)}:${'0'.repeat(127)}`,
    `${'0'.repeat(31)}:${'0'.repeat(128)}`,
    `$fbscrypt$v=2,n=14,r=8,p=1,ss=Bw==$${FIREBASE_HASH}`,
    `$fbscrypt$v=1,n=99,r=8,p=1,ss=Bw==$${FIREBASE_HASH}`,
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==$salt$aGFzaA==',
    '$foreign$password',
    `pbkdf2_sha256$1000$${'s'.repeat(10_000)}$${b64(32)}`,
  ]) {
    t.strictSame(hashes.accept(text), { refusal: 'hash_unknown' }, text);
    t.equal(hashes.find(`$foreign$${text}`), undefined);
  }
});

t.test('any text is read without an error, and any accepted one is verified without an error', async (t) => {
  const part = fc.constantFrom(
    '$',
    'argon2id',
    'v=19',
    'm=8,t=1,p=1',
    'AAAAAAAAAAAAAAAAAAAAAA',
    '2b',
    '04',
    ':',
    ',',
    'scrypt',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part).map((parts) => parts.join('')),
    fc
      .constantFrom(...VECTORS.map(([, hash]) => hash))
      .chain((hash) =>
        fc
          .tuple(fc.nat(hash.length), fc.string({ maxLength: 2 }))
          .map(([at, more]) => hash.slice(0, at) + more + hash.slice(at + 1)),
      ),
  );
  await fc.assert(
    fc.property(text, (each) => {
      const accepted = hashes.accept(each);
      if ('stored' in accepted && hashes.find(accepted.stored) === undefined) throw new Error(each);
    }),
  );
  // The library for argon2 throws for a hash that it cannot decode.
  let accepted = 0;
  for (let salt = 8; salt <= 90; salt += 1) {
    for (const last of ['A', 'B']) {
      const hash = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(salt - 1)}${last}$${'A'.repeat(Math.max(salt, 16) - 1)}${last}`;
      if ('refusal' in hashes.accept(hash)) continue;
      t.equal(await verifierOf(hash).verify('password'), false, hash);
      accepted += 1;
    }
  }
  t.ok(accepted > 20);
});
