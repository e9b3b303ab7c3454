import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChildEnded, type Sandbox } from '../../server/src/documents/sandbox.ts';
import type { TaskKind } from '../../server/src/documents/tasks.ts';
import { renderFile } from '../../server/src/rendering/render-file.ts';
import { StorageUnavailable } from '../../server/src/storage/store.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { makePdf, makePicture } from '../support/files.ts';
import { listStored, upload } from '../support/upload.ts';

// A busy machine gives the children, which wait for everything else, little time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let app: TestApp;
let marketing: TestClient;
let sandbox: Sandbox;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  sandbox = app.ctx.sandbox;
});
afterAll(() => app.close());
beforeEach(() => app.drain());
afterEach(() => {
  app.ctx.sandbox = sandbox;
});

const neverStops = new AbortController().signal;

/** Uploads a PDF that no other test has, and answers its job as well. */
async function addPdf(...pages: string[]) {
  const content = await makePdf(pages);
  const { body: file } = await upload(marketing, `${pages[0]}.pdf`, content);
  const { body: asset } = await marketing.send('POST', '/assets', {
    uploadTicket: file.uploadTicket,
    status: 'published',
  });
  const { blobHash } = await app.ctx.db
    .selectFrom('assetVersion')
    .select('blobHash')
    .where('id', '=', asset.versionId)
    .executeTakeFirstOrThrow();
  return {
    assetId: asset.id as string,
    versionId: asset.versionId as string,
    job: { blobHash: blobHash ?? '', mediaType: 'application/pdf', fileName: file.fileName as string },
  };
}

type Pdf = Awaited<ReturnType<typeof addPdf>>;

const read = async ({ versionId }: Pdf) =>
  (await marketing.get(`/asset-versions/${versionId}/rendition`)).body;

function findRow({ job }: Pdf) {
  return app.ctx.db
    .selectFrom('rendition')
    .selectAll()
    .where('blobHash', '=', job.blobHash)
    .where('method', '=', 2)
    .executeTakeFirstOrThrow();
}

/** Has every task of one kind end like this. */
function failAt(kind: TaskKind, error: () => unknown): void {
  app.ctx.sandbox = {
    ...sandbox,
    run: (asked, ...rest) => (asked === kind ? Promise.reject(error()) : sandbox.run(asked, ...rest)),
  };
}

describe('a file that kills its child', () => {
  test('is tried three times, then only when a person asks for it', async () => {
    const pdf = await addPdf('deadly');
    failAt('render-pdf', () => new ChildEnded('memory', 'It took 3 GB.'));
    for (const deathCount of [1, 2]) {
      await expect(renderFile(app.ctx, pdf.job, neverStops)).rejects.toThrow('3 GB');
      expect(await findRow(pdf)).toMatchObject({ state: 'queued', deathCount });
    }
    await renderFile(app.ctx, pdf.job, neverStops);
    expect(await read(pdf)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('too much memory'),
      canRetry: true,
    });
    app.ctx.sandbox = sandbox;
    await renderFile(app.ctx, pdf.job, neverStops);
    expect((await read(pdf)).state).toBe('failed');
    const { status, body } = await marketing.send('POST', `/asset-versions/${pdf.versionId}/rendition/retry`);
    expect([status, body.state]).toEqual([202, 'queued']);
    await app.drain();
    expect(await read(pdf)).toMatchObject({ state: 'done', reason: null, canRetry: false });
    expect((await marketing.send('POST', `/asset-versions/${pdf.versionId}/rendition/retry`)).body.code).toBe(
      'conflict',
    );
  });

  test('and the whole worker with it counts too', async () => {
    const pdf = await addPdf('takes all');
    await renderFile(app.ctx, pdf.job, AbortSignal.abort()).catch(() => undefined);
    for (const deathCount of [1, 2]) {
      await app.ctx.db
        .updateTable('rendition')
        .set({ state: 'running', workerKey: 'one that is gone', deathCount: deathCount - 1 })
        .where('blobHash', '=', pdf.job.blobHash)
        .execute();
      failAt('inspect', () => new Error('stop here'));
      await expect(renderFile(app.ctx, pdf.job, neverStops)).rejects.toThrow('stop here');
      expect(await findRow(pdf)).toMatchObject({ state: 'queued', deathCount });
    }
    await app.ctx.db
      .updateTable('rendition')
      .set({ state: 'running', workerKey: 'one that is gone' })
      .where('blobHash', '=', pdf.job.blobHash)
      .execute();
    await renderFile(app.ctx, pdf.job, neverStops);
    expect(await read(pdf)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('broke down three times'),
    });
  });

  test('is not blamed for a worker that is stopped, a full disk, or a fault of ours', async () => {
    const pdf = await addPdf('innocent');
    const stopping = new AbortController();
    failAt('render-pdf', () => {
      stopping.abort();
      return new Error('The child was ended.');
    });
    await renderFile(app.ctx, pdf.job, stopping.signal);
    expect(await findRow(pdf)).toMatchObject({ state: 'queued', deathCount: 0 });
    failAt('render-pdf', () => new StorageUnavailable('full', 'The disk is full.', null));
    await expect(renderFile(app.ctx, pdf.job, neverStops)).rejects.toThrow('full');
    failAt('inspect', () => new TypeError('A bug.'));
    await expect(renderFile(app.ctx, pdf.job, neverStops)).rejects.toThrow('A bug.');
    expect(await findRow(pdf)).toMatchObject({ state: 'queued', deathCount: 0, reason: null });
    app.ctx.sandbox = sandbox;
    await app.drain();
    expect((await read(pdf)).state).toBe('done');
  });
});

