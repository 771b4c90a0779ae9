// Signing keys and their encryption: thumbprints, round trips, and damaged input.
import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import fc from 'fast-check';
import { calculateJwkThumbprint, type JWK } from 'jose';
import t from 'tap';
import { createKeySet } from '#keys/decode-key-row.js';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { generateKey, readPublicKey, readSigningKey } from '#keys/signing-key.js';
import { signingAlgorithms } from '#platform/config/signing-algorithms.js';

const SECRET = 'encr-Zq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eU';
const OTHER_SECRET = 'encr-Uq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eZ';
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

t.test('a kid is the thumbprint of the standards, whatever other members the key has', async (t) => {
  // RFC 7638 section 3.1.
  const rsa = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
    alg: 'RS256',
    kid: '2011-04-29',
  };
  t.equal((await readPublicKey('RS256', rsa))?.kid, 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  // RFC 8037 appendix A.3.
  const ed25519 = { use: 'sig', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kty: 'OKP', crv: 'Ed25519' };
  t.equal((await readPublicKey('EdDSA', ed25519))?.kid, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

for (const alg of signingAlgorithms) {
  t.test(`${alg}: a new key is read back from its stored form, and not as another algorithm`, async (t) => {
    const made = await generateKey(alg);
    const read = await readSigningKey(alg, made.privateKey);
    t.match(read, { kid: made.kid, alg, publicJwk: made.publicJwk });
    t.not((await generateKey(alg)).kid, made.kid, 'each key is different');
    for (const other of signingAlgorithms.filter((each) => each !== alg)) {
      t.equal(await readSigningKey(other, made.privateKey), undefined, `not as ${other}`);
      t.equal(await readPublicKey(other, made.publicJwk ?? null), undefined, `not as ${other}`);
    }
    if (alg === 'HS256') {
      t.equal(made.publicJwk, undefined);
      t.not(read, undefined);
      t.equal(createKeySet(read === undefined ? [] : [read]).body, '{"keys":[]}', 'a shared secret is not published');
      return;
    }
    const stored = JSON.parse(JSON.stringify(made.publicJwk));
    const published = await readPublicKey(alg, stored);
    t.strictSame(published?.publicJwk, stored);
    t.equal(published?.verificationKey, read?.verificationKey);
    t.match(
      { kid: await calculateJwkThumbprint(stored), use: stored.use, alg: stored.alg },
      { kid: made.kid, use: 'sig', alg },
    );
  });
}

t.test('no kid begins like a command line option', async (t) => {
  const keys = await Promise.all(Array.from({ length: 1000 }, () => generateKey('HS256')));
  t.strictSame(
    keys.filter(({ kid }) => kid.startsWith('-')),
    [],
  );
});

t.test('private members are not published, even if they are in the stored public key', async (t) => {
  const pairs: [alg: 'ES256' | 'EdDSA' | 'RS256', key: JsonWebKey][] = [
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['EdDSA', generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })],
  ];
  for (const [alg, jwk] of pairs) {
    t.ok(jwk.d, `${alg}: there is something to hide`);
    const key = await readPublicKey(alg, { ...jwk, k: 'c2VjcmV0', use: 'enc', kid: 'mine', key_ops: ['sign'] });
    t.match(key?.publicJwk, { kid: await calculateJwkThumbprint(jwk as JWK), use: 'sig', alg });
    const { keys } = JSON.parse(createKeySet(key === undefined ? [] : [key]).body);
    t.strictSame(
      PRIVATE_MEMBERS.filter((name) => name in keys[0]),
      [],
      alg,
    );
    t.notMatch(key?.verificationKey, /PRIVATE/);
  }
});

t.test('keys of unsupported algorithms are not read', async (t) => {
  const jwk = (pair: { publicKey: { export(options: { format: 'jwk' }): JsonWebKey } }) =>
    pair.publicKey.export({ format: 'jwk' });
  const others: Record<string, unknown> = {
    'P-384': jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
    secp256k1: jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
    Ed448: jwk(generateKeyPairSync('ed448')),
    X25519: jwk(generateKeyPairSync('x25519')),
    'RSA of 1024 bits': jwk(generateKeyPairSync('rsa', { modulusLength: 1024 })),
    'a shared secret': { kty: 'oct', k: 'c2VjcmV0' },
    'a point that is not on the curve': { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' },
  };
  for (const [what, value] of Object.entries(others)) {
    for (const alg of signingAlgorithms) t.equal(await readPublicKey(alg, value), undefined, `${what} as ${alg}`);
  }
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...signingAlgorithms), async (value, alg) => {
      if ((await readPublicKey(alg, value)) !== undefined) throw new Error('read');
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 31 }), fc.constantFrom(...signingAlgorithms), async (bytes, alg) => {
      if ((await readSigningKey(alg, Buffer.from(bytes))) !== undefined) throw new Error('read');
    }),
  );
  t.equal(await readSigningKey('HS256', Buffer.alloc(33)), undefined, 'a shared secret has 32 bytes');
  t.equal(await readSigningKey('HS256', Buffer.alloc(0)), undefined);
});

