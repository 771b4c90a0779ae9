// Reads client addresses from sockets and from X-Forwarded-For, and gives each a single canonical spelling.
//
// `URL` does the parsing: it is faster than ipaddr.js, which also takes the deprecated `::192.0.2.1` for 192.0.2.1 (docs/decisions.md).
import { isIP, isIPv4 } from 'node:net';

/** An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), as `URL` prints it. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/** The longest text that is parsed: an address has up to 45 characters, a zone, brackets, and a port. */
const MAX_LENGTH = 100;

/**
 * The canonical spelling of an address (RFC 5952), without brackets, port and zone; an IPv4-mapped address becomes IPv4.
 * Undefined for text that is not an address, such as `unknown` or `_hidden` (RFC 7239 section 6).
 */
export function canonicalAddress(text: string | null | undefined): string | undefined {
  if (text == null || text.length > MAX_LENGTH) return undefined;
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

/** Replaces an entry of X-Forwarded-For that is not an address. */
export const NO_ADDRESS = 'unknown';

/** More proxies than any request passes. Each appends an entry, so that what precedes theirs is text of the client, thousands of entries perhaps. */
const MAX_ENTRIES = 32;

/** X-Forwarded-For with canonical entries, the last ones: a trusted proxy is not recognised by an address with a port or zone. */
export function canonicalForwardedFor(header: string): string {
  return header
    .split(',')
    .slice(-MAX_ENTRIES)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => canonicalAddress(entry) ?? NO_ADDRESS)
    .join(', ');
}