test('pages are seen as they come, and a try that broke off leaves none behind', async () => {
  const pdf = await addPdf('first', 'second', 'third');
  const seen: object[] = [];
  app.ctx.sandbox = {
    ...sandbox,
    run: (kind, file, input, options) =>
      sandbox.run(kind, file, input, {
        ...options,
        async onPart(part, folder) {
          await options?.onPart?.(part, folder);
          const { state, pageCount, renderedPageCount, pages } = await read(pdf);
          seen.push({ state, pageCount, renderedPageCount, length: pages.length });
          if (seen.length === 3) throw new Error('The plug was pulled.');
        },
      }),
  };
  await expect(renderFile(app.ctx, pdf.job, neverStops)).rejects.toThrow('plug');
  expect(seen).toEqual([
    { state: 'running', pageCount: 3, renderedPageCount: 0, length: 0 },
    { state: 'running', pageCount: 3, renderedPageCount: 1, length: 1 },
    { state: 'running', pageCount: 3, renderedPageCount: 2, length: 2 },
  ]);
  app.ctx.sandbox = sandbox;
  await app.drain();
  expect(await read(pdf)).toMatchObject({ state: 'done', renderedPageCount: 3, pages: { length: 3 } });
});

test('two jobs for one file at the same moment do the work once', async () => {
  const pdf = await addPdf('asked twice');
  let count = 0;
  app.ctx.sandbox = {
    ...sandbox,
    run: (kind, ...rest) => {
      if (kind === 'render-pdf') count += 1;
      return sandbox.run(kind, ...rest);
    },
  };
  await Promise.all([renderFile(app.ctx, pdf.job, neverStops), renderFile(app.ctx, pdf.job, neverStops)]);
  await app.drain();
  expect(count).toBe(1);
  expect((await read(pdf)).state).toBe('done');
});

describe('a newer way of rendering', () => {
  test('works behind the older one and takes its place when it is done', async () => {
    const pdf = await addPdf('old words');
    await app.drain();
    await app.ctx.db
      .updateTable('rendition')
      .set({ method: 1, language: 'nl' })
      .where('blobHash', '=', pdf.job.blobHash)
      .execute();
    failAt('render-pdf', () => new Error('not now'));
    await expect(renderFile(app.ctx, pdf.job, neverStops)).rejects.toThrow('not now');
    expect(await read(pdf)).toMatchObject({ state: 'done', isBeingRenewed: true, language: 'nl' });
    expect((await marketing.get(`/asset-versions/${pdf.versionId}/pages/1/image`)).status).toBe(200);
    app.ctx.sandbox = sandbox;
    await renderFile(app.ctx, pdf.job, neverStops);
    expect(await read(pdf)).toMatchObject({ state: 'done', isBeingRenewed: false, language: null });
    const rows = await app.ctx.db
      .selectFrom('rendition')
      .select('method')
      .where('blobHash', '=', pdf.job.blobHash)
      .execute();
    expect(rows).toEqual([{ method: 2 }]);
  });

  test('comes to the whole library, what is shared first', async () => {
    const [dull, shared] = [await addPdf('dull'), await addPdf('shared')];
    await app.drain();
    await app.make.shareLink({ assetId: shared.assetId });
    await app.ctx.db.updateTable('rendition').set({ method: 1 }).execute();
    await app.ctx.db.deleteFrom('jobRun').execute();
    const { renderBacklog } = await import('../../server/src/rendering/backlog.ts');
    await renderBacklog(app.ctx);
    const queued = await app.ctx.db
      .selectFrom('jobRun')
      .select('key')
      .where('name', '=', 'render-file')
      .orderBy('queuedAt')
      .execute();
    const places = [shared, dull].map(({ job }) =>
      queued.findIndex(({ key }) => key === `render-file:${job.blobHash} application/pdf`),
    );
    expect(places[0]).toBe(0);
    expect(places[1]).toBeGreaterThan(0);
    await renderBacklog(app.ctx);
    expect(
      await app.ctx.db.selectFrom('jobRun').select('id').where('name', '=', 'render-file').execute(),
    ).toHaveLength(queued.length);
    await app.drain();
    expect(await read(dull)).toMatchObject({ state: 'done', isBeingRenewed: false });
  });
});

