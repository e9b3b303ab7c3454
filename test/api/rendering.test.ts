import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { makePdf, makePicture, makeSlides, makeWord } from '../support/files.ts';
import { upload } from '../support/upload.ts';

// A busy machine gives the children, which wait for everything else, little time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp({ OFFICE_CONVERTER: 'off' });
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

type Bytes = string | Uint8Array<ArrayBuffer>;

async function add(fileName: string, content: Bytes, fields: object = { status: 'published' }) {
  const { body: file } = await upload(marketing, fileName, content);
  const { uploadTicket } = file;
  return (await marketing.send('POST', '/assets', { uploadTicket, ...fields })).body;
}

async function render(fileName: string, content: Bytes) {
  const asset = await add(fileName, content);
  await app.drain();
  const { body } = await marketing.get(`/asset-versions/${asset.versionId}/rendition`);
  return { asset, rendition: body, versionId: asset.versionId as string };
}

async function cardOf(assetId: string) {
  return (await marketing.get(`/assets/${assetId}`)).body;
}

const image = (versionId: string, page: number, size = 'small') =>
  `/api/asset-versions/${versionId}/pages/${page}/image?size=${size}`;

describe('text', () => {
  test('in Markdown is counted and shown as safe HTML, without its marks', async () => {
    const { rendition } = await render('a.md', '# Title\n\nFour words are here. <script>alert(1)</script>');
    expect(rendition).toMatchObject({ state: 'done', reason: null, pageCount: 1, canRetry: false });
    expect(rendition.wordCount).toBeGreaterThanOrEqual(5);
    expect(rendition.html).toContain('Title</h1>');
    expect(rendition.html).not.toContain('<script>');
  });

  test('of Markdown is found by its words, not by its marks and addresses', async () => {
    const { rendition } = await render(
      'runbook.md',
      '### Quokka watch\n\nSee **the** [runbook](https://a.example/x/y).',
    );
    expect(rendition.wordCount).toBe(5);
    const { body: answer } = await marketing.send('POST', '/searches', { query: 'quokka' });
    expect(answer.items[0].pageNumber).toBe(1);
    expect(answer.items[0].excerpt).toEqual([
      { text: 'Quokka', isMatch: true },
      { text: ' watch', isMatch: false },
    ]);
  });

  test('in any encoding is read', async () => {
    const utf16 = new Uint8Array(Buffer.from('\ufeffGröße', 'utf16le'));
    for (const [name, content] of [
      ['a.txt', 'Größe < 3'],
      ['b.txt', utf16],
      ['c.txt', new Uint8Array(Buffer.from('Größe!', 'latin1'))],
    ] as const)
      expect((await render(name, content)).rendition.html).toContain('Größe');
  });
});

