// The URL of the service on its own machine.
import type { AddressInfo } from 'node:net';

/** `http://localhost:3000`. `address` is the address of the listening server, which determines the port if PORT is 0. */
export function localUrl(
  { host, port }: { host: string; port: number },
  address?: AddressInfo | string | null,
): string {
  const realPort = typeof address === 'object' && address !== null ? address.port : port;
  const name = ['127.0.0.1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${realPort}`;
}
