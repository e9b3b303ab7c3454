import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { readUploadTicket, receiveBytes } from '../assets/service.ts';
import type { Context } from '../context.ts';
import { ChildEnded } from '../documents/sandbox.ts';
import { FileRefused } from '../documents/tasks.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { keepImages, stageImages } from './keep-page.ts';
import { ensureFileRendition } from './source.ts';

const longestPosterBytes = 8 * 1_048_576;

/** Takes the frame that the uploader's browser captured. It is drawn anew by ours, so nothing of it is kept as it came. */
export async function receivePoster(
  ctx: Context,
  actor: Actor,
  { uploadTicket, req, res }: { uploadTicket: string; req: Request; res: Response },
): Promise<void> {
  const { hash, mediaType } = readUploadTicket(ctx, actor, uploadTicket);
  if (!mediaType.startsWith('video/'))
    throw new Problem('invalid_request', 'Only a video has a poster. Leave it out for this file.');
  const bytes = await receiveBytes(longestPosterBytes, req, res);
  const rendition = await ensureFileRendition(ctx, { blobHash: hash, mediaType });
  try {
    await using file = await ctx.sandbox.stage(Readable.from(bytes), bytes.length);
    await keepPoster(ctx, rendition.id, file.path, { isAwaited: true });
  } catch (error) {
    if (error instanceof FileRefused || error instanceof ChildEnded)
      throw new Problem('refused_file', 'This picture cannot be read. Choose another frame of the video.');
    throw error;
  }
}

/** Draws a picture as the poster and the thumbnail of a video. */
export async function keepPoster(
  ctx: Context,
  renditionId: string,
  path: string,
  options: { signal?: AbortSignal; isAwaited?: boolean },
): Promise<void> {
  await ctx.sandbox.run(
    'render-picture',
    path,
    { mediaType: 'image/png' },
    {
      ...options,
      async onResult({ page }, folder) {
        const images = page.images.flatMap((image) => {
          if (image.kind === 'large') return { ...image, kind: 'poster' as const };
          return image.kind === 'thumbnail' ? image : [];
        });
        const staged = await stageImages(ctx, images, folder);
        await ctx.db.transaction().execute((trx) => keepImages(ctx, trx, renditionId, 1, staged));
      },
    },
  );
}
