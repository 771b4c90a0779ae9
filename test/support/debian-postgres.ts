// Debian's PostgreSQL 15 with TLS, a custom pg_hba.conf and a socket. (The embedded Postgres is built without TLS.)
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import type { Test } from 'tap';
import { freePort } from './service.js';
import { until } from './until.js';

const BIN = '/usr/lib/postgresql/15/bin';
export const PASSWORD = 'p@ss/w#rd?100%';

/** Why these tests cannot run here; false when they can. */
export const debianPostgresMissing: string | false = existsSync(join(BIN, 'initdb'))
  ? false
  : 'PostgreSQL 15 of Debian is not installed (apt-get install postgresql-15)';

interface ServerOptions {
  /** Lines of pg_hba.conf, before those that allow all users. */
  readonly access?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** Files to create in the data folder, for use in settings: contents by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts a server with an empty superuser database `latchkey`; ends with the test. */
export async function startDebianPostgres(
  t: Pick<Test, 'teardown'>,
  { access = [], settings = {}, files = {} }: ServerOptions = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-pg15-'));
  const data = join(folder, 'data');
  const owner = postgresIds();
  await chmod(folder, 0o755);
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, PASSWORD);
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  await ended(
    asPostgres('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '-N',
    ]),
  );
  for (const [name, content] of Object.entries(files)) {
    const path = join(data, name);
    await writeFile(path, content, { mode: 0o600 });
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  }
  const allUsers = ['local all all trust', 'host all all 0.0.0.0/0 scram-sha-256', 'host all all ::0/0 scram-sha-256'];
  await writeFile(join(data, 'pg_hba.conf'), [...access, ...allUsers, ''].join('\n'));
  const port = await freePort();
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1,::1',
    unix_socket_directories: folder,
    unix_socket_permissions: '0777',
    fsync: 'on',
    ...settings,
  };
  const child = asPostgres('postgres', ['-D', data, ...Object.entries(all).flatMap(([k, v]) => ['-c', `${k}=${v}`])]);
  t.teardown(async () => {
    child.kill('SIGQUIT');
    await ended(child).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });
  const admin = postgres({
    path: `${folder}/.s.PGSQL.${port}`,
    user: 'postgres',
    database: 'postgres',
    max: 1,
    onnotice: () => {},
  });
  t.teardown(() => admin.end({ timeout: 1 }));
  await until(
    'Postgres takes connections',
    () =>
      admin`select 1`.then(
        () => true,
        () => false,
      ),
    60_000,
  );
  await admin`create database latchkey`;
  return {
    folder,
    port,
    /** A superuser connection over the socket, to the database `postgres`. */
    admin,
    /** A URL of the server; every part can be replaced. */
    url: (parts: { user?: string; password?: string; host?: string; database?: string; query?: string } = {}) => {
      const { user = 'postgres', password = PASSWORD, host = '127.0.0.1', database = 'latchkey', query = '' } = parts;
      const e = encodeURIComponent;
      return `postgres://${e(user)}:${e(password)}@${host}:${port}/${e(database)}${query && `?${query}`}`;
    },
    /** A superuser connection to one of its databases. */
    connectTo: (database: string) => {
      const sql = postgres({
        path: `${folder}/.s.PGSQL.${port}`,
        user: 'postgres',
        database,
        max: 1,
        onnotice: () => {},
      });
      t.teardown(() => sql.end({ timeout: 1 }));
      return sql;
    },
  };
}

export type DebianPostgres = Awaited<ReturnType<typeof startDebianPostgres>>;

function asPostgres(program: string, args: readonly string[]): ChildProcess {
  const ids = postgresIds();
  return spawn(join(BIN, program), args, { cwd: tmpdir(), stdio: 'ignore', ...ids });
}

/** The account that Debian's package created; undefined when the tests do not run as root. */
function postgresIds(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = (/^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0] ?? '').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`it ended with ${code}`))));
  });
}

const run = promisify(execFile);

/** Creates certificates with openssl: two authorities, and certificates signed by the first. Values are paths of PEM files. */
export async function makeCertificates(t: Pick<Test, 'teardown'>) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-certificates-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const at = (name: string) => join(folder, name);
  for (const authority of ['ca', 'other-ca'])
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${authority}.key`,
      '-out',
      `${authority}.crt`,
      '-days',
      '2',
      '-subj',
      `/CN=${authority}`,
      '-addext',
      'basicConstraints=critical,CA:TRUE',
    );

  async function sign(name: string, commonName: string, names: string, dates: readonly string[] = ['-days', '2']) {
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${commonName}`,
    );
    await writeFile(at(`${name}.ext`), names);
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.crt`,
      '-extfile',
      `${name}.ext`,
      ...dates,
    );
    return { certificate: at(`${name}.crt`), key: at(`${name}.key`) };
  }

  return {
    authority: at('ca.crt'),
    otherAuthority: at('other-ca.crt'),
    server: await sign('server', 'localhost', 'subjectAltName=DNS:localhost'),
    client: await sign('client', 'app', 'extendedKeyUsage=clientAuth'),
    stranger: await sign('stranger', 'stranger', 'extendedKeyUsage=clientAuth'),
    /** An expired certificate. */
    expired: await sign('expired', 'localhost', 'subjectAltName=DNS:localhost', ['-days', '-1']),
    openssl,
    at,
  };
}
