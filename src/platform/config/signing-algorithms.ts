// The algorithms that can sign access tokens.

/** JWS algorithms (RFC 7518, RFC 8037). The first is the default. */
export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256', 'HS256'] as const;

export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** Narrows untrusted text to an algorithm. */
export function isSigningAlgorithm(text: string): text is SigningAlgorithm {
  return (signingAlgorithms as readonly string[]).includes(text);
}
