// Opens sockets to Postgres: selects one of several hosts, and sets up TLS.
//
// postgres.js could do this itself, but it retries several unreachable hosts endlessly without a pause, treats a server without TLS
// as broken, supports neither verify-ca nor certificate files, and accepts unencrypted data that follows the answer to a TLS request
// as if it had been encrypted (CVE-2021-23222).
import { readFile, stat } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { DatabaseAddress, DatabaseHost, DatabaseTls } from '#platform/config/database-url.js';

/** The database cannot be connected to as configured. `message` is one line for the operator and names no variable. */
export class UnusableAddress extends Error {
  override readonly name = 'UnusableAddress';
  readonly code = 'DATABASE_ADDRESS';
}

/** None of several hosts accepts writes. */
export class NoWritableHost extends Error {
  override readonly name = 'NoWritableHost';
  readonly code = 'NO_WRITABLE_HOST';

  constructor(options?: ErrorOptions) {
    super('all hosts that answer are standbys', options);
  }
}

/** The default time limit for connecting, in milliseconds, for all hosts together. */
const CONNECT_MILLISECONDS = 2000;
/**
 * After how long the next address of a host is tried, in milliseconds. Node's 250 are less than a round trip around the world, and it does not
 * come back to an address.
 */
const NEXT_ADDRESS_MILLISECONDS = 700;
/** How long the choice of a writable host is reused, so that connections opened at the same time share it. */
const CHOICE_MILLISECONDS = 500;

const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

interface Options {
  readonly milliseconds?: number | undefined;
  /** Whether a host accepts writes, determined over a separate connection. Rejects if the host cannot be reached. */
  readonly takesWrites: (host: DatabaseHost) => Promise<boolean>;
}

/** Opens sockets to an address. Of several hosts, it selects one that accepts writes. */
export function createDialer(
  address: DatabaseAddress,
  { milliseconds = CONNECT_MILLISECONDS, takesWrites }: Options,
): () => Promise<Socket> {
  const hosts: DatabaseHost[] = address.inRandomOrder ? shuffled(address.hosts) : [...address.hosts];
  let choice: { readonly host: Promise<DatabaseHost>; readonly at: number } | undefined;

  /** Tries the most recently writable host first. */
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
    if (choice === undefined || now - choice.at > CHOICE_MILLISECONDS) choice = { host: findWritable(), at: now };
    return choice.host;
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
  // Before the socket is opened, so that a missing file is reported even if the host does not answer.
  const options = isLocal || secure.mode === 'disable' ? undefined : await tlsOptions(host, secure);
  const socket = isLocal
    ? connect(socketPath(host))
    : connect({
        host: host.address ?? host.host,
        port: host.port,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MILLISECONDS,
      });
  // No other listener is attached between two waits.
  socket.on('error', () => {});
  const timer = setTimeout(() => socket.destroy(timedOut(host)), milliseconds);
  try {
    await event(socket, 'connect');
    if (options === undefined) return named(socket, host);
    const encrypted = secure.direct || (await requestTls(socket));
    if (encrypted) return named(await startTls(socket, options), host);
    if (secure.mode === 'prefer') return named(socket.resume(), host);
    throw new UnusableAddress(
      `the server does not support TLS, which sslmode=${secure.mode} requires; enable ssl on the server, or set sslmode=disable if the network is private`,
    );
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Adds the properties that postgres.js uses in messages. */
function named(socket: Socket, { host, port }: DatabaseHost): Socket {
  return Object.assign(socket, { host, port });
}

function socketPath({ host, port }: DatabaseHost): string {
  return /\/\.s\.PGSQL\.\d+$/.test(host) ? host : `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}`;
}

function timedOut({ host, port }: DatabaseHost): Error {
  return Object.assign(new Error(`connect CONNECT_TIMEOUT ${host}:${port}`), { code: 'CONNECT_TIMEOUT' });
}

/** Resolves at the event; rejects if the socket fails or ends first. */
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

/** Sends an SSLRequest; resolves to whether the server supports TLS. */
async function requestTls(socket: Socket): Promise<boolean> {
  socket.write(TLS_REQUEST);
  const answer = (await event(socket, 'data')) as Buffer;
  socket.pause();
  const [code] = answer;
  // `S` or `N`. Bytes that follow were sent before the encryption.
  if (answer.length === 1 && (code === 0x53 || code === 0x4e)) return code === 0x53;
  throw new UnusableAddress('the server at the host and port of this URL is not Postgres');
}

async function startTls(socket: Socket, options: tls.ConnectionOptions): Promise<Socket> {
  const encrypted = tls.connect({ ...options, socket });
  // Node may emit several errors.
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
  if (isLocked) return 'sslkey is encrypted, and sslpassword does not decrypt it';
  if (/KEY_TOO_SMALL|EE_KEY|MD_TOO_WEAK/.test(code)) return `sslcert has a key or signature that is too weak (${code})`;
  const named = (['rootCertificates', 'clientCertificate', 'clientKey', 'revocationList'] as const)
    .filter((each) => secure[each] !== undefined)
    .map((each) => PARAMETER_OF[each]);
  return `a file in ${named.join(', ')} is not valid PEM of the expected kind (${code || message.split('\n', 1)[0]})`;
}

const PARAMETER_OF = {
  rootCertificates: 'sslrootcert',
  clientCertificate: 'sslcert',
  clientKey: 'sslkey',
  revocationList: 'sslcrl',
} as const;

/** Reads the file for each connection, because certificates are renewed while the service runs. */
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
    throw new UnusableAddress(
      `${parameter} names a file that contains no PEM block of a ${kind.toLowerCase()}: ${path}`,
    );
  return text;
}

/** Common locations of the certificates that the system trusts. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

async function readRoots(named: string | undefined): Promise<string | string[] | undefined> {
  if (named === undefined) return undefined;
  if (named !== 'system') return readNamed('sslrootcert', named);
  // A variable of OpenSSL, which libpq uses too.
  for (const path of [process.env.SSL_CERT_FILE, ...SYSTEM_FILES]) {
    if (path !== undefined && (await stat(path).catch(() => undefined)) !== undefined)
      return readNamed('sslrootcert', path);
  }
  return undefined;
}

/** The path of the client key if other accounts can read it; undefined if they cannot, or if the file cannot be inspected. */
export async function readableKey({ tls: { clientKey } }: DatabaseAddress): Promise<string | undefined> {
  const found = clientKey === undefined ? undefined : await stat(clientKey).catch(() => undefined);
  if (clientKey === undefined || found === undefined) return undefined;
  // As in libpq, the group may read a file that root owns.
  const forbidden = found.uid === 0 && process.getuid?.() !== 0 ? 0o037 : 0o077;
  return (found.mode & forbidden) === 0 ? undefined : clientKey;
}
