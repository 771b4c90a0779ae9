// Configuration: environment variables, read once at start. (Settings that operators change at run time are in src/settings.)
import { isIP } from 'node:net';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { envSchema } from 'env-schema';
import { isOriginPattern } from '#platform/http/origins.js';
import { InvalidDatabaseUrl, parseDatabaseUrl } from './database-url.js';
import { parseMailbox } from './mailbox.js';
import { parsePublicUrl } from './public-url.js';
import { parseSecrets } from './secrets.js';
import { signingAlgorithms } from './signing-algorithms.js';
import { InvalidSmtpUrl, parseSmtpUrl } from './smtp-url.js';

/** The schema of a variable with the URL of an operator's own page, to which links in mails lead. */
const linkUrl = (page: string, purpose: string) =>
  Type.Optional(
    Type.String({
      examples: [`https://app.example.com/${page}?token={token}`],
      description: `URL of your own page that ${purpose}, with \`{token}\` in it. If unset, links in mails lead to the page of this service.`,
    }),
  );

const Environment = Type.Object({
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
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    {
      default: 'info',
      examples: ['info'],
      description: 'Minimum level to log: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    },
  ),
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
  DATABASE_POOLER: Type.Union([Type.Literal('none'), Type.Literal('transaction')], {
    default: 'none',
    examples: ['transaction'],
    description: 'Use `transaction` if `DATABASE_URL` leads to a pooler in transaction mode, such as PgBouncer.',
  }),
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
      'Maximum number of queries that wait for Postgres in addition to `DATABASE_POOL_SIZE`, per worker. Further requests return 503 immediately.',
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
    description: 'Addresses or CIDR ranges of proxies whose `X-Forwarded-For` is trusted, comma-separated.',
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
  SMTP_URL: Type.Optional(
    Type.String({
      examples: ['smtp://user:password@smtp.example.com:587'],
      description:
        'Mail server: `smtp://` (port 587, STARTTLS is required unless `?tls=optional` or `?tls=none` is added) or `smtps://` (port 465). Its certificate is checked, with the authorities of `?ca=FILE` if that is given. Requires `MAIL_FROM` and `PUBLIC_URL`. If unset, operations that send mail return 503, except on the embedded database, where mails are shown at `/dev/mail/` while `HOST` is a loopback address and `PUBLIC_URL` is unset.',
    }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      examples: ['Example <no-reply@example.com>'],
      description: 'Sender of mails: an address, with a name if you like.',
    }),
  ),
  MAIL_TEMPLATES: Type.Optional(
    Type.String({
      examples: ['/etc/latchkey/mails'],
      description:
        'Folder with your own templates of mails (docs/mail.md). Templates without a file there stay as they are.',
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

/** Every environment variable with its schema, default, example and description. A test compares `docs/configuration.md` with it. */
export const environmentSchema = Environment;

type VariableName = keyof typeof Environment.properties;

export type Configuration = ReturnType<typeof readConfiguration>;

/** Configuration of the application, for which a database and a secret have been found. */
export type AppConfiguration = Configuration & {
  readonly database: {
    readonly url: string;
    readonly directUrl: string;
    /** The schema that contains the tables, if the database has been inspected. */
    readonly schema?: string | undefined;
    /** Warnings about the connection, each of them one line for the operator. */
    readonly warnings?: readonly string[];
  };
  readonly secrets: readonly [string, ...string[]];
  /** SHA-256, in hex, of the setup token (src/setup). Undefined: the first administrator cannot be created over HTTP. */
  readonly setupTokenHash?: string | undefined;
};

/** An environment variable is missing or invalid. The message is one line: the variable, the reason, and an example. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads and validates the environment. Throws a ConfigurationError for the first invalid value. */
export function readConfiguration(environment: NodeJS.ProcessEnv) {
  const given = withoutEmpty(environment);
  const env = validated(given);
  const production = env.NODE_ENV === 'production';
  if (production && env.DATABASE_URL === undefined) {
    throw invalidVariable('DATABASE_URL', 'is required when NODE_ENV is production');
  }
  for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL'] as const) checkDatabaseUrl(name, env[name]);
  const publicUrl = publicUrlOf(env);
  if (production && env.REFRESH_COOKIE === 'true' && publicUrl === undefined) {
    throw invalidVariable('PUBLIC_URL', 'is required in production when REFRESH_COOKIE is true');
  }
  return {
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    database: {
      /** Undefined: use the embedded database. */
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      /** Whether LISTEN works on `directUrl`. */
      canListen: env.DATABASE_POOLER === 'none' || env.DATABASE_DIRECT_URL !== undefined,
      transactionPooler: env.DATABASE_POOLER === 'transaction',
      poolSize: env.DATABASE_POOL_SIZE,
      queueSize: env.DATABASE_QUEUE_SIZE,
      /** Whether the service refuses to start on a database that may lose commits. */
      durabilityRequired: env.DATABASE_DURABILITY === 'required',
    },
    /** The current secret, then those that are still accepted. Empty: unset; the embedded database comes with its own. */
    secrets: secretsOf(env),
    issuer: env.ISSUER,
    audience: env.AUDIENCE,
    signingAlgorithm: env.SIGNING_ALGORITHM,
    /** The URL at which clients reach the service. Undefined: not known, so links are relative. */
    publicUrl,
    trustedProxies: trustedProxies(env.TRUST_PROXY),
    /** Origins whose pages may call the API. */
    corsOrigins: corsOrigins(env.CORS_ORIGINS),
    /** Whether browsers may keep the refresh token in a cookie, and the `SameSite` attribute of that cookie. */
    refreshCookie: { enabled: env.REFRESH_COOKIE === 'true', sameSite: env.REFRESH_COOKIE_SAMESITE },
    workers: env.WEB_CONCURRENCY,
    maxConnections: env.MAX_CONNECTIONS,
    /** Limits above which passwords are not hashed; 0: no limit. */
    overload: { delayMilliseconds: env.OVERLOAD_DELAY_MS, rssBytes: env.OVERLOAD_RSS_MIB * 2 ** 20 },
    passwordBreachUrl: breachUrl(env.PASSWORD_BREACH_URL),
    /** Undefined: no accounts come from Firebase. */
    firebaseSignerKey: signerKeyOf(env),
    /** How mails are sent; undefined: not at all. */
    mail: mailOf(env, production),
    /** URLs of the operator's own pages, each with `{token}`, by the page that they replace. */
    linkUrls: linkUrlsOf(env),
    dataDir: env.DATA_DIR,
    drainSeconds: env.DRAIN_SECONDS,
    argon2: { memoryCost: env.ARGON2_MEMORY_KIB, timeCost: env.ARGON2_TIME_COST, parallelism: env.ARGON2_PARALLELISM },
    /** `SETTING_<NAME>` variables: defaults of live settings for this deployment, not yet validated. */
    settingDefaults: prefixed(given, 'SETTING_'),
  };
}

/** An empty variable counts as unset: `PORT= npm start` and `PORT=` in .env mean the default. */
function withoutEmpty(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((pair): pair is [string, string] => Boolean(pair[1]?.trim())),
  );
}

function validated(data: Readonly<Record<string, string>>): Static<typeof Environment> {
  try {
    return envSchema<Static<typeof Environment>>({
      schema: structuredClone(Environment),
      data,
      env: false,
      dotenv: false,
    });
  } catch (error) {
    const [first] =
      (error as { errors?: { instancePath: string; message?: string; params: { allowedValue?: string } }[] }).errors ??
      [];
    if (first === undefined) throw error;
    const name = first.instancePath.slice(1) as VariableName;
    const { anyOf } = property(name);
    const values = anyOf?.map((choice) => choice.const).join(', ');
    throw invalidVariable(name, values === undefined ? (first.message ?? 'is not valid') : `must be one of ${values}`);
  }
}

function property(name: VariableName): TSchema & { anyOf?: { const: string }[]; examples?: unknown[] } {
  return Environment.properties[name];
}

/** Makes the error for one variable. `reason` continues a sentence that begins with the variable's name. */
export function invalidVariable(name: VariableName, reason: string): ConfigurationError {
  return new ConfigurationError(`${name} ${reason}, for example ${name}=${property(name).examples?.[0]}`);
}

function checkDatabaseUrl(name: 'DATABASE_URL' | 'DATABASE_DIRECT_URL', url: string | undefined): void {
  if (url === undefined) return;
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (error instanceof InvalidDatabaseUrl) throw invalidVariable(name, error.message);
    throw error;
  }
}

function breachUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isValid =
    parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.hash === '';
  if (!isValid || !/[/=]$/.test(url)) {
    throw invalidVariable('PASSWORD_BREACH_URL', 'must be an http(s) URL without a user, ending in "/" or "="');
  }
  return url;
}

function publicUrlOf({ PUBLIC_URL: text }: Static<typeof Environment>) {
  if (text === undefined) return undefined;
  const url = parsePublicUrl(text);
  if (url === undefined) {
    throw invalidVariable('PUBLIC_URL', 'must be an http:// or https:// URL without credentials, query and fragment');
  }
  return url;
}

function mailOf(env: Static<typeof Environment>, production: boolean) {
  const { SMTP_URL: url, MAIL_FROM: sender, MAIL_TEMPLATES: templates } = env;
  const from = sender === undefined ? undefined : parseMailbox(sender);
  if (sender !== undefined && from === undefined)
    throw invalidVariable('MAIL_FROM', 'must be one address, or a name followed by an address in angle brackets');
  if (url === undefined) {
    // The page shows mails with their tokens to everyone who can reach the service: only on the embedded database, and only where nothing
    // but this machine can reach it.
    const isLocal = /^(localhost|127\.[\d.]+|::1)$/.test(env.HOST) && env.PUBLIC_URL === undefined;
    const isCaught = !production && env.DATABASE_URL === undefined && isLocal;
    return isCaught ? { type: 'catch' as const, from: from ?? LOCAL_SENDER, templates } : undefined;
  }
  const server = smtpServer(url);
  if (from === undefined) throw invalidVariable('MAIL_FROM', 'is required when SMTP_URL is set');
  if (env.PUBLIC_URL === undefined) throw invalidVariable('PUBLIC_URL', 'is required when SMTP_URL is set');
  return { type: 'smtp' as const, server, from, templates };
}

/** The sender of mails that are only caught. */
export const LOCAL_SENDER = { name: 'Latchkey', address: 'latchkey@localhost' };

function smtpServer(url: string) {
  try {
    return parseSmtpUrl(url);
  } catch (error) {
    if (error instanceof InvalidSmtpUrl) throw invalidVariable('SMTP_URL', error.message);
    throw error;
  }
}

function linkUrlsOf(env: Static<typeof Environment>) {
  const url = (name: Extract<VariableName, `LINK_URL_${string}`>) => {
    const text = env[name];
    if (text === undefined) return undefined;
    const isValid = text.includes('{token}') && /^https?:\/\//.test(text) && URL.canParse(text.replace('{token}', 'x'));
    if (!isValid) throw invalidVariable(name, 'must be an http(s) URL that contains {token}');
    return text;
  };
  return {
    'verify-email': url('LINK_URL_VERIFY_EMAIL'),
    'reset-password': url('LINK_URL_RESET_PASSWORD'),
    'confirm-email': url('LINK_URL_CONFIRM_EMAIL'),
    'undo-email-change': url('LINK_URL_UNDO_EMAIL_CHANGE'),
    'sign-in': url('LINK_URL_SIGN_IN'),
  };
}

function secretsOf(env: Static<typeof Environment>): string[] {
  if (env.AUTH_SECRET === undefined) return [];
  const result = parseSecrets(env.AUTH_SECRET);
  if (typeof result === 'string') throw invalidVariable('AUTH_SECRET', result);
  return result;
}

function signerKeyOf({ FIREBASE_SIGNER_KEY: text }: Static<typeof Environment>): Buffer | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  const isBase64 = key.toString('base64') === text;
  if (!isBase64 || key.length < 32 || key.length > 128) {
    throw invalidVariable('FIREBASE_SIGNER_KEY', 'must be 32 to 128 bytes in Base64');
  }
  return key;
}

function trustedProxies(list: string): string[] {
  const ranges = commaSeparated(list);
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/');
    const family = isIP(address);
    const maxBits = family === 4 ? 32 : 128;
    const badBits = bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= maxBits);
    if (family === 0 || badBits || rest.length > 0) {
      throw invalidVariable('TRUST_PROXY', 'must list IP addresses or CIDR ranges (never "true" or a number of hops)');
    }
  }
  return ranges;
}

function corsOrigins(list: string): string[] {
  const origins = commaSeparated(list);
  if (!origins.every(isOriginPattern)) {
    throw invalidVariable(
      'CORS_ORIGINS',
      'must list origins, scheme://host[:port] in lower case (never "*", "null", a path or the standard port), or https://*.domain for one label below a domain in which only you can register names',
    );
  }
  return origins;
}

function commaSeparated(list: string): string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function prefixed(environment: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
