// latchkey keys: shows, rotates and ends signing keys; running services follow at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { pino } from 'pino';
import { createAuditRepository } from '#audit/repository.js';
import { createSeal } from '#keys/key-encryption.js';
import { createSigningKeysRepository } from '#keys/repository.js';
import { createSigningKeys, type SigningKeys } from '#keys/service.js';
import { FOLLOW_SECONDS } from '#settings/registry.js';
import { secretsOf, withDatabase } from './database.js';
import { printJson, printTable } from './output.js';
import { readSettings, whoActs } from './services.js';

/** Timers end up to a millisecond early, and the age is that of Postgres's clock (milliseconds). */
const TIMER_MARGIN = 20;

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
    .command('retire <kid>')
    .description('end a key at once, and with it every access token that it has signed')
    .option('--json', 'as JSON')
    .action((kid: string, { json = false }: { json?: boolean }) =>
      withKeys(async (keys) => {
        await keys.retire(kid, whoActs());
        await print(keys, json);
      }),
    );
  return command;
}

/** `early`: as soon as every instance knows the next key, which may take FOLLOW_SECONDS. */
async function rotate(keys: SigningKeys, early: boolean): Promise<void> {
  if (early) await sleep(1000 * Math.max(0, FOLLOW_SECONDS - (await keys.nextAge())) + TIMER_MARGIN);
  await keys.rotate({ early, act: whoActs() });
}

function withKeys(act: (keys: SigningKeys) => Promise<void>): Promise<void> {
  return withDatabase(async (db, config) => {
    const log = pino({ level: 'silent' });
    const settings = await readSettings(db, config);
    const repository = createSigningKeysRepository(db);
    const seal = createSeal(await secretsOf(config));
    const audit = createAuditRepository(db);
    await act(createSigningKeys({ repository, seal, algorithm: config.signingAlgorithm, settings, audit, log }));
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
