// Uses the package latchkey-client as a strict TypeScript project does, from registration to logout.
import { deepEqual, equal, rejects } from 'node:assert/strict';
import {
  createLatchkeyClient,
  LatchkeyError,
  type LatchkeyStorage,
  memoryStorage,
  type SessionChange,
  textOf,
} from 'latchkey-client';

const baseUrl = process.env.LATCHKEY_URL ?? '';
const account = { email: `${process.argv[2]}@example.com`, password: 'a long password' };
const storage: LatchkeyStorage = memoryStorage();
const client = createLatchkeyClient({ baseUrl, storage });
const changes: SessionChange[] = [];
client.onChange((change) => changes.push(change));

const { id } = await client.register(account);
await client.login(account);
deepEqual(await client.me(), { id, username: '', email: account.email });
const sessions = await client.sessions();
deepEqual(
  sessions.map(({ current }) => current),
  [true],
);
const fetchVerify = client.createFetch(baseUrl);
equal((await fetchVerify('/api/verify/')).status, 204);
const { data, error } = await client.api.GET('/readyz');
equal(data?.status ?? error?.code, 'ok');
await client.logout();
equal(await client.isSignedIn(), false);
deepEqual(changes, ['signed_in', 'signed_out']);
await rejects(client.me(), (error) => error instanceof LatchkeyError && error.code === 'signed_out');
await client.login({ ...account, password: 'wrong' }).then(
  () => Promise.reject(new Error('a wrong password was accepted')),
  (error) => equal(textOf(error), 'The e-mail address or the password is wrong. Check both and try again.'),
);
process.stdout.write(`latchkey-client, ${process.argv[2]}: registered, logged in, listed sessions and logged out\n`);
