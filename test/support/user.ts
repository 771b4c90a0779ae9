// Users of a service under test.
import type { TokenPair } from '#schemas/token-pair.js';
import type { TestApp } from './app.js';

/** A logged-in user. The password is 'password'. */
export interface User extends TokenPair {
  readonly id: number;
  readonly email: string;
}

/** Registers a new user and logs in. */
export async function newUser(service: Pick<TestApp, 'register' | 'login'>): Promise<User> {
  const email = `user-${crypto.randomUUID()}@example.com`;
  const { id } = (await service.register(email)).json();
  return { ...(await service.login(email)), id, email };
}
