// Configuration: environment variables, read once at start. (Settings that operators change at run time are in src/settings.)
import { isIP } from 'node:net';
import type { Static, TSchema } from '@sinclair/typebox';
import { envSchema } from 'env-schema';
import { isOriginPattern } from '#platform/http/origins.js';
import { InvalidDatabaseUrl, parseDatabaseUrl } from './database-url.js';
import { parseMailbox } from './mailbox.js';
import { isOriginOf, isPasskeyOrigin, isRpId, LOCAL_RELYING_PARTY, type RelyingParty } from './passkeys.js';
import { type PublicUrl, parsePublicUrl } from './public-url.js';
import { parseSecrets } from './secrets.js';
import { InvalidSmtpUrl, parseSmtpUrl } from './smtp-url.js';
import { environmentSchema } from './variables.js';

type VariableName = keyof typeof environmentSchema.properties;

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
    /** How long a request waits for the database, in milliseconds. Only tests set it; default: DEFAULT_DEADLINE of database/deadline.ts. */
    readonly deadline?: number;
  };
  readonly secrets: readonly [string, ...string[]];
  /** SHA-256, in hex, of the setup token (src/setup). Undefined: the first administrator cannot be created over HTTP. */
  readonly setupTokenHash?: string | undefined;
};

/** An environment variable is missing or invalid. The message is one line: the variable, the reason, and an example. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads and validates the environment. Throws a ConfigurationError for the first invalid value. `inheritsEmbedded`: DATABASE_URL is that of the
 * embedded database, which the primary process has started.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv, inheritsEmbedded = false) {
  const given = withoutEmpty(environment);
  const env = validated(given);
  const isEmbedded = inheritsEmbedded || env.DATABASE_URL === undefined;
  const production = env.NODE_ENV === 'production';
  if (production && env.DATABASE_URL === undefined) {
    throw invalidVariable('DATABASE_URL', 'is required when NODE_ENV is production');
  }
  for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_REPLICA_URL'] as const)
    checkDatabaseUrl(name, env[name]);
  if (env.DATABASE_REPLICA_URL !== undefined && env.DATABASE_URL === undefined)
    throw invalidVariable('DATABASE_URL', 'is required when DATABASE_REPLICA_URL is set');
  if (env.METRICS_PORT === env.PORT && env.PORT !== 0) throw invalidVariable('METRICS_PORT', 'must differ from PORT');
  const publicUrl = publicUrlOf(env);
  if (production && env.REFRESH_COOKIE === 'true' && publicUrl === undefined) {
    throw invalidVariable('PUBLIC_URL', 'is required in production when REFRESH_COOKIE is true');
  }
  return {
    /** Whether NODE_ENV is `production`. */
    production,
    host: env.HOST,
    port: env.PORT,
    /** Undefined: no metrics. */
    metricsPort: env.METRICS_PORT,
    /** Undefined: nothing is traced. */
    tracing: tracingOf(env),
    logLevel: env.LOG_LEVEL,
    isLogLevelSet: given.LOG_LEVEL !== undefined,
    /** Undefined: according to whether standard output is a terminal. */
    logFormat: env.LOG_FORMAT,
    database: {
      /** Undefined: use the embedded database. */
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      /** Whether LISTEN works on `directUrl`. */
      canListen: env.DATABASE_POOLER === 'none' || env.DATABASE_DIRECT_URL !== undefined,
      transactionPooler: env.DATABASE_POOLER === 'transaction',
      /** Undefined: everything is read from the primary. */
      replica:
        env.DATABASE_REPLICA_URL === undefined
          ? undefined
          : { url: env.DATABASE_REPLICA_URL, maxLagSeconds: env.DATABASE_REPLICA_MAX_LAG },
      poolSize: env.DATABASE_POOL_SIZE,
      queueSize: env.DATABASE_QUEUE_SIZE,
      /** Whether the service refuses to start on a database that may lose commits. */
      durabilityRequired: env.DATABASE_DURABILITY === 'required',
    },
    /** The region in which requests that need the database are replayed. Undefined: none is. */
    replayRegion:
      env.FLY_REGION === undefined || env.FLY_REGION === env.DATABASE_REGION ? undefined : env.DATABASE_REGION,
    /** The current secret, then those that are still accepted. Empty: unset; the embedded database comes with its own. */
    secrets: secretsOf(env),
    issuer: env.ISSUER,
    audience: env.AUDIENCE,
    signingAlgorithm: env.SIGNING_ALGORITHM,
    /** The URL at which clients reach the service. Undefined: not known, so links are relative. */
    publicUrl,
    trustedProxies: trustedProxies(env.TRUST_PROXY),
    /** The header in which trusted proxies send the client's address. */
    clientAddressHeader: env.TRUST_PROXY.trim() === FLY ? ('fly-client-ip' as const) : ('x-forwarded-for' as const),
    /** Origins whose pages may call the API. */
    corsOrigins: corsOrigins(env.CORS_ORIGINS),
    /** Whether the OpenAPI document has the operators' operations, and whether its page keeps the tokens of a login over a reload. */
    docs: { admin: env.OPENAPI_ADMIN === 'true', keepAuthorization: env.DOCS_KEEP_AUTHORIZATION === 'true' },
    /** Whether browsers may keep the refresh token in a cookie, every page's or only the console's, and the `SameSite` attribute of the former. */
    refreshCookie: {
      enabled: env.REFRESH_COOKIE === 'true',
      forConsole: env.REFRESH_COOKIE === 'true' || hasOwnOrigin(publicUrl, production),
      sameSite: env.REFRESH_COOKIE_SAMESITE,
    },
    workers: env.WEB_CONCURRENCY,
    maxConnections: env.MAX_CONNECTIONS,
    /** Limits above which passwords are not hashed; 0: no limit. */
    overload: { delayMilliseconds: env.OVERLOAD_DELAY_MS, rssBytes: env.OVERLOAD_RSS_MIB * 2 ** 20 },
    /** Undefined: no passkeys. */
    passkeys: passkeysOf(env, publicUrl, production),
    passwordBreachUrl: breachUrl(env.PASSWORD_BREACH_URL),
    /** Undefined: no accounts come from Firebase. */
    firebaseSignerKey: signerKeyOf(env),
    /** How mails are sent; undefined: not at all. */
    mail: mailOf(env, production, isEmbedded),
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

