// The examples of docs/verify-tokens.md verify tokens of the real service, also across a key rotation.
import { jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { users } from '#drizzle/schema.js';
import { connect } from '#platform/database/database.js';
import { registry } from '#settings/registry.js';
import {
  type Arrived,
  AUDIENCE,
  importSnippet,
  nginxMissing,
  PAGE,
  PAGE_ISSUER,
  pyjwtMissing,
  simplejwtMissing,
  snippet,
  startFront,
  startJose,
  startNginx,
  startPyjwt,
  startSimplejwt,
  type Verify,
} from '../support/consumers.js';
import { testDatabase } from '../support/database.js';
import { forgeries } from '../support/forge.js';
import { matchAll } from '../support/match.js';
import { codeBlocks, tables } from '../support/page.js';
import { runCommand, serviceEnvironment, startService, tokensOf } from '../support/service.js';
import { until } from '../support/until.js';

const KEY_SET = '/.well-known/jwks.json';

interface Verifier {
  readonly name: string;
  readonly missing: string | false;
  readonly start: (t: Test, environment: Environment) => Promise<Verify>;
  /** When it fetches the key set: for an unknown `kid` some libraries fetch it again. */
  readonly fetches: 'never' | 'once' | 'for each unknown kid';
}

const VERIFIERS: readonly Verifier[] = [
  { name: 'jose', missing: false, start: (t, { issuer }) => startJose(t, issuer), fetches: 'once' },
  {
    name: 'PyJWT',
    missing: pyjwtMissing,
    start: (t, { issuer }) => startPyjwt(t, issuer),
    fetches: 'for each unknown kid',
  },
  {
    name: 'simplejwt',
    missing: simplejwtMissing,
    start: (t, { issuer }) => startSimplejwt(t, issuer),
    fetches: 'for each unknown kid',
  },
  {
    name: 'nginx',
    missing: nginxMissing,
    start: async (t, { service }) => (await startNginx(t, service.port)).verify,
    fetches: 'never',
  },
];

// Shared by all tests, since a start takes longer than most of them; the last test stops it.
const environment = await start(t);

t.test('every verifier accepts valid tokens only, before and after a key rotation', async (t) => {
  const { front, service, login, cli, userId } = environment;
  const first = await login();
  const bad = await forgeries(environment.databaseUrl, first, `${front.url}/attacker.json`);
  const running = new Map<string, Verify>();

  for (const { name, missing, start, fetches } of VERIFIERS) {
    await t.test(`${name} accepts a valid token and no other`, { skip: missing }, async (test) => {
      const before = front.paths().length;
      const verify = await start(t, environment);
      running.set(name, verify);
      test.strictSame(await verify(first), { userId }, 'a valid token');
      for (const [what, token] of bad) test.equal(await verify(token), 'refused', `a token ${what}`);
      test.strictSame(await verify(first), { userId }, 'a valid token again');

      const asked = front.paths().slice(before);
      test.notOk(asked.includes('/attacker.json'), 'no URL in a token is fetched');
      const unknownKids = ['with an unknown kid', 'with a kid that is a URL'].filter((what) => bad.has(what)).length;
      const expected = { never: 0, once: 1, 'for each unknown kid': 1 + unknownKids }[fetches];
      test.equal(asked.filter((path) => path === KEY_SET).length, expected, 'the key set is cached as the page says');
    });
  }

  await cli('keys', 'rotate', '--now');
  const second = await until('the next key signs', async () => {
    const token = await login();
    return kidOf(token) !== kidOf(first) && token;
  });
  for (const [name, verify] of running) {
    t.strictSame(await verify(second), { userId }, `${name}: a token of the new key is valid without a restart`);
    t.strictSame(await verify(first), { userId }, `${name}: a token of the old key is still valid`);
  }

  await cli('keys', 'retire', kidOf(first));
  const isRefused = async () => (await service.call('GET', '/api/verify/', bearer(first))).statusCode === 401;
  await until('the service has dropped the key', isRefused);
  t.strictSame(
    await running.get('jose')?.(first),
    { userId },
    'a verifier with a cached key set still accepts it, as the page says',
  );
  if (!nginxMissing)
    t.equal(await running.get('nginx')?.(first), 'refused', 'a proxy that asks the service refuses it at once');
  for (const [name, verify] of running)
    t.strictSame(await verify(second), { userId }, `${name}: tokens of the other key are valid`);
});

t.test('discovery leads from the issuer to the keys, at both of its addresses', async (t) => {
  const { issuer, login, userId } = environment;
  const source = snippet('js', 1, issuer);
  // By default the library requires https.
  const insecure = source
    .replace('{ discoveryRequest,', '{ allowInsecureRequests, discoveryRequest,')
    .replace("{ algorithm: 'oauth2' }", "{ algorithm: 'oauth2', [allowInsecureRequests]: true }");
  t.not(insecure, source);
  for (const algorithm of ['oauth2', 'oidc']) {
    const { keys } = await importSnippet(t, insecure.replace("'oauth2'", `'${algorithm}'`));
    const { payload } = await jwtVerify(await login(), keys as Parameters<typeof jwtVerify>[1], { issuer });
    t.equal(payload.user_id, userId, algorithm);
  }
});

t.test('a library that requires client_id rejects the token, as the page says', async (t) => {
  const { issuer, login } = environment;
  const insecure = { [oauth.allowInsecureRequests]: true };
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure));
  const request = new Request(issuer, bearer(await login()));
  await t.rejects(oauth.validateJwtAccessToken(server, request, AUDIENCE, insecure), /"client_id" .+ missing/);
});

