// Parses SMTP_URL, the URL of the mail server.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';

/** A mail server, and how to connect to it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte. `required`: STARTTLS, or no mail is sent. `optional`: STARTTLS if the server offers it. `none`:
   * never.
   */
  readonly tls: 'implicit' | 'required' | 'optional' | 'none';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Certificates of authorities in PEM, used instead of those of Node.js. */
  readonly ca: string | undefined;
}

/** The message continues a sentence that begins with the variable's name. It never contains the URL, which has a password. */
export class InvalidSmtpUrl extends Error {
  override readonly name = 'InvalidSmtpUrl';
}

const IMPLICIT_TLS_PORT = 465;
const SUBMISSION_PORT = 587;
const HOST = /^[a-z0-9]([a-z0-9_.-]{0,252}[a-z0-9])?$/i;
const PARAMETERS = ['tls', 'ca'];

/** Throws InvalidSmtpUrl. */
export function parseSmtpUrl(text: string): SmtpServer {
  if (!/^smtps?:\/\//.test(text)) throw new InvalidSmtpUrl('must begin with smtp:// or smtps://');
  if (/[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) throw new InvalidSmtpUrl(MALFORMED);
  const url = new URL(text);
  // A `/`, `?` or `#` in a password that is not encoded ends the host, and would send the rest of the password to DNS.
  if (url.hash !== '' || !/^\/?$/.test(url.pathname)) throw new InvalidSmtpUrl(MALFORMED);
  const isImplicit = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!HOST.test(host) && !isIPv6(host)) throw new InvalidSmtpUrl(MALFORMED);
  const port = url.port === '' ? (isImplicit ? IMPLICIT_TLS_PORT : SUBMISSION_PORT) : Number(url.port);
  if (port === 0) throw new InvalidSmtpUrl('must have a port from 1 to 65535');
  const user = decoded(url.username);
  const password = decoded(url.password);
  if ((user === undefined) !== (password === undefined))
    throw new InvalidSmtpUrl('must have both a user and a password, or neither');
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw new InvalidSmtpUrl('must have no parameters other than tls and ca');
  return { host, port, tls: tlsOf(url, isImplicit), user, password, ca: authorities(url) };
}

const MALFORMED =
  'must be smtp://user:password@host:port or smtps://user:password@host:port; write special characters of the user and the password as %40 for "@", %3A for ":", %2F for "/"';

function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new InvalidSmtpUrl(MALFORMED);
  }
  if (/\p{Cc}/u.test(plain)) throw new InvalidSmtpUrl('must not have control characters in the user or the password');
  return plain;
}

function tlsOf({ searchParams }: URL, isImplicit: boolean): SmtpServer['tls'] {
  const values = searchParams.getAll('tls');
  if (isImplicit) {
    if (values.length > 0) throw new InvalidSmtpUrl('must not have ?tls= with smtps://, which always uses TLS');
    return 'implicit';
  }
  const [value = 'required', ...rest] = values;
  if (rest.length === 0 && (value === 'required' || value === 'optional' || value === 'none')) return value;
  throw new InvalidSmtpUrl('must have ?tls=required, ?tls=optional or ?tls=none');
}

function authorities({ searchParams }: URL): string | undefined {
  const [file, ...rest] = searchParams.getAll('ca');
  if (file === undefined) return undefined;
  if (rest.length > 0) throw new InvalidSmtpUrl('must have ?ca= at most once');
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidSmtpUrl(`must name a file with ?ca= that can be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    new X509Certificate(pem);
  } catch {
    throw new InvalidSmtpUrl('must name a file with certificates in PEM with ?ca=');
  }
  return pem;
}
