// Configuration: what the environment says, read once at start. (What an operator changes while it runs: src/settings.)
import { isIP } from 'node:net';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { envSchema } from 'env-schema';
import { isOriginPattern } from '#platform/http/origins.js';
import { InvalidDatabaseUrl, parseDatabaseUrl } from './database-url.js';
import { parsePublicUrl } from './public-url.js';
import { parseSecrets } from './secrets.js';
import { signingAlgorithms } from './signing-algorithms.js';

const Environment = Type.Object({
  NODE_ENV: Type.String({
    default: 'development',
    examples: ['production'],
    description: '`production` forbids the embedded database.',
  }),
  HOST: Type.String({ default: '127.0.0.1', examples: ['0.0.0.0'], description: 'Address to listen on.' }),
  PORT: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 65535,
    examples: [3000],
    description: 'Port to listen on; 0 takes a free one.',
  }),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    {
      default: 'info',
      examples: ['info'],
      description: 'Least severe level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    },
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      examples: ['postgres://latchkey_app:secret@db.internal:5432/latchkey'],
      description: 'Postgres 15 to 18. Without it the embedded one runs.',
    }),
  ),
  DATABASE_DIRECT_URL: Type.Optional(
    Type.String({
      examples: ['postgres://latchkey_owner:secret@db.internal:5432/latchkey'],
      description: 'The same database past the pooler, for migrations and LISTEN. Default: `DATABASE_URL`.',
    }),
  ),
  DATABASE_POOLER: Type.Union([Type.Literal('none'), Type.Literal('transaction')], {
    default: 'none',
    examples: ['transaction'],
    description: '`transaction` when `DATABASE_URL` is PgBouncer or the like in transaction mode; else `none`.',
  }),
  DATABASE_DURABILITY: Type.Union([Type.Literal('required'), Type.Literal('any')], {
    default: 'required',
    examples: ['required'],
    description:
      '`any` starts on a Postgres whose `fsync`, `full_page_writes` or `synchronous_commit` is off, with an error in the log: for databases that are thrown away, or that keep a commit in a way of their own. Else the start is refused.',
  }),
  DATABASE_POOL_SIZE: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 500,
    examples: [10],
    description: 'Connections to Postgres, per worker.',
  }),
  DATABASE_QUEUE_SIZE: Type.Integer({
    default: 1000,
    minimum: 0,
    maximum: 100000,
    examples: [1000],
    description:
      'Queries that may wait for Postgres beyond `DATABASE_POOL_SIZE`, per worker; one more is answered 503 at once.',
  }),
  AUTH_SECRET: Type.Optional(
    Type.String({
      examples: ['$(openssl rand -base64 32)'],
      description:
        'At least 32 random characters; every key is derived from it. To change it: docs/configuration.md, "Changing AUTH_SECRET".',
    }),
  ),
  ISSUER: Type.String({
    default: 'latchkey',
    minLength: 1,
    examples: ['https://auth.example.com'],
    description: '`iss` of access tokens.',
  }),
  AUDIENCE: Type.String({
    default: 'latchkey',
    minLength: 1,
    examples: ['https://api.example.com'],
    description: '`aud` of access tokens.',
  }),
  SIGNING_ALGORITHM: Type.Union(
    signingAlgorithms.map((alg) => Type.Literal(alg)),
    {
      default: signingAlgorithms[0],
      examples: ['EdDSA'],
      description:
        'What access tokens are signed with: `ES256`, `EdDSA`, `RS256` or `HS256`. With `HS256` only Latchkey itself can verify them: nothing is published. A change takes `KEY_LEAD_TIME`.',
    },
  ),
  PUBLIC_URL: Type.Optional(
    Type.String({
      examples: ['https://www.example.com/auth'],
      description:
        'Where clients see the service: scheme, host and, behind a proxy that serves it under a prefix, path. Without it links are relative.',
    }),
  ),
  TRUST_PROXY: Type.String({
    default: '',
    examples: ['10.0.0.0/8,fc00::/7'],
    description: 'Addresses or CIDR ranges of proxies whose `X-Forwarded-For` is believed, comma-separated.',
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    examples: ['https://app.example.com,http://localhost:5173'],
    description:
      'Origins whose pages may call the API from a browser, comma-separated, each exactly as the browser sends it (`https://app.example.com`, `capacitor://localhost`), or with `*` for one label of a domain of yours (`https://*.preview.example.com`). Empty: none may.',
  }),
  REFRESH_COOKIE: Type.Union([Type.Literal('true'), Type.Literal('false')], {
    default: 'false',
    examples: ['true'],
    description:
      '`true` lets browsers that ask for it keep the refresh token in an `HttpOnly` cookie instead of reading it from the answer. In production it needs `PUBLIC_URL`.',
  }),
  REFRESH_COOKIE_SAMESITE: Type.Union([Type.Literal('strict'), Type.Literal('lax'), Type.Literal('none')], {
    default: 'strict',
    examples: ['none'],
    description:
      '`SameSite` of that cookie. `strict` also works for pages on a sibling domain (`app.example.com` and `auth.example.com`); `none` is for pages of another site.',
  }),
  WEB_CONCURRENCY: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 64,
    examples: [2],
    description: 'Worker processes behind the one port.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    default: 10000,
    minimum: 10,
    maximum: 1000000,
    examples: [10000],
    description:
      'Connections of clients, per worker; one more is closed at once. The limit of open files must be higher by a hundred.',
  }),
  OVERLOAD_DELAY_MS: Type.Integer({
    default: 250,
    minimum: 0,
    maximum: 10000,
    examples: [250],
    description:
      'When everything in the process is late by more than this on average, milliseconds, for over a second, what hashes a password is answered 503. 0: never.',
  }),
  OVERLOAD_RSS_MIB: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1048576,
    examples: [400],
    description: 'When the process has more memory than this, MiB, what hashes a password is answered 503. 0: never.',
  }),
  PASSWORD_BREACH_URL: Type.String({
    default: 'https://api.pwnedpasswords.com/range/',
    examples: ['https://api.pwnedpasswords.com/range/'],
    description:
      'Asked for breached passwords when the setting `PASSWORD_REJECT_BREACHED` is on: the range API of Have I Been Pwned, or a copy of it. Five digits of a SHA-1 are appended.',
  }),
  DATA_DIR: Type.String({
    default: '.data',
    minLength: 1,
    examples: ['.data'],
    description: 'Folder of the embedded database and its secrets.',
  }),
  DRAIN_SECONDS: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 10,
    examples: [1],
    description: 'Seconds between "not ready" and closing the port on `SIGTERM`.',
  }),
  ARGON2_MEMORY_KIB: Type.Integer({
    default: 19456,
    minimum: 7168,
    maximum: 1048576,
    examples: [19456],
    description: 'Memory of one password hash, KiB.',
  }),
  ARGON2_TIME_COST: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 10,
    examples: [2],
    description: 'Passes of one password hash.',
  }),
  ARGON2_PARALLELISM: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 16,
    examples: [1],
    description: 'Lanes of one password hash.',
  }),
});

