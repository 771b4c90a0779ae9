// Database URLs as operators have them, on a real server: where they connect to, how TLS is checked, and the error messages.
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import t, { type Test } from 'tap';
import { describeFailure } from '#cli/error-message.js';
import { readConfiguration } from '#platform/config/config.js';
import { createClient } from '#platform/database/database.js';
import { checkDatabase, probeDatabase } from '#platform/database/probe.js';
import {
  type DebianPostgres,
  debianPostgresMissing,
  makeCertificates,
  PASSWORD,
  startDebianPostgres,
} from '../support/debian-postgres.js';
import { replicationMissing, startReplication } from '../support/replication.js';
import { freePort, runCommand } from '../support/service.js';

const skip = debianPostgresMissing;

/** The outcome of a start: `ok` followed by warnings, or the one line of the error. */
async function outcome(url: string): Promise<string> {
  try {
    readConfiguration({ DATABASE_URL: url });
    const { warnings } = await checkDatabase({ url, poolSize: 1, transactionPooler: false });
    return ['ok', ...warnings].join(' | ');
  } catch (error) {
    return describeFailure(error) ?? `a stack: ${(error as Error).stack}`;
  }
}

async function expectOutcomes(t: Test, table: Readonly<Record<string, readonly [url: string, outcome: RegExp]>>) {
  for (const [what, [url, expected]] of Object.entries(table)) {
    const said = await outcome(url);
    t.match(said, expected, what);
    t.notOk(said.includes(PASSWORD) || said.includes('\n'), `${what}: one line, without the password`);
  }
}

