// The metadata of this token issuer (RFC 8414), limited to what the service implements.

/** The metadata document. It names no authorization endpoint and no token endpoint, because there are none. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly service_documentation: string;
}

/**
 * The base of the URLs is PUBLIC_URL, otherwise the issuer; if that is not a URL (the default is `latchkey`), it is `localUrl`, which
 * works on this machine only. It is never the Host header of a request: a client must not choose where verifiers fetch keys.
 */
export function issuerMetadata(issuer: string, localUrl: string, publicUrl?: string): IssuerMetadata {
  const base = publicUrl ?? (/^https?:\/\//.test(issuer) ? issuer.replace(/\/$/, '') : localUrl);
  return { issuer, jwks_uri: `${base}/.well-known/jwks.json`, service_documentation: `${base}/docs/` };
}
