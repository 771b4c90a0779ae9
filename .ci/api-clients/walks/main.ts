// Walks from registration to logout with each generated client.
import { deepEqual, equal, match } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { heyApi } from './hey-api.js';
import { openapiFetch } from './openapi-fetch.js';
import { orval } from './orval.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

for (const [name, client] of Object.entries({ 'openapi-fetch': openapiFetch, 'hey-api': heyApi, orval })) {
  const account = { email: `${name}@example.com`, password: 'a long password' };
  const { id, ...registered } = await client.register(account);
  deepEqual(registered, { email: account.email });
  const first = await client.login(account);
  match(first.refresh_token, UUID);
  deepEqual(await client.me(first.access_token), { id, username: '', email: account.email });

  // Repeated as after a lost answer: the header reaches the service, which answers with the same token.
  const key = randomUUID();
  const second = await client.refresh(first.refresh_token, key);
  equal((await client.refresh(first.refresh_token, key)).refresh_token, second.refresh_token);
  deepEqual(await client.me(second.access_token), { id, username: '', email: account.email });

  deepEqual(await client.logout(second.refresh_token), { success: 'User logged out.' });
  equal(await client.refusedRefresh(second.refresh_token), 'invalid_refresh_token');
  process.stdout.write(`${name}: registered, logged in, read the account, refreshed and logged out\n`);
}
