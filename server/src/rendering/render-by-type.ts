import { correctMediaType } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { officeExtension } from '../documents/office-formats.ts';
import { FileRefused } from '../documents/tasks.ts';
import type { JobPayload } from '../jobs/catalog.ts';
import type { Outcome } from './finish.ts';
import { reasonUnsupported } from './reasons.ts';
import { renderOffice } from './render-office.ts';
import { renderPdf } from './render-pdf.ts';
import { renderPicture } from './render-picture.ts';
import { renderText } from './render-text.ts';
import { renderVideo } from './render-video.ts';
import { placeFile, sourceKeyOf } from './source.ts';
import {
  clearRendition,
  deleteRendition,
  findRendition,
  type RenditionRow,
  updateRendition,
} from './write-queries.ts';

/** Looks at the whole file, corrects its type, and does what is to be done with it. */
export async function renderByType(
  ctx: Context,
  rendition: RenditionRow,
  source: JobPayload<'render-file'>,
  signal: AbortSignal,
): Promise<{ rendition: RenditionRow; outcome: Outcome }> {
  await ctx.db.transaction().execute((trx) => clearRendition(trx, rendition.id));
  return placeFile(ctx, source.blobHash, async (path) => {
    const { fileName, mediaType } = source;
    const inspected = await ctx.sandbox.run('inspect', path, { fileName, mediaType }, { signal });
    const isRetyped = inspected.mediaType !== mediaType;
    const current = isRetyped ? await retype(ctx, rendition, inspected.mediaType) : rendition;
    // The same content was rendered under its right type already.
    if (current.state === 'done')
      return { rendition: current, outcome: { state: 'done', reason: null } satisfies Outcome };
    if (inspected.isEncrypted) throw new FileRefused('password', 'The file is encrypted.');
    return { rendition: current, outcome: await render(ctx, current, path, signal) };
  });
}

async function render(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { mediaType } = rendition;
  if (mediaType === 'application/pdf') {
    const { reason } = await renderPdf(ctx, rendition, path, { signal });
    return { state: 'done', reason };
  }
  if (mediaType.startsWith('image/')) return renderPicture(ctx, rendition, path, signal);
  if (/^(video|audio)\//.test(mediaType)) return renderVideo(ctx, rendition, path, signal);
  if (officeExtension(mediaType) !== undefined) return renderOffice(ctx, rendition, path, signal);
  if (isText(mediaType)) return renderText(ctx, rendition, path, signal);
  return { state: 'unsupported', reason: reasonUnsupported(mediaType) };
}

/** What is read as it flows. */
function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || mediaType === 'application/json';
}

/**
 * Moves a rendition, and the versions of its content, to the type that the content turned out to have. Versions that
 * name the wrong type later are corrected by a job of their own.
 */
async function retype(ctx: Context, rendition: RenditionRow, mediaType: string): Promise<RenditionRow> {
  const { blobHash, method } = rendition;
  if (blobHash === null) return rendition;
  const sourceKey = sourceKeyOf({ blobHash, mediaType });
  return ctx.db.transaction().execute(async (trx) => {
    await correctMediaType(trx, { blobHash, from: rendition.mediaType, to: mediaType });
    const known = await findRendition(trx, sourceKey, method);
    if (known) {
      await deleteRendition(trx, rendition.id);
      return known;
    }
    await updateRendition(trx, rendition.id, { mediaType, sourceKey });
    return { ...rendition, mediaType, sourceKey };
  });
}
