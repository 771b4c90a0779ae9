// Administrators in tests: accounts that get the role in the database.
import type { Test } from 'tap';
import type { TestApp } from './app.js';
import { rowsOf } from './rows.js';

/** Registers an account, gives it the role `admin`, and logs in. */
export async function makeAdmin(
  t: Pick<Test, 'teardown'>,
  service: Pick<TestApp, 'databaseUrl' | 'register' | 'login'>,
  email = 'admin@example.com',
): Promise<{ userId: number; accessToken: string }> {
  const { id: userId } = (await service.register(email)).json();
  await rowsOf(t, service.databaseUrl)`update users set roles = '{admin}' where id = ${userId}`;
  return { userId, accessToken: (await service.login(email)).access_token };
}
