// What the pages that come with the service may do in a browser.

/** Nothing inline, nothing evaluated, nothing from elsewhere, in nobody's frame, and out of reach of whoever opened it. */
export const pagePolicy = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
} as const;
