import type { RenderedPage, TextRun } from '../../server/src/documents/tasks.ts';
import type { TestApp } from './app.ts';

interface DocumentInput {
  assetVersionId: string;
  pageCount?: number;
  /** Fewer than `pageCount` while the rest is being rendered. */
  renderedPageCount?: number;
  state?: string;
  /** Lines on each page. */
  lines?: (pageNumber: number) => string[];
  links?: RenderedPage['links'];
  /** The bytes of the picture of a page; a test that looks at none needs no picture in them. */
  picture?: (pageNumber: number, kind: 'small' | 'large') => string;
}

const [width, height] = [720, 405];

/** A rendition of slides: pages with their size, words in boxes, headings and both pictures. */
export async function makeDocument(
  { ctx: { db }, make }: Pick<TestApp, 'ctx' | 'make'>,
  {
    assetVersionId,
    pageCount = 3,
    renderedPageCount = pageCount,
    state = 'done',
    lines = (page) => [`Slide ${page}`, `What stands on page ${page} & nowhere else.`],
    links = [],
    picture = (page, kind) => `${kind} picture of page ${page} of ${assetVersionId}`,
  }: DocumentInput,
): Promise<void> {
  const numbers = Array.from({ length: renderedPageCount }, (_, index) => index + 1);
  const { id } = await make.rendition({
    assetVersionId,
    state,
    pageCount,
    renderedPageCount,
    pages: numbers.map((page) => lines(page).join('\n')),
  });
  await db.updateTable('assetVersion').set({ pageCount }).where('id', '=', assetVersionId).execute();
  const hashes = new Map<string, string>();
  const keep = async (text: string): Promise<string> => {
    const hash = hashes.get(text) ?? (await make.blob(text));
    hashes.set(text, hash);
    return hash;
  };
  for (const pageNumber of numbers) {
    const words = lines(pageNumber);
    const textLayer = words.map((text, index): TextRun => [text, 40, 30 + index * 20, 9 * text.length, 16]);
    await db
      .updateTable('renditionPage')
      .set({
        width,
        height,
        notes: 'What only the speaker may know',
        headings: words.slice(0, 1).map((text) => ({ level: 1, text })),
        links,
        textLayer,
      })
      .where('renditionId', '=', id)
      .where('pageNumber', '=', pageNumber)
      .execute();
    for (const [kind, dots] of [
      ['small', 800],
      ['large', 1600],
    ] as const)
      await db
        .insertInto('renditionImage')
        .values({
          renditionId: id,
          pageNumber,
          kind,
          blobHash: await keep(picture(pageNumber, kind)),
          width: dots,
          height: (dots * height) / width,
        })
        .execute();
  }
}
