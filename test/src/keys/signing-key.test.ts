// Signing keys and their encryption in isolation: thumbprints, round trips and damaged input.
import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { publish } from '#keys/decode-key-row.js';
import { createSeal } from '#keys/key-encryption.js';
import { generateKey, readPublicKey, readSigningKey, thumbprint } from '#keys/signing-key.js';
import { signingAlgorithms } from '#platform/config/signing-algorithms.js';

const SECRET = 'seal-Zq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eU';
const OTHER_SECRET = 'seal-Uq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eZ';
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

t.test('thumbprints match the examples of the RFCs, whatever other members the key has', async (t) => {
  // RFC 7638 section 3.1.
  const rsa = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
    alg: 'RS256',
    kid: '2011-04-29',
  };
  t.equal(thumbprint(rsa), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  t.equal(readPublicKey('RS256', rsa)?.kid, 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  // RFC 8037 appendix A.3.
  const ed25519 = { use: 'sig', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kty: 'OKP', crv: 'Ed25519' };
  t.equal(thumbprint(ed25519), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

for (const alg of signingAlgorithms) {
  t.test(`${alg}: a new key can be read back from its stored form, and not as another algorithm`, async (t) => {
    const made = await generateKey(alg);
    const read = readSigningKey(alg, made.privateKey);
    t.match(read, { kid: made.kid, alg, publicJwk: made.publicJwk });
    t.not((await generateKey(alg)).kid, made.kid, 'each key is different');
    for (const other of signingAlgorithms.filter((each) => each !== alg)) {
      t.equal(readSigningKey(other, made.privateKey), undefined, `not as ${other}`);
      t.equal(readPublicKey(other, made.publicJwk ?? null), undefined, `not as ${other}`);
    }
    if (alg === 'HS256') {
      t.equal(made.publicJwk, undefined);
      t.not(read, undefined);
      t.equal(publish(read === undefined ? [] : [read]).body, '{"keys":[]}', 'a shared secret is not published');
      return;
    }
    const stored = JSON.parse(JSON.stringify(made.publicJwk));
    const published = readPublicKey(alg, stored);
    t.strictSame(published?.publicJwk, stored);
    t.equal(published?.verificationKey, read?.verificationKey);
    t.match({ kid: thumbprint(stored), use: stored.use, alg: stored.alg }, { kid: made.kid, use: 'sig', alg });
  });
}

t.test('no kid looks like a command-line option', async (t) => {
  const keys = await Promise.all(Array.from({ length: 1000 }, () => generateKey('HS256')));
  t.strictSame(
    keys.filter(({ kid }) => kid.startsWith('-')),
    [],
  );
});

t.test('private members are never published, even if the row of the public key contains them', async (t) => {
  const pairs: [alg: 'ES256' | 'EdDSA' | 'RS256', key: JsonWebKey][] = [
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['EdDSA', generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })],
  ];
  for (const [alg, jwk] of pairs) {
    t.ok(jwk.d, `${alg}: there is a private member`);
    const key = readPublicKey(alg, { ...jwk, k: 'c2VjcmV0', use: 'enc', kid: 'mine', key_ops: ['sign'] });
    t.match(key?.publicJwk, { kid: thumbprint(jwk), use: 'sig', alg });
    const { keys } = JSON.parse(publish(key === undefined ? [] : [key]).body);
    t.strictSame(
      PRIVATE_MEMBERS.filter((name) => name in keys[0]),
      [],
      alg,
    );
    t.notMatch(key?.verificationKey, /PRIVATE/);
  }
});

t.test('keys of other algorithms are not read', async (t) => {
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
    for (const alg of signingAlgorithms) t.equal(readPublicKey(alg, value), undefined, `${what} as ${alg}`);
  }
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...signingAlgorithms), (value, alg) => {
      if (readPublicKey(alg, value) !== undefined) throw new Error('read');
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 31 }), fc.constantFrom(...signingAlgorithms), (bytes, alg) => {
      if (readSigningKey(alg, Buffer.from(bytes)) !== undefined) throw new Error('read');
    }),
  );
  t.equal(readSigningKey('HS256', Buffer.alloc(33)), undefined, 'a shared secret has 32 bytes');
  t.equal(readSigningKey('HS256', Buffer.alloc(0)), undefined);
});

const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const label = fc.string({ maxLength: 60 });

t.test('encrypted content can be decrypted only with the right secret and label', async () => {
  const seal = createSeal([SECRET]);
  fc.assert(
    fc.property(content, label, label, (bytes, mine, other) => {
      const sealed = seal.close(bytes, mine);
      const opened = seal.open(sealed, mine);
      if (!opened?.current || !opened.content.equals(bytes)) throw new Error('not opened');
      if (seal.close(bytes, mine).equals(sealed)) throw new Error('the same twice');
      if (other !== mine && seal.open(sealed, other) !== undefined) throw new Error('opened with another label');
      if (createSeal([OTHER_SECRET]).open(sealed, mine) !== undefined) throw new Error('opened with another secret');
    }),
  );
});

t.test('encrypted content that was changed, truncated or extended cannot be decrypted', async () => {
  const seal = createSeal([SECRET, OTHER_SECRET]);
  fc.assert(
    fc.property(content, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes, at, more) => {
      const sealed = seal.close(bytes, 'label');
      const bit = at % (sealed.length * 8);
      const flipped = Buffer.from(sealed);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      if (seal.open(flipped, 'label') !== undefined) throw new Error(`opened with bit ${bit} flipped`);
      if (seal.open(sealed.subarray(0, at % sealed.length), 'label') !== undefined) throw new Error('opened cut short');
      if (seal.open(sealed.subarray(1 + (at % sealed.length)), 'label') !== undefined)
        throw new Error('opened cut off');
      if (seal.open(Buffer.concat([sealed, more]), 'label') !== undefined) throw new Error('opened with more behind');
    }),
  );
});

t.test('the first secret encrypts, and every secret can decrypt', async (t) => {
  const sealed = createSeal([OTHER_SECRET]).close(Buffer.from('content'), 'label');
  const opened = createSeal([SECRET, OTHER_SECRET]).open(sealed, 'label');
  t.strictSame(opened, { content: Buffer.from('content'), current: false });
  const anew = createSeal([SECRET, OTHER_SECRET]).close(Buffer.from('content'), 'label');
  t.equal(createSeal([OTHER_SECRET]).open(anew, 'label'), undefined);
  t.strictSame(createSeal([SECRET]).open(anew, 'label'), { content: Buffer.from('content'), current: true });
  t.throws(() => createSeal([]));
});
