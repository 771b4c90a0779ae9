// The services behind /api/admin/, as commands use them: for an operator with every permission.
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { pino } from 'pino';
import { createAccountTokensRepository } from '#account-tokens/repository.js';
import { createAccountTokens } from '#account-tokens/service.js';
import { type Act, byCli } from '#audit/events.js';
import { type AuditRepository, createAuditRepository } from '#audit/repository.js';
import { createJobsRepository } from '#jobs/repository.js';
import { createLinks } from '#mail/links.js';
import { createNotices } from '#mail/notices.js';
import { createOutbox, type Outbox } from '#mail/outbox.js';
import { createMailsRepository, type MailsRepository } from '#mail/repository.js';
import { createBreaches } from '#passwords/breaches.js';
import { createForeignHashes } from '#passwords/foreign/foreign-hashes.js';
import { createPasswords, serviceNames } from '#passwords/service.js';
import { createConcurrencyLimiter } from '#platform/concurrency/concurrency-limiter.js';
import type { Configuration } from '#platform/config/config.js';
import { createEncryption } from '#platform/config/encryption.js';
import { deriveKeys } from '#platform/config/secrets.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import { createClientNetworks } from '#platform/http/client-network.js';
import { createCursors } from '#platform/http/pagination.js';
import type { Operator } from '#roles/operator.js';
import { ownPermissions } from '#roles/permissions.js';
import { createRolesRepository } from '#roles/repository.js';
import { createRoles } from '#roles/service.js';
import { createAccountSessions } from '#sessions/account-sessions.js';
import { createEndAllSessions } from '#sessions/end-all-sessions.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createSettingsRepository } from '#settings/repository.js';
import { createSettings, type Settings } from '#settings/service.js';
import { createThrottlesRepository } from '#throttles/repository.js';
import { createThrottles, type Throttles } from '#throttles/service.js';
import { createTransferRepository } from '#transfer/repository.js';
import { createTransfer, type Transfer } from '#transfer/service.js';
import { createUserAdministration, type UserAdministration } from '#users/administration.js';
import { createAccountDeletion } from '#users/deletion.js';
import { canonicalEmail } from '#users/email.js';
import { createEmailLinks } from '#users/email-links.js';
import { parseUserId } from '#users/id.js';
import { createUsersRepository } from '#users/repository.js';
import { secretsOf, withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';

/** The services that commands use. */
export interface CommandServices {
  readonly users: UserAdministration;
  readonly transfer: Transfer;
  readonly settings: Settings;
  readonly audit: AuditRepository;
  readonly endAllSessions: ReturnType<typeof createEndAllSessions>;
  /** The user who runs the command. They have every permission, since they can reach the database. */
  readonly operator: Operator;
}

/** Runs a command on the database, whether or not a service runs. */
export function withServices(work: (services: CommandServices) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => work(await servicesOn(db, config)));
}

