// In an overload, a request that would hash a password is refused before its body is read.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';
import { until } from '../../support/until.js';

t.test('what hashes a password is refused before the body is read, but after the rate limit', async (t) => {
  const env = { OVERLOAD_RSS_MIB: '1', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '2' };
  const { app, inject, whileOverloaded } = await testApp(t, { env });
  await until('the process is overloaded', async () => app.overload.isPresent());
  const malformed = (url: string) =>
    whileOverloaded(() =>
      inject({ method: 'POST', url, payload: '{', headers: { 'content-type': 'application/json' } }),
    );
  isProblem(t, await malformed('/api/register/'), 'overloaded', 'a registration');
  isProblem(t, await malformed('/api/login/'), 'overloaded', 'a login');
  isProblem(t, await malformed('/api/login/'), 'overloaded', 'the last login within the rate limit');
  isProblem(t, await malformed('/api/login/'), 'rate_limited', 'a login above the rate limit');
  isProblem(t, await malformed('/api/refresh/'), 'malformed_json', 'a refresh, which hashes no password');
});