/** env-schema changes the schema, and keeps what it has compiled by the object. */
const validatedSchema = structuredClone(environmentSchema);

function validated(data: Readonly<Record<string, string>>): Static<typeof environmentSchema> {
  try {
    return envSchema<Static<typeof environmentSchema>>({
      schema: validatedSchema,
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
  return environmentSchema.properties[name];
}

/** Makes the error for one variable. `reason` continues a sentence that begins with the variable's name. */
export function invalidVariable(name: VariableName, reason: string): ConfigurationError {
  return new ConfigurationError(`${name} ${reason}, for example ${name}=${property(name).examples?.[0]}`);
}

function checkDatabaseUrl(
  name: 'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'DATABASE_REPLICA_URL',
  url: string | undefined,
): void {
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

function publicUrlOf({ PUBLIC_URL: text }: Static<typeof environmentSchema>) {
  if (text === undefined) return undefined;
  const url = parsePublicUrl(text);
  if (url === undefined) {
    throw invalidVariable('PUBLIC_URL', 'must be an http:// or https:// URL without credentials, query and fragment');
  }
  return url;
}

/** Below a path of another site, scripts of that site could use the cookie of the console too. */
function hasOwnOrigin(publicUrl: { href: string; origin: string } | undefined, production: boolean): boolean {
  return publicUrl === undefined ? !production : publicUrl.href === publicUrl.origin;
}

function mailOf(env: Static<typeof environmentSchema>, production: boolean, isEmbedded: boolean) {
  const { SMTP_URL: url, MAIL_FROM: sender, MAIL_TEMPLATES: templates } = env;
  const from = sender === undefined ? undefined : parseMailbox(sender);
  if (sender !== undefined && from === undefined)
    throw invalidVariable('MAIL_FROM', 'must be one address, or a name followed by an address in angle brackets');
  if (url === undefined) {
    // The page shows mails with their tokens to everyone who can reach the service: only on the embedded database, and only where nothing
    // but this machine can reach it.
    const isCaught = !production && isEmbedded && isOnlyLocal(env);
    return isCaught ? { type: 'catch' as const, from: from ?? LOCAL_SENDER, templates } : undefined;
  }
  const server = smtpServer(url);
  if (from === undefined) throw invalidVariable('MAIL_FROM', 'is required when SMTP_URL is set');
  if (env.PUBLIC_URL === undefined) throw invalidVariable('PUBLIC_URL', 'is required when SMTP_URL is set');
  return { type: 'smtp' as const, server, from, templates };
}

/** Whether nothing but this machine reaches the service, as far as its configuration shows. */
function isOnlyLocal({ HOST: host, PUBLIC_URL: url }: Static<typeof environmentSchema>): boolean {
  return /^(localhost|127\.[\d.]+|::1)$/.test(host) && url === undefined;
}

function passkeysOf(
  env: Static<typeof environmentSchema>,
  publicUrl: PublicUrl | undefined,
  production: boolean,
): RelyingParty | undefined {
  const { PASSKEY_RP_ID: domain, PASSKEY_ORIGINS: list } = env;
  const own = publicUrl !== undefined && isPasskeyOrigin(publicUrl.origin) ? publicUrl.origin : undefined;
  const id = domain ?? (own === undefined ? undefined : new URL(own).hostname);
  if (domain === undefined && list === undefined) {
    // Browsers refuse passkeys of IP addresses, and without https. That is no reason not to start.
    if (own !== undefined && id !== undefined && isRpId(id)) return { id, origins: [own] };
    return !production && isOnlyLocal(env) ? LOCAL_RELYING_PARTY : undefined;
  }
  if (id === undefined)
    throw invalidVariable('PASSKEY_RP_ID', 'is required when PASSKEY_ORIGINS is set without an https PUBLIC_URL');
  if (!isRpId(id)) throw invalidVariable('PASSKEY_RP_ID', 'must be a domain in lower case, not an IP address or a URL');
  const origins = list === undefined ? (own === undefined ? [] : [own]) : commaSeparated(list);
  if (origins.length === 0)
    throw invalidVariable('PASSKEY_ORIGINS', 'is required when PASSKEY_RP_ID is set without an https PUBLIC_URL');
  if (!origins.every(isPasskeyOrigin))
    throw invalidVariable(
      'PASSKEY_ORIGINS',
      'must list https origins, exactly as browsers send them (http only for localhost), or android:apk-key-hash:… origins',
    );
  if (!origins.every((origin) => isOriginOf(origin, id)))
    throw invalidVariable('PASSKEY_ORIGINS', `must list origins of ${id} (PASSKEY_RP_ID) or of its subdomains`);
  return { id, origins };
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

function linkUrlsOf(env: Static<typeof environmentSchema>) {
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

/** Where traces are sent, and which requests are traced. */
export type TracingConfiguration = NonNullable<ReturnType<typeof tracingOf>>;

function tracingOf(env: Static<typeof environmentSchema>) {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = env;
  if (endpoint === undefined) return undefined;
  const parsed = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '';
  if (!isPlain || parsed.search !== '' || parsed.hash !== '') {
    throw invalidVariable(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'must be an http:// or https:// URL without a user, query and fragment',
    );
  }
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    protocol: env.OTEL_EXPORTER_OTLP_PROTOCOL,
    headers: pairsOf(env, 'OTEL_EXPORTER_OTLP_HEADERS', /^[\w!#$%&'*+.^`|~-]+$/),
    serviceName: env.OTEL_SERVICE_NAME,
    resourceAttributes: pairsOf(env, 'OTEL_RESOURCE_ATTRIBUTES', /^[\w.:/-]+$/),
    sampler: env.OTEL_TRACES_SAMPLER,
    /** The share of requests that samplers by ratio record. */
    ratio: env.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** Pairs `name=value`, as the specification of OpenTelemetry takes them from W3C Baggage. */
function pairsOf(
  env: Static<typeof environmentSchema>,
  variable: 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_RESOURCE_ATTRIBUTES',
  validName: RegExp,
): Record<string, string> {
  const pairs = commaSeparated(env[variable] ?? '').map((pair) => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    const value = percentDecoded(pair.slice(at + 1).trim());
    // A header cannot have other characters.
    if (!validName.test(name) || value === undefined || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalidVariable(variable, 'must be a list of name=value, with values percent-encoded');
    }
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function secretsOf(env: Static<typeof environmentSchema>): string[] {
  if (env.AUTH_SECRET === undefined) return [];
  const result = parseSecrets(env.AUTH_SECRET);
  if (typeof result === 'string') throw invalidVariable('AUTH_SECRET', result);
  return result;
}

function signerKeyOf({ FIREBASE_SIGNER_KEY: text }: Static<typeof environmentSchema>): Buffer | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  const isBase64 = key.toString('base64') === text;
  if (!isBase64 || key.length < 32 || key.length > 128) {
    throw invalidVariable('FIREBASE_SIGNER_KEY', 'must be 32 to 128 bytes in Base64');
  }
  return key;
}

/** TRUST_PROXY for Fly.io, and the network from which its proxy connects to machines (docs/decisions.md). */
const FLY = 'fly';
const FLY_PROXIES = ['172.16.0.0/12'];

function trustedProxies(list: string): string[] {
  if (list.trim() === FLY) return FLY_PROXIES;
  const ranges = commaSeparated(list);
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/');
    const family = isIP(address);
    const maxBits = family === 4 ? 32 : 128;
    const badBits = bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= maxBits);
    if (family === 0 || badBits || rest.length > 0) {
      throw invalidVariable(
        'TRUST_PROXY',
        'must be "fly" or list IP addresses or CIDR ranges (never "true" or a number of hops)',
      );
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
