// The environment variables of the service. config.ts reads them.
import { Type } from '@sinclair/typebox';
import { signingAlgorithms } from './signing-algorithms.js';

/** The values of OTEL_TRACES_SAMPLER in the specification of OpenTelemetry. */
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** The schema of a variable with the URL of an operator's own page, to which links in mails lead. */
const linkUrl = (page: string, purpose: string) =>
  Type.Optional(
    Type.String({
      examples: [`https://app.example.com/${page}?token={token}`],
      description: `URL of your own page that ${purpose}, with \`{token}\` in it. If unset, links in e-mails lead to the page of this service.`,
    }),
  );

/** Every environment variable with its schema, default, example and description. A test compares `docs/configuration.md` with it. */
export const environmentSchema = Type.Object({
  NODE_ENV: Type.String({
    default: 'development',
    examples: ['production'],
    description: '`production` requires `DATABASE_URL`: the embedded database cannot be used.',
  }),
  HOST: Type.String({ default: '127.0.0.1', examples: ['0.0.0.0'], description: 'Address to listen on.' }),
  PORT: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 65535,
    examples: [3000],
    description: 'Port to listen on; 0 selects a free port.',
  }),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      examples: [9091],
      description:
        'Port on which Prometheus metrics are served at `/metrics`, on the same `HOST`; 0 selects a free port. If unset, nothing is measured. Do not make it public.',
    }),
  ),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    {
      default: 'info',
      examples: ['info'],
      description: 'Minimum level to log: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    },
  ),
  LOG_FORMAT: Type.Optional(
    Type.Union([Type.Literal('json'), Type.Literal('text')], {
      examples: ['json'],
      description:
        'Format of the log: `json`, one object per line, or `text` for people. If unset, `text` in a terminal and `json` elsewhere. As `text`, the details of the start appear only if `LOG_LEVEL` is set.',
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      examples: ['http://collector.internal:4318'],
      description:
        'URL of an OpenTelemetry collector that accepts OTLP over HTTP. Traces are sent to `/v1/traces` below it. If unset, nothing is traced (docs/tracing.md).',
    }),
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: Type.Union([Type.Literal('http/protobuf'), Type.Literal('http/json')], {
    default: 'http/protobuf',
    examples: ['http/json'],
    description: 'Encoding of traces: `http/protobuf` or `http/json`. gRPC is not supported.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: Type.Optional(
    Type.String({
      examples: ['authorization=Bearer%20secret'],
      description:
        'Secret. Headers that are sent with traces: `name=value`, comma-separated, with values percent-encoded.',
    }),
  ),
  OTEL_SERVICE_NAME: Type.String({
    default: 'latchkey',
    minLength: 1,
    examples: ['auth'],
    description: 'Name of this service in traces.',
  }),
  OTEL_RESOURCE_ATTRIBUTES: Type.Optional(
    Type.String({
      examples: ['deployment.environment.name=staging'],
      description: 'What traces say about this deployment: `name=value`, comma-separated, with values percent-encoded.',
    }),
  ),
  OTEL_TRACES_SAMPLER: Type.Union(
    samplers.map((sampler) => Type.Literal(sampler)),
    {
      default: 'parentbased_always_on',
      examples: ['traceidratio'],
      description:
        'Which requests are traced: all (`always_on`), none (`always_off`) or the share `OTEL_TRACES_SAMPLER_ARG` (`traceidratio`). With the prefix `parentbased_`, a `traceparent` in the request decides instead.',
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    examples: [0.1],
    description: 'Share of requests that `traceidratio` and `parentbased_traceidratio` trace, from 0 to 1.',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      examples: ['postgres://latchkey_app:secret@db.internal:5432/latchkey'],
      description: 'URL of a Postgres 15 to 18. If unset, the embedded Postgres is used.',
    }),
  ),
  DATABASE_DIRECT_URL: Type.Optional(
    Type.String({
      examples: ['postgres://latchkey_owner:secret@db.internal:5432/latchkey'],
      description: 'URL of the same database without the pooler, for migrations and LISTEN. Default: `DATABASE_URL`.',
    }),
  ),
  DATABASE_REPLICA_URL: Type.Optional(
    Type.String({
      examples: ['postgres://latchkey_app:secret@replica.internal:5432/latchkey'],
      description:
        'URL of a streaming standby of the same database, from which the lists of operators are read (docs/scale.md, "6. Read replicas").',
    }),
  ),
  DATABASE_REPLICA_MAX_LAG: Type.Integer({
    default: 5,
    minimum: 1,
    maximum: 3600,
    examples: [5],
    description: 'How many seconds `DATABASE_REPLICA_URL` may be behind. If it is further behind, the primary is read.',
  }),
  DATABASE_POOLER: Type.Union([Type.Literal('none'), Type.Literal('transaction')], {
    default: 'none',
    examples: ['transaction'],
    description: 'Use `transaction` if `DATABASE_URL` leads to a pooler in transaction mode, such as PgBouncer.',
  }),
  DATABASE_REGION: Type.Optional(
    Type.String({
      pattern: '^[a-z]{3}$',
      examples: ['fra'],
      description:
        'On Fly.io: the region of the database. Machines in other regions have Fly replay there what needs the database (docs/deploy-fly.md, "Other regions"). If unset, each machine answers every request itself.',
    }),
  ),
  FLY_REGION: Type.Optional(
    Type.String({
      examples: ['syd'],
      description: 'The region of this machine. Fly.io sets it; used only with `DATABASE_REGION`.',
    }),
  ),
  DATABASE_DURABILITY: Type.Union([Type.Literal('required'), Type.Literal('any')], {
    default: 'required',
    examples: ['required'],
    description:
      'With `required`, the service does not start on a Postgres whose `fsync`, `full_page_writes` or `synchronous_commit` is off. With `any` it starts and logs an error; use this for temporary databases, or where the storage makes commits durable in another way.',
  }),
  DATABASE_POOL_SIZE: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 500,
    examples: [10],
    description: 'Maximum number of connections to Postgres, per worker.',
  }),
  DATABASE_QUEUE_SIZE: Type.Integer({
    default: 1000,
    minimum: 0,
    maximum: 100000,
    examples: [1000],
    description:
      'Maximum number of queries that wait for Postgres in addition to `DATABASE_POOL_SIZE`, per worker. Further requests return 503 immediately, and so do those that would probably not be answered in time.',
  }),
  AUTH_SECRET: Type.Optional(
    Type.String({
      examples: ['$(openssl rand -base64 32)'],
      description:
        'Secret from which all keys are derived: at least 32 random characters. To change it, see docs/configuration.md, "Changing AUTH_SECRET".',
    }),
  ),
  ISSUER: Type.String({
    default: 'latchkey',
    minLength: 1,
    examples: ['https://auth.example.com'],
    description: 'The `iss` claim of access tokens.',
  }),
  AUDIENCE: Type.String({
    default: 'latchkey',
    minLength: 1,
    examples: ['https://api.example.com'],
    description: 'The `aud` claim of access tokens.',
  }),
  SIGNING_ALGORITHM: Type.Union(
    signingAlgorithms.map((alg) => Type.Literal(alg)),
    {
      default: signingAlgorithms[0],
      examples: ['EdDSA'],
      description:
        'Algorithm that signs access tokens: `ES256`, `EdDSA`, `RS256` or `HS256`. With `HS256` no key is published, so only Latchkey itself can verify tokens. A change takes effect after `KEY_LEAD_TIME`.',
    },
  ),
  PUBLIC_URL: Type.Optional(
    Type.String({
      examples: ['https://www.example.com/auth'],
      description:
        'URL at which clients reach the service, with the path prefix if a proxy adds one. If unset, links are relative.',
    }),
  ),
  TRUST_PROXY: Type.String({
    default: '',
    examples: ['10.0.0.0/8,fc00::/7'],
    description:
      'Addresses or CIDR ranges of proxies whose `X-Forwarded-For` is trusted, comma-separated. `fly` on Fly.io: the `Fly-Client-IP` of its proxy is trusted.',
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    examples: ['https://app.example.com,http://localhost:5173'],
    description:
      'Origins whose pages may call the API from a browser, comma-separated. Write each exactly as the browser sends it (`https://app.example.com`, `capacitor://localhost`), or with `*` for one label of your own domain (`https://*.preview.example.com`). If empty, no page of another origin may.',
  }),
  REFRESH_COOKIE: Type.Union([Type.Literal('true'), Type.Literal('false')], {
    default: 'false',
    examples: ['true'],
    description:
      'With `true`, browsers can request the refresh token in an `HttpOnly` cookie instead of the response body. In production this requires `PUBLIC_URL`.',
  }),
  REFRESH_COOKIE_SAMESITE: Type.Union([Type.Literal('strict'), Type.Literal('lax'), Type.Literal('none')], {
    default: 'strict',
    examples: ['none'],
    description:
      '`SameSite` attribute of the refresh token cookie. `strict` also works for pages on a sibling domain (`app.example.com` and `auth.example.com`); use `none` for pages of another site.',
  }),
  OPENAPI_ADMIN: Type.Union([Type.Literal('true'), Type.Literal('false')], {
    default: 'true',
    examples: ['false'],
    description:
      'With `false`, the OpenAPI document and its page leave out the operations of operators. The operations themselves remain.',
  }),
  DOCS_KEEP_AUTHORIZATION: Type.Union([Type.Literal('true'), Type.Literal('false')], {
    default: 'true',
    examples: ['false'],
    description:
      'With `true`, the page `/docs/` keeps the tokens of a login in the `sessionStorage` of its tab, so that a reload does not log out. With `false`, it keeps them in memory only.',
  }),
  WEB_CONCURRENCY: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 64,
    examples: [2],
    description: 'Number of worker processes that share the port.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    default: 10000,
    minimum: 10,
    maximum: 1000000,
    examples: [10000],
    description:
      'Maximum number of client connections, per worker. Further connections are closed immediately. The limit on open files must be at least 100 higher.',
  }),
  OVERLOAD_DELAY_MS: Type.Integer({
    default: 250,
    minimum: 0,
    maximum: 10000,
    examples: [250],
    description:
      'Average event loop delay, in milliseconds, above which the service is overloaded. If it lasts for more than a second, requests that hash a password return 503. 0 disables the check.',
  }),
  OVERLOAD_RSS_MIB: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1048576,
    examples: [400],
    description:
      'Resident memory of the process, in MiB, above which requests that hash a password return 503. 0 disables the check.',
  }),
  PASSKEY_RP_ID: Type.Optional(
    Type.String({
      examples: ['example.com'],
      description:
        'Domain that passkeys belong to (the RP ID of WebAuthn). Pages of this domain and its subdomains can use them. Passkeys of another domain stop working. Default: the host of `PUBLIC_URL`; outside production `localhost` while `HOST` is a loopback address and `PUBLIC_URL` is unset. If there is none, operations on passkeys return 503.',
    }),
  ),
  PASSKEY_ORIGINS: Type.Optional(
    Type.String({
      examples: ['https://www.example.com,https://app.example.com'],
      description:
        'Origins of the pages and apps that can use passkeys, comma-separated: `https` origins of `PASSKEY_RP_ID` or its subdomains, and `android:apk-key-hash:…` for Android apps. Default: the origin of `PUBLIC_URL`; on `localhost`, any port.',
    }),
  ),
  SMTP_URL: Type.Optional(
    Type.String({
      examples: ['smtp://user:password@smtp.example.com:587'],
      description:
        'Mail server: `smtp://` (port 587, STARTTLS is required unless `?tls=optional` or `?tls=none` is added) or `smtps://` (port 465). Its certificate is checked, with the authorities of `?ca=FILE` if that is given. Requires `MAIL_FROM` and `PUBLIC_URL`. If unset, operations that send mail return 503, except on the embedded database, where e-mails are shown at `/dev/mail/` while `HOST` is a loopback address and `PUBLIC_URL` is unset.',
    }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      examples: ['Example <no-reply@example.com>'],
      description: 'Sender of e-mails: an address, with a name if you like.',
    }),
  ),
  MAIL_TEMPLATES: Type.Optional(
    Type.String({
      examples: ['/etc/latchkey/mails'],
      description:
        'Folder with your own templates of e-mails (docs/mail.md). Templates without a file there stay as they are.',
    }),
  ),
  LINK_URL_VERIFY_EMAIL: linkUrl('verify-email', 'verifies an e-mail address'),
  LINK_URL_RESET_PASSWORD: linkUrl('reset-password', 'sets a new password'),
  LINK_URL_CONFIRM_EMAIL: linkUrl('confirm-email', 'confirms a new e-mail address'),
  LINK_URL_UNDO_EMAIL_CHANGE: linkUrl('undo-email-change', 'undoes a change of the e-mail address'),
  LINK_URL_SIGN_IN: linkUrl('sign-in', 'signs in without a password'),
  PASSWORD_BREACH_URL: Type.String({
    default: 'https://api.pwnedpasswords.com/range/',
    examples: ['https://api.pwnedpasswords.com/range/'],
    description:
      'URL of the Have I Been Pwned range API, or of a mirror, used while the setting `PASSWORD_REJECT_BREACHED` is on. The first five hexadecimal digits of a SHA-1 hash are appended.',
  }),
  FIREBASE_SIGNER_KEY: Type.Optional(
    Type.String({
      examples: ['jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=='],
      description:
        'Secret. `base64_signer_key` of the Firebase project from which accounts were imported. It is needed until each of them has logged in once.',
    }),
  ),
  DATA_DIR: Type.String({
    default: '.data',
    minLength: 1,
    examples: ['.data'],
    description: 'Folder for the embedded database and its secrets.',
  }),
  DRAIN_SECONDS: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 10,
    examples: [1],
    description: 'After `SIGTERM`, seconds between reporting "not ready" and closing the port.',
  }),
  ARGON2_MEMORY_KIB: Type.Integer({
    default: 19456,
    minimum: 7168,
    maximum: 1048576,
    examples: [19456],
    description: 'Argon2id memory per password hash, in KiB.',
  }),
  ARGON2_TIME_COST: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 10,
    examples: [2],
    description: 'Argon2id passes per password hash.',
  }),
  ARGON2_PARALLELISM: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 16,
    examples: [1],
    description: 'Argon2id lanes per password hash.',
  }),
});
