import type { Context } from '../context.ts';
import { indexAsset } from './indexing.ts';

export const searchJobs = {
  'index-asset': (ctx: Context, { assetId }: { assetId: string }) => indexAsset(ctx, assetId),
};
