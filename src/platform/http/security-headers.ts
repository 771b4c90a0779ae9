// What every answer carries, whoever gives it: a route, the error handler, or the HTTP parser.

/**
 * Credentials and personal data travel in nearly every answer: nothing may keep one, take it for something else, or let a
 * page do anything with it. Pages say otherwise themselves.
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // For browsers that know no frame-ancestors.
  'x-frame-options': 'DENY',
  // No page of another origin gets one as an image or a script. What CORS_ORIGINS allows is asked for in another way.
  'cross-origin-resource-policy': 'same-origin',
  // TLS ends before us, so each answer may go out over it; over plain http browsers pass over this (RFC 6797 section 8.1).
  // Our name alone: what else there is below it we cannot know.
  'strict-transport-security': 'max-age=31536000',
} as const;
