import type { IRouter, Request } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { sendFile } from '../http/send-file.ts';
import { bulkUpdateAssets } from './bulk.ts';
import * as contract from './contract.ts';
import { createImport, listImports, readImport, startImport } from './import-service.ts';
import {
  addVersion,
  createAsset,
  deleteAsset,
  getAssetFile,
  listAssets,
  readAsset,
  recordActivity,
  updateAsset,
} from './service.ts';
import { keepUpload } from './store-upload.ts';
import { receiveFile } from './upload.ts';

export function mountAssets(router: IRouter, ctx: Context): void {
  route(router, contract.listAssets, everyUser, ({ actor, query }) => listAssets(ctx, actor, query));
  route(router, contract.uploadFile, curators, async ({ actor, req, res }) => {
    const { staged, fileName } = await receiveFile(ctx.blobs, ctx.config.maxUploadBytes, req, res);
    return keepUpload(ctx, actor, staged, fileName);
  });
  route(router, contract.createAsset, curators, ({ actor, body }) => createAsset(ctx, actor, body));
  route(router, contract.bulkUpdateAssets, curators, ({ actor, body }) =>
    bulkUpdateAssets(ctx, actor, body.changes),
  );
  route(router, contract.readAsset, everyUser, ({ actor, params }) => readAsset(ctx, actor, params.assetId));
  route(router, contract.updateAsset, curators, ({ actor, params, body }) =>
    updateAsset(ctx, actor, params.assetId, body),
  );
  route(router, contract.deleteAsset, curators, ({ params }) => deleteAsset(ctx, params.assetId));
  route(router, contract.addVersion, curators, ({ actor, params, body }) =>
    addVersion(ctx, actor, params.assetId, body),
  );
  route(router, contract.recordActivity, everyUser, ({ actor, params, body }) =>
    recordActivity(ctx, actor, params.assetId, body),
  );
  route(router, contract.readAssetFile, everyUser, async ({ actor, params, query, req, res }) => {
    const file = await getAssetFile(ctx, actor, params.assetId, query.version);
    const isDownload = query.download === '1';
    if (isDownload && isFirstRequest(req))
      await recordActivity(ctx, actor, params.assetId, { kind: 'downloaded', searchId: null });
    await sendFile(ctx.blobs, req, res, { ...file, disposition: isDownload ? 'attachment' : 'inline' });
  });

  route(router, contract.createImport, curators, ({ actor, body }) => createImport(ctx, actor, body));
  route(router, contract.startImport, curators, ({ params }) => startImport(ctx, params.importRunId));
  route(router, contract.readImport, curators, ({ params }) => readImport(ctx.db, params.importRunId));
  route(router, contract.listImports, curators, () => listImports(ctx.db));
}

/** A browser asks for a large file in parts and looks at it before; only the first of these is a download. */
function isFirstRequest(req: Request): boolean {
  return req.method === 'GET' && /^(bytes=0-.*)?$/.test(req.get('Range') ?? '');
}
