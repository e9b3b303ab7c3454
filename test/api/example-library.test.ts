import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFolder } from '../../scripts/import-folder.ts';
import { renderFile } from '../../server/src/rendering/render-file.ts';
import { shortJobs } from '../../server/src/worker.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const folder = resolve(import.meta.dirname, '../../../shared/library');
const isThere = existsSync(resolve(folder, 'library.csv'));
if (!isThere) console.log(`The example library is not there (${folder}), so it is not imported in this run.`);

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

test.runIf(isThere)(
  'the example library is imported, and importing it twice changes nothing',
  { timeout: 120_000 },
  async () => {
    const input = {
      folder,
      publishedAt: new Date('2026-06-01'),
      status: 'published',
      isSample: false,
      say: () => undefined,
    } as const;
    const first = await importFolder(app.ctx, input);
    expect(first).toMatchObject({
      state: 'done',
      doneCount: 132,
      counts: { create: 132, update: 0, unchanged: 0, error: 0 },
    });
    await app.drain(shortJobs);
    const assets = await readAll();
    expect(assets).toHaveLength(132);
    const count = (test: (asset: Asset) => boolean) => assets.filter(test).length;
    expect(
      count((asset) => asset.status === 'published' && asset.publishedAt === '2026-06-01T00:00:00.000Z'),
    ).toBe(132);
    expect(count((asset) => asset.kind === 'web_link')).toBe(5);
    expect(count((asset) => asset.audience === 'external')).toBe(38);
    expect(count((asset) => asset.useWhen === '')).toBe(43);
    expect(count((asset) => asset.terms.every((term) => term.dimensionKey !== 'persona'))).toBe(22);
    const types = Object.groupBy(assets, (asset) => asset.mediaType.split(/[./]/).at(-1) ?? '');
    expect(Object.fromEntries(Object.entries(types).map(([type, items]) => [type, items?.length]))).toEqual({
      document: 35,
      presentation: 20,
      pdf: 34,
      markdown: 33,
      png: 3,
      mp4: 1,
      sheet: 1,
      'uri-list': 5,
    });

    const second = await importFolder(app.ctx, input);
    expect(second.counts).toEqual({ create: 0, update: 0, unchanged: 132, error: 0 });
    expect(await readAll()).toEqual(assets);
  },
);

test.runIf(isThere)('its files open', { timeout: 60_000 }, async () => {
  for (const { id, kind, fileName, sizeBytes } of await readAll()) {
    if (kind !== 'file') continue;
    const response = await marketing.fetch(`/api/assets/${id}/file`);
    const bytes = await response.arrayBuffer();
    expect([fileName, response.status, bytes.byteLength]).toEqual([fileName, 200, sizeBytes]);
  }
});

test.runIf(isThere)(
  'its texts are read, and the smallest file of each other kind becomes pages',
  { timeout: 600_000 },
  async () => {
    const files = (await readAll())
      .filter(({ kind }) => kind === 'file')
      .toSorted((a, b) => a.sizeBytes - b.sizeBytes);
    const kinds = new Set<string>();
    const signal = new AbortController().signal;
    for (const { versionId, fileName, mediaType } of files) {
      if (mediaType !== 'text/markdown' && kinds.has(mediaType)) continue;
      kinds.add(mediaType);
      const { blobHash } = await app.ctx.db
        .selectFrom('assetVersion')
        .select('blobHash')
        .where('id', '=', versionId)
        .executeTakeFirstOrThrow();
      await renderFile(app.ctx, { blobHash: blobHash ?? '', mediaType, fileName }, signal);
      const { body } = await marketing.get(`/asset-versions/${versionId}/rendition`);
      expect([fileName, body.state, body.reason]).toEqual([fileName, 'done', null]);
      if (mediaType === 'text/markdown') expect([fileName, body.wordCount > 10]).toEqual([fileName, true]);
      else if (mediaType !== 'video/mp4') expect([fileName, body.hasThumbnail]).toEqual([fileName, true]);
    }
    expect(kinds.size).toBe(7);
  },
);

interface Asset {
  id: string;
  kind: string;
  status: string;
  audience: string;
  useWhen: string;
  publishedAt: string;
  mediaType: string;
  fileName: string;
  sizeBytes: number;
  versionId: string;
  terms: { dimensionKey: string }[];
}

async function readAll(): Promise<Asset[]> {
  return (await marketing.get('/assets?sort=title&limit=200')).body.items;
}
