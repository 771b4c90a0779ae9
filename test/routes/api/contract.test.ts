// The contract of the API, call by call.
import t from 'tap';
import { testApp } from '../../support/app.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

t.test('the documented examples work on a fresh start with default settings', async (t) => {
  const { post, inject, me, updateMe } = await testApp(t);

  const registered = await post('/api/register/', { password: 'password', email: 'user@example.com' });
  t.equal(registered.statusCode, 201);
  t.strictSame(registered.json(), { id: 1, email: 'user@example.com' });

  const login = await post('/api/login/', { email: 'user@example.com', password: 'password' });
  t.equal(login.statusCode, 200);
  const first = login.json();
  t.strictSame(Object.keys(first), ['access_token', 'refresh_token']);
  t.match(first.refresh_token, UUID);

  const before = await me(first.access_token);
  t.equal(before.statusCode, 200);
  t.strictSame(before.json(), { id: 1, username: '', email: 'user@example.com' });

  const changed = await updateMe(first.access_token, { username: 'John Smith' });
  t.equal(changed.statusCode, 200);
  t.strictSame(changed.json(), { id: 1, username: 'John Smith', email: 'user@example.com' });

  const refreshed = await post('/api/refresh/', { refresh_token: first.refresh_token });
  t.equal(refreshed.statusCode, 200);
  const second = refreshed.json();
  t.match(second.refresh_token, UUID);
  t.not(second.refresh_token, first.refresh_token);
  t.not(second.access_token, first.access_token);

  const logout = await post('/api/logout/', { refresh_token: second.refresh_token });
  t.equal(logout.statusCode, 200);
  t.strictSame(logout.json(), { success: 'User logged out.' });
  t.equal((await post('/api/refresh/', { refresh_token: second.refresh_token })).statusCode, 401);

  const bare = await inject({
    method: 'GET',
    url: '/api/me',
    headers: { authorization: `Bearer ${second.access_token}` },
  });
  t.equal(bare.statusCode, 200, 'a path works without its slash');
});

t.test('an access token contains the user, the session and the lifetime', async (t) => {
  const { register, login } = await testApp(t);
  await register();
  const { access_token: token } = await login();
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  t.match(header, { alg: 'ES256', typ: 'at+jwt', kid: String });
  const { sid, jti, auth_time: authTime, iat, exp, ...others } = claims;
  // No e-mail address, and no other member that would be personal data or out of date.
  t.strictSame(others, {
    iss: 'latchkey',
    aud: 'latchkey',
    sub: '1',
    user_id: 1,
    username: '',
    email_verified: false,
    amr: ['pwd'],
    acr: 'urn:latchkey:acr:1',
  });
  t.ok(Math.abs(authTime - iat) < 60, 'the login has just proved the identity');
  t.match(sid, /^\d+$/);
  t.match(jti, /^[\w-]{16}$/);
  t.equal(exp - iat, 30);
});
