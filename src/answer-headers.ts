// What every answer carries, whoever gives it: a route, the error handler, or the HTTP parser.

/**
 * Credentials and personal data travel in nearly every answer: nothing may keep one, take it for something else, or let a
 * page do anything with it. Pages say otherwise themselves.
 */
export const answerHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;
