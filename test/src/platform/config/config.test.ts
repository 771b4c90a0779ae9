// The configuration from the environment: valid values, and the one-line error for each invalid one.
import t from 'tap';
import { ConfigurationError, LOCAL_SENDER, readConfiguration } from '#platform/config/config.js';
import { environmentSchema } from '#platform/config/variables.js';
import { registry } from '#settings/registry.js';
import { createSettings } from '#settings/service.js';

/** 44 characters, as `openssl rand -base64 32` prints them. */
const SECRET = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=';
const OLD = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNDU2Nzg=';
const URL = 'postgres://latchkey:hunter2@db.internal:5432/latchkey';

const SECRET_EXAMPLE = 'for example AUTH_SECRET=$(openssl rand -base64 32)';
const URL_EXAMPLE = 'for example DATABASE_URL=postgres://latchkey_app:secret@db.internal:5432/latchkey';
const DIRECT_EXAMPLE = 'for example DATABASE_DIRECT_URL=postgres://latchkey_owner:secret@db.internal:5432/latchkey';
const PROXY_ERROR =
  'TRUST_PROXY must be "fly" or list IP addresses or CIDR ranges (never "true" or a number of hops), for example TRUST_PROXY=10.0.0.0/8,fc00::/7';

const CORS_ERROR =
  'CORS_ORIGINS must list origins, scheme://host[:port] in lower case (never "*", "null", a path or the standard port), or https://*.domain for one label below a domain in which only you can register names, for example CORS_ORIGINS=https://app.example.com,http://localhost:5173';

