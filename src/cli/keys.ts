// latchkey keys: shows, rotates and ends signing keys; running services follow at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { pino } from 'pino';
import { createAuditRepository } from '#audit/repository.js';
import { createInstancesRepository } from '#instances/repository.js';
import { createSeal } from '#keys/key-encryption.js';
import { createSigningKeysRepository } from '#keys/repository.js';
import { createSigningKeys, type KeyInspection, type SigningKeys } from '#keys/service.js';
import type { Configuration } from '#platform/config/config.js';
import type { Db } from '#platform/database/database.js';
import { FOLLOW_SECONDS } from '#settings/registry.js';
import type { Settings } from '#settings/service.js';
import { secretsOf, withDatabase } from './database.js';
import { CommandRefused } from './error-message.js';
import { printJson, printTable } from './output.js';
import { readSettings, whoActs } from './services.js';

/** Timers end up to a millisecond early, and the age is that of Postgres's clock (milliseconds). */
const TIMER_MARGIN = 20;
/** An instance that has not been seen for so long does not run (as src/instances/service.ts has it). */
const ALIVE_SECONDS = 30;

/** The command and its three: list, rotate, retire. They work on the table, whether or not a service runs. */
export function keysCommand(): Command {
  const command = new Command('keys').description('show, rotate and end signing keys');
  command
    .command('list')
    .description('every signing key with its state')
    .option('--json', 'as JSON')
    .action(({ json = false }: { json?: boolean }) => withKeys((keys) => print(keys, json)));
  command
    .command('rotate')
    .description('let the next key sign from now on; what the last one has signed stays good')
    .option('--now', 'also when the next key has not been published for KEY_LEAD_TIME')
    .option('--json', 'as JSON')
    .action(({ now = false, json = false }: { now?: boolean; json?: boolean }) =>
      withKeys(async (keys) => {
        await rotate(keys, now);
        await print(keys, json);
      }),
    );
  command
    .command('retire [kid]')
    .description('end a key at once, and with it every access token that it has signed')
    .option('--unreadable', 'all keys that cannot be read, and that stop the start; needs --yes')
    .option('--new-secret', 'with --unreadable: also when AUTH_SECRET opens none of the keys')
    .option('--yes', 'with --unreadable: that is what is meant')
    .option('--json', 'as JSON')
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
  if (unreadable === (kid !== undefined)) throw new CommandRefused('name one key, or say --unreadable');
  await withKeys(async (keys, db) => {
    if (kid !== undefined) await keys.retire(kid, whoActs());
    else await retireUnreadable(keys, db, newSecret, yes);
    await print(keys, json);
  });
}

async function retireUnreadable(keys: SigningKeys, db: Db, newSecret: boolean, yes: boolean): Promise<void> {
  const inspection = await keys.inspect();
  if (inspection.unreadable.length === 0) return;
  await refuseToReplace(db, inspection, newSecret);
  if (!yes) {
    const kids = inspection.unreadable.map(({ kid }) => kid).join(', ');
    throw new CommandRefused(
      `this ends ${kids} for good, also if AUTH_SECRET is only not the right one here; if that is what is meant, say --yes`,
    );
  }
  await keys.retireUnreadable(whoActs());
}

/** Throws CommandRefused unless it is known that keys that cannot be read will never be needed. */
export async function refuseToReplace(
  db: Db,
  { unreadable, secretOpensSome }: KeyInspection,
  newSecret: boolean,
): Promise<void> {
  // A damaged row, or one that another secret has sealed, beside keys that this secret opens.
  if (secretOpensSome) return;
  const running = await createInstancesRepository(db).findAlive(ALIVE_SECONDS);
  const closed = `AUTH_SECRET opens none of the signing keys (${unreadable.map(({ kid }) => kid).join(', ')})`;
  if (running.length > 0) {
    throw new CommandRefused(
      `${closed}, but a service that has read them runs on ${running[0]?.host}: AUTH_SECRET is wrong here. Nothing was changed`,
    );
  }
  if (newSecret) return;
  throw new CommandRefused(
    `${closed}. Nothing was changed: set the AUTH_SECRET that this database was used with, alone or behind the new one ` +
      '(AUTH_SECRET=new,old). If that is lost, or left behind on purpose, say --new-secret: the keys are replaced',
  );
}

/** `early`: as soon as every instance knows the next key, which may take FOLLOW_SECONDS. */
async function rotate(keys: SigningKeys, early: boolean): Promise<void> {
  if (early) await sleep(1000 * Math.max(0, FOLLOW_SECONDS - (await keys.nextAge())) + TIMER_MARGIN);
  await keys.rotate({ early, act: whoActs() });
}

function withKeys(act: (keys: SigningKeys, db: Db) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => act(await signingKeysOn(db, config, await readSettings(db, config)), db));
}

/** The keys on a database, or in a transaction; not started. */
export async function signingKeysOn(db: Db, config: Configuration, settings: Settings): Promise<SigningKeys> {
  return createSigningKeys({
    repository: createSigningKeysRepository(db),
    seal: createSeal(await secretsOf(config)),
    algorithm: config.signingAlgorithm,
    settings,
    audit: createAuditRepository(db),
    log: pino({ level: 'silent' }),
  });
}

async function print(keys: SigningKeys, json: boolean): Promise<void> {
  const all = await keys.list();
  if (json) return printJson(all);
  const date = (instant: Date | null) => instant?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
  const since = { next: 'since', active: 'signs since', retired: 'gone at' } as const;
  printTable(
    all.map(({ kid, alg, state, createdAt, activatedAt, expiresAt }) => [
      kid,
      alg,
      state,
      `${since[state]} ${date(state === 'next' ? createdAt : state === 'active' ? activatedAt : expiresAt)}`,
    ]),
  );
}
