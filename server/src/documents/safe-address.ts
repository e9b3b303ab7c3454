import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** An address that is not asked, with a sentence that says why. */
export class AddressRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AddressRefused';
  }
}

/** Whether an address is asked although it is private or on an unusual port. */
export type Trust = (url: URL) => boolean;

export interface VettedAddress {
  address: string;
  family: 4 | 6;
}

/** A web address as people write it into a library, on the ports of the web. */
export function checkWebAddress(text: string, trusts: Trust): URL {
  const url = URL.parse(text);
  if (!url) throw new AddressRefused('The address is not one that a browser opens. Check how it is written.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new AddressRefused('Only addresses that begin with http:// or https:// are read.');
  if (url.username !== '' || url.password !== '')
    throw new AddressRefused('The address holds a user name or a password, so it is not read. Take it out.');
  // The parser leaves the port out where it is the usual one.
  const isUsualPort = url.port === '' || url.port === '80' || url.port === '443';
  if (!isUsualPort && !trusts(url))
    throw new AddressRefused(`The address names port ${url.port}, and only the ports 80 and 443 are read.`);
  return url;
}

/**
 * Where a host is, when all of its addresses are public ones. The connection must go to one of these and not ask
 * again, because a name server can answer differently the second time.
 */
export async function resolvePublicly(
  url: URL,
  { signal, trusts }: { signal: AbortSignal; trusts: Trust },
): Promise<VettedAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const found = family
    ? [{ address: host, family }]
    : await orAbort(lookup(host, { all: true, order: 'verbatim' }), signal);
  const vetted = found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }) as const);
  if (!vetted.every(isPublic) && !trusts(url))
    throw new AddressRefused(`${url.hostname} lies in a private network, which is not read from here.`);
  return vetted;
}

function isPublic({ address, family }: VettedAddress): boolean {
  return family === 4
    ? !privateRanges.check(address, 'ipv4')
    : globalRanges.check(address, 'ipv6') && !privateRanges.check(address, 'ipv6');
}

const privateRanges = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Where machines of Azure ask about themselves; it looks like a public address.
  ['168.63.129.16', 32],
] as const)
  privateRanges.addSubnet(net, prefix, 'ipv4');
// Tunnels carry an IPv4 address of any kind; the rest is for examples and for names.
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  privateRanges.addSubnet(net, prefix, 'ipv6');

/** All that is routed on the public internet; IPv4 in the dress of IPv6 lies outside. */
const globalRanges = new BlockList();
globalRanges.addSubnet('2000::', 3, 'ipv6');

async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
