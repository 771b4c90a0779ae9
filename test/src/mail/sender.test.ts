// Sending the outbox to a real mail server, with each of its failures.
import type postgres from 'postgres';
import t, { type Test } from 'tap';
import { retryDelay } from '#mail/backoff.js';
import { createComposer } from '#mail/composer.js';
import type { Mail } from '#mail/kinds.js';
import { createOutbox } from '#mail/outbox.js';
import { createMailsRepository } from '#mail/repository.js';
import { createSender } from '#mail/sender.js';
import { createRenderer } from '#mail/templates/render.js';
import { createSmtpTransport } from '#mail/transport.js';
import { createEncryption } from '#platform/config/encryption.js';
import { parseSmtpUrl } from '#platform/config/smtp-url.js';
import { connect } from '#platform/database/database.js';
import { TEST_SECRET } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { makeCertificates } from '../../support/debian-postgres.js';
import { rowsOf } from '../../support/rows.js';
import { type MailServerOptions, mailServer as startMailServer } from '../../support/smtp.js';
import { until } from '../../support/until.js';

const from = { name: 'Acme', address: 'no-reply@example.com' };
const data = { url: 'https://auth.example.com/account/verify-email/?token=secret', expiresAt: '2026-11-28T14:30:00Z' };
const TO = 'mia@example.com';

const certificates = await makeCertificates(t);
const mailServer = (t: Test, options: MailServerOptions = {}) => startMailServer(t, { certificates, ...options });

interface Options {
  readonly perMinute?: number;
  readonly secrets?: readonly string[];
  /** Milliseconds. */
  readonly firstPause?: number;
  readonly attemptSeconds?: number;
  /** The longest wait for an answer of the server, in milliseconds. */
  readonly socketTimeout?: number;
}

/** An outbox on a database, and a function that makes senders on it. */
async function outboxOf(t: Test) {
  const url = await testDatabase(t);
  const { db, close } = connect({ url, poolSize: 4, transactionPooler: false });
  t.teardown(close);
  const repository = createMailsRepository(db);
  const encryption = createEncryption([TEST_SECRET], 'mail/v1');
  const outbox = createOutbox({ repository, encryption, enabled: true });
  const rows = rowsOf(t, url);

  return {
    repository,
    rows,
    /** Stores a mail. */
    enqueue: (changes: Partial<Mail> = {}) =>
      db.transaction((tx) =>
        outbox.enqueue({ kind: 'verify_email', userId: 1, to: TO, locale: null, data, ...changes } as Mail, tx),
      ),
    /** The only mail. */
    row: async () => {
      const [row] = await rows`select * from mails order by id desc limit 1`;
      return row as postgres.Row;
    },
    /** Makes all waiting mails due, as if time had passed. */
    pass: () => rows`update mails set next_attempt_at = now() where state = 'waiting' and leased_until is null`,
    /** A sender to a mail server. It pauses for a moment after failures. */
    senderTo: (
      smtpUrl: string,
      { perMinute = 0, secrets = [TEST_SECRET], firstPause = 1, attemptSeconds = 4, socketTimeout = 500 }: Options = {},
    ) => {
      const lines: Record<string, unknown>[] = [];
      const write = (level: string) => (details: object, message: string) => lines.push({ level, ...details, message });
      const timeouts = { connect: 2000, greeting: 2000, socket: socketTimeout, attempt: attemptSeconds * 1000 };
      const transport = createSmtpTransport({ server: parseSmtpUrl(smtpUrl), from, timeouts });
      const compose = createComposer({
        encryption: createEncryption(secrets, 'mail/v1'),
        render: createRenderer(new Map(), { service: 'Acme' }),
        from,
      });
      const sender = createSender({
        repository,
        deliver: (message) => transport.send(message),
        compose,
        close: transport.close,
        keepsContent: false,
        settings: { get: () => perMinute as never },
        log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') } as never,
        concurrency: 5,
        attemptSeconds,
        firstPause,
      });
      t.teardown(sender.stop);
      return { ...sender, lines };
    },
  };
}

/** Wakes the sender until the mail is in a state. */
async function untilState(
  { row }: Awaited<ReturnType<typeof outboxOf>>,
  { wake }: { wake: () => Promise<void> },
  is: (row: postgres.Row) => boolean,
): Promise<postgres.Row> {
  return until('the state of the mail', async () => {
    await wake();
    const found = await row();
    return is(found) && found;
  });
}

