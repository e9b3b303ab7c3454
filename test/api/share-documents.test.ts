import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makeDocument } from '../support/document.ts';
import { beat, get, hitsOf, open, pageTokenOf, prospect, sendForm } from '../support/prospect.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

type DocumentInput = Omit<Parameters<typeof makeDocument>[1], 'assetVersionId'>;

const pdf = { mediaType: 'application/pdf', fileName: 'deck.pdf', content: '%PDF-1.7 the whole deck' };

async function sharedDocument(document: DocumentInput = {}, policy: object = {}) {
  const asset = await app.make.asset({ ...pdf, content: `${pdf.content} ${Math.random()}` });
  await makeDocument(app, { assetVersionId: asset.versionId, ...document });
  const link = await app.make.shareLink({ assetId: asset.id, ...policy });
  return { asset, link, path: `/s/${link.token}` };
}

async function read(path: string): Promise<string> {
  const response = await get(await prospect(app), path);
  expect(response.status).toBe(200);
  const html = await response.text();
  return html.replace(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '<$1></$1>').replaceAll('&#39;', "'");
}

describe('a shared document', () => {
  it('is a row of pages with their words, and tells its length', async () => {
    const { path } = await sharedDocument();
    const html = await read(path);
    expect(html.match(/<figure /g)).toHaveLength(3);
    expect(html).toContain('<p class="meta">3 pages, about 1 min to read</p>');
    expect(html).toContain('>What stands on page 3 &amp; nowhere else.</text>');
    expect(html).toMatch(/<text x="40" y="\d+(\.\d)?" textLength="63" font-size="16"/);
    expect(html).toContain('which pages are read and for how long');
    expect(html).not.toContain('style="');
    // The second page waits for the first; browsers without script load it when it comes near.
    expect(html).toMatch(
      /<figure id="page-1"[\s\S]*?<img src="[^"]+" srcset="[^"]+ 800w, [^"]+ 1600w"[^>]*fetchpriority="high"/,
    );
    expect(html).toMatch(
      /<figure id="page-2"[\s\S]*?<noscript><img src="[^"]+"[^>]* loading="lazy"><\/noscript>/,
    );
    expect(html).toMatch(/<details class="contents">[\s\S]*<a href="#page-2"><span>Slide 2<\/span>/);
  });

  it('of 500 pages of dense text comes in less than 14 kB, and the words of the rest in parts', async () => {
    const lines = (page: number) =>
      Array.from(
        { length: 40 },
        (_, line) =>
          `${line} ${(page * 7919 + line * 104_729).toString(36)} is said on page ${page}, and more of it follows.`,
      );
    const { path } = await sharedDocument({ pageCount: 500, lines, picture: () => 'the same for all' });
    const response = await get(await prospect(app), path, { 'accept-encoding': 'br' });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(14_000);
    const html = await response.text();
    expect(html.match(/<figure /g)).toHaveLength(500);
    const inline = html.match(/<svg [^>]*data-page/g) ?? [];
    expect(inline.length).toBeGreaterThan(0);
    const part = await get(await prospect(app), `${path}/pages/480/text`);
    const text = await part.text();
    expect(text).toContain('is said on page 480,');
    expect(text).toContain('data-page="481"');
    expect(text.length).toBeLessThan(110_000);
    expect(part.headers.get('content-security-policy')).toContain('sandbox');
  }, 60_000);

  it('keeps what the speaker says to itself, wherever one looks', async () => {
    const { path } = await sharedDocument();
    for (const part of ['', '/pages', '/pages/1/text', '?private=1'])
      expect(await read(`${path}${part}`)).not.toContain('only the speaker');
  });

  it('leads to the web and to its own pages, and nowhere else', async () => {
    const box = { x: 40, y: 30, width: 70, height: 20 };
    const hrefs = [
      'https://a.example/?a=1&b="2"',
      'mailto:m@a.example',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:text/html,x',
      'deck.pdf',
    ];
    const { path } = await sharedDocument({
      pageCount: 1,
      links: [
        ...hrefs.map((href) => ({ ...box, href, pageNumber: null })),
        { ...box, href: null, pageNumber: 1 },
      ],
    });
    const html = await read(path);
    const svg = /<svg[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '';
    expect([...svg.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://a.example/?a=1&amp;b=%222%22',
      'mailto:m@a.example',
      '#page-1',
    ]);
    expect(svg).toContain('target="_blank" rel="noopener noreferrer nofollow" aria-label="Slide 1"');
  });

  it('escapes its words and headings', async () => {
    const { path } = await sharedDocument({ lines: () => ['</text><script>alert(1)</script>'] });
    const html = await read(path);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(1)');
  });

  it('in private view has no page token, and leaves no hit', async () => {
    const { path, link } = await sharedDocument();
    const html = await read(`${path}?private=1`);
    expect(pageTokenOf(html)).toBeUndefined();
    await read(`${path}/pages/2/text?private=1`);
    await new Promise((done) => setTimeout(done, 100));
    expect(await hitsOf(app, link.id)).toEqual([]);
  });

  it('shows the pages that are ready, and the others when it is asked again', async () => {
    const { path, asset, link } = await sharedDocument({
      pageCount: 4,
      renderedPageCount: 1,
      state: 'running',
    });
    const before = await read(path);
    expect(before).toContain('<figure id="page-1"');
    expect(before).not.toContain('<figure id="page-2"');
    expect(before).toContain('The rest is being prepared');
    expect(before).not.toContain('http-equiv');
    await app.ctx.db
      .deleteFrom('rendition')
      .where('sourceKey', '=', ({ selectFrom }) =>
        selectFrom('assetVersion').select('sourceKey').where('id', '=', asset.versionId),
      )
      .execute();
    await makeDocument(app, { assetVersionId: asset.versionId, pageCount: 4 });
    const after = await read(`${path}/pages`);
    expect(after).toContain('<figure id="page-4"');
    expect(after).not.toContain('being prepared');
    // Asking again is nobody's visit.
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(1);
  });

  it('says which pages can not be shown', async () => {
    const { path, asset } = await sharedDocument({ pageCount: 9, renderedPageCount: 5 });
    const { id } = await app.ctx.db
      .selectFrom('rendition')
      .innerJoin('assetVersion', 'assetVersion.sourceKey', 'rendition.sourceKey')
      .where('assetVersion.id', '=', asset.versionId)
      .select('rendition.id')
      .executeTakeFirstOrThrow();
    await app.ctx.db
      .deleteFrom('renditionImage')
      .where('renditionId', '=', id)
      .where('pageNumber', 'in', [2, 3])
      .execute();
    const html = await read(path);
    expect(html).toContain("Pages 2 to 3 can't be shown here.");
    expect(html).toContain("Pages 6 to 9 can't be shown here. Download the file to read on.");
  });

  it('takes beats for each of its pages and for none beyond', async () => {
    const { link } = await sharedDocument({ pageCount: 12 });
    const who = await prospect(app);
    const visitToken = await open(who, link.token);
    expect((await beat(who, visitToken, { pages: [{ page: 12, activeMs: 900 }] })).status).toBe(204);
    expect((await beat(who, visitToken, { pages: [{ page: 13, activeMs: 900 }] })).status).toBe(400);
  });
});

