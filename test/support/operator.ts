// Operators in tests: users with exactly the permissions that a test needs.
import type { InjectOptions } from 'fastify';
import type { Test } from 'tap';
import { bySystem } from '#audit/events.js';
import { ownPermissions } from '#roles/permissions.js';
import type { TokenPair } from '#schemas/token-pair.js';
import type { TestApp } from './app.js';
import { rowsOf } from './rows.js';
import { claimsOf } from './service.js';

/** A logged-in user. The password is 'password'. */
export interface TestUser extends TokenPair {
  readonly id: number;
  readonly email: string;
  readonly sid: string;
}

/** Creates users of `service` and makes calls with their tokens. */
export function operatorsOf(t: Pick<Test, 'teardown'>, service: TestApp) {
  const rows = rowsOf(t, service.databaseUrl);
  const all = Object.keys(ownPermissions);

  async function logIn(id: number, email: string): Promise<TestUser> {
    const pair = await service.login(email);
    return { ...pair, id, email, sid: String(claimsOf(pair).sid) };
  }

  /** A new user with these roles. */
  async function user(...roles: string[]): Promise<TestUser> {
    const email = `user-${crypto.randomUUID()}@example.com`;
    const { id } = (await service.register(email)).json();
    await rows`update users set roles = ${roles} where id = ${id}`;
    return logIn(id, email);
  }

  /** A new role with these permissions; its name. */
  async function role(...permissions: string[]): Promise<string> {
    const name = `role-${crypto.randomUUID()}`;
    await service.app.roles.create({ name, description: '', permissions }, { act: bySystem, permissions: all });
    return name;
  }

  return {
    rows,
    user,
    role,
    logIn,
    /** A new user with exactly these permissions. */
    allowed: async (...permissions: string[]) => user(await role(...permissions)),
    as: (accessToken: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
      service.inject({
        method,
        url: `/api/admin${path}`,
        headers: { authorization: `Bearer ${accessToken}` },
        ...(payload && { payload }),
      } satisfies InjectOptions),
    /** The events on a user, oldest first. */
    eventsOn: async (userId: number) =>
      rows`select * from audit_events where target_type = 'user' and target_id = ${String(userId)} order by id`,
    reasonsOf: async (userId: number) =>
      (await rows`select revoked_reason from sessions where user_id = ${userId} order by created_at`).map(
        ({ revoked_reason: reason }) => reason,
      ),
  };
}
