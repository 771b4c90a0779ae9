// The address of a client in its one canonical spelling, from a socket or from X-Forwarded-For.
import { isIP, isIPv4 } from 'node:net';

/** An IPv4 address within IPv6 (RFC 4291 section 2.5.5.2), as `URL` prints it. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/** The longest spelling: `[`, 45 characters of an address, a zone, `]`, and a port. */
const LONGEST = 100;

/**
 * The canonical spelling of an address (RFC 5952), without brackets, port and zone; an IPv4-mapped one as IPv4. Undefined for what is
 * no address, such as `unknown` or `_hidden` (RFC 7239 section 6).
 */
export function canonicalAddress(text: string | null | undefined): string | undefined {
  if (text == null || text.length > LONGEST) return undefined;
  if (isIPv4(text)) return text;
  const [, bracketed, v4] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(text) ?? [];
  const [bare = ''] = (bracketed ?? v4 ?? text).split('%', 1);
  if (isIP(bare) !== 6) return bracketed === undefined && isIPv4(bare) ? bare : undefined;
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = MAPPED.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const bits = Number.parseInt(high, 16) * 0x10000 + Number.parseInt(low, 16);
  return [bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff].join('.');
}

/** What stands in a cleaned X-Forwarded-For for an entry that is no address. */
export const NO_ADDRESS = 'unknown';

/** X-Forwarded-For with each entry in its canonical spelling: a port or a zone would hide that a proxy is a trusted one. */
export function canonicalForwardedFor(header: string): string {
  return header
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => canonicalAddress(entry) ?? NO_ADDRESS)
    .join(', ');
}
