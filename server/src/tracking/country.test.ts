import { expect, test } from 'vitest';
import { countryOf } from './country.ts';

test('a country is known of public IPv4 addresses only', () => {
  expect(countryOf('8.8.8.8')).toBe('US');
  expect(countryOf('::ffff:8.8.8.8')).toBe('US');
  for (const address of [undefined, '', 'unknown', '127.0.0.1', '10.1.2.3', '2001:4860:4860::8888', '8.8.8'])
    expect(countryOf(address), address).toBeNull();
});
