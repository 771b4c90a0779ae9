// Requests in a region far from the database: what is replayed near it, and what every region answers.
import t from 'tap';
import { testApp, testAppOn } from '../../support/app.js';

const FAR = { DATABASE_REGION: 'fra', FLY_REGION: 'syd', TRUST_PROXY: 'fly' };

t.test('far from the database, what needs it is replayed before any work', async (t) => {
  const { app, routes, databaseUrl, register, login, logLines } = await testApp(t);
  await register();
  const { access_token: token } = await login();
  const far = await testAppOn(t, databaseUrl, { env: FAR });

  const replayed = routes.filter(
    ({ url }) => /^\/(api|account)\//.test(url) && !/^\/(api\/verify|account\/style)/.test(url),
  );
  t.ok(replayed.length > 60, `${replayed.length} routes`);
  for (const { url, method } of replayed) {
    for (const each of [method].flat()) {
      const path = url.replaceAll(/:\w+/g, '1').replace('*', '');
      // The body is refused only where the request is answered.
      const response = await far.app.inject({ method: each as 'GET', url: path, payload: each === 'GET' ? '' : '{' });
      t.strictSame(
        [response.statusCode, response.headers['fly-replay'], response.body],
        [307, 'region=fra;fallback=prefer_self', ''],
        `${each} ${url}`,
      );
    }
  }

  const authorization = `Bearer ${token}`;
  for (const url of [
    '/api/verify/',
    '/api/verify/ext-authz/x',
    '/account/style.css',
    '/.well-known/jwks.json',
    '/readyz',
    '/openapi.json',
    '/admin/',
  ]) {
    const { statusCode, headers } = await far.app.inject({ method: 'GET', url, headers: { authorization } });
    t.match([statusCode, headers['fly-replay']], [/20[04]/, undefined], `${url} is answered in any region`);
  }
  const unknown = await far.app.inject({ method: 'GET', url: '/api/nothing/' });
  t.equal(unknown.statusCode, 404);
  t.match(
    far.logLines().filter(({ level }) => level !== 'debug' && level !== 'info'),
    [],
  );
  t.match(
    logLines().find(({ msg }) => String(msg).includes('replayed')),
    undefined,
  );
  t.equal(app.config.replayRegion, undefined);
});

t.test('a request that was replayed, or whose replay has failed, is answered', async (t) => {
  const { databaseUrl, register, login } = await testApp(t);
  await register();
  const { access_token: token } = await login();
  const far = await testAppOn(t, databaseUrl, { env: FAR });
  const authorization = `Bearer ${token}`;
  for (const header of ['fly-replay-src', 'fly-replay-failed']) {
    const headers = { authorization, [header]: 'instance=00bb33ff;region=syd;t=1700000000000000' };
    t.equal((await far.app.inject({ method: 'GET', url: '/api/me/', headers })).statusCode, 200, header);
  }
});