/** Wakes the sender until all mails are sent. */
const untilAllSent = ({ rows }: Awaited<ReturnType<typeof outboxOf>>, { wake }: { wake: () => Promise<void> }) =>
  until('all mails are sent', async () => {
    await wake();
    return (await rows`select 1 from mails where state <> 'sent'`).length === 0;
  });

const hasFailed = ({ last_error: error }: postgres.Row) => error !== null;
const isSent = ({ state }: postgres.Row) => state === 'sent';

for (const scheme of ['smtp', 'smtps'] as const) {
  t.test(`a mail arrives over TLS (${scheme})`, async (t) => {
    const outbox = await outboxOf(t);
    const server = await mailServer(t, { secure: scheme === 'smtps' });
    await outbox.enqueue();
    const sent = await untilState(outbox, outbox.senderTo(server.url({ scheme })), isSent);
    t.match(sent, { attempts: 1, content: null, last_error: null, leased_until: null });
    t.ok(sent.sent_at);
    const [mail] = server.received;
    t.match(mail, { from: from.address, to: TO, helo: 'example.com' });
    t.match(mail?.headers, {
      from: 'Acme <no-reply@example.com>',
      to: TO,
      subject: 'Verify your e-mail address for Acme',
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'message-id': /^<[0-9a-f]{40}@example\.com>$/,
      'content-type': /^multipart\/alternative/,
    });
    t.equal(new Date(String(mail?.headers.date)).getTime(), Math.floor(sent.created_at.getTime() / 1000) * 1000);
    t.notOk(mail?.headers['x-mailer']);
    t.equal(mail?.raw.split(data.url).length, 5, 'the link is in the text, and three times in the HTML');
  });
}

t.test('without STARTTLS nothing is sent, unless that is allowed', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t, { disabledCommands: ['STARTTLS', 'AUTH'], authOptional: true });
  await outbox.enqueue();
  const failed = await untilState(outbox, outbox.senderTo(server.url({ login: false })), hasFailed);
  t.match(failed, { state: 'waiting', attempts: 1 });
  t.equal(server.received.length, 0);
  for (const tls of ['none', 'optional']) {
    await outbox.enqueue();
    await untilState(outbox, outbox.senderTo(server.url({ login: false, tls })), isSent);
  }
});

t.test('`optional` uses STARTTLS if the server offers it, and checks the certificate', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  await outbox.enqueue();
  const sender = outbox.senderTo(server.url({ tls: 'optional', ca: server.certificates.otherAuthority }));
  t.match((await untilState(outbox, sender, hasFailed)).last_error, /unknown authority/);
  await sender.stop();
  await outbox.pass();
  await untilState(outbox, outbox.senderTo(server.url({ tls: 'optional' })), isSent);
});

t.test('a certificate that does not belong to the server is refused', async (t) => {
  const outbox = await outboxOf(t);
  const cases = [
    [{}, { ca: certificates.otherAuthority }, /unknown authority/],
    [{ certificate: 'expired' }, {}, /certificate has expired/],
    [{}, { host: '127.0.0.1' }, /certificate is for another host/],
  ] as const;
  for (const [options, url, reason] of cases) {
    const server = await mailServer(t, options);
    await outbox.enqueue();
    const failed = await untilState(outbox, outbox.senderTo(server.url(url)), hasFailed);
    t.match(failed, { state: 'waiting', last_error: reason });
    t.equal(server.received.length, 0);
  }
});

t.test('a wrong password is retried, and reported loudly without the password', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  await outbox.enqueue();
  const sender = outbox.senderTo(server.url({ password: 'wrong-password' }));
  const failed = await untilState(outbox, sender, hasFailed);
  t.match(failed, { state: 'waiting', last_error: /^535 / });
  const loud = sender.lines.filter(({ level }) => level === 'error');
  t.match(loud, [{ event: 'mail_server_failed', cause: 'login', responseCode: 535, message: /latchkey doctor/ }]);
  t.notMatch(JSON.stringify(sender.lines), /wrong-password|mia@/);
});