/** Every environment variable: its schema, default, example and description. `docs/configuration.md` is checked against it. */
export const environmentSchema = Environment;

type VariableName = keyof typeof Environment.properties;

export type Configuration = ReturnType<typeof readConfiguration>;

/** Configuration as the application needs it: by now there is a database and a secret. */
export type AppConfiguration = Configuration & {
  readonly database: {
    readonly url: string;
    readonly directUrl: string;
    /** The schema that the tables are in, where the database was asked. */
    readonly schema?: string | undefined;
    /** What was found out about the way to it; each is one line for the operator. */
    readonly warnings?: readonly string[];
  };
  readonly secrets: readonly [string, ...string[]];
  /** SHA-256, hex, of the token that makes the first administrator (src/setup). Undefined: none can be made over HTTP. */
  readonly setupTokenHash?: string | undefined;
};

/** A value in the environment is missing or wrong. The message is one line: which variable, what is wrong, an example. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads and checks the environment.
 * Throws a ConfigurationError for the first value that is wrong.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv) {
  const given = withoutEmpty(environment);
  const env = validated(given);
  const production = env.NODE_ENV === 'production';
  if (production && env.DATABASE_URL === undefined) {
    throw complaint('DATABASE_URL', 'is required when NODE_ENV is production');
  }
  for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL'] as const) checkDatabaseUrl(name, env[name]);
  const publicUrl = publicUrlOf(env);
  if (production && env.REFRESH_COOKIE === 'true' && publicUrl === undefined) {
    throw complaint('PUBLIC_URL', 'is required in production when REFRESH_COOKIE is true');
  }
  return {
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    database: {
      /** Undefined: run the embedded one. */
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      /** Whether LISTEN works on `directUrl`. */
      canListen: env.DATABASE_POOLER === 'none' || env.DATABASE_DIRECT_URL !== undefined,
      transactionPooler: env.DATABASE_POOLER === 'transaction',
      poolSize: env.DATABASE_POOL_SIZE,
      queueSize: env.DATABASE_QUEUE_SIZE,
      /** Whether a database that may lose what it has committed stops the start. */
      durabilityRequired: env.DATABASE_DURABILITY === 'required',
    },
    /** The current secret first, then those still accepted. Empty: not given; the embedded default makes its own. */
    secrets: secretsOf(env),
    issuer: env.ISSUER,
    audience: env.AUDIENCE,
    signingAlgorithm: env.SIGNING_ALGORITHM,
    /** Where clients see the service. Undefined: not known; links are relative. */
    publicUrl,
    trustedProxies: trustedProxies(env.TRUST_PROXY),
    /** Whose pages may call the API; empty: nobody's. */
    corsOrigins: corsOrigins(env.CORS_ORIGINS),
    /** Whether browsers may keep the refresh token in a cookie, and that cookie's `SameSite`. */
    refreshCookie: { enabled: env.REFRESH_COOKIE === 'true', sameSite: env.REFRESH_COOKIE_SAMESITE },
    workers: env.WEB_CONCURRENCY,
    maxConnections: env.MAX_CONNECTIONS,
    /** From where on passwords are not hashed; 0: no such limit. */
    overload: { delayMilliseconds: env.OVERLOAD_DELAY_MS, rssBytes: env.OVERLOAD_RSS_MIB * 2 ** 20 },
    passwordBreachUrl: breachUrl(env.PASSWORD_BREACH_URL),
    dataDir: env.DATA_DIR,
    drainSeconds: env.DRAIN_SECONDS,
    argon2: { memoryCost: env.ARGON2_MEMORY_KIB, timeCost: env.ARGON2_TIME_COST, parallelism: env.ARGON2_PARALLELISM },
    /** `SETTING_<NAME>` variables: defaults of live settings for this deployment, not yet checked. */
    settingDefaults: prefixed(given, 'SETTING_'),
  };
}

