// The key set with its cache validators, and the discovery documents.
import { createHash } from 'node:crypto';
import t, { type Test } from 'tap';
import { issuerMetadata } from '#tokens/metadata.js';
import { testApp } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { ageKeys, keyRows } from '../../support/keys.js';
import { rowsOf } from '../../support/rows.js';
import { startService } from '../../support/service.js';

const JWKS = '/.well-known/jwks.json';
const DISCOVERY = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

const service = await testApp(t);
const { inject } = service;
const rows = rowsOf(t, service.databaseUrl);
const get = (url: string, headers: Record<string, string> = {}) => inject({ method: 'GET', url, headers });

t.test('the key set follows RFC 7517 and can be cached for five minutes', async (t) => {
  const answer = await get(JWKS);
  t.equal(answer.statusCode, 200);
  t.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  t.equal(answer.headers.vary, 'Accept');
  for (const [accept, type] of [
    ['application/jwk-set+json', 'application/jwk-set+json'],
    ['application/json, application/jwk-set+json', 'application/json'],
    ['application/jwk-set+json, application/json;q=0.5', 'application/json'],
    ['application/jwk-set+json, */*', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
  ] as const) {
    const { app } = service;
    t.equal(
      (await app.inject({ url: JWKS, headers: { accept } })).headers['content-type'],
      `${type}; charset=utf-8`,
      accept,
    );
  }
  t.equal(answer.headers['cache-control'], 'public, max-age=300');
  t.equal(answer.headers.etag, `"${createHash('sha256').update(answer.body).digest('base64url')}"`);
  t.equal(answer.headers['content-length'], String(Buffer.byteLength(answer.body)));
  t.strictSame(
    answer.json(),
    { keys: (await keyRows(rows)).map(({ public_jwk: jwk }) => jwk) },
    'the active key and the next one, as stored',
  );
  for (const key of answer.json().keys) {
    t.match(key, { kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: /^[\w-]{43}$/ });
    t.strictSame(Object.keys(key), ['kty', 'crv', 'x', 'y', 'use', 'alg', 'kid']);
  }
  t.equal((await get(`${JWKS}/`)).body, answer.body, 'also with a slash');
});

t.test('a client with the current key set gets 304, with every form of If-None-Match', async (t) => {
  const { headers } = await get(JWKS);
  const etag = String(headers.etag);
  const fresh = [etag, `W/${etag}`, '*', `"other", ${etag}`, `"other",W/${etag} , "third"`, ` ${etag} `, ` * `];
  for (const value of fresh) {
    const answer = await get(JWKS, { 'if-none-match': value });
    t.equal(answer.statusCode, 304, value);
    t.equal(answer.body, '');
    t.equal(answer.headers.etag, etag, value);
    t.equal(answer.headers['cache-control'], 'public, max-age=300', value);
    t.notOk('content-type' in answer.headers);
  }
  const stale = [
    '"other"',
    '',
    etag.slice(1, -1),
    `"${etag}"`,
    `w/${etag}`,
    etag.toLowerCase(),
    `${etag}x`,
    ',',
    '"*"',
  ];
  for (const value of stale) t.equal((await get(JWKS, { 'if-none-match': value })).statusCode, 200, value);
});

t.test('HEAD returns the same as GET, without the body', async (t) => {
  for (const url of [JWKS, ...DISCOVERY]) {
    const { headers } = await get(url);
    const head = await inject({ method: 'HEAD', url });
    t.equal(head.statusCode, 200);
    t.equal(head.body, '');
    for (const name of ['content-type', 'content-length', 'cache-control', 'etag']) {
      t.equal(head.headers[name], headers[name], `${url} ${name}`);
    }
  }
  for (const url of [JWKS, ...DISCOVERY]) {
    const { headers } = await get(url);
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await inject({ method, url, headers: { 'if-none-match': String(headers.etag) } });
      t.equal(answer.statusCode, 304, `${method} ${url}`);
      t.equal(answer.headers['content-length'], undefined, `${method} ${url}: the document is not empty`);
      t.equal(answer.headers.etag, headers.etag);
      t.equal(answer.headers['cache-control'], headers['cache-control']);
    }
    t.equal((await get(url, { 'if-none-match': '"other"' })).statusCode, 200, url);
  }
});

