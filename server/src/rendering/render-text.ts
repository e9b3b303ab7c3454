import type { Context } from '../context.ts';
import type { Outcome } from './finish.ts';
import { type RenditionRow, upsertPage } from './write-queries.ts';

/** Text without pages is one page of words, with HTML that is shown as it flows. */
export async function renderText(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { mediaType } = rendition;
  const { html, text, wordCount, headings } = await ctx.sandbox.run(
    'read-text',
    path,
    { mediaType },
    { signal },
  );
  await upsertPage(ctx.db, {
    renditionId: rendition.id,
    pageNumber: 1,
    text,
    wordCount,
    headings: headings,
  });
  return { state: 'done', reason: null, html };
}