t.test('the service answers the requests that the configurations for Traefik and Envoy produce', async (t) => {
  const { service, issuer, login, userId } = environment;
  const { headers } = bearer(await login());
  const [traefik, jwtAuthn, extAuthz] = codeBlocks(PAGE, 'yaml').map((block) => parse(block));
  const unknown = (value: object, known: string) =>
    Object.keys(value).filter((name) => !known.split(' ').includes(name));

  const { forwardAuth } = traefik.http.middlewares.latchkey;
  t.strictSame(unknown(forwardAuth, FORWARD_AUTH), []);
  t.strictSame(forwardAuth.authRequestHeaders, ['Authorization']);
  const forwarded = await service.call('GET', new URL(forwardAuth.address).pathname, { headers });
  t.equal(forwarded.statusCode, 204);
  t.strictSame(forwardAuth.authResponseHeaders, ['X-User-Id', 'X-User-Roles']);
  for (const name of forwardAuth.authResponseHeaders) t.ok(name.toLowerCase() in forwarded.headers, name);

  const { providers, rules } = configOf(jwtAuthn, 'jwt_authn', 'JwtAuthentication');
  const { latchkey } = providers;
  t.strictSame(unknown(latchkey, JWT_PROVIDER), []);
  t.strictSame(unknown(latchkey.remote_jwks, 'http_uri cache_duration async_fetch retry_policy'), []);
  t.strictSame([latchkey.issuer, latchkey.audiences], [PAGE_ISSUER, [AUDIENCE]]);
  t.equal(new URL(latchkey.remote_jwks.http_uri.uri).pathname, KEY_SET);
  t.strictSame(rules, [{ match: { prefix: '/' }, requires: { provider_name: 'latchkey' } }]);
  const published = await service.call('GET', KEY_SET);
  matchAll(t, JSON.parse(published.body), { keys: [{ alg: 'ES256', use: 'sig' }, { alg: 'ES256' }] });
  t.equal((await fetch(`${issuer}${KEY_SET}`)).status, 200);

  const { http_service: http, ...rest } = configOf(extAuthz, 'ext_authz', 'ExtAuthz');
  t.strictSame(unknown(rest, '@type transport_api_version failure_mode_allow'), []);
  t.strictSame(unknown(http, HTTP_SERVICE), []);
  t.equal(rest.failure_mode_allow, false);
  // Envoy concatenates prefix and path.
  for (const path of ['/', '/orders/17?x=1']) {
    const asked = await service.call('PUT', `${http.path_prefix}${path}`, { headers });
    t.equal(asked.statusCode, 200, path);
    t.equal(asked.headers['x-user-id'], String(userId));
    const { allowed_upstream_headers: allowed } = http.authorization_response;
    for (const { exact } of allowed.patterns) t.ok(exact in asked.headers, exact);
    t.equal(allowed.patterns.length, 2);
  }
});

t.test('the revocation times on the page are lifetime plus leeway', async (t) => {
  const lifetime = registry.ACCESS_TOKEN_LIFETIME.default;
  const rows = tables(PAGE).find(([head]) => head?.[0] === 'verifier');
  t.ok(rows !== undefined && rows.length > 5);
  const seconds = (cell = '') => Number(/^(\d+) s$/.exec(cell)?.[1]);
  const known = (rows ?? []).filter((row) => !Number.isNaN(seconds(row[3])));
  t.ok(known.length >= 5);
  for (const [name = '', , , leeway, revocation, shown] of known) {
    t.equal(seconds(revocation), lifetime + seconds(leeway), name);
    const allowed = /nginx/.test(name) ? 0 : 5;
    if (shown !== '–') t.equal(seconds(shown), lifetime + allowed, `${name}, as shown`);
  }
  // The code blocks allow the same five seconds.
  const leeways = ['js', 'python', 'yaml'].flatMap((language) =>
    codeBlocks(PAGE, language).flatMap((block) => [...block.matchAll(LEEWAY)].map((match) => match[1])),
  );
  t.strictSame(leeways, ['5', '5', '5', '5']);
});

