// Parsing of database URLs, and one-line errors that never contain a value.
import { userInfo } from 'node:os';
import fc from 'fast-check';
import t from 'tap';
import { type DatabaseAddress, InvalidDatabaseUrl, parseDatabaseUrl } from '#platform/config/database-url.js';

const host = (name: string, port = 5432, address?: string) => ({ host: name, port, address });

/** URLs with the expected parts that differ from the defaults. */
const READ: Record<string, Partial<DatabaseAddress>> = {
  'postgres://u:p@db:6543/latchkey': { user: 'u', password: 'p', hosts: [host('db', 6543)], database: 'latchkey' },
  'postgresql://u:p@db/latchkey': { hosts: [host('db')] },
  'POSTGRES://u:p@db/latchkey': { hosts: [host('db')] },
  '  postgres://u:p@db/latchkey\n': { hosts: [host('db')] },
  'postgres://db/latchkey': { user: userInfo().username, password: '' },
  'postgres://u@db/latchkey': { user: 'u', password: '' },
  'postgres://u:@db/latchkey': { user: 'u', password: '' },
  'postgres://u:p@my_db-1.internal./latchkey': { hosts: [host('my_db-1.internal.')] },
  'postgres://u:p@bücher.example/latchkey': { hosts: [host('bücher.example')] },

  // Addresses and several hosts
  'postgres://u:p@[::1]:5433/latchkey': { hosts: [host('::1', 5433)] },
  'postgres://u:p@[2001:db8::7]/latchkey': { hosts: [host('2001:db8::7')] },
  'postgres://u:p@[fe80::1%25eth0]/latchkey': { hosts: [host('fe80::1%eth0')] },
  'postgres://u:p@[fe80::1%eth0]/latchkey': { hosts: [host('fe80::1%eth0')] },
  'postgres://u:p@[::1],[::2]:7/latchkey': { hosts: [host('::1'), host('::2', 7)] },
  'postgres://u:p@a:1,b:2,c/latchkey?target_session_attrs=read-write': {
    hosts: [host('a', 1), host('b', 2), host('c')],
  },
  'postgres://u:p@a,b/latchkey?port=7&target_session_attrs=primary': { hosts: [host('a', 7), host('b', 7)] },
  'postgres:///latchkey?host=a,b&port=1,2&user=u&password=p%40': {
    hosts: [host('a', 1), host('b', 2)],
    user: 'u',
    password: 'p@',
  },
  'postgres://u:p@a,b/latchkey?load_balance_hosts=random': { inRandomOrder: true },
  'postgres://u:p@db.example/latchkey?hostaddr=10.0.0.7': { hosts: [host('db.example', 5432, '10.0.0.7')] },

  // Sockets
  'postgres:///latchkey?host=/run/postgresql': { hosts: [host('/run/postgresql')] },
  'postgres:///latchkey?host=%2Frun%2Fpostgresql&port=6543': { hosts: [host('/run/postgresql', 6543)] },
  'postgres://%2Frun%2Fpostgresql/latchkey': { hosts: [host('/run/postgresql')] },
  'postgres://u:p@%2Frun%2Fpostgresql:6543/latchkey': { hosts: [host('/run/postgresql', 6543)], user: 'u' },
  'postgres://u:p@localhost/latchkey?host=/cloudsql/a:b:c': { hosts: [host('/cloudsql/a:b:c')] },

  // Names and passwords
  'postgres://user%40tenant:p@db/my%20data%2Fbase': { user: 'user@tenant', database: 'my data/base' },
  'postgres://u:p@db/%C3%A4%F0%9F%94%91': { database: 'ä🔑' },
  'postgres://postgres.ref:p@db:6543/postgres': { user: 'postgres.ref' },
  'postgres:///?host=db&dbname=latchkey': { database: 'latchkey' },
  'postgres://u:100%@db/latchkey': { password: '100%' },
  'postgres://u:%zz%4@db/latchkey': { password: '%zz%4' },
  'postgres://u:a%25b@db/latchkey': { password: 'a%b' },
  'postgres://u:p@ss@db/latchkey': { password: 'p@ss' },
  'postgres://u:p:ss@db/latchkey': { password: 'p:ss' },
  'postgres://u:p/ss@db/latchkey': { password: 'p/ss' },
  'postgres://u:p#ss@db/latchkey': { password: 'p#ss' },
  'postgres://u:p?ss@db/latchkey': { password: 'p?ss' },
  'postgres://u:p+s s@db/latchkey': { password: 'p+s s' },
  'postgres://u:p?a/b#c@db:7/latchkey?sslmode=require': { password: 'p?a/b#c', hosts: [host('db', 7)] },
  'postgres://u:p@db/latchkey?application_name=a@b': { password: 'p', parameters: { application_name: 'a@b' } },
  'postgres://db/latchkey?user=a@b': { user: 'a@b', hosts: [host('db')] },

  // Server settings, and their names in other tools
  'postgres://u:p@db/latchkey?work_mem=8MB&App.Tenant=x': { parameters: { work_mem: '8MB', 'app.tenant': 'x' } },
  'postgres://u:p@db/latchkey?options=-c%20work_mem%3D8MB': { parameters: { options: '-c work_mem=8MB' } },
  'postgres://u:p@db/latchkey?options=-c+work_mem%3D8MB': { parameters: { options: '-c work_mem=8MB' } },
  'postgres://u:p@db/latchkey?options=endpoint%3Dep-1': { parameters: { options: 'endpoint=ep-1' } },
  'postgres://u:p@db/latchkey?schema=auth': { parameters: { search_path: '"auth"' } },
  'postgres://u:p@db/latchkey?currentSchema=auth,other': { parameters: { search_path: 'auth,other' } },
  'postgres://u:p@db/latchkey?ApplicationName=x&role=': { parameters: { application_name: 'x' } },
  'postgres://u:p@db/latchkey?connect_timeout=15': { connectSeconds: 15 },

  // Parameters of other tools
  'postgres://u:p@ep-1.neon.tech/neondb?sslmode=require&channel_binding=require': { ignored: ['channel_binding'] },
  'postgres://u:p@db/latchkey?keepalives=1&keepalives_idle=30&gssencmode=disable&krbsrvname=x&passfile=y': {
    ignored: ['keepalives', 'keepalives_idle', 'gssencmode', 'krbsrvname', 'passfile'],
  },
  'postgres://u:p@db/latchkey?pgbouncer=true&connection_limit=1&pool_timeout=0': {
    ignored: ['pgbouncer', 'connection_limit', 'pool_timeout'],
  },
  'postgres://u:p@db/latchkey?client_encoding=utf8': { ignored: [] },
  'postgres://u:p@db/latchkey?client_encoding=LATIN1': { ignored: ['client_encoding'] },
  'postgres://u:p@db/latchkey?prepareThreshold=0&pool_max_conns=4&uselibpqcompat=true': {
    ignored: ['preparethreshold', 'pool_max_conns', 'uselibpqcompat'],
  },
};

