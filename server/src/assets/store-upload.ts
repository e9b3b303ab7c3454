import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { StagedBlob } from '../storage/store.ts';
import { requestRendering } from './content.ts';
import { detectMediaType } from './media-type.ts';
import { listHolders } from './queries.ts';
import { issueTicket, type StoredUpload } from './ticket.ts';
import { deleteUnusedBlob, hasBlob, listUnusedHashes, lockHash, upsertBlob } from './write-queries.ts';

/** How long an upload may wait for its asset. Longer than its ticket is good for. */
const keptMs = 48 * 3_600_000;

/** Keeps an upload that arrived whole and answers the ticket that turns it into an asset or a version. */
export async function keepUpload(ctx: Context, actor: Actor, staged: StagedBlob, fileName: string) {
  const stored = await storeBlob(ctx, staged, fileName);
  const { typeWarning, ...upload } = stored;
  ctx.log.info({ event: 'file_uploaded', hash: upload.hash, sizeBytes: upload.sizeBytes });
  return {
    uploadTicket: issueTicket(ctx.instanceKey, ctx.clock(), actor, upload),
    fileName,
    mediaType: upload.mediaType,
    sizeBytes: upload.sizeBytes,
    typeWarning,
    duplicates: await listHolders(ctx.db, upload.hash),
  };
}

/** Commits the file under the lock of its hash, so that a sweep of the same content can't come between. */
export async function storeBlob(
  { db, clock }: Context,
  staged: StagedBlob,
  fileName: string,
): Promise<StoredUpload & { typeWarning: string | null }> {
  const { hash, sizeBytes } = staged;
  try {
    if (sizeBytes === 0) throw new Problem('refused_file', `“${fileName}” is empty. Choose another file.`);
    const type = await detectMediaType(staged.head, fileName);
    await db.transaction().execute(async (trx) => {
      await lockHash(trx, hash);
      await staged.commit();
      await upsertBlob(trx, { hash, sizeBytes, createdAt: clock() });
      await requestRendering(trx, { hash, sizeBytes, fileName, mediaType: type.mediaType });
    });
    return { hash, sizeBytes, fileName, ...type };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** Removes files that were uploaded two days ago and became nothing, and what broken uploads left aside. */
export async function sweepUploads({ db, blobs, clock, log }: Context): Promise<void> {
  const before = new Date(clock().getTime() - keptMs);
  let sweptCount = 0;
  for (const hash of await listUnusedHashes(db, before, 1000)) {
    const isSwept = await db.transaction().execute(async (trx) => {
      await lockHash(trx, hash);
      if (!(await deleteUnusedBlob(trx, hash, before))) return false;
      await blobs.delete(hash);
      return true;
    });
    if (isSwept) sweptCount += 1;
  }
  for await (const { hash, storedAt } of blobs.list()) {
    // A crash between store and database leaves a file without a row.
    if (storedAt >= before || (await hasBlob(db, hash))) continue;
    await db.transaction().execute(async (trx) => {
      await lockHash(trx, hash);
      if (!(await hasBlob(trx, hash))) await blobs.delete(hash);
    });
    sweptCount += 1;
  }
  const stagedCount = await blobs.sweepStaged(before);
  log.info({ event: 'uploads_swept', sweptCount, stagedCount });
}
