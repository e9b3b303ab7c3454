import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import type { Rendition } from './contract.ts';
import type { VersionRow } from './queries.ts';
import { describeRendition, getVersion } from './service.ts';
import { resetRendition } from './write-queries.ts';

/** A person waits for it, so it goes before everything else. */
const priority = -10;

/** Renders a failed file again as if nothing had happened, or asks a web link's page again. */
export async function retryRendition(ctx: Context, actor: Actor, assetVersionId: string): Promise<Rendition> {
  const version = await getVersion(ctx.db, actor, assetVersionId);
  await ctx.db.transaction().execute(async (trx) => {
    if (version.url !== null) {
      await enqueueOnce(trx, 'read-web-link', { assetVersionId }, { priority });
      return;
    }
    if (!(await resetRendition(trx, version.sourceKey, ctx.clock()))) refuseRetry(version);
    const { blobHash, mediaType, fileName } = version;
    const source = { blobHash: blobHash ?? '', mediaType, fileName: fileName ?? 'file' };
    await enqueueOnce(trx, 'render-file', source, { priority });
  });
  return describeRendition(ctx.db, await getVersion(ctx.db, actor, assetVersionId));
}

function refuseRetry({ state }: VersionRow): never {
  if (state === 'unsupported')
    throw new Problem('conflict', 'This kind of file has no pages, so trying again changes nothing.');
  throw new Problem('conflict', 'Nothing failed here, so there is nothing to try again. Reload the page.');
}