t.test('every part of a URL is parsed', async (t) => {
  for (const [url, expected] of Object.entries(READ)) {
    const found = parseDatabaseUrl(url);
    const same = Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof DatabaseAddress]]));
    t.strictSame(same, expected, url);
  }
});

t.test('the TLS mode follows from the parameters', async (t) => {
  const modes: Record<string, string> = {
    '': 'disable',
    'sslmode=disable': 'disable',
    'sslmode=allow': 'prefer',
    'sslmode=prefer': 'prefer',
    'sslmode=require': 'require',
    'sslmode=no-verify': 'require',
    'sslmode=no-verify&sslrootcert=/ca.pem': 'require',
    'sslmode=require&sslrootcert=/ca.pem': 'verify-ca',
    'sslmode=verify-ca': 'verify-ca',
    'sslmode=VERIFY-FULL': 'verify-full',
    'sslrootcert=/ca.pem': 'verify-full',
    'sslrootcert=system': 'verify-full',
    'ssl=true': 'verify-full',
    'ssl=0': 'disable',
    'ssl=require': 'require',
    'sslmode=require&sslaccept=strict': 'verify-full',
    'sslaccept=accept_invalid_certs': 'require',
  };
  for (const [query, mode] of Object.entries(modes))
    t.equal(parseDatabaseUrl(`postgres://u:p@db/latchkey?${query}`).tls.mode, mode, query);
  t.match(
    parseDatabaseUrl(
      'postgres://u:p@db/latchkey?sslmode=verify-ca&sslrootcert=/ca&sslcert=/c&sslkey=/k&sslpassword=s&sslcrl=/l' +
        '&sslsni=0&sslnegotiation=direct&ssl_min_protocol_version=tlsv1.3',
    ).tls,
    {
      rootCertificates: '/ca',
      clientCertificate: '/c',
      clientKey: '/k',
      passphrase: 's',
      revocationList: '/l',
      sendsName: false,
      direct: true,
      minVersion: 'TLSv1.3',
    },
  );
});

const at = (query: string) => `postgres://u:hunter2@db/latchkey?${query}`;