t.test(
  'nginx passes the user of the token to the app, and clients cannot forge it',
  { skip: nginxMissing },
  async (t) => {
    const { front, service, login, userId, databaseUrl } = environment;
    const nginx = await startNginx(t, front.port);
    const before = { connections: front.connections(), paths: front.paths().length };
    const forged = { 'x-user-id': '99', 'X-User-Roles': 'admin', x_user_id: '99' };
    const send = async (method: string, path: string, headers: Record<string, string>, body?: object) =>
      JSON.parse((await nginx.call(method, path, { headers: { ...forged, ...headers }, body })).body) as Arrived;

    const { headers } = bearer(await login());
    const post = await send('POST', '/orders/?page=2', headers, { item: 17 });
    t.match(post, { method: 'POST', url: '/orders/?page=2', body: '{"item":17}' }, 'the request arrives unchanged');
    t.equal(post.headers['x-user-id'], String(userId));
    t.equal(post.headers['x-user-roles'], undefined, 'without roles there is no roles header');
    t.equal(post.headers.x_user_id, undefined);
    t.equal(post.headers.authorization, headers.authorization);

    const { db, close } = connect({ url: databaseUrl, poolSize: 1, transactionPooler: false, deadline: 10_000 });
    await db.update(users).set({ roles: ['support', 'a,b'] });
    await close();
    const withRoles = await send('DELETE', '/orders/17', bearer(await login()).headers);
    t.equal(withRoles.headers['x-user-roles'], 'support,a%2Cb');

    for (let i = 0; i < 5; i += 1) await send('PUT', '/', headers, {});
    t.equal(front.connections() - before.connections, 1, 'Latchkey is asked over one connection');

    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const refused = await nginx.call(method, '/', { headers: forged, ...(method !== 'GET' && { body: {} }) });
      t.equal(refused.statusCode, 401, `${method} without a token`);
      t.equal(refused.headers['www-authenticate'], 'Bearer realm="latchkey"');
    }
    t.equal(
      (await nginx.call('GET', '/verify', { headers })).statusCode,
      404,
      'clients cannot call the internal location',
    );

    const asked = front.paths().slice(before.paths);
    t.strictSame([...new Set(asked)], ['/api/verify/'], 'Latchkey is asked at one path, whatever the request');

    await service.stop('SIGKILL');
    t.equal(
      (await nginx.call('GET', '/', { headers })).statusCode,
      500,
      'without an answer of Latchkey no request passes',
    );
  },
);

const LEEWAY = /(?:clockTolerance|leeway|"LEEWAY"|clock_skew_seconds)\W+(\d+)/g;

/** The field names, from the sources that the page links. */
const FORWARD_AUTH = 'address tls trustForwardHeader authResponseHeaders authResponseHeadersRegex authRequestHeaders';
const JWT_PROVIDER = [
  'issuer audiences subjects require_expiration max_lifetime remote_jwks local_jwks forward from_headers from_params',
  'from_cookies forward_payload_header pad_forward_payload_header payload_in_metadata header_in_metadata',
  'failed_status_in_metadata clock_skew_seconds jwt_cache_config claim_to_headers clear_route_cache',
].join(' ');
const HTTP_SERVICE = 'server_uri path_prefix authorization_request authorization_response';

/** The configuration of the only HTTP filter, whose name and type are checked. */
function configOf(block: ReturnType<typeof parse>, filter: string, type: string) {
  const [{ name, typed_config: config }] = block.http_filters;
  const expected = `type.googleapis.com/envoy.extensions.filters.http.${filter}.v3.${type}`;
  if (name !== `envoy.filters.http.${filter}` || config['@type'] !== expected)
    throw new Error(`not ${filter}: ${name}`);
  return config;
}

/** The service behind its public address, and a user. */
async function start(t: Test) {
  const databaseUrl = await testDatabase(t);
  const front = await startFront(t);
  const service = await startService(t, databaseUrl, {
    ISSUER: front.url,
    AUDIENCE,
    // Tokens that outlive the test.
    SETTING_ACCESS_TOKEN_LIFETIME: '600',
  });
  front.forwardTo(service.port);
  const { id } = JSON.parse((await service.register('user@example.com')).body);
  return {
    databaseUrl,
    front,
    service,
    issuer: front.url,
    userId: Number(id),
    login: async () => tokensOf(await service.login('user@example.com')).access_token,
    cli: async (...args: readonly string[]) => {
      const { code, stderr } = await runCommand(args, serviceEnvironment(databaseUrl, service.port));
      if (code !== 0) throw new Error(`latchkey ${args.join(' ')}: ${stderr}`);
    },
  };
}

type Environment = Awaited<ReturnType<typeof start>>;

function bearer(token: string) {
  return { headers: { authorization: `Bearer ${token}` } };
}

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
}
