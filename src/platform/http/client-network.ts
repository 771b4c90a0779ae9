// Identifies clients by their networks: a single client usually has a whole IPv6 /64, which is 2^64 addresses.
import { BlockList, isIPv6 } from 'node:net';
import { canonicalAddress } from './client-address.js';

const GROUPS = 8;
/** Groups of 16 bits in the prefix of a /64. */
const PREFIX_GROUPS = 4;

/** The network that identifies a client: its IPv4 address, also where that is mapped into IPv6, or the /64 of its IPv6 address. */
export function networkOf(ip: string): string {
  const address = canonicalAddress(ip);
  return address === undefined ? ip : networkOfCanonical(address);
}

function networkOfCanonical(address: string): string {
  return address.includes(':') ? `${prefixOf(address)}::/64` : address;
}

/** The first 64 bits of a canonical IPv6 address. */
function prefixOf(canonical: string): string {
  const [before = [], after = []] = canonical
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(GROUPS - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].slice(0, PREFIX_GROUPS).join(':');
}

/**
 * Returns a function that identifies clients by their networks. The result is undefined for text that is not an address, and for
 * an address in `proxies` (addresses or CIDR ranges): all clients of a proxy that does not name them would count as one.
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
    return isProxy ? undefined : networkOfCanonical(address);
  };
}
