// The headers of every response, whether it comes from a route, the error handler, or the HTTP parser error handler.

/**
 * Nearly every response contains credentials or personal data, so it must not be stored, sniffed for another media type, framed, or
 * used as a resource by a page. Pages override these headers.
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // For browsers that do not support frame-ancestors.
  'x-frame-options': 'DENY',
  // Pages of other origins cannot embed a response as an image or script. Requests that CORS_ORIGINS allows are not affected.
  'cross-origin-resource-policy': 'same-origin',
  // A proxy terminates TLS, so any response may go out over it; browsers ignore the header over plain HTTP (RFC 6797 section 8.1).
  // Without includeSubDomains, because we do not know the subdomains.
  'strict-transport-security': 'max-age=31536000',
} as const;