describe('the picture of a page', () => {
  it('comes in two sizes, for as long as the share link opens', async () => {
    const { path, link } = await sharedDocument();
    const who = await prospect(app);
    const small = await get(who, `${path}/pages/2/image?w=800`);
    expect(await small.text()).toMatch(/^small picture of page 2/);
    expect(Object.fromEntries(small.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=600',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(await (await get(who, `${path}/pages/2/image?w=1600&v=any`)).text()).toMatch(/^large picture/);
    const again = await get(who, `${path}/pages/2/image?w=800`, {
      'if-none-match': small.headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
    await app.ctx.db
      .updateTable('shareLink')
      .set({ revokedAt: new Date() })
      .where('id', '=', link.id)
      .execute();
    for (const part of ['image?w=800', 'text'])
      expect(
        (await get(who, `${path}/pages/2/${part}`, { 'if-none-match': small.headers.get('etag') ?? '' }))
          .status,
      ).toBe(410);
    expect((await get(who, `${path}/pages`)).status).toBe(410);
    expect(await hitsOf(app, link.id)).toEqual([]);
  });

  it.each([
    '0/image?w=800',
    '4/image?w=800',
    '-1/image?w=800',
    '1e3/image?w=800',
    '99999999999/image?w=800',
    '1/image',
    '1/image?w=640',
    '1/image?w=__proto__',
    '1/image?w[]=800',
    '4/text',
    'x/text',
  ])('is not there for %s', async (part) => {
    const { path } = await sharedDocument();
    expect((await get(await prospect(app), `${path}/pages/${part}`)).status).toBe(404);
  });

  it('asks for the passcode too', async () => {
    const { path } = await sharedDocument({}, { passcodeHash: await hashSecret('open sesame') });
    const who = await prospect(app);
    for (const part of ['/pages', '/pages/1/image?w=800', '/pages/1/text', '/content'])
      expect((await get(who, `${path}${part}`)).status).toBe(401);
    await sendForm(who, `${path}/passcode`, { passcode: 'open sesame' });
    expect((await get(who, `${path}/pages/1/image?w=800`)).status).toBe(200);
  });

  it('stands for the file where downloads are off', async () => {
    const { path } = await sharedDocument({}, { allowsDownload: false });
    const who = await prospect(app);
    for (const part of ['/content', '/download']) {
      const response = await get(who, `${path}${part}`);
      expect(response.status).toBe(403);
      expect(await response.text()).not.toContain('%PDF');
    }
    expect((await get(who, `${path}/pages/1/image?w=1600`)).status).toBe(200);
    expect(await read(path)).not.toContain('Download');
  });
});

describe('a file that has no pages', () => {
  it.each([
    ['queued', 'It is being prepared and appears here by itself', true],
    ['running', 'It is being prepared and appears here by itself', true],
    ['failed', "This file can't be shown here. Download it", false],
    ['unsupported', "This file can't be shown here. Download it", false],
  ])('and is %s says so', async (state, words, waits) => {
    const { path } = await sharedDocument({ pageCount: 1, renderedPageCount: 0, state });
    const html = await read(path);
    expect(html).toContain(words);
    expect(html.includes('data-wait>')).toBe(waits);
    expect(html).toContain('Download <small>');
  });

  it('says where to ask when downloads are off', async () => {
    const { path } = await sharedDocument(
      { pageCount: 1, renderedPageCount: 0, state: 'failed' },
      { allowsDownload: false },
    );
    expect(await read(path)).toContain('downloads are off for this link. Ask User');
  });

  it('is shut to everybody when the virus scanner named it', async () => {
    const { path, asset } = await sharedDocument();
    const { blobHash } = await app.ctx.db
      .selectFrom('assetVersion')
      .select('blobHash')
      .where('id', '=', asset.versionId)
      .executeTakeFirstOrThrow();
    await app.ctx.db.updateTable('blob').set({ threat: 'Eicar' }).where('hash', '=', blobHash).execute();
    for (const part of ['', '/pages', '/pages/1/image?w=800', '/pages/1/text', '/content', '/download']) {
      const response = await get(await prospect(app), `${path}${part}`);
      expect([response.status, (await response.text()).includes('virus scanner found')]).toEqual([403, true]);
    }
  });
});

describe('what is one page by nature', () => {
  it('a picture of any kind is shown by its rendition', async () => {
    const asset = await app.make.asset({ mediaType: 'image/svg+xml', fileName: 'plan.svg', title: 'Plan' });
    await makeDocument(app, { assetVersionId: asset.versionId, pageCount: 1, lines: () => [] });
    const link = await app.make.shareLink({ assetId: asset.id, allowsDownload: false });
    const html = await read(`/s/${link.token}`);
    expect(html).toMatch(
      /<img src="[^"]+w=1600[^"]*" srcset="[^"]+ 800w, [^"]+ 1600w" sizes="[^"]+" width="1600" height="900" alt="Plan"/,
    );
    expect(html).toContain('data-page="1"');
    expect((await get(await prospect(app), `/s/${link.token}/content`)).status).toBe(403);
  });

  it('a video shows a frame and its length, and is sent in parts whatever the policy', async () => {
    const asset = await app.make.asset({
      mediaType: 'video/mp4',
      fileName: 'clip.mp4',
      content: 'v'.repeat(500),
    });
    const { id } = await app.make.rendition({
      assetVersionId: asset.versionId,
      pages: [''],
      durationMs: 154_000,
    });
    await app.ctx.db
      .insertInto('renditionImage')
      .values({
        renditionId: id,
        pageNumber: 1,
        kind: 'poster',
        blobHash: await app.make.blob('a frame'),
        width: 1280,
        height: 720,
      })
      .execute();
    const link = await app.make.shareLink({ assetId: asset.id, allowsDownload: false });
    const html = await read(`/s/${link.token}`);
    expect(html).toContain('<p class="meta">3 minutes</p>');
    const poster =
      /<video [^>]*poster="([^"]+)" width="1280" height="720"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ??
      '';
    expect(await read(poster)).toBe('a frame');
    const part = await get(await prospect(app), `/s/${link.token}/content`, { range: 'bytes=0-9' });
    expect([part.status, await part.text()]).toEqual([206, 'v'.repeat(10)]);
  });
});