t.test('a server that does not offer to log in gets no mail from a user that should', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t, { disabledCommands: ['AUTH'], authOptional: true });
  await outbox.enqueue();
  const sender = outbox.senderTo(server.url());
  t.match(await untilState(outbox, sender, hasFailed), { state: 'waiting', last_error: /^50\d / });
  t.match(
    sender.lines.filter(({ level }) => level === 'error'),
    [{ event: 'mail_server_failed', cause: 'login' }],
  );
  t.equal(server.received.length, 0);
  await t.rejects(createSmtpTransport({ server: parseSmtpUrl(server.url()), from }).verify(), { code: 'EAUTH' });
});

t.test('4xx and refused senders are retried, a refused recipient or message is final', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  const sender = outbox.senderTo(server.url());
  const cases = [
    [{ recipient: '451 4.7.1 Greylisted' }, { state: 'waiting', last_error: '451 4.7.1 Greylisted' }],
    [{ message: '452 4.3.1 Out of storage' }, { state: 'waiting', last_error: '452 4.3.1 Out of storage' }],
    [{ sender: '550 5.7.1 Not allowed' }, { state: 'waiting', last_error: '550 5.7.1 Not allowed' }],
    [{ recipient: '550 5.1.1 No such user' }, { state: 'dead', last_error: '550 5.1.1 No such user' }],
    [{ recipient: '550 5.7.1 Relaying denied' }, { state: 'waiting', last_error: '550 5.7.1 Relaying denied' }],
    [{ message: '550 5.4.5 Daily user sending quota exceeded.' }, { state: 'waiting' }],
    [{ message: '554 Message rejected: Email address is not verified.' }, { state: 'waiting' }],
    [{ message: '550 The from address does not match a verified Sender Identity.' }, { state: 'waiting' }],
    [{ message: '554 5.7.1 Spam' }, { state: 'dead', last_error: '554 5.7.1 Spam' }],
  ] as const;
  for (const [behavior, expected] of cases) {
    server.behave(behavior);
    await outbox.enqueue();
    const failed = await untilState(outbox, sender, hasFailed);
    t.match(failed, { ...expected, attempts: 1 });
    t.ok(failed.content, 'it can be sent again');
    await outbox.rows`delete from mails`;
  }
  t.equal(server.received.length, 0);
  server.behave({});
  await outbox.enqueue();
  await untilState(outbox, sender, isSent);
});

t.test('a connection that breaks amid a mail is retried, and the mail arrives once', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  const sender = outbox.senderTo(server.url());
  server.behave({ closesAmid: true });
  await outbox.enqueue();
  t.match(await untilState(outbox, sender, hasFailed), { state: 'waiting', last_error: /closed the connection/ });
  server.behave({});
  await outbox.pass();
  t.match(await untilState(outbox, sender, isSent), { attempts: 2 });
  t.equal(server.received.length, 1);
});

t.test(
  'where SMTP cannot tell whether a mail was accepted, it is sent again with the same Message-ID and Date',
  async (t) => {
    const outbox = await outboxOf(t);
    const server = await mailServer(t);
    const sender = outbox.senderTo(server.url());
    for (const afterData of ['close', 'hang'] as const) {
      // So that the connection is one that the pool may replace.
      await outbox.enqueue();
      await untilState(outbox, sender, isSent);
      server.received.splice(0);
      server.behave({ afterData });
      await outbox.enqueue();
      t.match(await untilState(outbox, sender, hasFailed), { state: 'waiting', attempts: 1 });
      server.behave({});
      await outbox.pass();
      await untilState(outbox, sender, isSent);
      const [first, second, ...more] = server.received.splice(0);
      t.strictSame(more, []);
      t.equal(first?.headers['message-id'], second?.headers['message-id']);
      t.equal(first?.headers.date, second?.headers.date);
    }
  },
);

for (const [what, behavior] of [
  ['refuses a third mail on a connection', { mailsPerConnection: 2 }],
  ['closes the connection after each mail', { closesAfterMail: true }],
] as const) {
  t.test(`a server that ${what} gets the others over new ones, at once`, async (t) => {
    const outbox = await outboxOf(t);
    const server = await mailServer(t);
    const sender = outbox.senderTo(server.url());
    server.behave(behavior);
    for (let count = 0; count < 30; count += 1) await outbox.enqueue({ to: `user-${count}@example.com` });
    await untilAllSent(outbox, sender);
    t.equal(server.received.length, 30, 'each once');
    t.equal((await outbox.rows`select max(attempts) as most from mails`)[0]?.most, 1);
    t.strictSame(
      sender.lines.filter(({ event }) => event !== 'mail_sent'),
      [],
      'nothing has failed',
    );
  });
}

