// Signing keys and AUTH_SECRET: another secret decrypts nothing, and a change of the secret refuses no token.
import { pino } from 'pino';
import type postgres from 'postgres';
import t, { type Test } from 'tap';
import { createKeyEncryption } from '#keys/key-encryption.js';
import { createSigningKeysRepository } from '#keys/repository.js';
import { createSigningKeys, UnreadableSigningKeys } from '#keys/service.js';
import { connect } from '#platform/database/database.js';
import { registry } from '#settings/registry.js';
import { TEST_SECRET, testApp, testAppOn } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import {
  ageKeys,
  keyIn,
  keyRows,
  keyStates,
  kidOf,
  linesOf,
  publishedKids,
  reloadKeys,
  tokenOf,
  verifyStatus,
} from '../../support/keys.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';
import { rowsOf } from '../../support/rows.js';
import { freePort, runCommand, serviceEnvironment } from '../../support/service.js';
import { until } from '../../support/until.js';

const OLD = TEST_SECRET;
const NEW = 'test-Pw5yX2kFh4mV9cLr7TnWb3pJd6sGa1eN';
const REENCRYPTED = 'signing key re-encrypted';
const DAY = 86_400;

const encryptedKeys = async (rows: postgres.Sql) => (await keyRows(rows)).map((row) => row.private_key.toString('hex'));

/** The output and the exit code of a start that fails. */
const serve = async (databaseUrl: string, secret: string) =>
  runCommand(['serve'], { ...serviceEnvironment(databaseUrl, await freePort()), AUTH_SECRET: secret });

/** An instance with this AUTH_SECRET. */
const instance = (t: Test, databaseUrl: string, secret: string) =>
  testAppOn(t, databaseUrl, { env: { AUTH_SECRET: secret } });

t.test('a wrong AUTH_SECRET, or a damaged row, stops the start with one line that names the keys', async (t) => {
  const service = await testApp(t);
  const rows = rowsOf(t, service.databaseUrl);
  const active = await keyIn(rows, 'active');
  const next = await keyIn(rows, 'next');
  const before = await encryptedKeys(rows);

  const wrong = await serve(service.databaseUrl, NEW);
  t.equal(wrong.code, 1, 'exit code');
  matchAll(t, wrong.stderr, /^latchkey: signing keys cannot be read: [^\n]+AUTH_SECRET=new,old[^\n]+\n$/);
  for (const { kid, state } of [active, next]) {
    t.ok(wrong.stderr.includes(`${kid} (${state}: AUTH_SECRET does not decrypt its private key)`), state);
  }
  t.notOk(wrong.stderr.includes(NEW) || wrong.stderr.includes(OLD), 'no secret is told');
  t.strictSame(await encryptedKeys(rows), before, 'the keys are as they were');

  await rows`update signing_keys set public_jwk = null where kid = ${active.kid}`;
  const damaged = await serve(service.databaseUrl, OLD);
  t.equal(damaged.code, 1, 'exit code');
  matchAll(t, damaged.stderr, /^latchkey: signing keys cannot be read: [^\n]+\n$/);
  t.ok(damaged.stderr.includes(`${active.kid} (active: its public key cannot be read)`));
  t.notOk(damaged.stderr.includes(next.kid), 'the other key is not named');
});

t.test(
  'AUTH_SECRET=new,old decrypts what the old secret encrypted and re-encrypts it; then the new secret alone is enough',
  async (t) => {
    const old = await testApp(t);
    await old.register();
    const rows = rowsOf(t, old.databaseUrl);
    const token = await tokenOf(old);
    const before = await encryptedKeys(rows);

    const both = await instance(t, old.databaseUrl, `${NEW},${OLD}`);
    const after = await encryptedKeys(rows);
    t.equal(linesOf(both, REENCRYPTED).length, 2);
    t.notOk(
      after.some((key) => before.includes(key)),
      'every key is encrypted again',
    );
    await instance(t, old.databaseUrl, `${NEW},${OLD}`);
    t.strictSame(await encryptedKeys(rows), after, 'once');

    const alone = await instance(t, old.databaseUrl, NEW);
    await reloadKeys([old]);
    for (const each of [old, both, alone]) {
      t.equal(await verifyStatus(each, token), 204, 'an earlier token');
      const signed = await tokenOf(each);
      t.equal(kidOf(signed), kidOf(token), 'the key is the same');
      for (const other of [old, both, alone]) t.equal(await verifyStatus(other, signed), 204);
    }
  },
);

