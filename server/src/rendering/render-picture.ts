import { setPageCount } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Outcome } from './finish.ts';
import { keepPage } from './keep-page.ts';
import type { RenditionRow } from './write-queries.ts';

/** A picture is a document of one page without text. */
export async function renderPicture(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { mediaType, sourceKey } = rendition;
  await ctx.sandbox.run(
    'render-picture',
    path,
    { mediaType },
    {
      signal,
      onResult: ({ page }, folder) =>
        keepPage(ctx, rendition, page, { folder, notes: '', renderedPageCount: 1 }),
    },
  );
  await setPageCount(ctx.db, sourceKey, 1);
  return { state: 'done', reason: null, pageCount: 1 };
}
