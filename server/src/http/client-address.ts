import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * Without the wrapping of IPv4 in IPv6, the name of an interface, and the port that some proxies write behind it, which
 * is another one with each connection.
 */
export function plainAddressOf(address: string | undefined): string {
  if (!address) return '';
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare.replace(/%.*$/, '');
}

/** The network that an address belongs to, /24 or /48: all of an address that is ever stored. */
export function networkOf(address: string | undefined): string {
  const plain = plainAddressOf(address);
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  return isIPv6(plain) ? `${firstGroups(plain, 3)}::/48` : '';
}

/** Whoever has one IPv6 address has all of its /64, so those are one; an IPv4 address stands for itself. */
export function subnetOf(address: string | undefined): string {
  const plain = plainAddressOf(address);
  return isIPv6(plain) ? firstGroups(plain, 4) : plain;
}

/** Of an IPv6 address, however it is written. */
function firstGroups(address: string, count: number): string {
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const left = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...left, ...after]
    .slice(0, count)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Who asks, seen past as many proxies as may be believed; what Express answers as `req.ip`. */
export function clientAddressOf(
  { socket, headers }: IncomingMessage,
  trustProxy: number,
): string | undefined {
  const forwarded = headers['x-forwarded-for'];
  if (trustProxy === 0 || forwarded === undefined) return socket.remoteAddress;
  const addresses = String(forwarded)
    .split(',')
    .map((address) => address.trim());
  // The nearest proxy names itself last.
  const chain = [socket.remoteAddress, ...addresses.toReversed()];
  return chain[Math.min(trustProxy, chain.length - 1)];
}
