// Whether what goes to the database and comes back could be read or forged on the way.

/** Names that only a private, encrypted network of the platform resolves: those of Fly.io, among others. */
const PRIVATE_NAME = /\.(internal|flycast)$/;
const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[?::1\]?|\/.*|)$/;

/** What is wrong with the way to the database, for a warning; undefined when it needs no TLS, or has it. */
export function unsafeConnection(databaseUrl: string): string | undefined {
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = decodeURIComponent(hostname);
  if (THIS_MACHINE.test(host) || PRIVATE_NAME.test(host)) return undefined;
  if (searchParams.get('sslrootcert') === 'system') return undefined;
  const mode = searchParams.get('sslmode') ?? searchParams.get('ssl') ?? '';
  // To postgres.js anything else means what verify-full does.
  if (['require', 'prefer', 'allow'].includes(mode)) return "is encrypted, and the server's certificate is not checked";
  if (['', 'disable', 'false'].includes(mode)) return 'is not encrypted';
  return undefined;
}
