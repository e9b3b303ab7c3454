import { expect, test } from 'vitest';
import { networkOf } from './network.ts';

test('an address is cut to its network', () => {
  expect(networkOf('203.0.113.77')).toBe('203.0.113.0/24');
  expect(networkOf('::ffff:203.0.113.77')).toBe('203.0.113.0/24');
  expect(networkOf('2001:db8:85a3:8d3:1319:8a2e:370:7348')).toBe('2001:db8:85a3::/48');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0::/48');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0::/48');
  expect(networkOf('::1')).toBe('0:0:0::/48');
});

test('what is no address leaves nothing', () => {
  expect(networkOf(undefined)).toBe('');
  expect(networkOf('unknown')).toBe('');
});
