// An admin for a test: an account like any other, which the database says is one.
import type { Test } from 'tap';
import type { TestApp } from './app.js';
import { rowsOf } from './rows.js';

/** Registers an account, gives it the role `admin`, and logs it in. */
export async function makeAdmin(
  t: Pick<Test, 'teardown'>,
  service: TestApp,
  email = `admin-${crypto.randomUUID()}@example.com`,
): Promise<{ userId: number; accessToken: string }> {
  const { id } = (await service.register(email)).json();
  const rows = rowsOf(t, service.databaseUrl);
  await rows`update users set roles = '{admin}' where id = ${id}`;
  const { access_token: accessToken } = await service.login(email);
  return { userId: id, accessToken };
}
