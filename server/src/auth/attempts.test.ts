import { expect, test } from 'vitest';
import { networkOf } from './attempts.ts';

test('an IPv4 address stands for itself, also when it is written as IPv6', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
});

test('IPv6 addresses of one /64 are one network, however they are written', () => {
  expect(networkOf('2001:db8:0:7:1:2:3:4')).toBe('2001:db8:0:7');
  expect(networkOf('2001:DB8::7:ffff:0:0:1')).toBe('2001:db8:0:7');
  expect(networkOf('2001:0db8:0000:0007::1')).toBe('2001:db8:0:7');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(networkOf('::1')).toBe('0:0:0:0');
});

test('neighbouring networks are told apart', () => {
  expect(networkOf('2001:db8:0:7::1')).not.toBe(networkOf('2001:db8:0:8::1'));
});