/** The services on a database, or in a transaction. */
export async function servicesOn(db: Db, config: Configuration): Promise<CommandServices> {
  const settings = await readSettings(db, config);
  const audit = createAuditRepository(db);
  const sessions = createSessionsRepository(db);
  const jobs = createJobsRepository(db);
  const repository = createUsersRepository(db);
  const roles = createRolesRepository(db);
  const log = pino({ level: 'silent' });
  const foreignHashes = createForeignHashes({ firebaseSignerKey: config.firebaseSignerKey, log });
  const passwords = await createPasswords({
    limiter: oneAtATime(),
    cost: config.argon2,
    settings,
    breaches: createBreaches({ url: config.passwordBreachUrl, log }),
    foreignHashes,
    serviceNames: serviceNames(config),
  });
  const mails = createMailsRepository(db);
  const mail = await outboxOf(config, mails);
  const tokens = createAccountTokensRepository(db);
  const accountTokens = createAccountTokens({ repository: tokens });
  const { publicUrl, linkUrls, port } = config;
  const links = createLinks({ baseUrl: () => publicUrl?.href ?? `http://localhost:${port}`, linkUrls });
  // Only what strangers can cause is limited.
  const quotas = { takeMail: async () => true };
  const users = createUserAdministration({
    repository,
    sessions: createAccountSessions({ repository: sessions, audit, jobs, settings }),
    passwords,
    roles: createRoles({ repository: roles, audit, jobs, db }),
    audit,
    throttles: throttlesOf(config, db, settings),
    deletion: createAccountDeletion({ repository, sessions, accountTokens: tokens, audit, mails, jobs }),
    notices: createNotices({ mail, repository: mails, quotas, settings, now: Date.now }),
    accountTokens,
    emailLinks: createEmailLinks({ accountTokens, mail, links, quotas, settings }),
    mail,
    // A random key will do: the cursors are not used after the command.
    cursors: createCursors([randomBytes(32)], 'command'),
    db,
  });
  const transfer = createTransfer({
    repository: createTransferRepository(db),
    roles,
    audit,
    hashes: { foreign: foreignHashes, own: passwords },
    db,
  });
  const endAllSessions = createEndAllSessions({ repository: sessions, audit, db });
  const operator = { act: operatorAct(), permissions: Object.keys(ownPermissions) };
  return { users, transfer, settings, audit, endAllSessions, operator };
}

/** The live settings as the table has them. */
export async function readSettings(db: Db, config: Pick<Configuration, 'settingDefaults'>): Promise<Settings> {
  const repository = createSettingsRepository(db);
  const settings = createSettings({ repository, defaults: config.settingDefaults, log: pino({ level: 'silent' }) });
  await settings.reload();
  return settings;
}

/** The actor for the audit log: the operating system account that runs the command. */
export function operatorAct(): Act {
  return byCli(userInfo().username);
}

/** The id of the account that an argument identifies by id or by e-mail address. Throws `user_not_found` and CommandRefused. */
export async function accountId(users: Pick<UserAdministration, 'findByEmail'>, account: string): Promise<number> {
  if (!account.includes('@')) {
    if (!/^\d+$/.test(account)) throw new CommandRefused('the account must be an id (a number) or an e-mail address');
    return parseUserId(account);
  }
  const email = canonicalEmail(account);
  if (email === undefined)
    throw new CommandRefused('the account must be an id or an e-mail address, and this is not a valid e-mail address');
  try {
    return (await users.findByEmail(email)).id;
  } catch (error) {
    if (error instanceof Problem && error.code === 'user_not_found') {
      throw new CommandRefused(`no account has the e-mail address ${email}`);
    }
    throw error;
  }
}

/** The counts of wrong passwords are found by a key that is derived from the secret. */
function throttlesOf(config: Configuration, db: Db, settings: Settings): Pick<Throttles, 'clear' | 'delayOf'> {
  const throttles = async () =>
    createThrottles({
      repository: createThrottlesRepository(db),
      keys: deriveKeys(await secretsOf(config), 'throttle/v1'),
      settings,
      networkOf: createClientNetworks(config.trustedProxies),
      workers: 1,
      db,
      log: pino({ level: 'silent' }),
    });
  return {
    clear: async (attempts, on) => (await throttles()).clear(attempts, on),
    delayOf: async (attempts) => (await throttles()).delayOf(attempts),
  };
}

/** The service sends the mails. Without its secret no mail can be stored, and a command that works without one still does. */
async function outboxOf(config: Configuration, repository: MailsRepository): Promise<Outbox> {
  const secrets = config.mail === undefined ? [] : await secretsOf(config).catch(() => []);
  const enabled = secrets.length > 0;
  // Not used unless it is enabled.
  const [first = '', ...rest] = secrets;
  return createOutbox({ repository, encryption: createEncryption([first, ...rest], 'mail/v1'), enabled });
}

function oneAtATime() {
  return createConcurrencyLimiter({
    concurrency: 1,
    queue: 1,
    deadline: 30_000,
    refuse: () => new Problem('overloaded'),
  });
}
