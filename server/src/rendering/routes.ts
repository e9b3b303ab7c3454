import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { sendFile } from '../http/send-file.ts';
import * as contract from './contract.ts';
import { findInVersion } from './find.ts';
import { receivePoster } from './poster.ts';
import { listRenderingFaults, readRenderingProgress } from './progress.ts';
import { retryRendition } from './retry.ts';
import { getPageImage, readPageText, readRendition } from './service.ts';
import { listSimilarClusters } from './similar.ts';
import { getUploadThumbnail, readUploadInsight } from './upload-insight.ts';

/**
 * Long enough to leaf back and forth without asking. The address stays when the pages are rendered anew or the asset
 * is withdrawn, and a browser should not show the old picture much longer than we do.
 */
const keptSeconds = 600;

export function mountRendering(router: IRouter, ctx: Context): void {
  route(router, contract.readRendition, everyUser, ({ actor, params }) =>
    readRendition(ctx.db, actor, params.assetVersionId),
  );
  route(router, contract.readPageText, everyUser, ({ actor, params }) =>
    readPageText(ctx.db, actor, params.assetVersionId, params.pageNumber),
  );
  route(router, contract.readPageImage, everyUser, async ({ actor, params, query, req, res }) => {
    const image = await getPageImage(ctx.db, actor, { ...params, size: query.size });
    await sendFile(ctx.blobs, req, res, {
      hash: image.blobHash,
      sizeBytes: image.sizeBytes,
      fileName: `page-${image.pageNumber}.webp`,
      mediaType: 'image/webp',
      disposition: 'inline',
      ...(image.isLasting && { keptSeconds }),
    });
  });
  route(router, contract.findInVersion, everyUser, ({ actor, params, query }) =>
    findInVersion(ctx.db, actor, params.assetVersionId, query.query),
  );
  route(router, contract.retryRendition, curators, ({ actor, params }) =>
    retryRendition(ctx, actor, params.assetVersionId),
  );
  route(router, contract.uploadPoster, curators, ({ actor, query, req, res }) =>
    receivePoster(ctx, actor, { uploadTicket: query.uploadTicket, req, res }),
  );
  route(router, contract.readRenderingProgress, curators, () => readRenderingProgress(ctx));
  route(router, contract.listRenderingFaults, curators, ({ query }) => listRenderingFaults(ctx, query));
  route(router, contract.readUploadInsight, curators, ({ actor, query }) =>
    readUploadInsight(ctx, actor, query.uploadTicket),
  );
  route(router, contract.readUploadThumbnail, curators, async ({ actor, query, req, res }) => {
    const thumbnail = await getUploadThumbnail(ctx, actor, query.uploadTicket);
    const file = { fileName: 'thumbnail.webp', mediaType: 'image/webp', disposition: 'inline' } as const;
    await sendFile(ctx.blobs, req, res, { ...thumbnail, ...file });
  });
  route(router, contract.listSimilarClusters, curators, () => listSimilarClusters(ctx));
}
