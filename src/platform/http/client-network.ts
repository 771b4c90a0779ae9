// IP addresses as whoever is behind them: who has one IPv6 address has 2^64 of them.
import { BlockList, isIPv6 } from 'node:net';
import { canonicalAddress } from './client-address.js';

const GROUPS = 8;

/** The network that a client can be told by: an IPv4 address (also one in IPv6 clothes), or the /64 of an IPv6 address. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [address = ''] = ip.split('%', 1);
  if (!isIPv6(address)) return ip;
  // The one spelling of RFC 5952.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const groups = expand(canonical);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

function expand(canonical: string): number[] {
  const [before = [], after = []] = canonical
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
    .map((half) => half.map((group) => Number.parseInt(group, 16)));
  return [...before, ...Array<number>(GROUPS - before.length - after.length).fill(0), ...after];
}

/**
 * Tells clients by their networks. Undefined for an address of `proxies` (addresses or CIDR ranges) itself, and for what is none: a
 * proxy that does not say who its client is would make one of all of them.
 */
export function createClientNetworks(proxies: readonly string[]) {
  const trusted = new BlockList();
  for (const range of proxies) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (ip: string | null): string | undefined => {
    const address = canonicalAddress(ip);
    if (address === undefined) return undefined;
    const isProxy = proxies.length > 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    return isProxy ? undefined : networkOf(address);
  };
}
