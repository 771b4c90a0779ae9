// Sends mails to the mail server by SMTP.
import nodemailer from 'nodemailer';
import type { Mailbox } from '#platform/config/mailbox.js';
import type { SmtpServer } from '#platform/config/smtp-url.js';
import { ATTEMPT_SECONDS, MAX_CONNECTIONS } from './limits.js';
import type { Message } from './message.js';

interface Options {
  readonly server: SmtpServer;
  readonly from: Mailbox;
  /** The longest wait for a connection, for the greeting, and for each answer; replaced only by tests. */
  readonly timeouts?: Partial<typeof TIMEOUTS>;
}

/** Mails per connection, since some servers close a connection after 100. */
const MAILS_PER_CONNECTION = 100;
/**
 * Milliseconds. Some servers greet late to deter spam (`connect` includes the greeting), and check a mail before they accept it: giving up
 * then would send it twice, which RFC 5321 section 4.5.3.2.6 warns of. `attempt` bounds all of them together, because a server that
 * sends single bytes exceeds none of the others.
 */
const TIMEOUTS = { connect: 30_000, greeting: 30_000, socket: 55_000, attempt: ATTEMPT_SECONDS * 1000 };
const DNS_TIMEOUT = 10_000;
/** How long an idle connection stays open, in milliseconds. */
const IDLE = 10_000;

/** Rejections are errors of nodemailer: see failure.ts. */
export function createSmtpTransport({ server, from, timeouts: changed }: Options) {
  const { host, port, tls, user, password, ca } = server;
  const timeouts = { ...TIMEOUTS, ...changed };
  // The name in EHLO. A container has none, for which nodemailer sends [127.0.0.1]; some relays, such as Google's, refuse that.
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const transporter = nodemailer.createTransport({
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    maxMessages: MAILS_PER_CONNECTION,
    // Some servers close a connection after a few mails, or while it is idle. What was not begun on it then leaves over another one; the
    // pool repeats nothing else. As often as there are connections, because all of them may have been closed.
    maxRequeues: MAX_CONNECTIONS,
    idleTimeout: IDLE,
    host,
    port,
    ...(domain.includes('.') && { name: domain }),
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    // Without verification of the certificate, STARTTLS does not protect against an attacker who answers in the server's place.
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    // Also if the server does not offer to log in: otherwise nodemailer would go on without, and `verify` would report a login.
    forceAuth: user !== undefined,
    connectionTimeout: timeouts.connect,
    dnsTimeout: Math.min(DNS_TIMEOUT, timeouts.connect),
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.socket,
    // Nothing in a mail may make the process read a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Errors of idle connections. Those of attempts reject `send`.
  transporter.on('error', () => {});

  return {
    /** Resolves to the answer of the mail server, which has accepted the mail. */
    async send({ to, subject, text, html, messageId, date }: Message): Promise<string> {
      const { response } = await transporter.sendMail({
        from: { name: from.name, address: from.address },
        to: { name: '', address: to },
        subject,
        text,
        ...(html !== undefined && { html }),
        messageId,
        date,
        // Recipients need not know which program sends the mail, nor its version.
        xMailer: false,
        headers: {
          // RFC 3834 section 5: vacation programs do not answer.
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
        },
        signal: AbortSignal.timeout(timeouts.attempt),
      });
      return response;
    },

    /** Connects, negotiates TLS and logs in, without sending a mail. */
    async verify(): Promise<void> {
      await transporter.verify();
    },

    /** Closes all connections. Attempts in progress fail. */
    close(): void {
      transporter.transporter.close?.({ force: true });
    },
  };
}