t.test('a server that accepts fewer connections gets all mails over those that it accepts', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  const sender = outbox.senderTo(server.url());
  server.behave({ maxConnections: 2, delay: 20 });
  for (let count = 0; count < 30; count += 1) await outbox.enqueue({ to: `user-${count}@example.com` });
  await untilAllSent(outbox, sender);
  t.equal(server.received.length, 30, 'each once');
  t.equal(
    (await outbox.rows`select max(attempts) as most from mails`)[0]?.most,
    1,
    'a refused connection is no attempt',
  );
  const others = sender.lines.filter(({ event }) => event !== 'mail_sent');
  t.ok(others.length > 0);
  for (const each of others) t.match(each, { level: 'info', event: 'mail_connections_reduced' }, 'no failure');
  t.ok((others.at(-1) as { connections: number }).connections <= 2);
});

t.test(
  'a slow server that accepts one connection gets each mail once, although another instance sends too',
  async (t) => {
    const outbox = await outboxOf(t);
    const server = await mailServer(t);
    const options = { attemptSeconds: 4, socketTimeout: 4000 };
    const [first, second] = [outbox.senderTo(server.url(), options), outbox.senderTo(server.url(), options)];
    server.behave({ maxConnections: 1, delay: 2500 });
    for (let count = 0; count < 10; count += 1) await outbox.enqueue({ to: `user-${count}@example.com` });
    await first.wake();
    await until('one connection is left', async () => first.lines.some(({ connections }) => connections === 1));
    // The first instance goes on with one connection. The six mails that it keeps would take 15 seconds, and its lease is 12 seconds.
    server.behave({ delay: 2500 });
    await untilAllSent(outbox, second);
    await first.stop();
    const recipients = server.received.map(({ to }) => to);
    t.strictSame(recipients.length, new Set(recipients).size, 'none twice');
    t.equal(recipients.length, 10);
  },
);

t.test('a server that refuses every connection for now has failed, and one mail has found out', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  const sender = outbox.senderTo(server.url(), { firstPause: 3_600_000 });
  server.behave({ maxConnections: 0 });
  for (let count = 0; count < 8; count += 1) await outbox.enqueue({ to: `user-${count}@example.com` });
  const failed = await until('the failure', async () => {
    await sender.wake();
    return sender.lines.find(({ level }) => level === 'error');
  });
  t.match(failed, { event: 'mail_server_failed', cause: 'busy', responseCode: 421 });
  await until(
    'the others are given back',
    async () => (await outbox.rows`select 1 from mails where leased_until is not null`).length === 0,
  );
  const [counts] = await outbox.rows`select max(attempts) as most, sum(attempts)::int as all from mails`;
  t.match(counts, { most: 1, all: 1 });
});

t.test('while the server is down, mails wait without using up their attempts, and arrive afterwards', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  await server.stop();
  const sender = outbox.senderTo(server.url());
  for (let count = 0; count < 30; count += 1) await outbox.enqueue({ to: `user-${count}@example.com` });
  await until('many attempts fail', async () => {
    await sender.wake();
    await outbox.pass();
    return sender.lines.filter(({ event }) => event === 'mail_deferred').length > 15;
  });
  t.equal(sender.lines.filter(({ level }) => level === 'error').length, 1, 'reported once');
  const [{ most }] = (await outbox.rows`select max(attempts) as most from mails`) as unknown as [{ most: number }];
  t.ok(most < 20, `${most} attempts at most`);
  await server.start();
  await until('all mails are sent', async () => {
    await sender.wake();
    await outbox.pass();
    return server.received.length >= 30;
  });
  await until(
    'that is stored',
    async () => (await outbox.rows`select 1 from mails where state = 'sent'`).length === 30,
  );
  t.equal(new Set(server.received.map(({ to }) => to)).size, 30);
  t.equal(server.received.length, 30, 'none twice');
  t.ok(sender.lines.some(({ event }) => event === 'mail_server_back'));
});

t.test('an expired mail is never sent', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  const sender = outbox.senderTo(server.url());
  await outbox.enqueue({ expiresAt: new Date(Date.now() - 1000) });
  const dead = await untilState(outbox, sender, ({ state }) => state === 'dead');
  t.match(dead, { attempts: 0, content: null, last_error: 'expired before it could be sent' });
  t.match(sender.lines, [{ event: 'mail_expired', level: 'warn' }]);
  t.equal(server.connections(), 0);
});

