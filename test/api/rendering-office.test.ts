import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chooseConverter } from '../../server/src/documents/office.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { makeSlides, makeWord } from '../support/files.ts';
import { upload } from '../support/upload.ts';

// Converting takes a second, and minutes on a machine that does much else.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 90_000 });

const rendering = { officeConverter: 'auto', gotenbergUrl: null, extraFontFolders: [] } as const;
const converter = await chooseConverter(rendering);

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

async function render(fileName: string, content: Uint8Array<ArrayBuffer>) {
  const { body: file } = await upload(marketing, fileName, content);
  const { uploadTicket } = file;
  const { body: asset } = await marketing.send('POST', '/assets', { uploadTicket, status: 'published' });
  await app.drain();
  const { body } = await marketing.get(`/asset-versions/${asset.versionId}/rendition`);
  return { versionId: asset.versionId as string, rendition: body };
}

test.runIf(converter.kind !== 'off')('a deck becomes pages with what the speaker says', async () => {
  const slides = Array.from({ length: 8 }, (_, index) => ({
    title: `Slide number ${index + 1}`,
    text: index === 6 ? 'Only here the capybara discount stands' : 'Ordinary words',
    notes: index === 2 ? 'Smile at the okapi people' : '',
  }));
  const { versionId, rendition } = await render('talk.pptx', await makeSlides(slides));
  expect(rendition).toMatchObject({
    state: 'done',
    reason: null,
    pageCount: 8,
    renderedPageCount: 8,
    hasThumbnail: true,
  });
  expect(rendition.pages.map((page: { hasNotes: boolean }) => page.hasNotes).indexOf(true)).toBe(2);
  const { body: text } = await marketing.get(`/asset-versions/${versionId}/pages/3/text`);
  expect(text).toMatchObject({ notes: 'Smile at the okapi people' });
  expect(text.text).not.toContain('okapi');
  const { body: spoken } = await marketing.send('POST', '/searches', { query: 'okapi' });
  expect(spoken.items).toMatchObject([{ pageNumber: 3 }]);
  const { body: shown } = await marketing.send('POST', '/searches', { query: 'capybara discount' });
  expect(shown.items).toMatchObject([{ pageNumber: 7 }]);
  const { assetId } = await app.ctx.db
    .selectFrom('assetVersion')
    .select('assetId')
    .where('id', '=', versionId)
    .executeTakeFirstOrThrow();
  const link = await app.make.shareLink({ assetId });
  const page = await (await marketing.fetch(`/s/${link.token}`)).text();
  expect(page).toContain('Slide number 1');
  expect(page).not.toContain('okapi');
});

test.runIf(converter.kind !== 'off')('a letter becomes pages', async () => {
  const { versionId, rendition } = await render(
    'letter.docx',
    await makeWord(['Dear reader', 'Kind regards']),
  );
  expect(rendition).toMatchObject({ state: 'done', pageCount: 1, hasThumbnail: true });
  const image = await marketing.fetch(`/api/asset-versions/${versionId}/pages/1/image?size=large`);
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/webp']);
});
