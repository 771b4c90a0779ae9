// client.requestSignIn and client.signIn: sign-in by mail, on the real service.
import t from 'tap';
import { createLatchkeyClient } from '../../client/index.js';
import { signInProof } from '../openapi/error-scenarios.js';
import { testApp } from '../support/app.js';

const service = await testApp(t, { env: { SETTING_SIGN_IN_BY_EMAIL: 'true' }, catchesMail: true });
const baseUrl = await service.app.listen({ host: '127.0.0.1', port: 0 });

t.test('a code or a link begins the session of the client', async (t) => {
  await service.register('user@example.com');
  for (const by of ['code', 'link']) {
    const client = createLatchkeyClient({ baseUrl });
    t.match(await client.requestSignIn('user@example.com'), { sign_in_token: /^[\w-]{43}$/, expires_in: 600 });
    const { token, ...code } = await signInProof(service, 'user@example.com');
    await client.signIn(by === 'code' ? code : { token: String(token) });
    t.equal((await client.me()).email, 'user@example.com');
    await t.rejects(client.signIn({ token: String(token) }), { code: 'invalid_email_token' });
    t.equal((await client.me()).email, 'user@example.com', 'a failed sign-in keeps the session');
  }
});