t.test('a mail that cannot be decrypted or composed waits for an instance that can do it', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  await outbox.enqueue();
  const other = outbox.senderTo(server.url(), { secrets: ['another-secret-of-more-than-32-characters'] });
  t.match(await untilState(outbox, other, hasFailed), {
    state: 'waiting',
    last_error: 'AUTH_SECRET does not decrypt it',
  });
  await other.stop();
  // The content belongs to its recipient and its kind.
  await outbox.rows`update mails set recipient = 'thief@example.com', next_attempt_at = now(), last_error = null`;
  const sender = outbox.senderTo(server.url());
  t.match(await untilState(outbox, sender, hasFailed), { last_error: 'AUTH_SECRET does not decrypt it' });
  t.equal(server.received.length, 0);
});

t.test('the last of the attempts of a day makes a mail dead', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  server.behave({ recipient: '451 4.7.1 Greylisted' });
  await outbox.enqueue();
  await outbox.rows`update mails set attempts = 19`;
  const sender = outbox.senderTo(server.url());
  t.match(await untilState(outbox, sender, hasFailed), { state: 'dead', attempts: 20 });
  t.match(sender.lines, [{ event: 'mail_dead', cause: 'deferred', responseCode: 451 }]);
  t.notMatch(JSON.stringify(sender.lines), /Greylisted|mia@/, 'answers of servers may contain addresses');
});

t.test('the delays double from 30 seconds to two hours and fill a day', async (t) => {
  const delays = Array.from({ length: 19 }, (_, index) => Number(retryDelay(index + 1, 0.5)));
  t.strictSame(delays.slice(0, 4), [30, 60, 120, 240]);
  t.equal(Math.max(...delays), 7200);
  const hours = delays.reduce((sum, delay) => sum + delay, 0) / 3600;
  t.ok(hours > 23 && hours < 26, `${hours} hours`);
  t.equal(retryDelay(20), undefined);
  t.equal(retryDelay(1, 0), 24);
  t.equal(retryDelay(1, 1), 36);
});

t.test('a mail is claimed by one instance until the lease ends, and its lost lease changes nothing', async (t) => {
  const { repository, enqueue, row, rows } = await outboxOf(t);
  await enqueue();
  const limits = { count: 10, perMinute: 0, lease: 60 };
  const [[first], [none]] = [await repository.claim(limits), await repository.claim(limits)];
  t.match(first, { recipient: TO, attempts: 1 });
  t.equal(none, undefined);
  await rows`update mails set next_attempt_at = now(), leased_until = now()`;
  const [second] = await repository.claim(limits);
  t.equal(second?.attempts, 2);
  if (first === undefined || second === undefined) return;
  await repository.markFailed(first, 'late', undefined);
  t.match(await row(), { state: 'waiting', last_error: null }, 'of an attempt that has lost its lease');
  await repository.markSent(first.id, false);
  await repository.markFailed(second, 'later', undefined);
  t.match(await row(), { state: 'sent', last_error: null });
});

t.test('mails that a person waits for leave first, and the oldest of the others still leave', async (t) => {
  const { enqueue, repository, rows } = await outboxOf(t);
  const claim = async (count: number, perMinute = 0) =>
    (await repository.claim({ count, perMinute, lease: 60 })).map(({ id, kind }) => ({ id, kind }));
  const make = async (count: number, kind: 'verify_email' | 'reset_password') => {
    for (let i = 0; i < count; i += 1) await enqueue({ kind });
  };
  const urgent = (claimed: { kind: string }[]) => claimed.filter(({ kind }) => kind === 'reset_password').length;

  await make(8, 'verify_email');
  await make(12, 'reset_password');
  const first = await claim(10);
  t.equal(urgent(first), 8);
  t.strictSame(
    first
      .filter(({ kind }) => kind === 'verify_email')
      .map(({ id }) => id)
      .sort(),
    [1, 2],
    'the oldest',
  );
  t.equal(urgent(await claim(1)), 1, 'the only one');
  const rest = await claim(10);
  t.equal(urgent(rest), 3);
  t.equal(rest.length, 9, 'room that no urgent mail needs is used by others');
  t.strictSame(await claim(10), []);

  await make(10, 'reset_password');
  const [claimedUrgent] = [await claim(10)];
  t.ok(claimedUrgent.length >= 8 && urgent(claimedUrgent) === claimedUrgent.length);
  await rows`delete from mails`;
  await make(5, 'verify_email');
  await make(5, 'reset_password');
  const within = await claim(10, 5);
  t.equal(within.length, 5, 'MAILS_PER_MINUTE bounds both together');
  t.equal(urgent(within), 4);
});

