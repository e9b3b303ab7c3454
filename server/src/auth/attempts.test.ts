import { expect, test } from 'vitest';
import { attemptNetworkOf } from './attempts.ts';

test('an IPv4 address stands for itself, also when it is written as IPv6', () => {
  expect(attemptNetworkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(attemptNetworkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
});

test('IPv6 addresses of one /64 are one network, however they are written', () => {
  expect(attemptNetworkOf('2001:db8:0:7:1:2:3:4')).toBe('2001:db8:0:7');
  expect(attemptNetworkOf('2001:DB8::7:ffff:0:0:1')).toBe('2001:db8:0:7');
  expect(attemptNetworkOf('2001:0db8:0000:0007::1')).toBe('2001:db8:0:7');
  expect(attemptNetworkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(attemptNetworkOf('::1')).toBe('0:0:0:0');
});

test('neighbouring networks are told apart', () => {
  expect(attemptNetworkOf('2001:db8:0:7::1')).not.toBe(attemptNetworkOf('2001:db8:0:8::1'));
});
