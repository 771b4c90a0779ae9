// What other services are told about this issuer of tokens (RFC 8414): only what we really do.

/** The metadata document. There is no authorization endpoint, no token endpoint and no ID token, so none is named. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly service_documentation: string;
}

/**
 * URLs begin with PUBLIC_URL; without one with the issuer; where that is no URL (the default `latchkey`) with `localUrl`, which is of
 * use on this machine only. Never with the Host of a request: whoever asks must not choose where others fetch keys.
 */
export function issuerMetadata(issuer: string, localUrl: string, publicUrl?: string): IssuerMetadata {
  const base = publicUrl ?? (/^https?:\/\//.test(issuer) ? issuer.replace(/\/$/, '') : localUrl);
  return { issuer, jwks_uri: `${base}/.well-known/jwks.json`, service_documentation: `${base}/docs/` };
}