t.test('the entity tag changes with the keys', async (t) => {
  const before = await get(JWKS);
  await ageKeys(rows, 90 * 86_400);
  await service.app.keys.reload();
  const after = await get(JWKS, { 'if-none-match': String(before.headers.etag) });
  t.equal(after.statusCode, 200);
  t.not(after.headers.etag, before.headers.etag);
  t.equal(after.json().keys.length, 3);
});

t.test('another site cannot read it through a browser', async (t) => {
  for (const url of [JWKS, ...DISCOVERY]) {
    const { headers } = await get(url, { origin: 'https://evil.example', cookie: 'a=b' });
    t.equal(headers['access-control-allow-credentials'], undefined);
    t.equal(headers['set-cookie'], undefined);
  }
});

/** Asserts that both documents are the same and returns one. */
async function discovery(t: Test, ask: (url: string) => Promise<{ statusCode: number; body: string }>) {
  const [one, two] = await Promise.all(DISCOVERY.map(ask));
  t.equal(one?.statusCode, 200);
  t.equal(one?.body, two?.body);
  return JSON.parse(one?.body ?? '');
}

t.test('the discovery documents name the issuer and the URL of the key set', async (t) => {
  for (const [issuer, base] of [
    ['https://auth.example.com', 'https://auth.example.com'],
    ['https://auth.example.com/', 'https://auth.example.com'],
    ['https://example.com/auth', 'https://example.com/auth'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['latchkey', 'http://localhost:1'],
    ['auth.example.com', 'http://localhost:1'],
    ['ftp://auth.example.com', 'http://localhost:1'],
  ] as const) {
    t.strictSame(
      issuerMetadata(issuer, 'http://localhost:1'),
      // The issuer unchanged, because verifiers compare it with `iss`.
      { issuer, jwks_uri: `${base}/.well-known/jwks.json`, service_documentation: `${base}/docs/` },
      issuer,
    );
  }
  t.strictSame(
    issuerMetadata('https://issuer.example.com', 'http://localhost:1', 'https://www.example.com/auth'),
    {
      issuer: 'https://issuer.example.com',
      jwks_uri: 'https://www.example.com/auth/.well-known/jwks.json',
      service_documentation: 'https://www.example.com/auth/docs/',
    },
    'PUBLIC_URL determines the addresses, and the issuer is only a name',
  );
  const issuer = 'https://auth.example.com/';
  const other = await testApp(t, { env: { ISSUER: issuer } });
  const document = await discovery(t, (url) => other.inject({ method: 'GET', url }));
  t.strictSame(document, issuerMetadata(issuer, 'http://localhost:1'));
  const { headers } = await get(DISCOVERY[0] ?? '');
  t.equal(headers['cache-control'], 'public, max-age=3600');
  t.match(headers['content-type'], /^application\/json/);
});

t.test('the Host header of a request does not affect the documents', async (t) => {
  const honest = await discovery(t, (url) => get(url));
  const lies = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '444',
    'x-forwarded-prefix': '/evil',
    forwarded: 'host=evil.example;proto=https',
    'x-original-url': 'https://evil.example/',
  };
  t.strictSame(await discovery(t, (url) => get(url, lies)), honest);
  const trusting = await testApp(t, { env: { TRUST_PROXY: '127.0.0.1', ISSUER: 'https://auth.example.com' } });
  const document = await discovery(t, (url) => trusting.inject({ method: 'GET', url, headers: lies }));
  t.equal(document.jwks_uri, 'https://auth.example.com/.well-known/jwks.json', 'also not from a trusted proxy');
});

t.test('without an issuer URL, the documents name this machine and its port', async (t) => {
  const running = await startService(t, await testDatabase(t));
  const document = await discovery(t, (url) => running.call('GET', url, { headers: { host: 'evil.example:1' } }));
  t.match(document, { issuer: 'latchkey', jwks_uri: /^http:\/\/[\w.]+:\d+\/\.well-known\/jwks\.json$/ });
  const { hostname, port, pathname } = new URL(document.jwks_uri);
  t.equal(port, String(running.port));
  t.ok(['localhost', '127.0.0.1'].includes(hostname), hostname);
  const { keys } = JSON.parse((await running.call('GET', pathname)).body);
  t.equal(keys.length, 2, 'the keys are there');
});