/** Invalid URLs and the expected messages. */
const REFUSED: Record<string, RegExp> = {
  'mysql://u:hunter2@db/latchkey': /not mysql:\/\//,
  'jdbc:postgresql://db/latchkey?user=u&password=hunter2': /remove jdbc:/,
  'prisma+postgres://accelerate.example/?api_key=hunter2': /only Prisma/,
  'postgresql+asyncpg://u:hunter2@db/latchkey': /write postgres:\/\//,
  'host=db password=hunter2': /list of keywords/,
  '"postgres://u:hunter2@db/latchkey"': /not be in quotes/,
  'postgres://u:hunter2@db': /must name a database/,
  'postgres://u:hunter2@db/': /must name a database/,
  'postgres://u:hunter2@db/a/b': /slash/,
  'postgres:///latchkey': /must name a host/,
  'postgres://u:hunter2@/latchkey': /must name a host/,
  'postgres://u:hunter2@a,,b/latchkey': /must name a host/,
  'postgres://u:hunter2@::1/latchkey': /brackets/,
  'postgres://u:hunter2@[db]/latchkey': /between the brackets/,
  'postgres://u:hunter2@db:0/latchkey': /port from 1 to 65535/,
  'postgres://u:hunter2/latchkey': /user:password@host:port/,
  'postgres://u:hunter2@a b/latchkey': /must name a host/,
  'postgres://u:7/hunter2@db/latchkey': /%2F/,
  'postgres://u:p@hunter2/x@db/latchkey': /%2F/,
  'postgres://u:p@a#hunter2@db/latchkey': /%23/,
  'postgres://u:p@a?hunter2=1@db/latchkey': /%3F/,
  'postgres://u:hunter2@db/latchkey#x': /%23/,
  'postgres://u:hunter2%FF@db/latchkey': /%25/,
  'postgres://u:hunter2%00@db/latchkey': /control characters/,
  'postgres://u:hunter2@db/latch\nkey': /one line/,
  [at('sslmode=on-please')]: /sslmode of disable, prefer, require, verify-ca, verify-full/,
  [at('sslmode=require&sslrootcert=system')]: /verify-full with sslrootcert=system/,
  [at('sslcert=/c.pem')]: /sslkey with sslcert/,
  [at('sslkey=/c.pem')]: /sslcert with sslkey/,
  [at('sslnegotiation=direct')]: /sslmode=require/,
  [at('target_session_attrs=standby')]: /target_session_attrs=read-write/,
  [at('target_session_attrs=nearest')]: /target_session_attrs=read-write/,
  [at('gssencmode=require')]: /gssencmode/,
  [at('service=main')]: /pg_service/,
  [at('connect_timeout=soon')]: /whole number of seconds/,
  [at('port=1,2')]: /one for each host/,
  [at('hostaddr=db2')]: /IP address in hostaddr/,
  [at('sslmod=require')]: /the unknown parameter sslmod; did you mean sslmode\?/,
  [at('statement_timout=5')]: /did you mean statement_timeout\?/,
  [at('conection_limit=5')]: /did you mean connection_limit\?/,
  [at('wholly_other=5')]: /the unknown parameter wholly_other$/,
  [at('hunter2!=5')]: /unknown parameter/,
};

t.test('an invalid URL is rejected in one line that contains no value', async (t) => {
  for (const [url, words] of Object.entries(REFUSED)) {
    try {
      parseDatabaseUrl(url);
      t.fail(`accepted: ${url}`);
    } catch (error) {
      t.ok(error instanceof InvalidDatabaseUrl, url);
      const { message } = error as Error;
      t.match(message, words, url);
      t.notMatch(message, /hunter2|\n/, url);
    }
  }
});

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !/\p{Cc}/u.test(text));

t.test('any encoded value is read back', async () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,10}[a-z0-9]$/).filter((text) => !/\.\.|^\S{2}--|--/.test(text));
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(
      word,
      word,
      word,
      fc.array(fc.tuple(name, port), { minLength: 1, maxLength: 4 }),
      (user, password, database, places) => {
        const e = encodeURIComponent;
        const hosts = places.map(([host, port]) => `${host}:${port}`).join(',');
        const found = parseDatabaseUrl(`postgres://${e(user)}:${e(password)}@${hosts}/${e(database)}?sslmode=require`);
        const expected = JSON.stringify([user, password, database, places]);
        const read = [found.user, found.password, found.database, found.hosts.map(({ host, port }) => [host, port])];
        return JSON.stringify(read) === expected;
      },
    ),
  );
});

t.test('a raw password is read completely or refused', async () => {
  const raw = fc.stringMatching(/^[a-zA-Z0-9@:/?#%&=+!$^*()~. ,;-]{1,20}$/);
  fc.assert(
    fc.property(raw, (password) => {
      let found: DatabaseAddress;
      try {
        found = parseDatabaseUrl(`postgres://user:${password}@db.example:5433/latchkey?sslmode=require`);
      } catch (error) {
        return error instanceof InvalidDatabaseUrl && !error.message.includes('\n');
      }
      const isWhole = found.password === password || /%[0-9a-f]{2}/i.test(password);
      return isWhole && found.hosts[0].host === 'db.example' && found.database === 'latchkey';
    }),
    { numRuns: 2000 },
  );
});

t.test('any text is either parsed or refused with InvalidDatabaseUrl', async () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `postgres://${text}`),
      ),
      (text) => {
        try {
          return parseDatabaseUrl(text).hosts.length > 0;
        } catch (error) {
          return error instanceof InvalidDatabaseUrl;
        }
      },
    ),
    { numRuns: 1000 },
  );
});
