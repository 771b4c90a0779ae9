// A mail server for a test, with real TLS: it receives mails, or fails in the way that a test wants.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Test } from 'tap';
import { makeCertificates } from './debian-postgres.js';
import { until } from './until.js';

/** A mail as the server has accepted it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: string;
  /** The name that the client gave in EHLO. */
  readonly helo: string;
  /** Header and body, with soft line breaks of quoted-printable removed. */
  readonly raw: string;
  /** Header fields by their name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the server does with the mails that come next; undefined members mean the normal behavior. */
export interface Behavior {
  /** The answer to `RCPT TO`, such as `451 4.7.1 Greylisted`. */
  readonly recipient?: string;
  /** The answer to `MAIL FROM`. */
  readonly sender?: string;
  /** The answer after the message. */
  readonly message?: string;
  /** After the message: it is accepted, and then no answer comes, or the connection is closed. */
  readonly afterData?: 'hang' | 'close';
  /** Closes the connection in the middle of the message. */
  readonly closesAmid?: boolean;
  /** Refuses connections with 421 while there are as many. */
  readonly maxConnections?: number;
  /** Answers 421 to further mails on a connection that has brought as many. */
  readonly mailsPerConnection?: number;
  /** Closes the connection after each mail that it has accepted. */
  readonly closesAfterMail?: boolean;
  /** Milliseconds until the message is accepted. */
  readonly delay?: number;
}

export interface MailServerOptions extends SMTPServerOptions {
  /** Which certificate: `server` is for localhost and signed by the authority of `url()`. */
  readonly certificate?: 'server' | 'expired';
  /** Made for this server if they are not given, which takes seconds. */
  readonly certificates?: Awaited<ReturnType<typeof makeCertificates>>;
}

export const SMTP_USER = 'latchkey@example.com';
/** Contains what must be encoded in a URL. */
export const SMTP_PASSWORD = 'p@ss/w:rd?#%';

/** Starts a mail server, stopped when the test ends. It requires a login over TLS unless the options say otherwise. */
export async function mailServer(t: Pick<Test, 'teardown'>, options: MailServerOptions = {}) {
  const { certificate: name = 'server', certificates = await makeCertificates(t), ...changed } = options;
  const { certificate, key } = certificates[name];
  const received: ReceivedMail[] = [];
  let behavior: Behavior = {};
  let connections = 0;
  const mailsOf = new Map<string, number>();

  const create = () => {
    const server = new SMTPServer({
      cert: readFileSync(certificate),
      key: readFileSync(key),
      disableReverseLookup: true,
      authMethods: ['PLAIN', 'LOGIN'],
      onConnect: (_session, done) => {
        connections += 1;
        const { maxConnections = Number.POSITIVE_INFINITY } = behavior;
        done(server.connections.size > maxConnections ? refusal('421 4.3.2 Too many connections') : null);
      },
      onAuth: ({ username, password }, _session, done) =>
        username === SMTP_USER && password === SMTP_PASSWORD
          ? done(null, { user: username })
          : done(refusal('535 5.7.8 Authentication credentials invalid')),
      onMailFrom: (_address, { id }, done) => {
        const { sender, mailsPerConnection = Number.POSITIVE_INFINITY } = behavior;
        const count = (mailsOf.get(id) ?? 0) + 1;
        mailsOf.set(id, count);
        done(count > mailsPerConnection ? refusal('421 4.7.0 Too many messages') : refusalOrNull(sender));
      },
      onRcptTo: (_address, _session, done) => done(refusalOrNull(behavior.recipient)),
      onData: (stream, session, done) => {
        const { message, afterData, closesAmid, closesAfterMail, delay = 0 } = behavior;
        const chunks: Buffer[] = [];
        const cut = () => {
          for (const connection of server.connections) connection.close();
        };
        stream.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (closesAmid) cut();
        });
        stream.on('end', () => {
          if (closesAmid) return;
          if (message !== undefined) return done(refusal(message));
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom ? mailFrom.address : '';
          const { hostNameAppearsAs: helo } = session;
          received.push({ helo: String(helo), ...parse(from, rcptTo[0]?.address ?? '', Buffer.concat(chunks)) });
          if (afterData === 'close') cut();
          else if (closesAfterMail) {
            done(null, 'queued');
            for (const connection of server.connections) if (connection.id === session.id) connection.close();
          } else if (afterData === undefined) setTimeout(done, delay, null, 'queued');
        });
      },
      ...changed,
    });
    // Connections that the other side breaks off.
    server.on('error', () => {});
    return server;
  };

  let server = create();
  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      server.listen(port, '127.0.0.1', () => resolve((server.server.address() as AddressInfo).port));
    });
  const close = async () => {
    for (const connection of server.connections) connection.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const port = await listen(0);
  t.teardown(close);

  const user = encodeURIComponent(SMTP_USER);
  return {
    port,
    received,
    certificates,
    connections: () => connections,
    behave: (next: Behavior): void => {
      behavior = next;
    },
    /** SMTP_URL of this server. */
    url: ({
      scheme = 'smtp',
      password = SMTP_PASSWORD,
      ca = certificates.authority,
      host = 'localhost',
      tls = '',
      login = true,
    } = {}) =>
      `${scheme}://${login ? `${user}:${encodeURIComponent(password)}@` : ''}${host}:${port}?ca=${encodeURIComponent(ca)}${tls && `&tls=${tls}`}`,
    stop: close,
    /** Starts again on the same port. */
    start: async (): Promise<void> => {
      server = create();
      await listen(port);
    },
    /** Resolves to the mails, when there are `count` of them. */
    receive: (count: number) =>
      until(`${count} mails arrive`, () => received.length >= count).then(() => received.slice(0, count)),
  };
}

export type MailServer = Awaited<ReturnType<typeof mailServer>>;

function refusal(answer: string): Error {
  const [, code, text] = /^(\d{3}) (.*)$/.exec(answer) ?? [];
  return Object.assign(new Error(text), { responseCode: Number(code) });
}

function refusalOrNull(answer: string | undefined): Error | null {
  return answer === undefined ? null : refusal(answer);
}

function parse(from: string, to: string, bytes: Buffer): Omit<ReceivedMail, 'helo'> {
  const text = bytes.toString().replaceAll('\r\n', '\n');
  const [head = ''] = text.split('\n\n', 1);
  const lines = head.replaceAll(/\n[ \t]+/g, ' ').split('\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { from, to, headers, raw: text.replaceAll(/=\n/g, '').replaceAll('=3D', '=') };
}
