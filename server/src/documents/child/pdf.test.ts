import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { makePdf } from '../../../../test/support/files.ts';
import { makePagesPdf, makeRawPdf, makeStream } from '../../../../test/support/raw-pdf.ts';
import type { RenderedPage } from '../tasks.ts';
import { renderPdf } from './pdf.ts';

/** Loading PDFium and drawing take their time when other tests run beside. */
const timeout = 60_000;
const everything = { imagePageLimit: 100, textPageLimit: 100 };
const hello = 'BT /F 24 Tf 72 700 Td (Hello page) Tj ET';

async function render(
  bytes: Uint8Array,
  limits = everything,
  look: (page: RenderedPage, folder: string) => Promise<void> = async () => {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-pdf-'));
  try {
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    const pages: RenderedPage[] = [];
    const opened: number[] = [];
    const result = await renderPdf(limits, {
      inputPath,
      folder,
      async emit(part) {
        if (part.kind === 'opened') opened.push(part.pageCount);
        else {
          await look(part.page, folder);
          pages.push(part.page);
        }
      },
    });
    return { ...result, opened, pages };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('pages come in their order, with images in two sizes and a thumbnail of the first', {
  timeout,
}, async () => {
  const sizes: (number | undefined)[] = [];
  const { opened, pages, renderedPageCount } = await render(
    await makePdf(['One', 'Two', 'Three']),
    everything,
    async (page, folder) => {
      for (const { file, width, height } of page.images) {
        const written = await sharp(join(folder, file)).metadata();
        expect([written.format, written.width, written.height]).toEqual(['webp', width, height]);
        sizes.push((await stat(join(folder, file))).size);
      }
    },
  );
  expect(opened).toEqual([3]);
  expect(renderedPageCount).toBe(3);
  expect(pages.map(({ pageNumber, text }) => [pageNumber, text])).toEqual([
    [1, 'One'],
    [2, 'Two'],
    [3, 'Three'],
  ]);
  expect(pages.map(({ images }) => images.map(({ kind, width }) => [kind, width]))).toEqual([
    [
      ['large', 1600],
      ['small', 800],
      ['thumbnail', 480],
    ],
    [
      ['large', 1600],
      ['small', 800],
    ],
    [
      ['large', 1600],
      ['small', 800],
    ],
  ]);
  expect(sizes).toHaveLength(7);
});

test('pages beyond the limits have their text only, and then nothing', { timeout }, async () => {
  const bytes = await makePdf(['One', 'Two', 'Three', 'Four']);
  const { pages, pageCount, renderedPageCount } = await render(bytes, {
    imagePageLimit: 2,
    textPageLimit: 3,
  });
  expect({ pageCount, renderedPageCount }).toEqual({ pageCount: 4, renderedPageCount: 2 });
  expect(pages.map(({ text, images }) => [text, images.length])).toEqual([
    ['One', 3],
    ['Two', 2],
    ['Three', 0],
  ]);
});

test.each([
  ['as it is', '', [612, 792], [72, 74]],
  ['turned', '/Rotate 90', [792, 612], [695, 72]],
  ['cropped', '/CropBox [50 600 400 750]', [350, 150], [22, 32]],
  ['cropped and turned', '/CropBox [50 600 400 750] /Rotate 90', [150, 350], [95, 22]],
])('text has its place on a page that is %s', { timeout }, async (_name, entries, size, place) => {
  const hidden = 'BT /F 24 Tf 72 100 Td (Below the fold) Tj ET';
  const content = entries.includes('Crop') ? `${hello} ${hidden}` : hello;
  const { pages } = await render(makePagesPdf([content], { entries }));
  const [page] = pages;
  expect([page?.width, page?.height]).toEqual(size);
  expect(page?.text).toBe('Hello page');
  const [run] = page?.textLayer ?? [];
  expect(run?.[0]).toBe('Hello page');
  expect(Math.abs((run?.[1] ?? 0) - (place[0] ?? 0))).toBeLessThan(6);
  expect(Math.abs((run?.[2] ?? 0) - (place[1] ?? 0))).toBeLessThan(6);
});

test('links lead to websites, to mail and within the document, and nowhere else', { timeout }, async () => {
  const link = (y: number, action: string) =>
    `<< /Type /Annot /Subtype /Link /Rect [50 ${y} 150 ${y + 20}] ${action} >>`;
  const annotations = [
    link(600, '/A << /S /URI /URI (https://example.com/a) >>'),
    link(560, '/A << /S /URI /URI (javascript:alert\\(1\\)) >>'),
    link(520, '/A << /S /URI /URI (file:///etc/passwd) >>'),
    link(480, '/A << /S /URI /URI (mailto:ada@example.com) >>'),
    link(440, '/A << /S /URI /URI (www.example.org) >>'),
    link(400, '/Dest [5 0 R /Fit]'),
    link(360, '/A << /S /Launch /F (run.exe) >>'),
  ];
  const written = `BT /F 12 Tf 50 100 Td (See https://example.net/written or 9@AJ.1) Tj ET`;
  const { pages } = await render(
    makePagesPdf([written, hello], { entries: `/Annots [${annotations.join(' ')}]` }),
  );
  expect(pages[0]?.links.map(({ href, pageNumber }) => href ?? pageNumber)).toEqual([
    'https://example.com/a',
    'mailto:ada@example.com',
    'https://www.example.org/',
    2,
    'https://example.net/written',
  ]);
  expect(pages[0]?.links[0]).toMatchObject({ x: 50, y: 172, width: 100, height: 20 });
});

test('what stands in the fields of a form is read and drawn, and links stay', { timeout }, async () => {
  const look = makeStream(
    'BT /F 12 Tf 2 5 Td (Ada Lovelace) Tj ET',
    '/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F 3 0 R >> >>',
  );
  const bytes = makePagesPdf([hello], {
    entries: `/Annots [8 0 R << /Type /Annot /Subtype /Link /Rect [50 600 150 620]
      /A << /S /URI /URI (https://example.com/) >> >>]`,
    catalog: '/AcroForm << /Fields [8 0 R] /DR << /Font << /F 3 0 R >> >> >>',
    more: [
      'null',
      look,
      '<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada Lovelace) /Rect [72 500 272 520] /AP << /N 7 0 R >> >>',
    ],
  });
  const { pages } = await render(bytes);
  expect(pages[0]?.text).toBe('Hello page\nAda Lovelace');
  expect(pages[0]?.links.map(({ href }) => href)).toEqual(['https://example.com/']);
});

test('the title of a slide and the headings of a text are found by the size of their letters', {
  timeout,
}, async () => {
  const line = (size: number, y: number, text: string) => `BT /F ${size} Tf 50 ${y} Td (${text}) Tj ET`;
  const body = Array.from({ length: 12 }, (_, index) =>
    line(11, 560 - index * 14, 'Some words of the body here'),
  );
  const text = [line(26, 720, 'The whole'), line(16, 620, 'A part'), ...body].join(' ');
  const { pages } = await render(makePagesPdf([text]));
  expect(pages[0]?.headings.map(({ level, text: heading }) => [level, heading])).toEqual([
    [1, 'The whole'],
    [2, 'A part'],
  ]);
  const slide = [line(20, 340, 'Why us'), line(14, 240, 'Because'), line(60, 60, '42')].join(' ');
  const slides = await render(makePagesPdf([slide], { box: '[0 0 720 405]' }));
  expect(slides.pages[0]?.headings).toMatchObject([{ level: 1, text: 'Why us' }]);
});

test('one page that takes all memory leaves the others as they are', { timeout }, async () => {
  const bomb = makePagesPdf([hello, '/X Do', hello], {
    resources: '/XObject << /X MORE 0 R >>',
    more: [
      makeStream(
        '/X Do /X Do',
        '/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 10 0 R >> >>',
      ),
    ],
  });
  const { pages, renderedPageCount } = await render(bomb);
  expect(pages.map(({ text, images }) => [text, images.length])).toEqual([
    ['Hello page', 3],
    ['', 0],
    ['Hello page', 2],
  ]);
  expect(renderedPageCount).toBe(2);
});

test('pages that are only claimed are not counted', { timeout }, async () => {
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>';
  const { pageCount, opened } = await render(
    makeRawPdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 90000 >>', page]),
  );
  expect([pageCount, opened]).toEqual([1, [1]]);
});

test.each([
  ['very large', '[0 0 1000000 1000000]'],
  ['very tall', '[0 0 10 200000]'],
  ['a point small', '[0 0 1 1]'],
  ['without a size', '[0 0 0 0]'],
])('a page that is %s has images within bounds', { timeout }, async (_name, box) => {
  const { pages } = await render(makePagesPdf([hello], { box }));
  const sides = pages[0]?.images.flatMap(({ width, height }) => [width, height]) ?? [];
  expect(sides).toHaveLength(6);
  expect(Math.max(...sides)).toBeLessThanOrEqual(16_383);
  expect(Math.min(...sides)).toBeGreaterThan(0);
});

test('a file that can not be opened is refused with its reason', { timeout }, async () => {
  const whole = makePagesPdf([hello]);
  const without = makeRawPdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>']);
  const locked = await makePdf(['Secret'], { userPassword: 'open sesame' });
  await expect(render(locked)).rejects.toMatchObject({ reason: 'password' });
  await expect(render(without)).rejects.toMatchObject({ reason: 'empty' });
  await expect(render(whole.subarray(0, 150))).rejects.toMatchObject({ reason: 'damaged' });
  await expect(render(Buffer.alloc(0))).rejects.toMatchObject({ reason: 'damaged' });
});

test('junk before the start and a cut-off table are no obstacle', { timeout }, async () => {
  const whole = makePagesPdf([hello]);
  const late = await render(Buffer.concat([Buffer.alloc(800, 'junk\n'), whole]));
  expect(late.pages[0]?.text).toBe('Hello page');
  const table = whole.lastIndexOf('startxref');
  const cut = await render(whole.subarray(0, table));
  expect(cut.pages[0]?.text).toBe('Hello page');
});
