// The operator's services as a command uses them: the same as behind /api/admin/, for somebody who may do everything.
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { pino } from 'pino';
import { type Act, byCli } from '../audit/events.js';
import { type AuditRepository, createAuditRepository } from '../audit/repository.js';
import type { Configuration } from '../config/config.js';
import { createCursors } from '../cursor.js';
import type { Db } from '../database/database.js';
import { Problem } from '../errors/problem.js';
import { createGate } from '../gate.js';
import { createJobsRepository } from '../jobs/repository.js';
import { createPasswords } from '../passwords/service.js';
import { ownPermissions } from '../roles/permissions.js';
import { createRolesRepository } from '../roles/repository.js';
import { createRoles } from '../roles/service.js';
import { createEndOfEverybodysSessions } from '../sessions/everybody.js';
import { createSessionsOfOthers } from '../sessions/others.js';
import { createSessionsRepository } from '../sessions/repository.js';
import { createSettingsRepository } from '../settings/repository.js';
import { createSettings, type Settings } from '../settings/service.js';
import { createUserAdministration, type UserAdministration } from '../users/administration.js';
import { createAccountDeletion } from '../users/deletion.js';
import { userIdOf } from '../users/id.js';
import { createUsersRepository } from '../users/repository.js';
import { withDatabase } from './database.js';

/** What commands work with. */
export interface Operator {
  readonly users: UserAdministration;
  readonly settings: Settings;
  readonly audit: AuditRepository;
  readonly endEverybodysSessions: ReturnType<typeof createEndOfEverybodysSessions>;
  /** Who runs the command. */
  readonly act: Act;
  /** Whoever reaches the database may do everything. */
  readonly held: readonly string[];
}

/** Runs a command on the database, whether or not a service runs. */
export function withOperator(work: (operator: Operator) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => {
    const settings = await readSettings(db, config);
    const audit = createAuditRepository(db);
    const sessions = createSessionsRepository(db);
    const jobs = createJobsRepository(db);
    const repository = createUsersRepository(db);
    const users = createUserAdministration({
      repository,
      sessions: createSessionsOfOthers({ repository: sessions, audit, jobs, settings }),
      passwords: await createPasswords({ gate: oneAtATime(), cost: config.argon2, settings }),
      roles: createRoles({ repository: createRolesRepository(db), audit, jobs, db }),
      audit,
      deletion: createAccountDeletion({ repository, sessions, audit, jobs }),
      // Of no use after the command: it reads its pages itself.
      cursors: createCursors(randomBytes(32), 'command'),
      db,
    });
    const endEverybodysSessions = createEndOfEverybodysSessions({ repository: sessions, audit, db });
    await work({ users, settings, audit, endEverybodysSessions, act: whoActs(), held: Object.keys(ownPermissions) });
  });
}

/** The live settings, as the table has them. */
export async function readSettings(db: Db, config: Pick<Configuration, 'settingDefaults'>): Promise<Settings> {
  const repository = createSettingsRepository(db);
  const settings = createSettings({ repository, defaults: config.settingDefaults, log: pino({ level: 'silent' }) });
  await settings.reload();
  return settings;
}

/** For the audit log: the account of the operating system. */
export function whoActs(): Act {
  return byCli(userInfo().username);
}

/** The id of the account that an argument names: by its number, or by its address. Throws `user_not_found`. */
export async function accountId(users: Pick<UserAdministration, 'findByEmail'>, account: string): Promise<number> {
  return account.includes('@') ? (await users.findByEmail(account)).id : userIdOf(account);
}

function oneAtATime() {
  return createGate({ concurrency: 1, queue: 1, deadline: 30_000, refuse: () => new Problem('overloaded') });
}
