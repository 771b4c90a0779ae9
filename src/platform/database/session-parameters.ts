// What every connection is set to when it is made.

/**
 * What a pooler in transaction mode passes on: it keeps these for each of its clients. They are written as Postgres reports them,
 * or PgBouncer would set them again before each transaction.
 */
const PASSED_ON = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

/**
 * Settings that a role, a database or a server may have otherwise, and that change what is answered, or how it is to be read. They
 * go with the start of a connection, and cost no round trip.
 */
const PINNED = {
  ...PASSED_ON,
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read committed',
  extra_float_digits: '1',
  idle_session_timeout: '0',
};

/** Settings of the server for a connection: those of the URL, those that the service needs over them. */
export function sessionParameters(
  given: Readonly<Record<string, string>>,
  limits: Readonly<Record<string, string | number>>,
  throughPooler: boolean,
): Record<string, string | number> {
  const { application_name: name = 'latchkey' } = given;
  if (throughPooler) return { application_name: name, ...PASSED_ON };
  return { ...limits, ...without(given, Object.keys(PINNED)), application_name: name, ...PINNED };
}

/** Those of the URL that have no effect: the service needs another value, or a pooler does not pass them on. */
export function parametersWithoutEffect(given: Readonly<Record<string, string>>, throughPooler: boolean): string[] {
  const passed = throughPooler ? ['application_name'] : Object.keys(without(given, Object.keys(PINNED)));
  return Object.keys(given).filter((name) => !passed.includes(name));
}

/** Whatever their case, which means nothing to Postgres. */
function without(given: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !lower.has(name.toLowerCase())));
}
