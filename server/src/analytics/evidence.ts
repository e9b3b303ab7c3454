import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { listAssetEvidence } from './contract.ts';
import { listAssetVisits } from './evidence-queries.ts';
import { computeHumanOpens } from './metrics.ts';

const windowMs = 90 * 86_400_000;

type Evidence = z.output<(typeof listAssetEvidence)['response']>;

/** How buyers received these assets in the last 90 days, in the order asked for. */
export async function readAssetEvidence({ db, clock }: Context, assetIds: string[]): Promise<Evidence> {
  const asOf = clock();
  const wanted = [...new Set(assetIds)];
  const visits = await listAssetVisits(db, wanted, { start: new Date(asOf.getTime() - windowMs), end: asOf });
  const visitsOf = Map.groupBy(visits, ({ assetId }) => assetId);
  return {
    items: wanted.map((assetId) => ({ assetId, humanOpens: computeHumanOpens(visitsOf.get(assetId) ?? []) })),
    asOf,
  };
}
