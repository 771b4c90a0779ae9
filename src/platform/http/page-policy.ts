// Headers that restrict the console and documentation pages in browsers.

/** Forbids inline scripts and styles, eval, resources of other origins, framing, and access from the page that opened this one. */
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
