// Access tokens that must be rejected: forged, malformed, expired or for another audience, sent to GET /api/me/.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
} from 'node:crypto';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { type SigningAlgorithm, signingAlgorithms } from '#platform/config/signing-algorithms.js';
import { TEST_SECRET, testApp, testAppOn } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';

// A stopped clock an hour ahead, so that time bounds are exact and only this clock can decide.
const NOW = Math.floor(Date.now() / 1000) + 3600;
let now = NOW;

/** Members of a JSON object; `undefined` omits a member, and a Raw is inserted unchanged. */
type Members = Readonly<Record<string, unknown>>;
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function json(members: Members): string {
  const pairs = Object.entries(members).filter(([, value]) => value !== undefined);
  const texts = pairs.map(
    ([name, value]) => `${JSON.stringify(name)}:${value instanceof Raw ? value.text : JSON.stringify(value)}`,
  );
  return `{${texts.join()}}`;
}

const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const hmac = (input: string, key: string | Buffer, hash = 'sha256') =>
  createHmac(hash, key).update(input).digest('base64url');

const asymmetric = (key: KeyObject, hash: string | null) => (input: string) =>
  signWith(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

const HASHES: Readonly<Record<string, string>> = { HS384: 'sha384', HS512: 'sha512' };

/** Signs as the service does. */
const SIGN: Readonly<Record<SigningAlgorithm, (key: string) => (input: string) => string>> = {
  ES256: (key) => asymmetric(createPrivateKey(key), 'sha256'),
  EdDSA: (key) => asymmetric(createPrivateKey(key), null),
  RS256: (key) => asymmetric(createPrivateKey(key), 'sha256'),
  HS256: (key) => (input) => hmac(input, key),
};

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirKey = 'their-key-theirs-their-key-their';
const jwk = { kty: 'oct', k: base64url(theirKey), alg: 'HS256' };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const named = (what: string, values: readonly unknown[], make: (value: unknown) => string) =>
  values.map((value): [string, string] => [
    `${what} ${value instanceof Raw ? value.text : JSON.stringify(value)}`,
    make(value),
  ]);

for (const alg of signingAlgorithms) t.test(alg, (t) => suite(t, alg));

async function suite(t: Test, alg: SigningAlgorithm): Promise<void> {
  const env = { SIGNING_ALGORITHM: alg };
  const service = await testApp(t, { env, now: () => now * 1000 });
  const { inject, post } = service;
  await service.register();
  const pair = await service.login();
  const [goodHeader, goodClaims] = pair.access_token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  const [good1 = '', good2 = '', good3 = ''] = pair.access_token.split('.');
  const key = service.app.keys.current();
  const signOurs = SIGN[alg](key.signingKey);

  const me = (authorization: string) => inject({ method: 'GET', url: '/api/me/', headers: { authorization } });
  // Puts the token into the verification cache, from which similar tokens must not benefit.
  t.equal((await me(`Bearer ${pair.access_token}`)).statusCode, 200);

  /** A valid token with the given changes, signed with the service's key. */
  function forge({
    header = {},
    claims = {},
    payload,
  }: {
    header?: Members;
    claims?: Members;
    payload?: string;
  }): string {
    const body = payload ?? json({ ...goodClaims, ...claims });
    const input = `${base64url(json({ ...goodHeader, ...header }))}.${base64url(body)}`;
    return `${input}.${signOurs(input)}`;
  }

  /** The same with another signature. */
  function forgeWith(header: Members, signature: (input: string) => string): string {
    const input = `${base64url(json({ ...goodHeader, ...header }))}.${base64url(json(goodClaims))}`;
    return `${input}.${signature(input)}`;
  }

  /** The last letter has unused bits, so the same bytes have another spelling. */
  const respelled = good3.replace(/.$/, (last) => ALPHABET[ALPHABET.indexOf(last) ^ 1] ?? '');

  /** Algorithm confusion: the public key used as a secret, in all its forms (RFC 8725 section 2.1). */
  const confused = (): [string, string][] => {
    const publicKey = createPublicKey(key.verificationKey);
    const forms: readonly (string | Buffer)[] = [
      key.verificationKey,
      key.verificationKey.trim(),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
      JSON.stringify(key.publicJwk),
    ];
    return ['HS256', 'HS384', 'HS512', alg].flatMap((claimed) =>
      forms.map((form): [string, string] => [
        `${claimed} with the public key as its secret`,
        forgeWith({ alg: claimed }, (input) => hmac(input, form, HASHES[claimed])),
      ]),
    );
  };

  /** For a shared secret: another encoding and other hashes. */
  const secret = (): [string, string][] => [
    [
      'signed with the bytes of our key, which is its text',
      forgeWith({}, (input) => hmac(input, Buffer.from(key.signingKey, 'base64url'))),
    ],
    ['HS384 with our key', forgeWith({ alg: 'HS384' }, (input) => hmac(input, key.signingKey, 'sha384'))],
    ['HS512 with our key', forgeWith({ alg: 'HS512' }, (input) => hmac(input, key.signingKey, 'sha512'))],
  ];

  const hostile: readonly (readonly [what: string, token: string])[] = [
    // Algorithms and keys.
    ...['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined, 0, ['none'], ['HS256'], {}].flatMap((alg) =>
      ['', 'x', good3, hmac(`${good1}.${good2}`, '')].map((signature): [string, string] => [
        `alg ${JSON.stringify(alg)}, signature '${signature.slice(0, 3)}'`,
        forgeWith({ alg }, () => signature),
      ]),
    ),
    ['no signature', `${good1}.${good2}.`],
    ['no signature and no dot', `${good1}.${good2}`],
    ...named('signed with', ['', 'secret', TEST_SECRET, goodHeader.kid, theirKey], (key) =>
      forgeWith({}, (input) => hmac(input, String(key))),
    ),
    ...(alg === 'HS256' ? secret() : confused()),
    ['the algorithm in another case', forgeWith({ alg: changeCase(alg) }, signOurs)],
    ['ES256 with the kid of ours', forgeWith({ alg: 'ES256' }, asymmetric(ec.privateKey, 'sha256'))],
    ['EdDSA with the kid of ours', forgeWith({ alg: 'EdDSA' }, asymmetric(ed.privateKey, null))],
    ['RS256 with the kid of ours', forgeWith({ alg: 'RS256' }, asymmetric(rsa.privateKey, 'sha256'))],
    ...signingAlgorithms
      .filter((other) => other !== alg)
      .map((other): [string, string] => [`${other} and a signature of our key`, forgeWith({ alg: other }, signOurs)]),
    [
      'a signature in DER',
      forgeWith({}, (input) => signWith('sha256', Buffer.from(input), ec.privateKey).toString('base64url')),
    ],
    ...named(
      'kid',
      [
        undefined,
        null,
        '',
        0,
        true,
        {},
        [goodHeader.kid],
        'unknown',
        `${goodHeader.kid} `,
        `${goodHeader.kid}\0`,
        goodHeader.kid.toLowerCase(),
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        '../../../../../../dev/null',
        "' or 1=1 --",
        'https://example.com/key',
        'x'.repeat(8000),
      ],
      (kid) => forge({ header: { kid } }),
    ),
    ['a key in the header', forgeWith({ jwk }, (input) => hmac(input, theirKey))],
    ['a key in the header, without kid', forgeWith({ jwk, kid: undefined }, (input) => hmac(input, theirKey))],
    [
      'an EC key in the header',
      forgeWith({ alg: 'ES256', jwk: ec.publicKey.export({ format: 'jwk' }) }, asymmetric(ec.privateKey, 'sha256')),
    ],
    ...['jku', 'x5u'].map((name): [string, string] => [
      `a key at the URL in ${name}`,
      forgeWith({ [name]: 'http://127.0.0.1:9/keys.json', kid: 'theirs' }, (input) => hmac(input, theirKey)),
    ]),
    ['a certificate in the header', forgeWith({ x5c: [base64url('certificate')] }, (input) => hmac(input, theirKey))],
    ...named('crit', [['exp'], ['b64'], ['x'], [], 'x', ['alg'], [1], {}, true], (crit) =>
      forge({ header: { crit, x: 1, b64: false } }),
    ),
    ...named('typ', [undefined, null, '', 'JWT', 'jwt', 'rt+jwt', 'at+jwt+x', 'at', 1, ['at+jwt']], (typ) =>
      forge({ header: { typ } }),
    ),
    // Times, in seconds of the clock above.
    ...named(
      'exp',
      [
        undefined,
        null,
        '',
        String(NOW + 30),
        true,
        [NOW + 30],
        {},
        NOW + 0.5,
        new Raw('1e400'),
        new Raw('-1e400'),
        new Raw('1e15'),
        -1,
        0,
        -NOW,
        NOW - 3600 * 24,
        NOW - 1,
        NOW,
      ],
      (exp) => forge({ claims: { exp } }),
    ),
    ...named(
      'iat',
      [
        undefined,
        null,
        '',
        String(NOW),
        true,
        [NOW],
        {},
        NOW + 0.5,
        new Raw('1e400'),
        new Raw('-1e400'),
        NOW + 61,
        NOW + 3600,
        -1,
        0,
        NOW + 30 - 86_401,
      ],
      (iat) => forge({ claims: { iat } }),
    ),
    ['exp a day and a second after iat', forge({ claims: { iat: NOW, exp: NOW + 86_401 } })],
    ['nbf in the future', forge({ claims: { nbf: NOW + 3600 * 24 } })],
    // Issuer, audience, user and session.
    ...named(
      'iss',
      [undefined, null, '', 'Latchkey', 'latchkey ', 'latchkey.example.com', ['latchkey'], [], {}, true, 0],
      (iss) => forge({ claims: { iss } }),
    ),
    ...named('aud', [undefined, null, '', 'LATCHKEY', 'other', ['other'], [], {}, true, 0], (aud) =>
      forge({ claims: { aud } }),
    ),
    ...named('sub', [undefined, null, '', '2', 1, ['1'], ' 1', '01', '1.0'], (sub) => forge({ claims: { sub } })),
    ...named('user_id', [undefined, null, '1', 1.5, 2, [1], true, {}], (id) => forge({ claims: { user_id: id } })),
    ...named('user_id and sub', [0, -1, 2 ** 31, 2 ** 53, new Raw('1e400')], (id) =>
      forge({ claims: { user_id: id, sub: String(id instanceof Raw ? Number(id.text) : id) } }),
    ),
    ...named('sid', [undefined, null, '', 'x', '-1', '1.5', '1e3', {}, []], (sid) => forge({ claims: { sid } })),
    // Malformed tokens.
    ...named(
      'payload',
      ['', 'null', '1', '"text"', 'true', '[]', '[{}]', '{', '{}', '{}{}', 'x', `[${json(goodClaims)}]`],
      (payload) => forge({ payload: String(payload) }),
    ),
    ['a truncated payload', `${good1}.${good2.slice(0, -1)}.${good3}`],
    ['the payload of another', `${good1}.${base64url(json({ ...goodClaims, user_id: 2, sub: '2' }))}.${good3}`],
    ['the same signature in another spelling', `${good1}.${good2}.${respelled}`],
    ['a padded signature', `${pair.access_token}=`],
    ['a signature with a letter too many', `${pair.access_token}A`],
    ['a signature of other bytes', `${good1}.${good2}.${good3.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`],
    ...[1, 3, 11]
      .map((cut) => good3.length - cut)
      .map((length): [string, string] => [
        `a signature cut to ${length}`,
        `${good1}.${good2}.${good3.slice(0, length)}`,
      ]),
    ['a dot too many', `${pair.access_token}.`],
    ['a leading dot', `.${pair.access_token}`],
    ['five parts', `${pair.access_token}.${good2}.${good3}`],
    ...['.', '..', '...', 'x', 'x.y', 'x.y.z', 'null', 'undefined', '{}', '%00', 'x'.repeat(8000)].map(
      (text): [string, string] => [`'${text.slice(0, 20)}'`, text],
    ),
    ['a refresh token', pair.refresh_token],
  ];

  /** Other schemes get a challenge without an error. */
  const otherSchemes = [
    'Basic dXNlcjpwYXNzd29yZA==',
    `Token ${pair.access_token}`,
    pair.access_token,
    `Bearer_${pair.access_token}`,
  ];

  async function isRefused(t: Test): Promise<void> {
    for (const [what, token] of hostile) isProblem(t, await me(`Bearer ${token}`), 'invalid_token', what);
    for (const value of ['Bearer', 'Bearer ', `Bearer ${pair.access_token} x`])
      isProblem(t, await me(value), 'invalid_token', value);
    for (const value of otherSchemes) isProblem(t, await me(value), 'missing_token', value);
    isProblem(t, await inject({ method: 'GET', url: '/api/me/' }), 'missing_token', 'no Authorization');
  }

  await t.test('a valid token built by the same helper is accepted', async (t) => {
    const right = {
      unchanged: forge({}),
      'that ends in a second': forge({ claims: { exp: NOW + 1 } }),
      'that lives a day': forge({ claims: { iat: NOW, exp: NOW + 86_400 } }),
      'of a clock that is 10 s ahead': forge({ claims: { iat: NOW + 10, exp: NOW + 40 } }),
      'of a clock that is 60 s ahead': forge({ claims: { iat: NOW + 60, exp: NOW + 90 } }),
      'with a claim that we do not know': forge({ claims: { admin: true, roles: ['x'] } }),
      'for several, us among them (RFC 7519 section 4.1.3)': forge({ claims: { aud: ['other', 'latchkey'] } }),
      'typed in full (RFC 9068 section 2.1)': forge({ header: { typ: 'application/at+jwt' } }),
    };
    for (const [what, token] of Object.entries(right)) t.equal((await me(`Bearer ${token}`)).statusCode, 200, what);
    t.equal((await me(`bearer ${forge({})}`)).statusCode, 200, 'a scheme has no letter case (RFC 9110 section 11.1)');
  });

  await t.test('anything but a valid token is rejected', isRefused);

  await t.test('a token expires exactly at `exp`', async (t) => {
    t.teardown(() => {
      now = NOW;
    });
    now = NOW + 29;
    t.equal((await me(`Bearer ${pair.access_token}`)).statusCode, 200);
    now = NOW + 30;
    isProblem(t, await me(`Bearer ${pair.access_token}`), 'invalid_token', 'it has expired');
  });

  await t.test('a token of another issuer or for another audience with the same secret is rejected', async (t) => {
    for (const changed of [{ ISSUER: 'https://auth.example.com' }, { AUDIENCE: 'https://api.example.com' }]) {
      const other = await testAppOn(t, service.databaseUrl, { env: { ...env, ...changed }, now: () => now * 1000 });
      const theirs = await other.login();
      t.equal((await other.me(theirs.access_token)).statusCode, 200);
      isProblem(t, await other.me(pair.access_token), 'invalid_token', 'this token there');
      isProblem(t, await me(`Bearer ${theirs.access_token}`), 'invalid_token', 'that token here');
    }
  });

  await t.test('an access token is not accepted as a refresh token', async (t) => {
    for (const url of ['/api/refresh/', '/api/logout/']) {
      isProblem(t, await post(url, { refresh_token: pair.access_token }), 'validation_failed', url);
    }
  });

  await t.test('a token is read from the Authorization header only', async (t) => {
    const answer = await inject({
      method: 'GET',
      url: `/api/me/?access_token=${pair.access_token}&token=${pair.access_token}`,
      headers: {
        cookie: `token=${pair.access_token}; access_token=${pair.access_token}`,
        'x-access-token': pair.access_token,
      },
    });
    isProblem(t, answer, 'missing_token', 'in other places');
  });

  await t.test('no token is ever logged', async (t) => {
    const log = JSON.stringify(service.logLines());
    for (const part of [good2, good3, pair.refresh_token]) t.notOk(log.includes(part));
  });

  // Last: nothing works after it.
  await t.test('tokens are rejected without the database', async (t) => {
    const { TEST_DATABASE_URL: server = '' } = process.env;
    const admin = postgres(server, { max: 1, onnotice: () => {} });
    t.teardown(() => admin.end());
    await admin.unsafe(`drop database ${new URL(service.databaseUrl).pathname.slice(1)} with (force)`);
    await isRefused(t);
    t.ok(
      (await me(`Bearer ${forge({})}`)).statusCode >= 500,
      'control: a valid token passes the guard and then needs the database',
    );
  });
}

const changeCase = (text: string) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());
