// PUBLIC_URL: where clients see the service, which the service itself cannot find out. Never taken from a request: whoever asks would
// choose where others are sent.

/** The parts of it that links are made of. */
export interface PublicUrl {
  /** Without a slash at its end: `https://www.example.com/auth`. */
  readonly href: string;
  /** `https://www.example.com`. */
  readonly origin: string;
  /** `www.example.com`, with its port unless that is the scheme's. */
  readonly host: string;
}

/** Undefined for what is no absolute http(s) URL, or has more than a path. */
export function parsePublicUrl(text: string): PublicUrl | undefined {
  // URL drops tabs, takes a backslash for a slash, and forgets an empty query.
  if (!/^https?:\/\/[^/]/i.test(text) || /[\s\\?#*]/.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, username, password, pathname, origin, host } = new URL(text);
  const path = pathname.replace(/\/$/, '');
  const isPlain = /^https?:$/.test(protocol) && username === '' && password === '' && !text.includes('@');
  return isPlain && !path.includes('//') && !path.endsWith('/')
    ? { href: `${origin}${path}`, origin, host }
    : undefined;
}
