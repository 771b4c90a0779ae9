// Opens the socket that a connection to Postgres runs over: which of several hosts, and how it is encrypted.
//
// postgres.js could do this itself, but: with several hosts of which none answers it tries them without end and without a pause;
// it takes a server that offers no TLS for a broken one; it knows neither verify-ca nor files of certificates; and it reads what
// follows the answer to a request for TLS, which came before the encryption, as if it had been encrypted (CVE-2021-23222).
import { readFile, stat } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { DatabaseAddress, DatabaseHost, DatabaseTls } from '#platform/config/database-url.js';

/** The way to the database cannot be taken as it is described. `message` is one line for the operator, and names no variable. */
export class UnusableAddress extends Error {
  override readonly name = 'UnusableAddress';
  readonly code = 'DATABASE_ADDRESS';
}

/** None of several hosts takes writes. */
export class NoWritableHost extends Error {
  override readonly name = 'NoWritableHost';
  readonly code = 'NO_WRITABLE_HOST';

  constructor(options?: ErrorOptions) {
    super('each host that answers is a standby', options);
  }
}

/** How long connecting may take when nothing is said, in milliseconds; all hosts together. */
const CONNECT_MILLISECONDS = 2000;
/** How long a host that was found to take writes is taken for one: connections that are opened at once share the answer. */
const FOUND_MILLISECONDS = 500;

const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

interface Options {
  readonly milliseconds?: number | undefined;
  /** Asks a host, over a connection of its own, whether it takes writes. Rejects when it cannot be reached. */
  readonly takesWrites: (host: DatabaseHost) => Promise<boolean>;
}

/** Opens sockets to one address; of several hosts, to the one that takes writes. */
export function createDialer(
  address: DatabaseAddress,
  { milliseconds = CONNECT_MILLISECONDS, takesWrites }: Options,
): () => Promise<Socket> {
  const hosts: DatabaseHost[] = address.inRandomOrder ? shuffled(address.hosts) : [...address.hosts];
  let found: { readonly host: Promise<DatabaseHost>; readonly at: number } | undefined;

  /** The one that was the last to take writes is asked first. */
  async function findWritable(): Promise<DatabaseHost> {
    let cause: unknown;
    for (const host of [...hosts]) {
      try {
        if (await takesWrites(host)) {
          hosts.sort((a, b) => Number(b === host) - Number(a === host));
          return host;
        }
        cause = new NoWritableHost();
      } catch (error) {
        cause ??= error;
      }
    }
    throw cause;
  }

  function choose(): Promise<DatabaseHost> {
    const now = performance.now();
    if (found === undefined || now - found.at > FOUND_MILLISECONDS) found = { host: findWritable(), at: now };
    return found.host;
  }

  return async () => {
    const host = hosts.length > 1 ? await choose() : address.hosts[0];
    return openSocket(host, address.tls, milliseconds);
  };
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((each) => ({ each, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ each }) => each);
}

/** Rejects with UnusableAddress, or with the error of the operating system or of TLS. */
async function openSocket(host: DatabaseHost, secure: DatabaseTls, milliseconds: number): Promise<Socket> {
  const isLocal = host.host.startsWith('/');
  // Before anything is opened: a file that is missing is said even where the host does not answer.
  const options = isLocal || secure.mode === 'disable' ? undefined : await tlsOptions(host, secure);
  const socket = isLocal
    ? connect(socketPath(host))
    : connect({ host: host.address ?? host.host, port: host.port, autoSelectFamily: true });
  // Between two waits nobody else listens.
  socket.on('error', () => {});
  const timer = setTimeout(() => socket.destroy(timedOut(host)), milliseconds);
  try {
    await event(socket, 'connect');
    if (options === undefined) return named(socket, host);
    const encrypted = secure.direct || (await asksForTls(socket));
    if (encrypted) return named(await startTls(socket, options), host);
    if (secure.mode === 'prefer') return named(socket.resume(), host);
    throw new UnusableAddress(
      `the server has no TLS, and sslmode=${secure.mode} demands it; turn ssl on there, or write sslmode=disable where nobody can listen`,
    );
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** For messages of postgres.js. */
function named(socket: Socket, { host, port }: DatabaseHost): Socket {
  return Object.assign(socket, { host, port });
}

function socketPath({ host, port }: DatabaseHost): string {
  return /\/\.s\.PGSQL\.\d+$/.test(host) ? host : `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}`;
}

function timedOut({ host, port }: DatabaseHost): Error {
  return Object.assign(new Error(`connect CONNECT_TIMEOUT ${host}:${port}`), { code: 'CONNECT_TIMEOUT' });
}

/** Resolves at the event; rejects when the socket fails or ends before. */
function event(socket: Socket, name: 'connect' | 'secureConnect' | 'data'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (value: unknown) => settle(() => resolve(value));
    const failed = (error: unknown) => settle(() => reject(error));
    const ended = () => failed(Object.assign(new Error('the connection was closed'), { code: 'CONNECTION_CLOSED' }));
    const settle = (then: () => void) => {
      socket.off(name, done).off('error', failed).off('close', ended).off('end', ended);
      then();
    };
    socket.on(name, done).on('error', failed).on('close', ended).on('end', ended);
  });
}