test('pictures stay as long as their pages, and go with them', async () => {
  const pdf = await addPdf('swept away');
  await app.drain();
  const countImages = async () =>
    (await app.ctx.db.selectFrom('renditionImage').select('blobHash').execute()).length;
  app.travel(10 * 86_400_000);
  const { sweepUploads } = await import('../../server/src/assets/store-upload.ts');
  await sweepUploads(app.ctx);
  const images = await app.ctx.db.selectFrom('renditionImage').select('blobHash').execute();
  const { hashes } = await listStored(app);
  expect(images.length).toBeGreaterThan(2);
  expect(images.every(({ blobHash }) => hashes.includes(blobHash))).toBe(true);
  const admin = await app.client('marketing');
  expect((await admin.send('DELETE', `/assets/${pdf.assetId}`)).status).toBe(204);
  const before = await countImages();
  await sweepUploads(app.ctx);
  expect(await countImages()).toBeLessThan(before);
  await sweepUploads(app.ctx);
  const kept = (await listStored(app)).hashes;
  const used = await app.ctx.db.selectFrom('renditionImage').select('blobHash').execute();
  expect(kept).not.toContain(pdf.job.blobHash);
  expect(hashes.length - kept.length).toBe(1 + before - used.length);
});

describe('the poster of a video', () => {
  const mp4 = new Uint8Array([
    ...[0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d, 0, 0, 2, 0, 0x69, 0x73, 0x6f, 0x6d],
    ...[0x6d, 0x70, 0x34, 0x31],
  ]);

  async function send(uploadTicket: string, bytes: Uint8Array<ArrayBuffer>) {
    const form = new FormData();
    form.append('file', new Blob([bytes]), 'poster.jpg');
    const path = `/api/posters?uploadTicket=${encodeURIComponent(uploadTicket)}`;
    return marketing.fetch(path, { method: 'POST', body: form });
  }

  test('is drawn anew and shown on the card before the video is read', async () => {
    const { body: file } = await upload(marketing, 'clip.mp4', mp4);
    expect(file.mediaType).toBe('video/mp4');
    expect((await send(file.uploadTicket, await makePicture(640, 360))).status).toBe(204);
    const { uploadTicket } = file;
    const { body: asset } = await marketing.send('POST', '/assets', { uploadTicket, status: 'published' });
    expect(asset).toMatchObject({ hasThumbnail: true, renditionState: 'queued' });
    const response = await marketing.fetch(`/api/asset-versions/${asset.versionId}/pages/1/image?size=large`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
    await app.drain();
    const { body } = await marketing.get(`/assets/${asset.id}`);
    expect(body.hasThumbnail).toBe(true);
  });

  test('is refused when it is no picture, too large, or of something else', async () => {
    const { body: file } = await upload(marketing, 'clip2.mp4', new Uint8Array([...mp4, 0, 0, 0, 8]));
    expect((await send(file.uploadTicket, new Uint8Array([1, 2, 3]))).status).toBe(422);
    expect((await send(file.uploadTicket, new Uint8Array(9 * 1_048_576))).status).toBe(413);
    const { body: text } = await upload(marketing, 'note.txt', 'no video');
    expect((await send(text.uploadTicket, await makePicture(64, 64))).status).toBe(400);
    expect((await send('forged', await makePicture(64, 64))).status).toBe(410);
  });
});