t.test('instances with old,new and with new,old do not re-encrypt the same keys in turn', async (t) => {
  const first = await testApp(t);
  const rows = rowsOf(t, first.databaseUrl);
  await first.register();
  const prepared = await instance(t, first.databaseUrl, `${OLD},${NEW}`);
  const changed = await instance(t, first.databaseUrl, `${NEW},${OLD}`);
  const all = [prepared, changed];
  const settled = await encryptedKeys(rows);
  for (let i = 0; i < 5; i += 1) await reloadKeys(all);
  t.strictSame(await encryptedKeys(rows), settled);
  t.strictSame(
    all.map((each) => linesOf(each, REENCRYPTED).length),
    [0, 2],
  );
  await ageKeys(rows, 90 * DAY);
  await reloadKeys(all);
  await reloadKeys(all);
  for (const each of all) {
    const token = await tokenOf(each);
    t.equal(kidOf(token), (await keyIn(rows, 'active')).kid);
    for (const other of all) t.equal(await verifyStatus(other, token), 204);
  }
  for (const each of all) t.strictSame(linesOf(each, 'a signing key cannot be read'), []);
});

t.test('an instance with the old secret alone verifies tokens signed with keys that it cannot decrypt', async (t) => {
  const old = await testApp(t);
  await old.register();
  const rows = rowsOf(t, old.databaseUrl);
  const changed = await instance(t, old.databaseUrl, `${NEW},${OLD}`);
  for (let i = 0; i < 2; i += 1) {
    await ageKeys(rows, 90 * DAY);
    await rows`update signing_keys set expires_at = now() + interval '1 hour' where state = 'retired'`;
    await changed.app.keys.reload();
    await old.app.keys.reload();
  }
  t.strictSame(await keyStates(rows), { active: 1, next: 1, retired: 2 });
  const token = await tokenOf(changed);
  t.equal(await verifyStatus(old, token), 204);
  t.strictSame((await publishedKids(old)).sort(), (await publishedKids(changed)).sort());
  t.equal(await verifyStatus(changed, await tokenOf(old)), 204, 'it signs with the last key that it can decrypt');
  for (let i = 0; i < 5; i += 1) await old.app.keys.reload();
  t.equal(linesOf(old, 'no active signing key: the last one signs').length, 1);
  t.ok(linesOf(old, 'a signing key cannot be read').length <= 4, 'each state of a row is reported once');
  await until('it changes no key', async () => (await keyIn(rows, 'active')).kid === kidOf(token));
  const forged = token.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
  isProblem(t, await old.me(forged), 'invalid_token', 'a forged token is refused');
});

t.test('a key that an instance with old,new encrypted last is re-encrypted by a running instance, once', async (t) => {
  const url = await testDatabase(t);
  const { db, close } = connect({ url, poolSize: 1, transactionPooler: false, deadline: 10_000 });
  t.teardown(close);
  let time = 0;
  const keysWith = (...secrets: string[]) =>
    createSigningKeys({
      repository: createSigningKeysRepository(db),
      encryption: createKeyEncryption(secrets),
      algorithm: 'ES256',
      settings: { get: (name) => registry[name].default },
      audit: { record: async () => {} },
      log: pino({ level: 'silent' }),
      monotonicNow: () => time,
    });
  const rows = rowsOf(t, url);
  const [prepared, changed] = [keysWith(OLD, NEW), keysWith(NEW, OLD)];
  await prepared.start();
  await changed.start();
  await ageKeys(rows, 90 * DAY);
  await prepared.reload();
  const made = await encryptedKeys(rows);
  await changed.reload();
  time += 59_000;
  await changed.reload();
  t.strictSame(await encryptedKeys(rows), made, 'while the two run side by side');
  await t.rejects(keysWith(NEW).start(), UnreadableSigningKeys, 'the next step would fail');
  time += 1000;
  await changed.reload();
  const settled = await encryptedKeys(rows);
  t.notSame(settled, made);
  await changed.reload();
  time += 600_000;
  await changed.reload();
  t.strictSame(await encryptedKeys(rows), settled, 'once');
  await keysWith(NEW).start();
});