t.test('MAILS_PER_MINUTE bounds what all instances send', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  for (let count = 0; count < 12; count += 1) await outbox.enqueue();
  const senders = [1, 2].map(() => outbox.senderTo(server.url(), { perMinute: 5 }));
  await senders[0]?.wake();
  await server.receive(5);
  const sent = () => outbox.rows`select 1 from mails where state = 'sent'`;
  await until('that is stored', async () => (await sent()).length === 5);
  for (const { wake } of senders) await wake();
  t.equal((await outbox.rows`select 1 from mails where attempts = 0`).length, 7, 'the others wait');
  await outbox.rows`update mails set sent_at = sent_at - interval '1 minute'`;
  await senders[1]?.wake();
  await server.receive(10);
  await until('that is stored', async () => (await sent()).length === 10);
});

t.test('mails that were sent before the clock was set back do not count as the last minute', async (t) => {
  const { repository, enqueue, rows } = await outboxOf(t);
  const limits = { count: 10, perMinute: 1, lease: 60 };
  for (let count = 0; count < 2; count += 1) await enqueue();
  const [first] = await repository.claim(limits);
  await repository.markSent(first?.id ?? 0, false);
  t.strictSame(await repository.claim(limits), []);
  await rows`update mails set sent_at = sent_at + interval '1 hour'`;
  t.equal((await repository.claim(limits)).length, 1);
});

t.test('a stopped sender finishes its attempt and leaves the other mails', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  server.behave({ delay: 300 });
  for (let count = 0; count < 8; count += 1) await outbox.enqueue();
  const sender = outbox.senderTo(server.url());
  await sender.wake();
  await server.receive(1);
  await sender.stop();
  const states = await outbox.rows`select state, attempts, leased_until from mails order by id`;
  const sent = states.filter(({ state }) => state === 'sent');
  const waiting = states.filter(({ state }) => state === 'waiting');
  t.equal(sent.length, server.received.length, 'what was accepted is stored');
  t.ok(waiting.length >= 3, 'the others were not begun');
  for (const mail of waiting) t.match(mail, { attempts: 0, leased_until: null });
  await sender.wake();
  t.equal((await outbox.rows`select 1 from mails where leased_until is not null`).length, 0, 'nothing begins any more');
});

t.test('odd but valid addresses arrive as they are', async (t) => {
  const outbox = await outboxOf(t);
  const server = await mailServer(t);
  const sender = outbox.senderTo(server.url());
  const addresses = [
    "o'neil+tag=1@example.com",
    "!#$%&'*/=?^_`{|}~-@example.com",
    '-dash@xn--bcher-kva.example',
    `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(50)}.example`,
  ];
  for (const to of addresses) await outbox.enqueue({ to });
  await untilAllSent(outbox, sender);
  // The test server shows domains in Unicode.
  t.strictSame(server.received.map(({ to }) => to.replace('bücher', 'xn--bcher-kva')).sort(), [...addresses].sort());
  t.strictSame(server.received.map(({ headers }) => headers.to).sort(), [...addresses].sort());
});

t.test('a recipient or subject with a line break cannot add a header or a recipient', async (t) => {
  const server = await mailServer(t);
  const transport = createSmtpTransport({ server: parseSmtpUrl(server.url()), from });
  t.teardown(transport.close);
  const message = { text: 'x', html: undefined, messageId: '<1@example.com>', date: new Date() };
  const evil = 'a@example.com>\r\nRCPT TO:<victim@example.com';
  await t.rejects(transport.send({ ...message, to: evil, subject: 'x' }));
  t.equal(server.received.length, 0);
  await transport.send({ ...message, to: TO, subject: 'Hello\r\nBcc: victim@example.com' });
  t.strictSame(
    server.received.map(({ to }) => to),
    [TO],
  );
  t.notOk(server.received[0]?.headers.bcc);
});