/** Whether the server goes on with TLS. */
async function asksForTls(socket: Socket): Promise<boolean> {
  socket.write(TLS_REQUEST);
  const answer = (await event(socket, 'data')) as Buffer;
  socket.pause();
  const [said] = answer;
  if (answer.length === 1 && (said === 0x53 || said === 0x4e)) return said === 0x53;
  throw new UnusableAddress('what answers at the host and port of this URL is not Postgres');
}

async function startTls(socket: Socket, options: tls.ConnectionOptions): Promise<Socket> {
  const encrypted = tls.connect({ ...options, socket });
  // What is wrong may be reported more than once.
  encrypted.on('error', () => {});
  await event(encrypted, 'secureConnect');
  return encrypted;
}

async function tlsOptions({ host }: DatabaseHost, secure: DatabaseTls): Promise<tls.ConnectionOptions> {
  const { mode, rootCertificates, clientCertificate, clientKey, passphrase, revocationList } = secure;
  const isChecked = mode === 'verify-ca' || mode === 'verify-full';
  const ca = isChecked ? await readRoots(rootCertificates) : undefined;
  const cert = clientCertificate && (await readNamed('sslcert', clientCertificate));
  const key = clientKey && (await readNamed('sslkey', clientKey));
  const crl = isChecked && revocationList && (await readNamed('sslcrl', revocationList));
  const options: tls.ConnectionOptions = {
    rejectUnauthorized: isChecked,
    checkServerIdentity: (_name, certificate) =>
      mode === 'verify-full' ? tls.checkServerIdentity(host, certificate) : undefined,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(crl && { crl }),
    ...(passphrase !== undefined && { passphrase }),
    ...(secure.minVersion && { minVersion: secure.minVersion }),
    ...(secure.maxVersion && { maxVersion: secure.maxVersion }),
    ...(secure.sendsName && isIP(host) === 0 && { servername: host }),
    ...(secure.direct && { ALPNProtocols: ['postgresql'] }),
  };
  try {
    return { ...options, secureContext: tls.createSecureContext(options) };
  } catch (error) {
    const isLocked = key !== undefined && /ENCRYPTED/.test(key);
    throw new UnusableAddress(explainFiles(error as NodeJS.ErrnoException, secure, isLocked));
  }
}

function explainFiles({ code = '', message }: NodeJS.ErrnoException, secure: DatabaseTls, isLocked: boolean): string {
  if (code.includes('KEY_VALUES_MISMATCH')) return 'sslkey is not the key of the certificate in sslcert';
  if (isLocked) return 'sslkey is encrypted, and sslpassword does not open it';
  if (/KEY_TOO_SMALL|EE_KEY|MD_TOO_WEAK/.test(code)) return `sslcert has a key or signature that is too weak (${code})`;
  const named = (['rootCertificates', 'clientCertificate', 'clientKey', 'revocationList'] as const)
    .filter((each) => secure[each] !== undefined)
    .map((each) => PARAMETER_OF[each]);
  return `a file of ${named.join(', ')} is not PEM of that kind (${code || message.split('\n', 1)[0]})`;
}

const PARAMETER_OF = {
  rootCertificates: 'sslrootcert',
  clientCertificate: 'sslcert',
  clientKey: 'sslkey',
  revocationList: 'sslcrl',
} as const;

/** Read anew for each connection: certificates are renewed while the service runs. */
async function readNamed(parameter: string, path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UnusableAddress(
      `${parameter} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}`,
    );
  }
  const kind = { sslkey: 'PRIVATE KEY', sslcrl: 'X509 CRL' }[parameter] ?? 'CERTIFICATE';
  if (!new RegExp(`-----BEGIN [A-Z0-9 ]*${kind}-----`).test(text))
    throw new UnusableAddress(`${parameter} names a file without a PEM block of a ${kind.toLowerCase()}: ${path}`);
  return text;
}

/** Where systems keep the certificates that they trust. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

async function readRoots(named: string | undefined): Promise<string | string[] | undefined> {
  if (named === undefined) return undefined;
  if (named !== 'system') return readNamed('sslrootcert', named);
  // OpenSSL's own variable: libpq obeys it too.
  for (const path of [process.env.SSL_CERT_FILE, ...SYSTEM_FILES]) {
    if (path !== undefined && (await stat(path).catch(() => undefined)) !== undefined)
      return readNamed('sslrootcert', path);
  }
  return undefined;
}

/** Whether others than this account can read the client key; undefined: no, or it is not there to be asked. */
export async function readableKey({ tls: { clientKey } }: DatabaseAddress): Promise<string | undefined> {
  const found = clientKey === undefined ? undefined : await stat(clientKey).catch(() => undefined);
  if (clientKey === undefined || found === undefined) return undefined;
  // As libpq: what root owns its group may read.
  const forbidden = found.uid === 0 && process.getuid?.() !== 0 ? 0o037 : 0o077;
  return (found.mode & forbidden) === 0 ? undefined : clientKey;
}