describe('a PDF', () => {
  test('becomes pages with pictures, words and a thumbnail', async () => {
    const { asset, rendition, versionId } = await render(
      'deck.pdf',
      await makePdf(['Opening words', 'Prices are fixed', 'The end']),
    );
    expect(rendition).toMatchObject({
      state: 'done',
      reason: null,
      pageCount: 3,
      renderedPageCount: 3,
      hasThumbnail: true,
      html: '',
    });
    expect(rendition.pages.map((page: { wordCount: number }) => page.wordCount)).toEqual([2, 3, 2]);
    expect(rendition.pages[0]).toMatchObject({ pageNumber: 1, width: 720, height: 405, hasImage: true });
    expect(await cardOf(asset.id)).toMatchObject({
      renditionState: 'done',
      pageCount: 3,
      hasThumbnail: true,
      versions: [{ pageCount: 3, hasThumbnail: true, typeWarning: null }],
    });
    const { body: page } = await marketing.get(`/asset-versions/${versionId}/pages/2/text`);
    expect(page.text).toContain('Prices are fixed');
    expect(page.textLayer.map(([text]: [string]) => text).join(' ')).toContain('Prices');
    for (const size of ['thumbnail', 'small', 'large']) {
      const response = await marketing.fetch(image(versionId, 1, size));
      expect([size, response.status, response.headers.get('content-type')]).toEqual([
        size,
        200,
        'image/webp',
      ]);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.subarray(8, 12).toString()).toBe('WEBP');
      expect(response.headers.get('cache-control')).toBe('private, max-age=600');
      const again = { headers: { 'if-none-match': response.headers.get('etag') ?? '' } };
      expect((await marketing.fetch(image(versionId, 1, size), again)).status).toBe(304);
    }
    expect((await marketing.fetch(image(versionId, 4))).status).toBe(404);
  });

  test('with a password, damaged or cut off says so and can be tried again', async () => {
    const whole = await makePdf(['Secret words']);
    const files: [string, Bytes, RegExp][] = [
      ['locked.pdf', await makePdf(['Secret words'], { userPassword: 'x' }), /password/],
      ['broken.pdf', '%PDF-1.7\n\u0000 nothing of a PDF follows', /damaged/],
      ['cut.pdf', whole.slice(0, 300), /damaged/],
    ];
    for (const [name, content, reason] of files) {
      const { asset, rendition } = await render(name, content);
      expect([name, rendition.state, rendition.canRetry]).toEqual([name, 'failed', true]);
      expect(rendition.reason).toMatch(reason);
      expect((await marketing.fetch(`/api/assets/${asset.id}/file?download=1`)).status).toBe(200);
    }
    const { body: faults } = await marketing.get('/rendering/faults');
    expect(faults.items.map((fault: { title: string }) => fault.title)).toEqual(
      expect.arrayContaining(['locked', 'broken', 'cut']),
    );
    const { body: progress } = await marketing.get('/rendering');
    expect(progress.counts.failed).toBeGreaterThanOrEqual(3);
    expect(progress.converter).toMatchObject({
      kind: 'off',
      fault: expect.stringContaining('OFFICE_CONVERTER'),
    });
  });

  test('under a wrong name is read for what it is, and the name is questioned', async () => {
    const { asset, rendition } = await render('slides.pptx', await makePdf(['Not a deck']));
    expect(rendition).toMatchObject({ state: 'done', pageCount: 1 });
    const { body } = await marketing.get(`/assets/${asset.id}`);
    expect(body.versions[0]).toMatchObject({ mediaType: 'application/pdf' });
    expect(body.versions[0].typeWarning).toContain('.pptx');
  });
});

describe('other files', () => {
  test('a picture is one page without words', async () => {
    const { rendition, versionId } = await render('chart.png', await makePicture());
    expect(rendition).toMatchObject({ state: 'done', pageCount: 1, wordCount: 0, hasThumbnail: true });
    expect(rendition.pages[0]).toMatchObject({ expectedMs: 6000, hasImage: true });
    expect((await marketing.fetch(image(versionId, 1, 'large'))).status).toBe(200);
  });

  test('a drawing runs nothing and loads nothing', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><script>alert(1)</script><image href="file:///etc/passwd" width="9" height="9"/><circle cx="90" cy="90" r="60" fill="red"/></svg>';
    const { rendition } = await render('drawing.svg', svg);
    expect(rendition).toMatchObject({ state: 'done', hasThumbnail: true });
  });

  test('an archive is not opened and says what to do instead', async () => {
    const { rendition } = await render('all.zip', new Uint8Array([0x50, 0x4b, 5, 6, ...Array(18).fill(0)]));
    expect(rendition).toMatchObject({ state: 'unsupported', canRetry: false });
    expect(rendition.reason).toContain('one by one');
  });

  test('an Office file is found by its words where nothing converts it', async () => {
    const { rendition, versionId } = await render(
      'talk.pptx',
      await makeSlides([{ title: 'Welcome' }, { title: 'Roadmap', notes: 'Mention the axolotl quietly' }]),
    );
    expect(rendition).toMatchObject({ state: 'unsupported', hasThumbnail: false });
    expect(rendition.reason).toContain('not converted here');
    const { body } = await marketing.send('POST', '/searches', { query: 'axolotl' });
    expect(body.items).toMatchObject([{ pageNumber: 2 }]);
    const { body: found } = await marketing.get(`/asset-versions/${versionId}/find?query=AXOLOTL`);
    expect(found).toMatchObject({ matchCount: 1, pages: [{ pageNumber: 2, isInNotes: true }] });
    const { rendition: word } = await render(
      'letter.docx',
      await makeWord(['Dear reader', 'Numbat regards']),
    );
    expect(word.state).toBe('unsupported');
    expect((await marketing.send('POST', '/searches', { query: 'numbat' })).body.total).toBe(1);
  });
});

