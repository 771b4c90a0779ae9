// Whether what goes to the database and comes back could be read or forged on the way.
import { type DatabaseHost, parseDatabaseUrl } from '#platform/config/database-url.js';

/** Names that only a private, encrypted network of the platform resolves: those of Fly.io, among others. */
const PRIVATE_NAME = /\.(internal|flycast)$/;
const THIS_MACHINE = /^(localhost|127(\.\d+){3}|::1|\/.*)$/;

/** What is wrong with the way to the database, for a warning; undefined when it needs no TLS, or has it. */
export function unsafeConnection(databaseUrl: string): string | undefined {
  const { hosts, tls } = parseDatabaseUrl(databaseUrl);
  if (hosts.every(isPrivate)) return undefined;
  if (tls.mode === 'disable') return 'is not encrypted';
  if (tls.mode === 'prefer' || tls.mode === 'require')
    return "is encrypted, and the server's certificate is not checked";
  // The authority is named by the operator, who knows whom else it certifies.
  return undefined;
}

function isPrivate({ host, address }: DatabaseHost): boolean {
  return THIS_MACHINE.test(address ?? host) || PRIVATE_NAME.test(host);
}
