import { randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { ScannerUnavailable } from '../documents/clamav.ts';
import { ChildEnded } from '../documents/sandbox.ts';
import { FileRefused } from '../documents/tasks.ts';
import { enqueueOnce, type JobPayload } from '../jobs/catalog.ts';
import { finishRendition, type Outcome, settleSource } from './finish.ts';
import { reasonOfEnding, reasonOfRefusal, reasonWorkerDied } from './reasons.ts';
import { renderByType } from './render-by-type.ts';
import { findConverter } from './render-office.ts';
import { passesScan } from './scan.ts';
import { ensureFileRendition } from './source.ts';
import { holdSource, type RenditionRow, updateRendition } from './write-queries.ts';

/** After as many deaths a file is only tried again when a person asks for it. */
const mostDeaths = 3;
const busyMs = 5_000;
const scannerAwayMs = 60_000;

/** Tells this process from others, and from itself before it was started again. */
const workerKey = randomBytes(8).toString('hex');

type FileSource = JobPayload<'render-file'>;

/** Makes the rendition of a file, unless it is there. Whatever ends this halfway, the next try begins anew. */
export async function renderFile(ctx: Context, source: FileSource, stopping: AbortSignal): Promise<void> {
  const { blobHash } = source;
  const isMine = await holdSource(ctx.db, blobHash, async () => {
    const rendition = await ensureFileRendition(ctx, source);
    try {
      if (await passesScan(ctx, rendition, blobHash, stopping))
        await takeUp(ctx, rendition, source, stopping);
    } catch (error) {
      await putOff(ctx, source, { error, stopping });
    }
  });
  if (!isMine) await requeue(ctx, source, new Date(ctx.clock().getTime() + busyMs));
}

/** A scanner that is away is no fault of the file, nor of the job, however long it stays away; nor is a stop. */
async function putOff(
  ctx: Context,
  source: FileSource,
  { error, stopping }: { error: unknown; stopping: AbortSignal },
): Promise<void> {
  if (stopping.aborted) return requeue(ctx, source);
  if (!(error instanceof ScannerUnavailable)) throw error;
  ctx.log.warn({ event: 'scanner_unavailable', err: error });
  await requeue(ctx, source, new Date(ctx.clock().getTime() + scannerAwayMs));
}

async function requeue({ db }: Context, source: FileSource, runAt?: Date): Promise<void> {
  await enqueueOnce(db, 'render-file', source, { ...(runAt && { runAt }) });
}

async function takeUp(
  ctx: Context,
  rendition: RenditionRow,
  source: FileSource,
  stopping: AbortSignal,
): Promise<void> {
  const { state } = rendition;
  // A version that came after its content was rendered hears of it here.
  if (state === 'done' || (state === 'unsupported' && !(await canConvertNow(ctx, rendition))))
    return settleSource(ctx, rendition);
  if (state === 'failed') return;
  const hasDied = state === 'running' && rendition.workerKey !== workerKey;
  const deathCount = rendition.deathCount + (hasDied ? 1 : 0);
  if (deathCount >= mostDeaths)
    return finishRendition(ctx, { ...rendition, deathCount }, { state: 'failed', reason: reasonWorkerDied });
  const running = { ...rendition, deathCount };
  await updateRendition(ctx.db, rendition.id, {
    state: 'running',
    deathCount,
    workerKey,
    startedAt: ctx.clock(),
    reason: null,
  });
  try {
    const { rendition: made, outcome } = await renderByType(ctx, running, source, stopping);
    await finishRendition(ctx, made, outcome);
  } catch (error) {
    await giveUp(ctx, running, source, { error, stopping });
  }
}

async function canConvertNow(ctx: Context, { lacksConverter }: RenditionRow): Promise<boolean> {
  return lacksConverter && (await findConverter(ctx)).kind !== 'off';
}

/** Decides who is at fault. Only the file pays for its faults: for ours the job is tried again as often as any. */
async function giveUp(
  ctx: Context,
  rendition: RenditionRow,
  source: FileSource,
  { error, stopping }: { error: unknown; stopping: AbortSignal },
): Promise<void> {
  if (stopping.aborted) {
    await updateRendition(ctx.db, rendition.id, { state: 'queued' });
    await requeue(ctx, source);
    return;
  }
  if (error instanceof FileRefused) return finishRendition(ctx, rendition, outcomeOfRefusal(error));
  if (error instanceof ChildEnded) {
    const deathCount = rendition.deathCount + 1;
    ctx.log.warn({ event: 'child_died', renditionId: rendition.id, cause: error.cause, deathCount });
    if (deathCount >= mostDeaths)
      return finishRendition(
        ctx,
        { ...rendition, deathCount },
        { state: 'failed', reason: reasonOfEnding(error.cause) },
      );
    await updateRendition(ctx.db, rendition.id, { state: 'queued', deathCount });
    throw error;
  }
  await updateRendition(ctx.db, rendition.id, { state: 'queued' }).catch(() => undefined);
  throw error;
}

function outcomeOfRefusal({ reason }: FileRefused): Outcome {
  return { state: reason === 'unknown_type' ? 'unsupported' : 'failed', reason: reasonOfRefusal(reason) };
}
