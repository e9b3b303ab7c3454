import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setPageCount } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { StagedFile } from '../documents/home.ts';
import { findProgram } from '../documents/run-program.ts';
import type { VideoFacts } from '../documents/tasks.ts';
import type { Outcome } from './finish.ts';
import { keepPoster } from './poster.ts';
import { copyPoster, hasPoster, type RenditionRow, upsertPage } from './write-queries.ts';

const ffmpegPlaces = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg', '/opt/homebrew/bin/ffmpeg'];
const posterTimeMs = 20_000;
const posterMemoryBytes = 1_000_000_000;

/** Duration and size of a video or a recording, and a frame of a video for its card. */
export async function renderVideo(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { id, mediaType, sourceKey } = rendition;
  const facts = await ctx.sandbox.run('read-video', path, { mediaType }, { signal });
  const { width, height, durationMs } = facts;
  await upsertPage(ctx.db, { renditionId: id, pageNumber: 1, width, height, text: '', wordCount: 0 });
  await copyPoster(ctx.db, rendition);
  const isWanted = mediaType.startsWith('video/') && !(await hasPoster(ctx.db, id));
  if (isWanted) await capturePoster(ctx, rendition, path, { facts, signal });
  await setPageCount(ctx.db, sourceKey, 1);
  return { state: 'done', reason: reasonFor(mediaType, facts), durationMs, pageCount: 1 };
}

function reasonFor(mediaType: string, { isPlayable, codecs }: VideoFacts): string | null {
  if (isPlayable || !mediaType.startsWith('video/')) return null;
  const how = codecs.length > 0 ? ` (${codecs.join(', ')})` : '';
  return `Most browsers cannot play this video${how}. Save it as MP4 with H.264 and upload it as a new version; until then people can download it.`;
}

/** A frame near the start, which is rarely black there. A host without ffmpeg does without. */
async function capturePoster(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  { facts, signal }: { facts: VideoFacts; signal: AbortSignal },
): Promise<void> {
  const program = await findProgram(ffmpegPlaces);
  if (!program) return;
  const atSeconds = Math.min(3, (facts.durationMs ?? 0) / 4000).toFixed(2);
  let frame: StagedFile | undefined;
  try {
    await ctx.sandbox.exec(
      program,
      (folder, input) => [
        ...['-nostdin', '-v', 'error', '-protocol_whitelist', 'file', '-ss', atSeconds, '-i', input],
        ...['-frames:v', '1', '-vf', 'scale=min(1600\\,iw):-2', join(folder, 'poster.png')],
      ],
      {
        file: path,
        timeoutMs: posterTimeMs,
        memoryBytes: posterMemoryBytes,
        signal,
        async onResult(folder) {
          const made = join(folder, 'poster.png');
          frame = await ctx.sandbox.stage(createReadStream(made), (await stat(made)).size);
        },
      },
    );
    if (frame) await keepPoster(ctx, rendition.id, frame.path, { signal });
  } catch (err) {
    if (signal.aborted) throw err;
    // The video plays all the same; its card shows a symbol instead.
    ctx.log.info({ event: 'poster_failed', renditionId: rendition.id, err });
  } finally {
    await frame?.[Symbol.asyncDispose]();
  }
}