const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const label = fc.string({ maxLength: 60 });

t.test('an encrypted value decrypts only with the same secret and the same associated data', async () => {
  const encryption = createKeyEncryption([SECRET]);
  fc.assert(
    fc.property(content, label, label, (bytes, mine, other) => {
      const encrypted = encryption.encrypt(bytes, mine);
      const decrypted = encryption.decrypt(encrypted, mine);
      if (!decrypted?.isCurrent || !decrypted.plaintext.equals(bytes)) throw new Error('not decrypted');
      if (encryption.encrypt(bytes, mine).equals(encrypted)) throw new Error('the same twice');
      if (other !== mine && encryption.decrypt(encrypted, other) !== undefined)
        throw new Error('decrypted with other associated data');
      if (createKeyEncryption([OTHER_SECRET]).decrypt(encrypted, mine) !== undefined)
        throw new Error('decrypted with another secret');
    }),
  );
});

t.test('an encrypted value with a bit flipped, truncated or extended does not decrypt', async () => {
  const encryption = createKeyEncryption([SECRET, OTHER_SECRET]);
  fc.assert(
    fc.property(content, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes, at, more) => {
      const encrypted = encryption.encrypt(bytes, 'label');
      const bit = at % (encrypted.length * 8);
      const flipped = Buffer.from(encrypted);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      if (encryption.decrypt(flipped, 'label') !== undefined) throw new Error(`decrypted with bit ${bit} flipped`);
      if (encryption.decrypt(encrypted.subarray(0, at % encrypted.length), 'label') !== undefined)
        throw new Error('decrypted although truncated at the end');
      if (encryption.decrypt(encrypted.subarray(1 + (at % encrypted.length)), 'label') !== undefined)
        throw new Error('decrypted although truncated at the start');
      if (encryption.decrypt(Buffer.concat([encrypted, more]), 'label') !== undefined)
        throw new Error('decrypted with bytes appended');
    }),
  );
});

t.test('the first secret encrypts, and every secret decrypts', async (t) => {
  const encrypted = createKeyEncryption([OTHER_SECRET]).encrypt(Buffer.from('content'), 'label');
  const decrypted = createKeyEncryption([SECRET, OTHER_SECRET]).decrypt(encrypted, 'label');
  t.strictSame(decrypted, { plaintext: Buffer.from('content'), isCurrent: false });
  const anew = createKeyEncryption([SECRET, OTHER_SECRET]).encrypt(Buffer.from('content'), 'label');
  t.equal(createKeyEncryption([OTHER_SECRET]).decrypt(anew, 'label'), undefined);
  t.strictSame(createKeyEncryption([SECRET]).decrypt(anew, 'label'), {
    plaintext: Buffer.from('content'),
    isCurrent: true,
  });
  t.throws(() => createKeyEncryption([]));
});
