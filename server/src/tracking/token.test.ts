import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createGrantReader,
  lateMs,
  readPageToken,
  readVisitToken,
  signPageToken,
  signVisitToken,
} from './token.ts';

const key = randomBytes(32);
const page = {
  shareLinkId: 'lnk_0000000001',
  assetVersionId: 'ver_0000000001',
  issuedAt: 5_000,
  guest: { email: 'ada@example.com', name: 'Ada', isVerified: true },
};
const visit = {
  visitId: 'vis_0000000001',
  assetVersionId: 'ver_0000000001',
  startedAt: 5_000,
  pageCount: 7,
};

test('a token tells what it was made for, for a day', () => {
  expect(readPageToken(key, signPageToken(key, page), 5_000 + lateMs)).toEqual(page);
  expect(readPageToken(key, signPageToken(key, page), 5_001 + lateMs)).toBe('late');
  expect(readVisitToken(key, signVisitToken(key, visit), 5_000 + lateMs)).toEqual(visit);
  expect(readVisitToken(key, signVisitToken(key, visit), 5_001 + lateMs)).toBe('late');
});

test('a token of another kind or another instance is forged', () => {
  expect(readVisitToken(key, signPageToken(key, page), 5_000)).toBe('forged');
  expect(readPageToken(key, signVisitToken(key, visit), 5_000)).toBe('forged');
  expect(readVisitToken(randomBytes(32), signVisitToken(key, visit), 5_000)).toBe('forged');
  expect(readVisitToken(key, 'x.y', 5_000)).toBe('forged');
});

test('the reader that remembers says the same', () => {
  const reader = createGrantReader(key);
  const token = signVisitToken(key, visit);
  for (const _time of [1, 2]) {
    expect(reader.read(token, 6_000)).toEqual(visit);
    expect(reader.read(token, 5_001 + lateMs)).toBe('late');
    expect(reader.read(`${token}x`, 6_000)).toBe('forged');
  }
});
