import { expect, test } from 'vitest';
import { checkWebAddress, resolvePublicly } from './safe-address.ts';

const resolve = (address: string, trusts = (_url: URL) => false) =>
  resolvePublicly(checkWebAddress(address, trusts), { signal: AbortSignal.timeout(5000), trusts });

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://0/',
  'http://localhost/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://100.100.100.200/',
  'http://169.254.169.254/latest/meta-data/',
  'http://168.63.129.16/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://198.18.0.1/',
  'http://[::]/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[ff02::1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2001:db8::1]/',
  'http://①②⑦.0.0.1/',
  'http://127。0。0。1/',
])('%s lies in a private network', async (address) => {
  await expect(resolve(address)).rejects.toThrow('lies in a private network');
});

test.each([
  ['http://8.8.8.8/', '8.8.8.8', 4],
  ['https://93.184.215.14/', '93.184.215.14', 4],
  ['http://172.32.0.1/', '172.32.0.1', 4],
  ['https://[2606:4700:4700::1111]/', '2606:4700:4700::1111', 6],
])('%s is public', async (address, expected, family) => {
  expect(await resolve(address)).toEqual([{ address: expected, family }]);
});

test.each([
  ['ftp://a.example/', 'http'],
  ['file:///etc/passwd', 'http'],
  ['javascript:alert(1)', 'http'],
  ['data:text/html,x', 'http'],
  ['gopher://a.example/', 'http'],
  ['http://user:pass@a.example/', 'password'],
  ['http://user@a.example/', 'user name'],
  ['http://a.example:22/', 'port 22'],
  ['http://a.example:6379/', 'port 6379'],
  ['http://', 'not one'],
  ['no address', 'not one'],
  ['//a.example', 'not one'],
])('%s is not asked', (address, reason) => {
  expect(() => checkWebAddress(address, () => false)).toThrow(reason);
});

test('what the caller trusts is asked all the same', async () => {
  expect(await resolve('http://127.0.0.1:8080/', ({ port }) => port === '8080')).toEqual([
    { address: '127.0.0.1', family: 4 },
  ]);
  expect(() => checkWebAddress('file:///etc/passwd', () => true)).toThrow('http');
});
