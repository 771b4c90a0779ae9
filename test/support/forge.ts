// Access tokens that every verifier should refuse, some of them signed with the service's own key.
import { createHmac, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { canSign, decodeKeyRow } from '#keys/decode-key-row.js';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { createSigningKeysRepository } from '#keys/repository.js';
import { connect } from '#platform/database/database.js';
import { TEST_SECRET } from './app.js';

/** The key with which the service on this database signs. */
async function activeKey(databaseUrl: string) {
  const { db, close } = connect({ url: databaseUrl, poolSize: 1, transactionPooler: false, deadline: 10_000 });
  try {
    const rows = await createSigningKeysRepository(db).findAll();
    const row = rows.find(({ state }) => state === 'active');
    const read = row && (await decodeKeyRow(row, createKeyEncryption([TEST_SECRET])));
    if (read === undefined || !('key' in read) || !canSign(read.key)) throw new Error('no active signing key');
    return read.key;
  } finally {
    await close();
  }
}

/** Invalid tokens by their defect; otherwise each is like `good`, a token of the service with ES256 keys. */
export async function forgeries(databaseUrl: string, good: string, attackerUrl: string): Promise<Map<string, string>> {
  const { kid, alg, signingKey, verificationKey, publicJwk } = await activeKey(databaseUrl);
  const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.');
  const claims: JWTPayload = JSON.parse(Buffer.from(goodPayload, 'base64url').toString());
  const header: JWTHeaderParameters = { alg, kid, typ: 'at+jwt' };
  const own = createPrivateKey(signingKey);
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const strangerJwk = await exportJWK(stranger.publicKey);

  const sign = (payload: JWTPayload, more: Partial<JWTHeaderParameters> = {}, key = own) =>
    new SignJWT(payload).setProtectedHeader({ ...header, ...more }).sign(key);
  const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const hmac = (secret: string) => {
    const signed = `${encode({ ...header, alg: 'HS256' })}.${goodPayload}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const now = Math.floor(Date.now() / 1000);

  return new Map([
    // The page allows a leeway of 5 seconds.
    ['expired', await sign({ ...claims, exp: now - 6 })],
    ['without an expiry', await sign(without('exp'))],
    ['of another issuer', await sign({ ...claims, iss: 'https://elsewhere.example' })],
    ['of an issuer that begins with the right one', await sign({ ...claims, iss: `${claims.iss}.elsewhere.example` })],
    ['without an issuer', await sign(without('iss'))],
    ['for another audience', await sign({ ...claims, aud: 'https://elsewhere.example' })],
    ['without an audience', await sign(without('aud'))],
    ['of another type', await sign(claims, { typ: 'JWT' })],
    ['signed by a stranger', await sign(claims, {}, stranger.privateKey)],
    ["signed by a stranger, with the stranger's key", await sign(claims, { jwk: strangerJwk }, stranger.privateKey)],
    ['signed by a stranger, with a URL of keys', await sign(claims, { jku: attackerUrl }, stranger.privateKey)],
    ['with an unknown kid', await sign(claims, { kid: 'unknown' }, stranger.privateKey)],
    ['with a kid that is a URL', await sign(claims, { kid: attackerUrl }, stranger.privateKey)],
    ['with alg none', `${encode({ ...header, alg: 'none' })}.${goodPayload}.`],
    ['with alg none and a signature', `${encode({ ...header, alg: 'none' })}.${goodPayload}.${goodSignature}`],
    ['HS256 with the public key in PEM', hmac(verificationKey)],
    ['HS256 with the public key as a JWK', hmac(JSON.stringify(publicJwk))],
    ['of another user', `${goodHeader}.${encode({ ...claims, user_id: 2, sub: '2' })}.${goodSignature}`],
    ['without a signature', `${goodHeader}.${goodPayload}.`],
    ['garbage', 'garbage'],
    ['garbage in three parts', 'a.b.c'],
    ['a refresh token', '52d7bdaa-13c8-49b8-b4e5-5a08f9a4e2d1'],
  ]);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
