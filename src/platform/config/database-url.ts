// Parses a database URL as libpq does. An ambiguous or contradictory URL is rejected, never guessed at.
// The parser uses no driver and opens no file: hosts and certificates are first used when the service connects.
import { isIP, isIPv6 } from 'node:net';
import { userInfo } from 'node:os';
import {
  connectionParameters,
  ignoredParameters,
  parameterAliases,
  refusedParameters,
  serverSettings,
} from './database-parameters.js';

/** How strictly the server is authenticated, from not at all to fully (`sslmode` of libpq). */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** How the connection is encrypted. Files are PEM. */
export interface DatabaseTls {
  readonly mode: TlsMode;
  /** A file of certificates; `system`: those of the operating system; undefined: those bundled with Node. */
  readonly rootCertificates: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  /** Decrypts the client key. */
  readonly passphrase: string | undefined;
  readonly revocationList: string | undefined;
  readonly minVersion: TlsVersion | undefined;
  readonly maxVersion: TlsVersion | undefined;
  /** Whether TLS begins with the first byte (Postgres 17), without a request in the Postgres protocol. */
  readonly direct: boolean;
  /** Whether the host name is sent (SNI), so that a proxy can route the connection. */
  readonly sendsName: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** One server. */
export interface DatabaseHost {
  /** A name, an address, or the absolute path of the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  /** The address to connect to, if `host` is used for TLS only (`hostaddr`). */
  readonly address: string | undefined;
}

/** A parsed database URL. */
export interface DatabaseAddress {
  /** In the order in which they are tried. */
  readonly hosts: readonly [DatabaseHost, ...DatabaseHost[]];
  /** Whether to try the hosts in random order. */
  readonly inRandomOrder: boolean;
  readonly user: string;
  /** Empty: no password. */
  readonly password: string;
  readonly database: string;
  readonly tls: DatabaseTls;
  /** How long connecting may take, in seconds; undefined: unspecified. */
  readonly connectSeconds: number | undefined;
  /** Server settings of the connection, `application_name` and `options`. Names are in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters of other tools, which have no effect. */
  readonly ignored: readonly string[];
}

/** The database URL is invalid. The message follows the name of the variable. It never contains a value, which may be a password. */
export class InvalidDatabaseUrl extends Error {
  override readonly name = 'InvalidDatabaseUrl';
}

const DEFAULT_PORT = 5432;
const TLS_MODES: readonly TlsMode[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
const TLS_VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const ENCODE =
  'has a character in the user name or password that must be percent-encoded: @ as %40, / as %2F, ? as %3F, # as %23, : as %3A, % as %25';

/** Throws InvalidDatabaseUrl. */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const { authority, database, parameters } = splitUrl(afterScheme(text.trim()));
  const read = createReader(parameters);
  const hosts = hostsOf(authority.hosts, read);
  const user = read('user') ?? decode(authority.user);
  const name = read('dbname') ?? decode(database);
  if (name === '') throw new InvalidDatabaseUrl('must name a database');
  if (name.includes('/') && read('dbname') === undefined && /\//.test(database))
    throw new InvalidDatabaseUrl('must name a database without a slash (written %2F where it is part of the name)');
  const targets = read('target_session_attrs')?.toLowerCase();
  if (targets !== undefined && !['any', 'read-write', 'primary'].includes(targets))
    throw new InvalidDatabaseUrl(
      'must have target_session_attrs=read-write (or primary, or any): the service needs a server that accepts writes',
    );
  return {
    hosts,
    inRandomOrder: oneOf(read, 'load_balance_hosts', ['disable', 'random']) === 'random',
    user: user === '' ? accountName() : user,
    password: read('password') ?? decode(authority.password),
    database: name,
    tls: tlsOf(read),
    connectSeconds: wholeNumber(read, 'connect_timeout'),
    parameters: settingsOf(parameters, read),
    ignored: ignoredOf(parameters, read),
  };
}

type Reader = (name: (typeof connectionParameters)[number]) => string | undefined;

/** An empty parameter counts as missing. */
function createReader(parameters: ReadonlyMap<string, string>): Reader {
  return (name) => parameters.get(name) || undefined;
}

function afterScheme(text: string): string {
  if (/^["'`]/.test(text)) throw new InvalidDatabaseUrl('must not be in quotes');
  if (hasControlCharacter(text)) throw new InvalidDatabaseUrl('must be one line');
  const [, scheme = '', rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (/^postgres(ql)?$/i.test(scheme) && rest !== undefined) return rest;
  if (/^jdbc:/i.test(text))
    throw new InvalidDatabaseUrl('must be a postgres:// URL: remove jdbc: and write user and password before the host');
  if (/^prisma(\+postgres)?$/i.test(scheme))
    throw new InvalidDatabaseUrl(
      'must be a postgres:// URL: only Prisma can connect to prisma://; use the direct URL of the database',
    );
  if (/^postgres(ql)?\+|^(postgis|pgsql|psql|pg|cockroachdb|timescale(db)?|pgx\d?)$/i.test(scheme))
    throw new InvalidDatabaseUrl('must be a postgres:// URL: write postgres:// instead of this scheme');
  if (/^(mysql2?|mariadb|mongodb(\+srv)?|sqlite3?|file|libsql|redis|rediss|mssql|sqlserver|oracle)$/i.test(scheme))
    throw new InvalidDatabaseUrl(
      `must be a postgres:// URL, not ${scheme.toLowerCase()}://: only Postgres is supported`,
    );
  if (/^\s*\w+\s*=/.test(text))
    throw new InvalidDatabaseUrl('must be a postgres:// URL: write the list of keywords as a URL');
  throw new InvalidDatabaseUrl('must be a postgres:// URL');
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007F');
}

interface Authority {
  readonly user: string;
  readonly password: string;
  readonly hosts: string;
}

interface UrlParts {
  readonly authority: Authority;
  /** Not yet decoded. */
  readonly database: string;
  /** Decoded, by name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Normally user and password end at the last `@` before the first of `/?#`. If that gives an invalid URL and ending them at the last
 * `@` of the whole text gives a valid one, the password contains one of the three characters unencoded, and is accepted as it is.
 * A URL that is valid in both ways is rejected.
 */
function splitUrl(rest: string): UrlParts {
  const end = rest.search(/[/?#]|$/);
  const at = rest.lastIndexOf('@', end);
  const usual = split(rest, at, end);
  const laterAt = rest.indexOf('@', end) >= 0;
  const [path = '', query] = divide(usual.tail, '?');
  if (!laterAt || (at >= 0 && !path.includes('@') && !usual.tail.includes('#') && !isPartOfPassword(query))) {
    if (usual.tail.includes('#')) throw new InvalidDatabaseUrl(ENCODE);
    return toParts(usual);
  }
  // The query may contain an @ itself.
  if (at < 0 && isHostList(usual.hosts) && !path.includes('@') && !usual.tail.includes('#') && !isPartOfPassword(query))
    return toParts(usual);
  if (at >= 0 || isHostList(usual.hosts)) throw new InvalidDatabaseUrl(ENCODE);
  const last = rest.lastIndexOf('@');
  const other = split(rest, last, last + 1 + rest.slice(last + 1).search(/[/?#]|$/));
  if (other.tail.includes('#') || !isHostList(other.hosts)) throw new InvalidDatabaseUrl(ENCODE);
  return toParts(other);
}

/** Whether the apparent query is the rest of a password with a question mark. Its names must then not appear in messages. */
function isPartOfPassword(query: string | undefined): boolean {
  const names = (query ?? '').split('&').map((each) => divide(each, '=')[0] ?? '');
  return (query?.includes('@') ?? false) && !names.every((name) => name === '' || isKnown(canonical(name)));
}

function split(rest: string, at: number, end: number) {
  const [user = '', password = ''] = divide(at < 0 ? '' : rest.slice(0, at), ':');
  return { user, password, hosts: rest.slice(at + 1, end), tail: rest.slice(end) };
}

function toParts({ tail, ...authority }: Authority & { readonly tail: string }): UrlParts {
  const [path = '', query = ''] = divide(tail, '?');
  return { authority, database: path.slice(1), parameters: parametersOf(query) };
}

/** The text before and after the first occurrence of a character. */
function divide(text: string, character: string): string[] {
  const place = text.indexOf(character);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

function parametersOf(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const each of query.split('&').filter(Boolean)) {
    const [name = '', value = ''] = divide(each, '=');
    const known = canonical(decode(name));
    // In practice a plus sign stands for a space in `options` only: -c+search_path=auth.
    parameters.set(known, decode(known === 'options' ? value.replaceAll('+', ' ') : value));
  }
  return parameters;
}

function canonical(name: string): string {
  const lower = name.toLowerCase();
  return parameterAliases[lower] ?? lower;
}

/**
 * Decodes percent-encoding. A percent sign that is not followed by two hexadecimal digits stands for itself. If it is, and the bytes
 * are not UTF-8, the percent sign was not meant as an encoding, and the URL is rejected.
 */
function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw new InvalidDatabaseUrl('has a percent sign that must be written as %25');
  }
  if (hasControlCharacter(decoded)) throw new InvalidDatabaseUrl('must not contain control characters');
  return decoded;
}

function isHostList(hosts: string): boolean {
  return hosts.split(',').every((each) => {
    const found = HOST_AND_PORT.exec(each);
    return found !== null && (found[3] === undefined || portOf(found[3]) !== undefined);
  });
}

// [IPv6]:port, name:port, %2Ffolder:port
const HOST_AND_PORT = /^(?:\[([^\]]*)\]|([^:[\]@]*))(?::(\d*))?$/;

function hostsOf(authority: string, read: Reader): DatabaseAddress['hosts'] {
  const named = authority === '' ? [] : authority.split(',').map(hostAndPort);
  const given = read('host')?.split(',');
  const addresses = read('hostaddr')?.split(',');
  const ports = read('port')?.split(',').map(checkedPort);
  const hosts = given ?? (named.length > 0 ? named.map(({ host }) => host) : (addresses ?? []));
  if (hosts.length === 0)
    throw new InvalidDatabaseUrl('must name a host (or the folder of a socket: ?host=/var/run/postgresql)');
  if (addresses !== undefined && addresses.length !== hosts.length)
    throw new InvalidDatabaseUrl('must have one hostaddr for each host');
  if (ports !== undefined && ports.length > 1 && ports.length !== hosts.length)
    throw new InvalidDatabaseUrl('must have one port, or one for each host');
  const portAt = (i: number) => ports?.[i] ?? ports?.[0] ?? named[i]?.port ?? soleOf(named)?.port ?? DEFAULT_PORT;
  const [first, ...others] = hosts.map((host, i) => ({
    host: checkedHost(host),
    port: portAt(i),
    address: checkedAddress(addresses?.[i]),
  }));
  if (first === undefined) throw new InvalidDatabaseUrl('must name a host');
  return [first, ...others];
}

function soleOf<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function hostAndPort(text: string): { host: string; port: number | undefined } {
  if (isIPv6(text)) throw new InvalidDatabaseUrl('must have an IPv6 address in brackets, as [::1]:5432');
  const [, bracketed, plain = '', port] = HOST_AND_PORT.exec(text) ?? [];
  if (bracketed === undefined && plain === '' && port === undefined && text !== '') {
    throw new InvalidDatabaseUrl('must have user:password@host:port between :// and the database');
  }
  if (bracketed !== undefined && !isIPv6(decode(bracketed)))
    throw new InvalidDatabaseUrl('must have an IPv6 address between the brackets');
  return { host: decode(bracketed ?? plain), port: port ? checkedPort(port) : undefined };
}

function checkedHost(host: string): string {
  if (host.startsWith('/')) return host;
  if (!/^[\p{L}\p{N}._-]+$/u.test(host) && isIP(host) === 0)
    throw new InvalidDatabaseUrl('must name a host between :// and the database: a name, an address, or %2Ffolder');
  return host;
}

function checkedAddress(address: string | undefined): string | undefined {
  if (address === undefined || address === '') return undefined;
  if (isIP(address) === 0) throw new InvalidDatabaseUrl('must have an IP address in hostaddr');
  return address;
}

function portOf(text: string): number | undefined {
  if (text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function checkedPort(text: string): number {
  const port = portOf(text);
  if (port === undefined) throw new InvalidDatabaseUrl('must have a port from 1 to 65535');
  return port;
}

/** The default user, as in libpq: the account of the operating system. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new InvalidDatabaseUrl('must name a user');
  }
}

function tlsOf(read: Reader): DatabaseTls {
  const rootCertificates = read('sslrootcert');
  const clientCertificate = read('sslcert');
  const clientKey = read('sslkey');
  const mode = modeOf(read, rootCertificates);
  const direct = oneOf(read, 'sslnegotiation', ['postgres', 'direct']) === 'direct';
  if (clientCertificate !== undefined && clientKey === undefined)
    throw new InvalidDatabaseUrl(
      'must have sslkey with sslcert, which is the client certificate (the certificate of the authority is sslrootcert)',
    );
  if (clientKey !== undefined && clientCertificate === undefined)
    throw new InvalidDatabaseUrl('must have sslcert with sslkey');
  if (rootCertificates === 'system' && !['verify-full', 'disable'].includes(mode))
    throw new InvalidDatabaseUrl('must have sslmode=verify-full with sslrootcert=system');
  if (direct && ['disable', 'prefer'].includes(mode))
    throw new InvalidDatabaseUrl('must have sslmode=require or stricter with sslnegotiation=direct');
  return {
    mode,
    rootCertificates: mode === 'require' || mode === 'prefer' ? undefined : rootCertificates,
    clientCertificate,
    clientKey,
    passphrase: read('sslpassword'),
    revocationList: read('sslcrl'),
    minVersion: oneOf(read, 'ssl_min_protocol_version', TLS_VERSIONS),
    maxVersion: oneOf(read, 'ssl_max_protocol_version', TLS_VERSIONS),
    direct,
    sendsName: oneOf(read, 'sslsni', ['0', '1']) !== '0',
  };
}

/**
 * A root certificate implies verification: without a mode the server is fully verified, and `require` means `verify-ca`, as in libpq.
 * `no-verify` comes from node-postgres, `ssl=true` from JDBC and others, `sslaccept` from Prisma.
 */
function modeOf(read: Reader, rootCertificates: string | undefined): TlsMode {
  const given = (read('sslmode') ?? read('ssl'))?.toLowerCase();
  const accept = oneOf(read, 'sslaccept', ['strict', 'accept_invalid_certs']);
  if (given === undefined) {
    if (accept !== undefined) return accept === 'strict' ? 'verify-full' : 'require';
    return rootCertificates === undefined ? 'disable' : 'verify-full';
  }
  const mode = MODE_ALIASES[given] ?? TLS_MODES.find((each) => each === given);
  if (mode === undefined)
    throw new InvalidDatabaseUrl(`must have an sslmode of ${[...TLS_MODES, 'allow', 'no-verify'].join(', ')}`);
  if (mode === 'require' && accept === 'strict') return 'verify-full';
  return mode === 'require' && rootCertificates !== undefined && given !== 'no-verify' ? 'verify-ca' : mode;
}

const MODE_ALIASES: Readonly<Record<string, TlsMode>> = {
  true: 'verify-full',
  on: 'verify-full',
  1: 'verify-full',
  false: 'disable',
  off: 'disable',
  0: 'disable',
  allow: 'prefer',
  'no-verify': 'require',
};

function oneOf<const Value extends string>(
  read: Reader,
  name: Parameters<Reader>[0],
  values: readonly Value[],
): Value | undefined {
  const given = read(name);
  if (given === undefined) return undefined;
  const found = values.find((value) => value.toLowerCase() === given.toLowerCase());
  if (found === undefined) throw new InvalidDatabaseUrl(`must have a ${name} of ${values.join(' or ')}`);
  return found;
}

function wholeNumber(read: Reader, name: Parameters<Reader>[0]): number | undefined {
  const given = read(name);
  if (given === undefined) return undefined;
  if (!/^\d{1,6}$/.test(given)) throw new InvalidDatabaseUrl(`must have a whole number of seconds in ${name}`);
  return Number(given);
}

function isKnown(name: string): boolean {
  return (
    isConnectionParameter(name) ||
    ignoredParameters.has(name) ||
    name in refusedParameters ||
    serverSettings.has(name) ||
    /^[a-z_][\w$]*\.[a-z_][\w$]*$/.test(name)
  );
}

function isConnectionParameter(name: string): boolean {
  return (connectionParameters as readonly string[]).includes(name);
}

function settingsOf(parameters: ReadonlyMap<string, string>, read: Reader): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of parameters) {
    const refused = refusedParameters[name];
    if (refused !== undefined) throw new InvalidDatabaseUrl(`has the parameter ${name}, which ${refused}`);
    if (!isKnown(name)) throw unknown(name);
    const isSetting = !isConnectionParameter(name) && !ignoredParameters.has(name);
    if (value !== '' && (isSetting || name === 'application_name' || name === 'options')) settings[name] = value;
  }
  if (parameters.get('gssencmode')?.toLowerCase() === 'require')
    throw new InvalidDatabaseUrl('must not have gssencmode=require: use TLS for encryption, sslmode=verify-full');
  const schema = read('schema');
  // `schema` comes from Prisma; it names one schema, not a list.
  if (schema !== undefined && settings.search_path === undefined) settings.search_path = quoteIdentifier(schema);
  return settings;
}

/** Quotes an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function ignoredOf(parameters: ReadonlyMap<string, string>, read: Reader): string[] {
  const names = [...parameters.keys()].filter((name) => ignoredParameters.has(name));
  const encoding = read('client_encoding');
  return encoding === undefined || /^(utf-?8|unicode|auto)$/i.test(encoding) ? names : [...names, 'client_encoding'];
}

function unknown(name: string): InvalidDatabaseUrl {
  // A name with other characters may be part of a password.
  if (!/^[a-z_][\w.-]{0,60}$/.test(name)) return new InvalidDatabaseUrl(`has an unknown parameter, or ${ENCODE}`);
  const near = nearestTo(name);
  return new InvalidDatabaseUrl(
    `has the unknown parameter ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}

function nearestTo(name: string): string | undefined {
  let best: string | undefined;
  let least = name.length > 5 ? 3 : 2;
  for (const known of [...connectionParameters, ...ignoredParameters, ...serverSettings]) {
    const distance = editDistance(name, known);
    if (distance < least) [best, least] = [known, distance];
  }
  return best;
}

/** The Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
