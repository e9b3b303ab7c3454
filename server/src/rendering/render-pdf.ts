import { setPageCount } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { keepPage } from './keep-page.ts';
import { reasonLongPdf, reasonTooManyWords } from './reasons.ts';
import { createTextBudget } from './text-budget.ts';
import { deletePagesAfter, type RenditionRow, updateRendition } from './write-queries.ts';

/** Pages after the first have words only, pages after the second nothing at all. */
const limits = { imagePageLimit: 500, textPageLimit: 5000 };

/** What the speaker says to a page, which is not in the PDF. */
export type NotesOfPage = (pageNumber: number, text: string, pageCount: number) => string;

/** Keeps every page as it comes, the first one first. Says when there are more than can be shown. */
export async function renderPdf(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  { signal, notesOf }: { signal: AbortSignal; notesOf?: NotesOfPage },
): Promise<{ pageCount: number; reason: string | null }> {
  let renderedPageCount = 0;
  let opened = 0;
  const budget = createTextBudget();
  const { pageCount } = await ctx.sandbox.run('render-pdf', path, limits, {
    signal,
    async onPart(part, folder) {
      if (part.kind === 'opened') {
        opened = part.pageCount;
        await ctx.db.transaction().execute((trx) => notePageCount(trx, rendition, part.pageCount));
        return;
      }
      const page = budget.take(part.page);
      if (page.images.length > 0) renderedPageCount += 1;
      const notes = notesOf?.(page.pageNumber, page.text, opened) ?? '';
      await keepPage(ctx, rendition, page, { folder, notes, renderedPageCount });
    },
  });
  if (budget.isSpent()) return { pageCount, reason: reasonTooManyWords };
  return { pageCount, reason: pageCount > limits.imagePageLimit ? reasonLongPdf(pageCount, limits) : null };
}

/** What an earlier reading of the text took for more pages than there are goes. */
async function notePageCount(trx: Database, rendition: RenditionRow, pageCount: number): Promise<void> {
  await updateRendition(trx, rendition.id, { pageCount });
  await deletePagesAfter(trx, rendition.id, pageCount);
  await setPageCount(trx, rendition.sourceKey, pageCount);
}