t.test('parameters of other tools are ignored with a warning, and server settings take effect', { skip }, async (t) => {
  const server = await startDebianPostgres(t);
  const at = (query: string, parts: Parameters<DebianPostgres['url']>[0] = {}) => server.url({ ...parts, query });
  await server.admin.unsafe('create database "my data/base ä"');
  await server.admin.unsafe(`create role "a@b:c" login password 'x'`);
  await server.admin.unsafe(`create role raw login password 'w#rd/?100%'`);
  const raw = (password: string, user = 'postgres') =>
    `postgres://${user}:${password}@127.0.0.1:${server.port}/latchkey`;
  await expectOutcomes(t, {
    nothing: [at(''), /^ok$/],
    Neon: [at('channel_binding=require'), /^ok \| DATABASE_URL has parameters without effect: channel_binding$/],
    libpq: [
      at('keepalives=1&keepalives_idle=30&gssencmode=disable&krbsrvname=x&passfile=y&connect_timeout=10'),
      /^ok \| [^|]*keepalives, keepalives_idle, gssencmode, krbsrvname, passfile$/,
    ],
    Prisma: [
      at('schema=public&pgbouncer=true&connection_limit=1&pool_timeout=10'),
      /^ok \| [^|]*pgbouncer, connection_limit, pool_timeout$/,
    ],
    'what the service sets itself': [at('DateStyle=German&statement_timeout=5000'), /^ok \| [^|]*datestyle$/],
    'a setting of the server': [at('work_mem=8MB&app.tenant=x'), /^ok$/],
    'a value that the server refuses': [
      at('work_mem=lots'),
      /^Postgres rejects a parameter in DATABASE_URL \(22023: .*work_mem/,
    ],
    'a setting that version 15 does not have': [
      at('transaction_timeout=5s'),
      /^Postgres rejects a parameter in DATABASE_URL \(42704: .*transaction_timeout/,
    ],
    options: [at('options=-c%20bytea_output%3Descape'), /^ok$/],
    'a database with spaces, a slash and letters outside ASCII': [at('', { database: 'my data/base ä' }), /^ok$/],
    'a user with @ and a colon': [at('', { user: 'a@b:c', password: 'x' }), /^ok$/],
    'a raw password': [raw('w#rd/?100%', 'raw'), /^ok$/],
    'a raw password that could be two things': [
      raw(PASSWORD),
      /^DATABASE_URL has a character .* @ as %40.*, for example/,
    ],
    'a wrong password': [
      at('', { password: 'wrong' }),
      /^Postgres rejects the user or the password in DATABASE_URL \(28P01/,
    ],
    'no password': [
      `postgres://postgres@127.0.0.1:${server.port}/latchkey`,
      /^Postgres rejects the user or the password/,
    ],
  });
  const client = createClient({
    url: at('work_mem=8MB&DateStyle=German&application_name=mine&statement_timeout=4s'),
    poolSize: 1,
    transactionPooler: false,
  });
  const [found] = await client`
    select current_setting('work_mem') as work_mem, current_setting('DateStyle') as style,
      current_setting('application_name') as name, current_setting('statement_timeout') as timeout`;
  await client.end();
  t.strictSame({ ...found }, { work_mem: '8MB', style: 'ISO, MDY', name: 'mine', timeout: '4s' });
});

t.test('addresses and sockets are reached, and the variables of libpq have no effect', { skip }, async (t) => {
  const server = await startDebianPostgres(t);
  const other = await startDebianPostgres(t);
  const { folder, port } = server;
  // They name another server: a client that heeds the variables of libpq would connect to it.
  const variables = {
    PGHOST: '127.0.0.1',
    PGPORT: String(other.port),
    PGUSER: 'nobody',
    PGPASSWORD: 'wrong',
    PGTARGETSESSIONATTRS: 'any',
    PGDATABASE: 'x',
    PGSSL: 'require',
  };
  Object.assign(process.env, variables);
  t.teardown(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  const addresses: Record<string, string> = {
    IPv4: server.url(),
    IPv6: server.url({ host: '[::1]' }),
    'an IPv6 address with a zone': server.url({ host: '[::1%25lo]' }),
    'a socket, in the query': `postgres://postgres@/latchkey?host=${folder}&port=${port}`,
    'a socket, encoded': `postgres://postgres@/latchkey?host=${encodeURIComponent(folder)}&port=${port}`,
    'a socket in the place of the host': `postgres://postgres@${encodeURIComponent(folder)}:${port}/latchkey`,
    'a socket by its file': `postgres://postgres@/latchkey?host=${folder}/.s.PGSQL.${port}`,
    'a socket over the host': `postgres://postgres@localhost/latchkey?host=${folder}&port=${port}`,
    hostaddr: server.url({ host: 'no-such-host.invalid', query: 'hostaddr=127.0.0.1' }),
    'the second of two hosts': `postgres://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${await freePort()},127.0.0.1:${port}/latchkey`,
    'the second of two, from the query': `postgres:///latchkey?user=postgres&password=${encodeURIComponent(PASSWORD)}&host=127.0.0.1,127.0.0.1&port=${await freePort()},${port}&target_session_attrs=read-write`,
  };
  for (const [what, url] of Object.entries(addresses)) {
    const client = createClient({ url, poolSize: 1, transactionPooler: false });
    const [row] = await client`select current_setting('port')::int as port, current_user::text as "user"`.catch(
      (error) => [error],
    );
    t.strictSame({ ...row }, { port, user: 'postgres' }, what);
    await client.end({ timeout: 1 });
  }
  await expectOutcomes(t, {
    'no socket there': [
      `postgres://postgres@/latchkey?host=/no/such/folder`,
      /^the socket in DATABASE_URL does not exist/,
    ],
    'no host of several': [
      `postgres://u:p@127.0.0.1:${await freePort()},127.0.0.1:${await freePort()}/latchkey`,
      /^no server is listening at the address in DATABASE_URL/,
    ],
  });
});

t.test('of several hosts the one that accepts writes is used', { skip: replicationMissing }, async (t) => {
  const pair = await startReplication(t);
  const primary = new URL(pair.url());
  await pair.addStandby({ synchronous: false });
  const standbyUrl = new URL(pair.standbyUrl());
  const both = `postgres://postgres:${primary.password}@${standbyUrl.host},${primary.host}/postgres`;
  for (const query of [
    '',
    '?target_session_attrs=read-write',
    '?target_session_attrs=primary',
    '?load_balance_hosts=random',
  ]) {
    const client = createClient({ url: both + query, poolSize: 1, transactionPooler: false });
    const [row] = await client`select pg_is_in_recovery() as standby`;
    t.equal(row?.standby, false, query);
    await client.end();
  }
  const alone = `postgres://postgres:${primary.password}@${standbyUrl.host},${standbyUrl.host}/postgres`;
  t.match(await outcome(alone), /^no host in DATABASE_URL accepts writes/);
});

t.test('a server that is not Postgres is reported at once', { skip }, async (t) => {
  const http = createHttpServer((_, response) => response.end('x')).listen(0, '127.0.0.1');
  const closer = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  t.teardown(() => {
    for (const each of [http, closer, silent]) each.close();
    http.closeAllConnections();
  });
  await Promise.all([http, closer, silent].map((each) => each.listening || once(each, 'listening')));
  const at = (server: { address(): unknown }, query = '') =>
    `postgres://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/latchkey${query}`;
  await expectOutcomes(t, {
    HTTP: [at(http), /^the host in DATABASE_URL (closed the connection|does not answer)/],
    'HTTP with TLS': [
      at(http, '?sslmode=require'),
      /^(DATABASE_URL: the server at the host and port of this URL is not Postgres|the host in DATABASE_URL closed)/,
    ],
    'one that closes': [at(closer), /^the host in DATABASE_URL closed the connection/],
    'one that closes, with TLS': [at(closer, '?sslmode=require'), /^the host in DATABASE_URL closed the connection/],
    'one that says nothing': [at(silent, '?sslmode=require'), /^the host in DATABASE_URL does not respond/],
  });
});

t.test('TLS: each mode checks what it should, and each wrong certificate is explained', { skip }, async (t) => {
  const certificates = await makeCertificates(t);
  const { authority, otherAuthority, server: own, client, stranger, expired, openssl, at: path } = certificates;
  const files = async (pair: { certificate: string; key: string }) => ({
    'server.crt': await readFile(pair.certificate, 'utf8'),
    'server.key': await readFile(pair.key, 'utf8'),
    'ca.crt': await readFile(authority, 'utf8'),
  });
  const settings = { ssl: 'on', ssl_ca_file: 'ca.crt' };
  const server = await startDebianPostgres(t, {
    settings,
    files: await files(own),
    access: [
      'hostssl all app all cert',
      'hostssl all strict all scram-sha-256',
      'hostnossl all strict all reject',
      'hostnossl all app all reject',
    ],
  });
  await server.admin`create role app login`;
  await server.admin.unsafe(`create role strict login password 'x'`);
  const old = await startDebianPostgres(t, { settings, files: await files(expired) });
  const none = await startDebianPostgres(t);
  const tls = (query: string, host = 'localhost') => server.url({ host, query });
  const root = `sslrootcert=${authority}`;

  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'self.key',
    '-out',
    'self.crt',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  );
  const selfSigned = await startDebianPostgres(t, {
    settings,
    files: await files({ certificate: path('self.crt'), key: path('self.key') }),
  });
  await openssl('pkcs8', '-topk8', '-in', client.key, '-out', 'locked.key', '-passout', 'pass:sesame');
  await writeFile(path('text.pem'), 'no certificate');
  await writeFile(path('broken.pem'), '-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n');
  const asApp = (query: string) =>
    server.url({ user: 'app', password: '', host: 'localhost', query: `sslmode=verify-full&${root}&${query}` });
  const pairOf = ({ certificate, key }: typeof client) => `sslcert=${certificate}&sslkey=${key}`;
  for (const { key } of [client, stranger]) await chmod(key, 0o600);

  await expectOutcomes(t, {
    none: [tls(''), /^ok$/],
    require: [tls('sslmode=require'), /^ok$/],
    'no-verify': [tls('sslmode=no-verify'), /^ok$/],
    prefer: [tls('sslmode=prefer'), /^ok$/],
    'prefer, from one that has none': [none.url({ query: 'sslmode=prefer' }), /^ok$/],
    'require, from one that has none': [
      none.url({ query: 'sslmode=require' }),
      /^DATABASE_URL: the server does not support TLS, which sslmode=require requires/,
    ],
    'verify-full': [tls(`sslmode=verify-full&${root}`), /^ok$/],
    'a root certificate without a mode': [tls(root), /^ok$/],
    'verify-ca, another name': [tls(`sslmode=verify-ca&${root}`, '127.0.0.1'), /^ok$/],
    'require with a root certificate checks the chain': [
      tls(`sslmode=require&sslrootcert=${otherAuthority}`),
      /authority/,
    ],
    'verify-full, another name': [
      tls(`sslmode=verify-full&${root}`, '127.0.0.1'),
      /^the server's certificate is for a different name .*sslmode=verify-ca.*\(ERR_TLS_CERT_ALTNAME_INVALID/,
    ],
    'hostaddr with the name': [
      server.url({ host: 'localhost', query: `hostaddr=127.0.0.1&sslmode=verify-full&${root}` }),
      /^ok$/,
    ],
    'an authority that is not known': [
      tls('sslmode=verify-full'),
      /^the server's certificate was issued by an unknown authority; add its certificate: sslrootcert=/,
    ],
    'another authority': [
      tls(`sslmode=verify-ca&sslrootcert=${otherAuthority}`),
      /^the server's certificate was issued by an unknown authority/,
    ],
    'self-signed': [
      selfSigned.url({ host: 'localhost', query: 'sslmode=verify-full' }),
      /^the server's certificate is self-signed/,
    ],
    'self-signed, and named': [selfSigned.url({ host: 'localhost', query: `sslrootcert=${path('self.crt')}` }), /^ok$/],
    expired: [
      old.url({ host: 'localhost', query: `sslmode=verify-ca&${root}` }),
      /^the server's certificate has expired/,
    ],
    'expired, unchecked': [old.url({ host: 'localhost', query: 'sslmode=require' }), /^ok$/],
    'the system does not know it': [tls('sslrootcert=system'), /unknown authority/],
    'a missing file': [
      tls('sslrootcert=/no/such/ca.pem'),
      /^DATABASE_URL: sslrootcert names a file that cannot be read \(ENOENT\): \/no\/such\/ca\.pem$/,
    ],
    'a file of something else': [
      tls(`sslrootcert=${path('text.pem')}`),
      /^DATABASE_URL: sslrootcert names a file that contains no PEM block of a certificate/,
    ],
    'a broken file': [
      asApp(`sslcert=${path('broken.pem')}&sslkey=${client.key}`),
      /^DATABASE_URL: a file in sslrootcert, sslcert, sslkey is not valid PEM/,
    ],
    'TLS is demanded': [
      server.url({ user: 'strict', password: 'x' }),
      /^Postgres (accepts this user only over TLS|rejects)/,
    ],
    'and given': [server.url({ user: 'strict', password: 'x', query: 'sslmode=require' }), /^ok$/],
    'the certificate of a client': [asApp(pairOf(client)), /^ok$/],
    'no certificate of a client': [asApp(''), /^the server requires a client certificate/],
    "somebody else's": [asApp(pairOf(stranger)), /^the server requires a client certificate for this user/],
    'a key of another certificate': [
      asApp(`sslcert=${client.certificate}&sslkey=${stranger.key}`),
      /^DATABASE_URL: sslkey is not the key of the certificate in sslcert$/,
    ],
    'an encrypted key': [
      asApp(`sslcert=${client.certificate}&sslkey=${path('locked.key')}`),
      /^DATABASE_URL: sslkey is encrypted, and sslpassword does not decrypt it$/,
    ],
    'and its password': [
      asApp(`sslcert=${client.certificate}&sslkey=${path('locked.key')}&sslpassword=sesame`),
      /^ok$/,
    ],
    'a version of TLS that the server does not have': [tls('sslmode=require&ssl_max_protocol_version=TLSv1.1'), /TLS/],
    'direct negotiation, which version 15 does not know': [
      tls('sslmode=require&sslnegotiation=direct'),
      /^the host in DATABASE_URL (closed|does not respond)/,
    ],
  });

  process.env.SSL_CERT_FILE = authority;
  t.teardown(() => delete process.env.SSL_CERT_FILE);
  t.equal(await outcome(tls('sslrootcert=system')), 'ok');

  await chmod(client.key, 0o644);
  t.match(
    await outcome(asApp(pairOf(client))),
    /^ok \| accounts other than this one can read the file in sslkey; run: chmod 600 /,
  );

  const encrypted = createClient({ url: tls('sslmode=require'), poolSize: 1, transactionPooler: false });
  const [row] = await encrypted`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
  await encrypted.end();
  t.equal(row?.ssl, true, 'the connection is encrypted');

  const { stderr, code } = await runCommand(['migrate'], {
    DATABASE_URL: tls(root),
    DATABASE_DIRECT_URL: tls('sslmode=verify-full'),
  });
  t.equal(code, 1);
  t.match(stderr, /^latchkey: the server's certificate was issued by an unknown authority[^\n]*\n$/);
});

t.test('an error names the variable that is wrong', { skip }, async (t) => {
  const port = await freePort();
  const url = `postgres://u:p@127.0.0.1:${port}/latchkey`;
  await t.rejects(
    probeDatabase({ url, poolSize: 1, transactionPooler: false, variable: 'DATABASE_DIRECT_URL' }).catch((error) => {
      throw new Error(describeFailure(error));
    }),
    { message: /^no server is listening at the address in DATABASE_DIRECT_URL/ },
  );
});
