import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makePdf } from '../support/files.ts';
import { type S3ForTests, startS3 } from '../support/s3.ts';
import { upload } from '../support/upload.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let s3: S3ForTests;
let app: TestApp;

beforeAll(async () => {
  s3 = await startS3();
  const { options } = s3;
  app = await startTestApp({
    S3_BUCKET: options.bucket,
    S3_ENDPOINT: options.endpoint ?? '',
    S3_REGION: options.region,
    S3_ACCESS_KEY_ID: options.accessKeyId,
    S3_SECRET_ACCESS_KEY: options.secretAccessKey,
    S3_PREFIX: options.prefix,
  });
});
afterAll(async () => {
  await app.close();
  await s3.stop();
});

test('a file that is kept in S3 is rendered, and its pages are kept there', async () => {
  const marketing = await app.client('marketing');
  const { body: file } = await upload(marketing, 'far.pdf', await makePdf(['Far away', 'and back']));
  const { uploadTicket } = file;
  const { body: asset } = await marketing.send('POST', '/assets', { uploadTicket, status: 'published' });
  await app.drain();
  const { body } = await marketing.get(`/asset-versions/${asset.versionId}/rendition`);
  expect(body).toMatchObject({ state: 'done', pageCount: 2, hasThumbnail: true });
  const image = await marketing.fetch(`/api/asset-versions/${asset.versionId}/pages/2/image`);
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(
    Buffer.from(await image.arrayBuffer())
      .subarray(8, 12)
      .toString(),
  ).toBe('WEBP');
  // The file, a thumbnail, and two pictures of each page.
  expect(await s3.everything()).toHaveLength(6);
});
