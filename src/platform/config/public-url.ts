// Parses PUBLIC_URL, the URL at which clients reach the service. It is never derived from a request, whose sender could then choose
// where links lead.

/** The parts of PUBLIC_URL that links are built from. */
export interface PublicUrl {
  /** Without a trailing slash: `https://www.example.com/auth`. */
  readonly href: string;
  /** `https://www.example.com`. */
  readonly origin: string;
  /** `www.example.com`, with the port unless it is the default port of the scheme. */
  readonly host: string;
}

/** Undefined if the text is not an absolute http(s) URL, or has credentials, a query or a fragment. */
export function parsePublicUrl(text: string): PublicUrl | undefined {
  // URL would drop tabs, accept a backslash as a slash, and ignore an empty query.
  if (!/^https?:\/\/[^/]/i.test(text) || /[\s\\?#*]/.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, username, password, pathname, origin, host } = new URL(text);
  const path = pathname.replace(/\/$/, '');
  const isPlain = /^https?:$/.test(protocol) && username === '' && password === '' && !text.includes('@');
  return isPlain && !path.includes('//') && !path.endsWith('/')
    ? { href: `${origin}${path}`, origin, host }
    : undefined;
}