/** Invalid environments with the complete message. */
const WRONG: readonly [environment: Readonly<Record<string, string>>, message: string][] = [
  [{ NODE_ENV: 'production' }, `DATABASE_URL is required when NODE_ENV is production, ${URL_EXAMPLE}`],
  [
    { PASSWORD_BREACH_URL: 'https://u:hunter2@mirror.example.com/range/' },
    'PASSWORD_BREACH_URL must be an http(s) URL without a user, ending in "/" or "=", for example PASSWORD_BREACH_URL=https://api.pwnedpasswords.com/range/',
  ],
  [{ PORT: 'hunter2' }, 'PORT must be integer, for example PORT=3000'],
  [{ PORT: '80.5' }, 'PORT must be integer, for example PORT=3000'],
  [{ PORT: '-1' }, 'PORT must be >= 0, for example PORT=3000'],
  [{ PORT: '65536' }, 'PORT must be <= 65535, for example PORT=3000'],
  [
    { LOG_LEVEL: 'hunter2' },
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, for example LOG_LEVEL=info',
  ],
  [
    { LOG_LEVEL: 'INFO' },
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, for example LOG_LEVEL=info',
  ],
  ...['hunter2', 'db.internal/latchkey', 'https://u:hunter2@db/latchkey'].map(
    (url): [Record<string, string>, string] => [
      { DATABASE_URL: url },
      `DATABASE_URL must be a postgres:// URL, ${URL_EXAMPLE}`,
    ],
  ),
  [
    { DATABASE_URL: 'postgres://u:hunter2@db:port/latchkey' },
    `DATABASE_URL must have user:password@host:port between :// and the database, ${URL_EXAMPLE}`,
  ],
  [{ DATABASE_URL: 'postgres://u:hunter2@db' }, `DATABASE_URL must name a database, ${URL_EXAMPLE}`],
  [{ DATABASE_URL: 'postgres://u:hunter2@db/' }, `DATABASE_URL must name a database, ${URL_EXAMPLE}`],
  [
    { DATABASE_URL: URL, DATABASE_DIRECT_URL: 'https://u:hunter2@db/latchkey' },
    `DATABASE_DIRECT_URL must be a postgres:// URL, ${DIRECT_EXAMPLE}`,
  ],
  [
    { DATABASE_URL: URL, DATABASE_REPLICA_URL: 'https://u:hunter2@db/latchkey' },
    'DATABASE_REPLICA_URL must be a postgres:// URL, for example DATABASE_REPLICA_URL=postgres://latchkey_app:secret@replica.internal:5432/latchkey',
  ],
  [{ DATABASE_REPLICA_URL: URL }, `DATABASE_URL is required when DATABASE_REPLICA_URL is set, ${URL_EXAMPLE}`],
  ...['0', '3601', '1.5'].map((seconds): [Record<string, string>, string] => [
    { DATABASE_REPLICA_MAX_LAG: seconds },
    `DATABASE_REPLICA_MAX_LAG ${seconds === '0' ? 'must be >= 1' : seconds === '3601' ? 'must be <= 3600' : 'must be integer'}, for example DATABASE_REPLICA_MAX_LAG=5`,
  ]),
  [
    { DATABASE_POOLER: 'session' },
    'DATABASE_POOLER must be one of none, transaction, for example DATABASE_POOLER=transaction',
  ],
  ...['RS512', 'es256', 'none'].map((alg): [Record<string, string>, string] => [
    { SIGNING_ALGORITHM: alg },
    'SIGNING_ALGORITHM must be one of ES256, EdDSA, RS256, HS256, for example SIGNING_ALGORITHM=EdDSA',
  ]),
  [
    { DATABASE_DURABILITY: 'none' },
    'DATABASE_DURABILITY must be one of required, any, for example DATABASE_DURABILITY=required',
  ],
  [{ DATABASE_POOL_SIZE: '0' }, 'DATABASE_POOL_SIZE must be >= 1, for example DATABASE_POOL_SIZE=10'],
  [{ DATABASE_POOL_SIZE: '501' }, 'DATABASE_POOL_SIZE must be <= 500, for example DATABASE_POOL_SIZE=10'],
  [{ DATABASE_POOL_SIZE: 'many' }, 'DATABASE_POOL_SIZE must be integer, for example DATABASE_POOL_SIZE=10'],
  [{ DATABASE_QUEUE_SIZE: '-1' }, 'DATABASE_QUEUE_SIZE must be >= 0, for example DATABASE_QUEUE_SIZE=1000'],
  [
    { DATABASE_REGION: 'fra;instance=1' },
    'DATABASE_REGION must match pattern "^[a-z]{3}$", for example DATABASE_REGION=fra',
  ],
  [{ MAX_CONNECTIONS: '9' }, 'MAX_CONNECTIONS must be >= 10, for example MAX_CONNECTIONS=10000'],
  [{ OVERLOAD_DELAY_MS: '1s' }, 'OVERLOAD_DELAY_MS must be integer, for example OVERLOAD_DELAY_MS=250'],
  [{ OVERLOAD_RSS_MIB: '-1' }, 'OVERLOAD_RSS_MIB must be >= 0, for example OVERLOAD_RSS_MIB=400'],
  [{ AUTH_SECRET: 'hunter2' }, `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`],
  [{ AUTH_SECRET: SECRET.slice(0, 31) }, `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`],
  [{ AUTH_SECRET: `${SECRET},` }, `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`],
  [{ AUTH_SECRET: `,${SECRET}` }, `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`],
  [{ AUTH_SECRET: `${SECRET},hunter2` }, `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`],
  [
    { AUTH_SECRET: `${SECRET.slice(0, 20)},${OLD.slice(0, 20)}` },
    `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`,
  ],
  ...['a'.repeat(64), 'changeme'.repeat(8), 'hunter2 '.repeat(8), '0'.repeat(32)].map(
    (secret): [Record<string, string>, string] => [
      { AUTH_SECRET: secret },
      `AUTH_SECRET must be random, not a word or a repeated character, ${SECRET_EXAMPLE}`,
    ],
  ),
  // The example copied to a file that no shell reads.
  [{ AUTH_SECRET: '$(openssl rand -base64 32)' }, `AUTH_SECRET must have at least 32 characters, ${SECRET_EXAMPLE}`],
  ...[
    'true',
    'false',
    '1',
    '2',
    '*',
    'localhost',
    'loopback',
    '10.0.0',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '::/0',
    'fc00::/129',
    '10.0.0.0/8 fc00::/7',
    '10.0.0.0/8,true',
    'fly,10.0.0.0/8',
    'Fly',
  ].map((list): [Record<string, string>, string] => [{ TRUST_PROXY: list }, PROXY_ERROR]),
  ...[
    '*',
    'null',
    'true',
    'app.example.com',
    '//app.example.com',
    'https://',
    'https://*',
    'https://*.com',
    'https://*.co.uk',
    'https://*.github.io',
    'capacitor://localhost/path',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com?x',
    'https://app.example.com:443',
    'http://app.example.com:80',
    'https://APP.example.com',
    'HTTPS://app.example.com',
    'https://user@app.example.com',
    'https://app.example.com https://other.example.com',
    'https://app.example.com,*',
    'file:///',
    'ftp://app.example.com',
    'javascript:alert(1)',
  ].map((list): [Record<string, string>, string] => [{ CORS_ORIGINS: list }, CORS_ERROR]),
  ...[
    'www.example.com',
    '/auth',
    '//www.example.com/auth',
    'ftp://www.example.com',
    'https://',
    'https:///auth',
    'https://user:hunter2@www.example.com',
    'https://@www.example.com',
    'https://www.example.com/auth?x=1',
    'https://www.example.com/auth?',
    'https://www.example.com/auth#x',
    'https://www.example.com/auth#',
    'https://www.example.com//auth',
    'https://www.example.com/auth//',
    'https://www.example.com/a b',
    'https:\\\\www.example.com',
    'https://*.example.com',
    'https://www.example.com:99999',
  ].map((url): [Record<string, string>, string] => [
    { PUBLIC_URL: url },
    'PUBLIC_URL must be an http:// or https:// URL without credentials, query and fragment, for example PUBLIC_URL=https://www.example.com/auth',
  ]),
  ...['Example.com', 'https://example.com', 'example.com:443', '127.0.0.1', '-a.example.com', 'a..b'].map(
    (id): [Record<string, string>, string] => [
      { PASSKEY_RP_ID: id, PASSKEY_ORIGINS: 'https://example.com' },
      'PASSKEY_RP_ID must be a domain in lower case, not an IP address or a URL, for example PASSKEY_RP_ID=example.com',
    ],
  ),
  [
    { PASSKEY_ORIGINS: 'https://example.com' },
    'PASSKEY_RP_ID is required when PASSKEY_ORIGINS is set without an https PUBLIC_URL, for example PASSKEY_RP_ID=example.com',
  ],
  [
    { PASSKEY_RP_ID: 'example.com', PUBLIC_URL: 'http://example.com' },
    'PASSKEY_ORIGINS is required when PASSKEY_RP_ID is set without an https PUBLIC_URL, for example PASSKEY_ORIGINS=https://www.example.com,https://app.example.com',
  ],
  ...[
    'http://example.com',
    'https://example.com/',
    'https://EXAMPLE.com',
    'https://example.com:443',
    'https://*.example.com',
    'example.com',
    'android:apk-key-hash:short',
  ].map((origin): [Record<string, string>, string] => [
    { PASSKEY_RP_ID: 'example.com', PASSKEY_ORIGINS: `https://example.com,${origin}` },
    'PASSKEY_ORIGINS must list https origins, exactly as browsers send them (http only for localhost), or android:apk-key-hash:… origins, for example PASSKEY_ORIGINS=https://www.example.com,https://app.example.com',
  ]),
  ...['https://example.org', 'https://badexample.com', 'https://example.com.evil.example', 'http://localhost:3000'].map(
    (origin): [Record<string, string>, string] => [
      { PASSKEY_RP_ID: 'example.com', PASSKEY_ORIGINS: origin },
      'PASSKEY_ORIGINS must list origins of example.com (PASSKEY_RP_ID) or of its subdomains, for example PASSKEY_ORIGINS=https://www.example.com,https://app.example.com',
    ],
  ),
  [{ REFRESH_COOKIE: 'yes' }, 'REFRESH_COOKIE must be one of true, false, for example REFRESH_COOKIE=true'],
  [
    { REFRESH_COOKIE: 'true', NODE_ENV: 'production', DATABASE_URL: URL, AUTH_SECRET: SECRET },
    'PUBLIC_URL is required in production when REFRESH_COOKIE is true, for example PUBLIC_URL=https://www.example.com/auth',
  ],
  [
    { REFRESH_COOKIE_SAMESITE: 'Strict' },
    'REFRESH_COOKIE_SAMESITE must be one of strict, lax, none, for example REFRESH_COOKIE_SAMESITE=none',
  ],
  [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT must be one of json, text, for example LOG_FORMAT=json'],
  [{ METRICS_PORT: '3000' }, 'METRICS_PORT must differ from PORT, for example METRICS_PORT=9091'],
  [{ METRICS_PORT: '65536' }, 'METRICS_PORT must be <= 65535, for example METRICS_PORT=9091'],
  ...['collector:4318', 'http://u:hunter2@collector:4318', 'http://collector:4318?key=hunter2', 'grpc://collector'].map(
    (url): [Record<string, string>, string] => [
      { OTEL_EXPORTER_OTLP_ENDPOINT: url },
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL without a user, query and fragment, for example OTEL_EXPORTER_OTLP_ENDPOINT=http://collector.internal:4318',
    ],
  ),
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, http/json, for example OTEL_EXPORTER_OTLP_PROTOCOL=http/json',
  ],
  ...['hunter2', '=hunter2', 'a b=hunter2', 'key=%zz', 'key=%0d%0aX: hunter2', 'key=hunter2,x'].map(
    (list): [Record<string, string>, string] => [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_EXPORTER_OTLP_HEADERS: list },
      'OTEL_EXPORTER_OTLP_HEADERS must be a list of name=value, with values percent-encoded, for example OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20secret',
    ],
  ),
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_RESOURCE_ATTRIBUTES: 'staging' },
    'OTEL_RESOURCE_ATTRIBUTES must be a list of name=value, with values percent-encoded, for example OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=staging',
  ],
  [
    { OTEL_TRACES_SAMPLER: 'some' },
    'OTEL_TRACES_SAMPLER must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio, for example OTEL_TRACES_SAMPLER=traceidratio',
  ],
  [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG must be <= 1, for example OTEL_TRACES_SAMPLER_ARG=0.1'],
  [{ OPENAPI_ADMIN: 'no' }, 'OPENAPI_ADMIN must be one of true, false, for example OPENAPI_ADMIN=false'],
  [
    { DOCS_KEEP_AUTHORIZATION: '0' },
    'DOCS_KEEP_AUTHORIZATION must be one of true, false, for example DOCS_KEEP_AUTHORIZATION=false',
  ],
  [{ WEB_CONCURRENCY: '0' }, 'WEB_CONCURRENCY must be >= 1, for example WEB_CONCURRENCY=2'],
  [{ WEB_CONCURRENCY: '65' }, 'WEB_CONCURRENCY must be <= 64, for example WEB_CONCURRENCY=2'],
  [{ WEB_CONCURRENCY: 'auto' }, 'WEB_CONCURRENCY must be integer, for example WEB_CONCURRENCY=2'],
  [{ DRAIN_SECONDS: '-1' }, 'DRAIN_SECONDS must be >= 0, for example DRAIN_SECONDS=1'],
  [{ DRAIN_SECONDS: '11' }, 'DRAIN_SECONDS must be <= 10, for example DRAIN_SECONDS=1'],
  [{ DRAIN_SECONDS: '1s' }, 'DRAIN_SECONDS must be number, for example DRAIN_SECONDS=1'],
  ...['ftp://example.com/', 'https://example.com', 'https://a:hunter2@example.com/', 'range'].map(
    (url): [Record<string, string>, string] => [
      { PASSWORD_BREACH_URL: url },
      'PASSWORD_BREACH_URL must be an http(s) URL without a user, ending in "/" or "=", for example PASSWORD_BREACH_URL=https://api.pwnedpasswords.com/range/',
    ],
  ),
  [{ ARGON2_MEMORY_KIB: '7167' }, 'ARGON2_MEMORY_KIB must be >= 7168, for example ARGON2_MEMORY_KIB=19456'],
  [{ ARGON2_MEMORY_KIB: '1048577' }, 'ARGON2_MEMORY_KIB must be <= 1048576, for example ARGON2_MEMORY_KIB=19456'],
  [{ ARGON2_MEMORY_KIB: '19M' }, 'ARGON2_MEMORY_KIB must be integer, for example ARGON2_MEMORY_KIB=19456'],
  [{ ARGON2_TIME_COST: '0' }, 'ARGON2_TIME_COST must be >= 1, for example ARGON2_TIME_COST=2'],
  [{ ARGON2_TIME_COST: '11' }, 'ARGON2_TIME_COST must be <= 10, for example ARGON2_TIME_COST=2'],
  ...['hunter2', 'c2hvcnQ=', SECRET.slice(1), `${SECRET} `].map((key): [Record<string, string>, string] => [
    { FIREBASE_SIGNER_KEY: key },
    'FIREBASE_SIGNER_KEY must be 32 to 128 bytes in Base64, for example FIREBASE_SIGNER_KEY=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  ]),
  [
    { LINK_URL_VERIFY_EMAIL: 'https://app.example.com/' },
    'LINK_URL_VERIFY_EMAIL must be an http(s) URL that contains {token}, for example LINK_URL_VERIFY_EMAIL=https://app.example.com/verify-email?token={token}',
  ],
  [
    { LINK_URL_RESET_PASSWORD: 'https://app.example.com/' },
    'LINK_URL_RESET_PASSWORD must be an http(s) URL that contains {token}, for example LINK_URL_RESET_PASSWORD=https://app.example.com/reset-password?token={token}',
  ],
  [
    { LINK_URL_CONFIRM_EMAIL: 'https://app.example.com/' },
    'LINK_URL_CONFIRM_EMAIL must be an http(s) URL that contains {token}, for example LINK_URL_CONFIRM_EMAIL=https://app.example.com/confirm-email?token={token}',
  ],
  [
    { LINK_URL_UNDO_EMAIL_CHANGE: 'https://app.example.com/' },
    'LINK_URL_UNDO_EMAIL_CHANGE must be an http(s) URL that contains {token}, for example LINK_URL_UNDO_EMAIL_CHANGE=https://app.example.com/undo-email-change?token={token}',
  ],
  [
    { LINK_URL_SIGN_IN: 'https://app.example.com/' },
    'LINK_URL_SIGN_IN must be an http(s) URL that contains {token}, for example LINK_URL_SIGN_IN=https://app.example.com/sign-in?token={token}',
  ],
  [{ ARGON2_PARALLELISM: '0' }, 'ARGON2_PARALLELISM must be >= 1, for example ARGON2_PARALLELISM=1'],
  [{ ARGON2_PARALLELISM: '17' }, 'ARGON2_PARALLELISM must be <= 16, for example ARGON2_PARALLELISM=1'],
];

/** Variables that accept any text. */
const ANY_TEXT = [
  'NODE_ENV',
  'HOST',
  'ISSUER',
  'AUDIENCE',
  'DATA_DIR',
  'MAIL_TEMPLATES',
  'OTEL_SERVICE_NAME',
  'FLY_REGION',
];
/** Tested in ./mail.test.ts. */
const MAIL = ['SMTP_URL', 'MAIL_FROM'];

t.test(
  'an invalid value stops the start with one line: the variable, the problem and an example, but not the value',
  async (t) => {
    for (const [environment, message] of WRONG) {
      const name = JSON.stringify(environment);
      try {
        readConfiguration(environment);
        t.fail(`${name} is accepted`);
      } catch (error) {
        t.ok(error instanceof ConfigurationError, name);
        t.equal((error as Error).message, message, name);
        t.notMatch(String((error as Error).stack), /hunter2/, `${name}: the value is not repeated`);
      }
    }
    const tried = new Set([...WRONG.flatMap(([environment]) => Object.keys(environment)), ...ANY_TEXT, ...MAIL]);
    t.strictSame([...tried].sort(), Object.keys(environmentSchema.properties).sort(), 'every variable is tested');
  },
);

t.test('an empty environment is a valid configuration', async (t) => {
  t.strictSame(readConfiguration({}), {
    production: false,
    host: '127.0.0.1',
    port: 3000,
    metricsPort: undefined,
    logLevel: 'info',
    isLogLevelSet: false,
    logFormat: undefined,
    tracing: undefined,
    database: {
      url: undefined,
      directUrl: undefined,
      canListen: true,
      transactionPooler: false,
      replica: undefined,
      poolSize: 10,
      queueSize: 1000,
      durabilityRequired: true,
    },
    replayRegion: undefined,
    secrets: [],
    issuer: 'latchkey',
    audience: 'latchkey',
    signingAlgorithm: 'ES256',
    publicUrl: undefined,
    trustedProxies: [],
    clientAddressHeader: 'x-forwarded-for',
    corsOrigins: [],
    docs: { admin: true, keepAuthorization: true },
    refreshCookie: { enabled: false, forConsole: true, sameSite: 'strict' },
    workers: 1,
    maxConnections: 10000,
    overload: { delayMilliseconds: 250, rssBytes: 0 },
    passkeys: { id: 'localhost', origins: [] },
    passwordBreachUrl: 'https://api.pwnedpasswords.com/range/',
    firebaseSignerKey: undefined,
    mail: { type: 'catch', from: LOCAL_SENDER, templates: undefined },
    linkUrls: {
      'verify-email': undefined,
      'reset-password': undefined,
      'confirm-email': undefined,
      'undo-email-change': undefined,
      'sign-in': undefined,
    },
    dataDir: '.data',
    drainSeconds: 1,
    argon2: { memoryCost: 19456, timeCost: 2, parallelism: 1 },
    settingDefaults: {},
  });
});

t.test('an empty variable counts as not set', async (t) => {
  const names = [
    ...Object.keys(environmentSchema.properties),
    ...Object.keys(registry).map((name) => `SETTING_${name}`),
  ];
  for (const nothing of ['', ' ', '\t\r\n']) {
    const empty = Object.fromEntries(names.map((name) => [name, nothing]));
    t.strictSame(readConfiguration(empty), readConfiguration({}), JSON.stringify(nothing));
  }
  t.throws(() => readConfiguration({ NODE_ENV: 'production', DATABASE_URL: '' }), ConfigurationError);
});

t.test('every variable is read', async (t) => {
  const config = readConfiguration({
    NODE_ENV: 'production',
    HOST: '::',
    PORT: '0',
    METRICS_PORT: '9091',
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'text',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.com/otlp/',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YTpi==, x-tenant = 1',
    OTEL_SERVICE_NAME: 'auth',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    DATABASE_URL: URL,
    DATABASE_DIRECT_URL: 'postgresql://owner:x@db/latchkey',
    DATABASE_REPLICA_URL: 'postgresql://app:x@replica/latchkey',
    DATABASE_REPLICA_MAX_LAG: '60',
    DATABASE_POOLER: 'transaction',
    DATABASE_POOL_SIZE: '500',
    DATABASE_QUEUE_SIZE: '0',
    DATABASE_DURABILITY: 'any',
    DATABASE_REGION: 'fra',
    FLY_REGION: 'syd',
    AUTH_SECRET: SECRET,
    ISSUER: 'https://auth.example.com',
    AUDIENCE: 'https://api.example.com',
    SIGNING_ALGORITHM: 'RS256',
    PUBLIC_URL: 'https://Auth.example.com:443/auth/',
    REFRESH_COOKIE: 'true',
    REFRESH_COOKIE_SAMESITE: 'none',
    OPENAPI_ADMIN: 'false',
    DOCS_KEEP_AUTHORIZATION: 'false',
    TRUST_PROXY: '10.0.0.0/8',
    CORS_ORIGINS: 'https://app.example.com, http://localhost:5173',
    WEB_CONCURRENCY: '64',
    MAX_CONNECTIONS: '10',
    OVERLOAD_DELAY_MS: '0',
    OVERLOAD_RSS_MIB: '400',
    FIREBASE_SIGNER_KEY: SECRET,
    DATA_DIR: '/var/lib/latchkey',
    DRAIN_SECONDS: '0.5',
    SMTP_URL: 'smtp://mail.example.com?tls=none',
    MAIL_FROM: 'Example <no-reply@example.com>',
    MAIL_TEMPLATES: '/etc/latchkey/mails',
    LINK_URL_SIGN_IN: 'https://app.example.com/?token={token}',
    PASSWORD_BREACH_URL: 'http://range.internal/?prefix=',
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_TIME_COST: '1',
    ARGON2_PARALLELISM: '16',
    SETTING_ACCESS_TOKEN_LIFETIME: '60',
    UNKNOWN: 'is ignored',
  });
  t.strictSame(config, {
    production: true,
    host: '::',
    port: 0,
    metricsPort: 9091,
    logLevel: 'silent',
    isLogLevelSet: true,
    logFormat: 'text',
    tracing: {
      url: 'https://otlp.example.com/otlp/v1/traces',
      protocol: 'http/json',
      headers: { authorization: 'Basic YTpi==', 'x-tenant': '1' },
      serviceName: 'auth',
      resourceAttributes: { 'deployment.environment.name': 'staging' },
      sampler: 'traceidratio',
      ratio: 0.25,
    },
    database: {
      url: URL,
      directUrl: 'postgresql://owner:x@db/latchkey',
      canListen: true,
      transactionPooler: true,
      replica: { url: 'postgresql://app:x@replica/latchkey', maxLagSeconds: 60 },
      poolSize: 500,
      queueSize: 0,
      durabilityRequired: false,
    },
    replayRegion: 'fra',
    secrets: [SECRET],
    issuer: 'https://auth.example.com',
    audience: 'https://api.example.com',
    signingAlgorithm: 'RS256',
    passkeys: { id: 'auth.example.com', origins: ['https://auth.example.com'] },
    publicUrl: { href: 'https://auth.example.com/auth', origin: 'https://auth.example.com', host: 'auth.example.com' },
    trustedProxies: ['10.0.0.0/8'],
    clientAddressHeader: 'x-forwarded-for',
    corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
    docs: { admin: false, keepAuthorization: false },
    refreshCookie: { enabled: true, forConsole: true, sameSite: 'none' },
    workers: 64,
    maxConnections: 10,
    overload: { delayMilliseconds: 0, rssBytes: 400 * 2 ** 20 },
    passwordBreachUrl: 'http://range.internal/?prefix=',
    firebaseSignerKey: Buffer.from(SECRET, 'base64'),
    mail: {
      type: 'smtp',
      server: { host: 'mail.example.com', port: 587, tls: 'none', user: undefined, password: undefined, ca: undefined },
      from: { name: 'Example', address: 'no-reply@example.com' },
      templates: '/etc/latchkey/mails',
    },
    linkUrls: {
      'verify-email': undefined,
      'reset-password': undefined,
      'confirm-email': undefined,
      'undo-email-change': undefined,
      'sign-in': 'https://app.example.com/?token={token}',
    },
    dataDir: '/var/lib/latchkey',
    drainSeconds: 0.5,
    argon2: { memoryCost: 7168, timeCost: 1, parallelism: 16 },
    settingDefaults: { ACCESS_TOKEN_LIFETIME: '60' },
  });
});

t.test(
  'the direct URL defaults to the URL of the database, and LISTEN is off behind a pooler without a direct URL',
  async (t) => {
    t.equal(readConfiguration({ DATABASE_URL: URL }).database.directUrl, URL);
    t.equal(readConfiguration({ DATABASE_URL: URL, DATABASE_POOLER: 'transaction' }).database.canListen, false);
  },
);

t.test('only a machine in another region than the database has requests replayed', async (t) => {
  for (const [environment, region] of [
    [{ FLY_REGION: 'syd', DATABASE_REGION: 'fra' }, 'fra'],
    [{ FLY_REGION: 'fra', DATABASE_REGION: 'fra' }, undefined],
    [{ FLY_REGION: 'syd' }, undefined],
    [{ DATABASE_REGION: 'fra' }, undefined],
  ] as const) {
    t.equal(readConfiguration(environment).replayRegion, region, JSON.stringify(environment));
  }
});

t.test('AUTH_SECRET may contain several secrets, the current one first', async (t) => {
  t.strictSame(readConfiguration({ AUTH_SECRET: SECRET.slice(0, 32) }).secrets, [SECRET.slice(0, 32)], '32 characters');
  t.strictSame(readConfiguration({ AUTH_SECRET: `${SECRET},${OLD}` }).secrets, [SECRET, OLD]);
  t.strictSame(readConfiguration({ AUTH_SECRET: ` ${SECRET} , ${OLD} \n` }).secrets, [SECRET, OLD]);
});

t.test('TRUST_PROXY is a list of addresses and ranges', async (t) => {
  const lists: Record<string, string[]> = {
    ' ': [],
    ',': [],
    '127.0.0.1': ['127.0.0.1'],
    '10.0.0.0/8,fc00::/7': ['10.0.0.0/8', 'fc00::/7'],
    ' 10.0.0.0/8 , ::1/128, ': ['10.0.0.0/8', '::1/128'],
  };
  for (const [list, ranges] of Object.entries(lists)) {
    const { trustedProxies, clientAddressHeader } = readConfiguration({ TRUST_PROXY: list });
    t.strictSame(trustedProxies, ranges, JSON.stringify(list));
    t.equal(clientAddressHeader, 'x-forwarded-for');
  }
  const { trustedProxies, clientAddressHeader } = readConfiguration({ TRUST_PROXY: ' fly ' });
  t.strictSame(trustedProxies, ['172.16.0.0/12']);
  t.equal(clientAddressHeader, 'fly-client-ip');
});

t.test(
  'a SETTING_ variable that names no setting, or gives it what it cannot be, is refused in one line',
  async (t) => {
    const settingsOf = (environment: Record<string, string>) =>
      createSettings({
        repository: {} as never,
        log: {} as never,
        defaults: readConfiguration(environment).settingDefaults,
      });
    const wrong: Record<string, [value: string, message: string]> = {
      SETTING_TOKEN_LIFETIME: ['60', 'SETTING_TOKEN_LIFETIME: there is no setting TOKEN_LIFETIME'],
      SETTING_constructor: ['60', 'SETTING_constructor: there is no setting constructor'],
      SETTING_ACCESS_TOKEN_LIFETIME: [
        '1m',
        'SETTING_ACCESS_TOKEN_LIFETIME must be an integer from 1 to 86400 seconds, for example SETTING_ACCESS_TOKEN_LIFETIME=30',
      ],
      SETTING_PASSWORD_MIN_LENGTH: [
        '7',
        'SETTING_PASSWORD_MIN_LENGTH must be an integer from 8 to 64 characters, for example SETTING_PASSWORD_MIN_LENGTH=8',
      ],
      SETTING_REQUIRE_CURRENT_PASSWORD: [
        'yes',
        'SETTING_REQUIRE_CURRENT_PASSWORD must be true or false, for example SETTING_REQUIRE_CURRENT_PASSWORD=false',
      ],
    };
    for (const [name, [value, message]] of Object.entries(wrong)) {
      t.throws(() => settingsOf({ [name]: value }), { name: 'ConfigurationError', message });
    }
    const good = settingsOf({ SETTING_ACCESS_TOKEN_LIFETIME: '60', SETTING_REQUIRE_CURRENT_PASSWORD: 'true' });
    t.equal(good.get('ACCESS_TOKEN_LIFETIME'), 60);
    t.equal(good.get('REQUIRE_CURRENT_PASSWORD'), true);
    t.equal(good.describe('ACCESS_TOKEN_LIFETIME').source, 'environment');
  },
);

t.test('passkeys belong to the host of PUBLIC_URL, to this machine, or to what the operator says', async (t) => {
  const production = { NODE_ENV: 'production', DATABASE_URL: URL, AUTH_SECRET: SECRET };
  const android = 'android:apk-key-hash:2jmj7l5rSw0yVb_vlWAYkK_YBwk4xS2nM1hTqJ8eZ0c';
  for (const [env, expected] of [
    [{}, { id: 'localhost', origins: [] }],
    [{ HOST: '0.0.0.0' }, undefined],
    [production, undefined],
    [
      { PUBLIC_URL: 'https://auth.example.com/auth' },
      { id: 'auth.example.com', origins: ['https://auth.example.com'] },
    ],
    [
      { PUBLIC_URL: 'https://auth.example.com:8443' },
      { id: 'auth.example.com', origins: ['https://auth.example.com:8443'] },
    ],
    [{ PUBLIC_URL: 'http://localhost:3000' }, { id: 'localhost', origins: ['http://localhost:3000'] }],
    [{ PUBLIC_URL: 'http://auth.example.com' }, undefined],
    [{ PUBLIC_URL: 'https://192.0.2.1' }, undefined],
    [
      { ...production, PASSKEY_RP_ID: 'example.com', PUBLIC_URL: 'https://auth.example.com' },
      { id: 'example.com', origins: ['https://auth.example.com'] },
    ],
    [
      { PASSKEY_ORIGINS: `https://auth.example.com, ${android}`, PUBLIC_URL: 'https://auth.example.com' },
      { id: 'auth.example.com', origins: ['https://auth.example.com', android] },
    ],
    [
      { PASSKEY_RP_ID: 'localhost', PASSKEY_ORIGINS: 'http://localhost:5173,http://app.localhost:3000' },
      { id: 'localhost', origins: ['http://localhost:5173', 'http://app.localhost:3000'] },
    ],
  ] as const) {
    t.strictSame(readConfiguration(env).passkeys, expected, JSON.stringify(env));
  }
});
