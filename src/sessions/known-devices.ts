// Recognizes the devices that an account logs in from, without storing what they send.
import { createHmac } from 'node:crypto';
import type { Origin } from '#audit/events.js';

interface Dependencies {
  /** Hide the devices in the table; 32 bytes each. One for each secret, the current one first. */
  readonly keys: readonly [Buffer, ...Buffer[]];
  /** Undefined for an address that says nothing of the client. */
  readonly networkOf: (ip: string | null) => string | undefined;
}

/** Hashes of one device under each secret, the current one first. */
export type Fingerprints = readonly [Buffer, ...Buffer[]];

/** 128 bits: two devices of an account do not collide. */
const FINGERPRINT_BYTES = 16;

/** Computes the fingerprints of devices. */
export function createKnownDevices({ keys: [current, ...previous], networkOf }: Dependencies) {
  return {
    /**
     * Identifies the device of a login, as far as a request can: by the account, the browser and operating system without their versions,
     * which updates change, and the region of its network, because providers often give a client another address.
     */
    fingerprintsOf(userId: number, { ip, userAgent = '' }: Origin): Fingerprints {
      const network = networkOf(ip ?? null);
      const device = [userId, withoutVersions(userAgent), network === undefined ? '' : regionOf(network)];
      // Different devices have different texts, whatever they send.
      const text = JSON.stringify(device);
      const hash = (key: Buffer) => createHmac('sha256', key).update(text).digest().subarray(0, FINGERPRINT_BYTES);
      return [hash(current), ...previous.map(hash)];
    },
  };
}

export type KnownDevices = ReturnType<typeof createKnownDevices>;

function withoutVersions(userAgent: string): string {
  return userAgent.replaceAll(/[\d._]+/g, '');
}

/** The /16 of an IPv4 address, or the /32 of an IPv6 network: what one provider uses in one region. */
function regionOf(network: string): string {
  const separator = network.includes(':') ? ':' : '.';
  return network.split(separator).slice(0, 2).join(separator);
}
