import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { findShareHost } from './hosts.ts';

const request = (host: string | undefined) =>
  ({ headers: { host, 'x-forwarded-host': 'share.example.com' } }) as unknown as IncomingMessage;

test('with one address there is nothing to tell apart', () => {
  const shareUrl = 'https://content.example.com';
  expect(findShareHost({ publicUrl: shareUrl, shareUrl })).toBeUndefined();
});

test('only the host itself is the host of share links, however it is spelled', () => {
  const isShareHost = findShareHost({
    publicUrl: 'https://content.example.com',
    shareUrl: 'https://share.example.com',
  });
  for (const host of [
    'share.example.com',
    'SHARE.example.com',
    'share.example.com:443',
    'share.example.com:80',
    'share.example.com.',
    'share.example.com.:443',
  ])
    expect(isShareHost?.(request(host)), host).toBe(true);
  for (const host of [
    'content.example.com',
    'evil.example',
    'share.example.com.evil.example',
    'x.share.example.com',
    'share.example.com:8080',
    '[',
    '',
    undefined,
  ])
    expect(isShareHost?.(request(host)), host).toBe(false);
});
