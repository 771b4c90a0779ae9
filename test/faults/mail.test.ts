// Mails: a process that is killed while it sends loses none, and how many mails one instance sends.

import t, { type Test } from 'tap';
import { createOutbox } from '#mail/outbox.js';
import { createMailsRepository } from '#mail/repository.js';
import { createEncryption } from '#platform/config/encryption.js';
import { connect } from '#platform/database/database.js';
import { TEST_SECRET } from '../support/app.js';
import { testDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { startService } from '../support/service.js';
import { type MailServer, mailServer } from '../support/smtp.js';
import { until } from '../support/until.js';
import { figure, report, timeout } from './harness/figures.js';

const LIMIT_MILLISECONDS = 120_000;

/** Stores mails as a request does: committed before an instance knows of them. */
async function outboxOn(t: Test, url: string) {
  const { db, close } = connect({ url, poolSize: 4, transactionPooler: false, deadline: 60_000 });
  t.teardown(close);
  const encryption = createEncryption([TEST_SECRET], 'mail/v1');
  const outbox = createOutbox({ repository: createMailsRepository(db), encryption, enabled: true });
  const data = { url: 'https://auth.example.com/account/verify-email/?token=x', expiresAt: '2026-11-28T14:30:00Z' };
  return (from: number, to: number) =>
    db.transaction(async (tx) => {
      for (let index = from; index < to; index += 1) {
        const address = `user-${index}@example.com`;
        await outbox.enqueue({ kind: 'verify_email', userId: index, to: address, locale: null, data }, tx);
      }
    });
}

const smtpEnv = (server: MailServer, env: Record<string, string> = {}) => ({
  SMTP_URL: server.url(),
  MAIL_FROM: 'Acme <no-reply@example.com>',
  PUBLIC_URL: 'https://auth.example.com',
  ...env,
});

t.test('a process that is killed between the commit and the end of sending loses no mail', { timeout }, async (t) => {
  const url = await testDatabase(t);
  const rows = rowsOf(t, url);
  const server = await mailServer(t);
  const enqueue = await outboxOn(t, url);
  const rounds = figure(3, 30);
  const each = 25;
  server.behave({ delay: 30 });
  for (let round = 0; round < rounds; round += 1) {
    const service = await startService(t, url, smtpEnv(server));
    const before = server.received.length;
    await enqueue(round * each, (round + 1) * each);
    // In the middle of sending.
    await until('some mails arrive', () => server.received.length >= before + 5);
    await service.stop('SIGKILL');
  }
  // The leases of the killed processes end.
  await rows`update mails set leased_until = now(), next_attempt_at = now() where state = 'waiting'`;
  const last = await startService(t, url, smtpEnv(server));
  const count = rounds * each;
  await until(
    'every mail is sent',
    async () => (await rows`select 1 from mails where state = 'sent'`).length === count,
    LIMIT_MILLISECONDS,
  );
  await last.stop('SIGTERM');
  const ids = new Map<string, string>();
  for (const { to, headers } of server.received) {
    const id = headers['message-id'] ?? '';
    t.equal(ids.get(to) ?? id, id, 'a mail that arrives twice has the same Message-ID');
    ids.set(to, id);
  }
  t.equal(ids.size, count, 'every recipient has the mail');
  const twice = server.received.length - count;
  // Only mails whose answer the killed process had not stored yet: as many as it sends at the same time.
  t.ok(twice <= rounds * 5, `${twice} arrived twice`);
  report(t, 'mails of a process that is killed while sending', { rounds, mails: count, lost: 0, twice });
});

t.test('one instance sends 100 mails a second to a local server', { timeout }, async (t) => {
  const url = await testDatabase(t);
  const server = await mailServer(t);
  const enqueue = await outboxOn(t, url);
  const count = figure(1500, 6000);
  const service = await startService(t, url, smtpEnv(server, { SETTING_MAILS_PER_MINUTE: '0', LOG_LEVEL: 'warn' }));
  await enqueue(0, 10);
  await server.receive(10);
  await enqueue(10, count + 10);
  const start = performance.now();
  await until('all mails arrive', () => server.received.length >= count + 10, LIMIT_MILLISECONDS);
  const perSecond = Math.round((1000 * count) / (performance.now() - start));
  await service.stop('SIGTERM');
  t.equal(server.received.length, count + 10, 'each once');
  // In the short run, other tests use the same cores.
  t.ok(perSecond >= figure(50, 100), `${perSecond} mails per second`);
  report(t, 'mails per second of one instance', { mails: count, perSecond });
});
