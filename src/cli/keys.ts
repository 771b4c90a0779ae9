// latchkey keys: lists, rotates and retires signing keys. Running services apply the change at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { pino } from 'pino';
import { createAuditRepository } from '#audit/repository.js';
import { createInstancesRepository } from '#instances/repository.js';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { createSigningKeysRepository } from '#keys/repository.js';
import { createSigningKeys, type KeyInspection, type SigningKeys } from '#keys/service.js';
import type { Configuration } from '#platform/config/config.js';
import type { Db } from '#platform/database/database.js';
import { PROPAGATION_SECONDS } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import { secretsOf, withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';
import { printJson, printTable } from './output.js';
import { operatorAct, readSettings } from './services.js';

/** Timers fire up to a millisecond early, and the age of the key comes from the clock of Postgres. */
const TIMER_MARGIN_MILLISECONDS = 20;

/** The command and its subcommands. They work on the table, whether or not a service is running. */
export function keysCommand(): Command {
  const command = new Command('keys').description('list, rotate and retire signing keys');
  command
    .command('list')
    .description('list every signing key with its state')
    .option('--json', 'print JSON')
    .action(({ json = false }: { json?: boolean }) => withKeys((keys) => print(keys, json)));
  command
    .command('rotate')
    .description('make the next key the active one; tokens signed with the previous key stay valid')
    .option('--now', 'rotate even if the next key has not been published for KEY_LEAD_TIME')
    .option('--json', 'print JSON')
    .action(({ now = false, json = false }: { now?: boolean; json?: boolean }) =>
      withKeys(async (keys) => {
        await rotate(keys, now);
        await print(keys, json);
      }),
    );
  command
    .command('retire [kid]')
    .description('delete a key at once, which invalidates every access token that it has signed')
    .option('--unreadable', 'retire all active and next keys that cannot be read; requires --yes')
    .option('--new-secret', 'with --unreadable: proceed even if AUTH_SECRET decrypts none of the keys')
    .option('--yes', 'with --unreadable: confirm')
    .option('--json', 'print JSON')
    .action(retire);
  return command;
}

interface RetireOptions {
  readonly unreadable?: boolean;
  readonly newSecret?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function retire(
  kid: string | undefined,
  { unreadable = false, newSecret = false, yes = false, json = false }: RetireOptions,
): Promise<void> {
  if (unreadable === (kid !== undefined)) throw new CommandRefused('pass either the kid of a key or --unreadable');
  await withKeys(async (keys, db) => {
    if (kid !== undefined) await keys.retire(kid, operatorAct());
    else await retireUnreadable(keys, db, newSecret, yes);
    await print(keys, json);
  });
}

async function retireUnreadable(keys: SigningKeys, db: Db, newSecret: boolean, yes: boolean): Promise<void> {
  const inspection = await keys.inspect();
  if (inspection.unreadable.length === 0) return;
  await assertReplaceable(db, inspection, newSecret);
  if (!yes) {
    const kids = inspection.unreadable.map(({ kid }) => kid).join(', ');
    throw new CommandRefused(
      `this deletes ${kids} permanently, even if AUTH_SECRET is merely wrong here; to confirm, pass --yes`,
    );
  }
  await keys.retireUnreadable(operatorAct());
}

/** Throws CommandRefused unless the unreadable keys are known to be of no further use. */
export async function assertReplaceable(
  db: Db,
  { unreadable, secretDecryptsSome }: KeyInspection,
  newSecret: boolean,
): Promise<void> {
  // The secret is right: these rows are damaged, or another secret has encrypted them.
  if (secretDecryptsSome) return;
  const running = await createInstancesRepository(db).findAlive();
  const problem = `AUTH_SECRET decrypts none of the signing keys (${unreadable.map(({ kid }) => kid).join(', ')})`;
  if (running.length > 0) {
    throw new CommandRefused(
      `${problem}, but a service that has read them is running on ${running[0]?.host}, so AUTH_SECRET is wrong here. Nothing was changed`,
    );
  }
  if (newSecret) return;
  throw new CommandRefused(
    `${problem}. Nothing was changed: set the AUTH_SECRET that this database was used with, alone or after the new one ` +
      '(AUTH_SECRET=new,old). If that secret is lost or was changed on purpose, pass --new-secret to replace the keys',
  );
}

/** With `early`, waits until every instance knows the next key, which takes up to PROPAGATION_SECONDS. */
async function rotate(keys: SigningKeys, early: boolean): Promise<void> {
  if (early) await sleep(1000 * Math.max(0, PROPAGATION_SECONDS - (await keys.nextAge())) + TIMER_MARGIN_MILLISECONDS);
  await keys.rotate({ early, act: operatorAct() });
}

function withKeys(run: (keys: SigningKeys, db: Db) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => run(await signingKeysOn(db, config, await readSettings(db, config)), db));
}

/** The signing keys of a database or a transaction, not started. */
export async function signingKeysOn(db: Db, config: Configuration, settings: Settings): Promise<SigningKeys> {
  return createSigningKeys({
    repository: createSigningKeysRepository(db),
    encryption: createKeyEncryption(await secretsOf(config)),
    algorithm: config.signingAlgorithm,
    settings,
    audit: createAuditRepository(db),
    log: pino({ level: 'silent' }),
  });
}

async function print(keys: SigningKeys, json: boolean): Promise<void> {
  const all = await keys.list();
  if (json) return printJson(all);
  const date = (timestamp: Date | null) => timestamp?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
  const label = { next: 'published since', active: 'signing since', retired: 'will be removed at' } as const;
  printTable(
    all.map(({ kid, alg, state, createdAt, activatedAt, expiresAt }) => [
      kid,
      alg,
      state,
      `${label[state]} ${date(state === 'next' ? createdAt : state === 'active' ? activatedAt : expiresAt)}`,
    ]),
  );
}