/** An empty variable is one that is not set: `PORT= npm start` and `PORT=` in .env mean the default. */
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
    throw complaint(name, values === undefined ? (first.message ?? 'is not valid') : `must be one of ${values}`);
  }
}

function property(name: VariableName): TSchema & { anyOf?: { const: string }[]; examples?: unknown[] } {
  return Environment.properties[name];
}

/** Says in one line which variable is wrong, in what way, and what a right one looks like. */
export function complaint(name: VariableName, whatIsWrong: string): ConfigurationError {
  return new ConfigurationError(`${name} ${whatIsWrong}, for example ${name}=${property(name).examples?.[0]}`);
}

function checkDatabaseUrl(name: 'DATABASE_URL' | 'DATABASE_DIRECT_URL', url: string | undefined): void {
  if (url === undefined) return;
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (error instanceof InvalidDatabaseUrl) throw complaint(name, error.message);
    throw error;
  }
}

function breachUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const good =
    parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.hash === '';
  if (!good || !/[/=]$/.test(url)) {
    throw complaint('PASSWORD_BREACH_URL', 'must be an http(s) URL without a user, ending in "/" or "="');
  }
  return url;
}

function publicUrlOf({ PUBLIC_URL: text }: Static<typeof Environment>) {
  if (text === undefined) return undefined;
  const url = parsePublicUrl(text);
  if (url === undefined) {
    throw complaint('PUBLIC_URL', 'must be an http:// or https:// URL without credentials, query and fragment');
  }
  return url;
}

function secretsOf(env: Static<typeof Environment>): string[] {
  if (env.AUTH_SECRET === undefined) return [];
  const result = parseSecrets(env.AUTH_SECRET);
  if (typeof result === 'string') throw complaint('AUTH_SECRET', result);
  return result;
}

function trustedProxies(list: string): string[] {
  const ranges = listed(list);
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/');
    const family = isIP(address);
    const widest = family === 4 ? 32 : 128;
    const badBits = bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= widest);
    if (family === 0 || badBits || rest.length > 0) {
      throw complaint('TRUST_PROXY', 'must list IP addresses or CIDR ranges (never "true" or a number of hops)');
    }
  }
  return ranges;
}

function corsOrigins(list: string): string[] {
  const origins = listed(list);
  if (!origins.every(isOriginPattern)) {
    throw complaint(
      'CORS_ORIGINS',
      'must list origins, scheme://host[:port] in lower case (never "*", "null", a path or the standard port), or https://*.domain for one label below a domain that only you can have names in',
    );
  }
  return origins;
}

/** What is between the commas. */
function listed(list: string): string[] {
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