test('the same file is rendered once, whatever it is called', async () => {
  const content = await makePdf(['Once is enough']);
  const first = await render('one.pdf', content);
  const fields = { status: 'published', allowsDuplicate: true };
  const second = await add('two.pdf', content, fields);
  const { body } = await marketing.get(`/asset-versions/${second.versionId}/rendition`);
  expect(body).toMatchObject({ state: 'done', pageCount: 1, finishedAt: first.rendition.finishedAt });
  await app.drain();
  expect((await cardOf(second.id)).renditionState).toBe('done');
  const rows = await app.ctx.db
    .selectFrom('rendition')
    .innerJoin('assetVersion', 'assetVersion.sourceKey', 'rendition.sourceKey')
    .select('rendition.id')
    .where('assetVersion.id', 'in', [first.versionId, second.versionId])
    .execute();
  expect(new Set(rows.map((row) => row.id)).size).toBe(1);
});

test('a file is rendered while it still waits to become an asset', async () => {
  const content = await makePdf(['Early bird']);
  await upload(marketing, 'early.pdf', content);
  await app.drain();
  const asset = await add('early.pdf', content);
  const { body } = await marketing.get(`/asset-versions/${asset.versionId}/rendition`);
  expect(body).toMatchObject({ state: 'done', hasThumbnail: true });
});

test('a phrase that stands only on page 7 opens page 7', async () => {
  const pages = Array.from(
    { length: 9 },
    (_, index) => `Page ${index + 1} speaks of wombat care and of pricing`,
  );
  pages[6] = 'Here alone the wombat\npricing model is explained';
  const { versionId } = await render('wombats.pdf', await makePdf(pages));
  const { body } = await marketing.send('POST', '/searches', { query: 'wombat pricing model' });
  expect(body.items[0]).toMatchObject({ pageNumber: 7, asset: { versionId } });
  expect(body.items[0].excerpt.some((part: { isMatch: boolean }) => part.isMatch)).toBe(true);
  const { body: found } = await marketing.get(
    `/asset-versions/${versionId}/find?query=${encodeURIComponent('WOMBÁT pricing')}`,
  );
  expect(found.pages).toMatchObject([{ pageNumber: 7, matchCount: 1, isInNotes: false }]);
});

describe('who sees pages', () => {
  test('is who sees the asset', async () => {
    const asset = await add('draft.pdf', await makePdf(['Not yet']), { status: 'draft' });
    await app.drain();
    const rep = await app.client('rep');
    const base = `/asset-versions/${asset.versionId}`;
    for (const path of ['rendition', 'pages/1/text', 'pages/1/image', 'find?query=not'])
      expect([path, (await marketing.get(`${base}/${path}`)).status]).toEqual([path, 200]);
    for (const path of ['rendition', 'pages/1/text', 'pages/1/image', 'find?query=not'])
      expect([path, (await rep.get(`${base}/${path}`)).body.code]).toEqual([path, 'not_found']);
    expect((await rep.get('/asset-versions/ver_0000000000unknown/rendition')).status).toBe(404);
    expect((await rep.send('POST', `${base}/rendition/retry`)).status).toBe(403);
    expect((await (await app.client('anonymous')).fetch(image(asset.versionId, 1))).status).toBe(401);
  });
});

test('what waits says so', async () => {
  const waiting = await app.make.asset();
  const { body } = await marketing.get(`/asset-versions/${waiting.versionId}/rendition`);
  expect(body).toMatchObject({ state: 'queued', pages: [], hasThumbnail: false, canRetry: false });
});
