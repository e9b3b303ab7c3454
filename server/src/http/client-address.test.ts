import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddressOf, networkOf, plainAddressOf, subnetOf } from './client-address.ts';

test('an address is cut to its network', () => {
  expect(networkOf('203.0.113.77')).toBe('203.0.113.0/24');
  expect(networkOf('::ffff:203.0.113.77')).toBe('203.0.113.0/24');
  expect(networkOf('2001:db8:85a3:8d3:1319:8a2e:370:7348')).toBe('2001:db8:85a3::/48');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0::/48');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0::/48');
  expect(networkOf('::1')).toBe('0:0:0::/48');
});

test('the port that a proxy writes behind an address is no part of it', () => {
  expect(plainAddressOf('203.0.113.77:50123')).toBe('203.0.113.77');
  expect(plainAddressOf('[2001:db8::1]:50123')).toBe('2001:db8::1');
  expect(plainAddressOf('[::ffff:203.0.113.77]')).toBe('203.0.113.77');
  expect(networkOf('203.0.113.77:50123')).toBe('203.0.113.0/24');
});

test('what is no address leaves nothing', () => {
  expect(networkOf(undefined)).toBe('');
  expect(networkOf('unknown')).toBe('');
});

test('who asks is seen past as many proxies as may be believed, and not one more', () => {
  const request = (forwarded?: string) =>
    ({
      socket: { remoteAddress: '10.0.0.1' },
      headers: { 'x-forwarded-for': forwarded },
    }) as unknown as IncomingMessage;
  const chain = '198.51.100.1, 203.0.113.7,10.0.0.2';
  expect(clientAddressOf(request(chain), 0)).toBe('10.0.0.1');
  expect(clientAddressOf(request(chain), 1)).toBe('10.0.0.2');
  expect(clientAddressOf(request(chain), 2)).toBe('203.0.113.7');
  expect(clientAddressOf(request(chain), 9)).toBe('198.51.100.1');
  expect(clientAddressOf(request(), 1)).toBe('10.0.0.1');
});

test('for a limit an IPv4 address stands for itself, also when it is written as IPv6', () => {
  expect(subnetOf('203.0.113.9')).toBe('203.0.113.9');
  expect(subnetOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
});

test('for a limit IPv6 addresses of one /64 are one, however they are written', () => {
  expect(subnetOf('2001:db8:0:7:1:2:3:4')).toBe('2001:db8:0:7');
  expect(subnetOf('2001:DB8::7:ffff:0:0:1')).toBe('2001:db8:0:7');
  expect(subnetOf('2001:0db8:0000:0007::1')).toBe('2001:db8:0:7');
  expect(subnetOf('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(subnetOf('::1')).toBe('0:0:0:0');
});

test('for a limit neighbouring networks are told apart', () => {
  expect(subnetOf('2001:db8:0:7::1')).not.toBe(subnetOf('2001:db8:0:8::1'));
});
