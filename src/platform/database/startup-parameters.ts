// The settings that every connection is opened with.

/**
 * Settings that a pooler in transaction mode accepts and keeps per client. They are spelled as Postgres reports them; otherwise
 * PgBouncer would set them again before each transaction.
 */
const POOLER_SETTINGS = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

/**
 * Settings that change the results of queries or their format, and that may differ for a role, a database or a server. They are part
 * of the startup message, so they cost no round trip.
 */
const PINNED_SETTINGS = {
  ...POOLER_SETTINGS,
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read committed',
  extra_float_digits: '1',
  idle_session_timeout: '0',
};

/** Parameters of the URL for the pooler of a provider, such as Neon or Supabase: `options` that name the database. Postgres never sees them. */
function forThePooler({ options = '' }: Readonly<Record<string, string>>): { options?: string } {
  return /^(endpoint|project|reference)=[\w-]+$/.test(options) ? { options } : {};
}

/** The startup parameters of a connection: those of the URL, overridden by those that the service needs. */
export function startupParameters(
  given: Readonly<Record<string, string>>,
  limits: Readonly<Record<string, string | number>>,
  throughPooler: boolean,
): Record<string, string | number> {
  const { application_name: name = 'latchkey' } = given;
  if (throughPooler) return { ...forThePooler(given), application_name: name, ...POOLER_SETTINGS };
  return { ...limits, ...without(given, Object.keys(PINNED_SETTINGS)), application_name: name, ...PINNED_SETTINGS };
}

/** Parameters of the URL that have no effect: the service overrides them, or a pooler does not pass them on. */
export function parametersWithoutEffect(given: Readonly<Record<string, string>>, throughPooler: boolean): string[] {
  const passed = throughPooler
    ? ['application_name', ...Object.keys(forThePooler(given))]
    : Object.keys(without(given, Object.keys(PINNED_SETTINGS)));
  return Object.keys(given).filter((name) => !passed.includes(name));
}

/** Names are compared without regard to case, as in Postgres. */
function without(given: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !lower.has(name.toLowerCase())));
}
