// Checks whether the connection to the database is protected against eavesdropping and tampering.
import { type DatabaseHost, parseDatabaseUrl } from '#platform/config/database-url.js';

/** Names that only the private, encrypted network of a platform resolves: Fly.io's, with its Managed Postgres (flympg.net). */
const PRIVATE_NAME = /\.(internal|flycast|flympg\.net)$/;
const THIS_MACHINE = /^(localhost|127(\.\d+){3}|::1|\/.*)$/;

/** What is unsafe about the connection, for a warning; undefined if it uses TLS or does not need it. */
export function unsafeConnection(databaseUrl: string): string | undefined {
  const { hosts, tls } = parseDatabaseUrl(databaseUrl);
  if (hosts.every(isPrivate)) return undefined;
  if (tls.mode === 'disable') return 'is not encrypted';
  if (tls.mode === 'prefer' || tls.mode === 'require')
    return "is encrypted, and the server's certificate is not checked";
  // verify-ca: the operator chose the authority and knows which other certificates it issues.
  return undefined;
}

function isPrivate({ host, address }: DatabaseHost): boolean {
  return THIS_MACHINE.test(address ?? host) || PRIVATE_NAME.test(host);
}
