// What a failed attempt to send a mail means: whether the mail, or the mail server, is the cause.

/** Why an attempt failed. */
export interface Failure {
  /**
   * `recipient`: the server refuses this mail for good. `deferred`: it refuses this mail for now. `login`: it refuses the user, the
   * password, or the sender of all mails. `busy`: it closes the connection and has not taken the mail, mostly because there are too many
   * connections. `server`: it cannot be reached, or the connection failed.
   */
  readonly kind: 'recipient' | 'deferred' | 'login' | 'busy' | 'server';
  /** One line for operators: the server's answer, or what happened. It may contain the address of the recipient. */
  readonly reason: string;
  /** For the log, without personal data: the codes of the answer and of the error. */
  readonly codes: { readonly code: string | undefined; readonly responseCode: number | undefined };
}

/** The properties of nodemailer's errors that matter. */
interface SmtpError extends NodeJS.ErrnoException {
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly permanent?: boolean;
  readonly originalCode?: string;
  readonly timeoutType?: string;
}

const MAX_REASON_LENGTH = 500;
/** RFC 5321 section 3.8: the server closes the connection. It may give this answer to the connection itself, and to any command. */
const SERVICE_CLOSES = 421;

/**
 * Permanent answers about the account at the mail server and not about the recipient, which an operator can correct: relaying is denied, a
 * quota is used up (Gmail), or the sender is not verified (Amazon SES, SendGrid) or not permitted (Exchange).
 */
const CORRECTABLE = /\brelay|\bquota\b|\blimit\b|not verified|verified sender|send ?as/i;

const TIMEOUTS: Readonly<Record<string, string>> = {
  CONNECT_TIMEOUT: 'the mail server could not be reached in time',
  GREETING_TIMEOUT: 'the mail server accepted the connection but did not greet in time',
  UPGRADE_TIMEOUT: 'the mail server did not complete the TLS handshake in time',
  SOCKET_TIMEOUT: 'the mail server did not answer in time',
};

const UNKNOWN_AUTHORITY =
  "the mail server's certificate was issued by an unknown authority; add ?ca=FILE to SMTP_URL if it is your own";

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the mail server refuses connections',
  ENOTFOUND: 'the host of SMTP_URL is not known to DNS',
  EAI_AGAIN: 'DNS does not answer',
  EDNS: 'the host of SMTP_URL is not known to DNS',
  ECONNRESET: 'the mail server closed the connection',
  ECONNECTION: 'the mail server closed the connection',
  EABORT: 'the mail server did not finish in time',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'the mail server does not speak TLS on this port: use smtp:// for port 587, smtps:// for port 465',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  INVALID_PURPOSE: "the mail server's certificate is not for servers",
  CERT_HAS_EXPIRED: "the mail server's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the mail server's certificate is for another host than that of SMTP_URL",
};

/** Interprets an error of the transport. */
export function failureOf(error: unknown): Failure {
  const { code, originalCode, responseCode } = error as SmtpError;
  const said = reasonOf(error as SmtpError);
  const reason = said.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, MAX_REASON_LENGTH);
  return { kind: kindOf(error as SmtpError), reason, codes: { code: originalCode ?? code, responseCode } };
}

function kindOf({ code, command = '', response = '', responseCode, permanent }: SmtpError): Failure['kind'] {
  if (responseCode === SERVICE_CLOSES) return 'busy';
  if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) return 'login';
  // Before the message, a refusal concerns the sender or the client, so that every mail would get it.
  if (command === 'RCPT TO' || command === 'DATA') {
    if (!permanent) return withoutAnswer(responseCode);
    // Not `login`, which pauses all mails: such an answer can depend on the recipient, whom a stranger chooses.
    return CORRECTABLE.test(response) ? 'deferred' : 'recipient';
  }
  if (command === 'MAIL FROM') return permanent ? 'login' : withoutAnswer(responseCode);
  // The address cannot be written in an SMTP command.
  if (code === 'EENVELOPE' && command === 'API') return 'recipient';
  return 'server';
}

function withoutAnswer(responseCode: number | undefined): 'server' | 'deferred' {
  return responseCode === undefined ? 'server' : 'deferred';
}

function reasonOf({ code = '', originalCode, response, timeoutType = '', message }: SmtpError): string {
  if (response !== undefined) return response;
  const known = TIMEOUTS[timeoutType] ?? REASONS[originalCode ?? ''] ?? REASONS[code];
  const detail = message.split('\n', 1)[0] ?? '';
  return known === undefined ? detail : `${known} (${originalCode ?? code})`;
}
