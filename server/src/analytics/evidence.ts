import type { z } from 'zod';
import { canReadAsset } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { computeHumanOpens } from '../judging/human-opens.ts';
import type { listAssetEvidence } from './contract.ts';
import { listAssetVisits } from './evidence-queries.ts';

const windowMs = 90 * 86_400_000;

type Evidence = z.output<(typeof listAssetEvidence)['response']>;

/** How buyers received these assets in the last 90 days, in the order asked for. What the user may not see has no visits. */
export async function readAssetEvidence(
  { db, clock }: Context,
  actor: Actor,
  assetIds: string[],
): Promise<Evidence> {
  const asOf = clock();
  const wanted = [...new Set(assetIds)];
  const statuses = ['draft', 'published', 'archived'].filter((status) => canReadAsset(actor, status));
  const window = { start: new Date(asOf.getTime() - windowMs), end: asOf };
  const visits = await listAssetVisits(db, wanted, statuses, window);
  const visitsOf = Map.groupBy(visits, ({ assetId }) => assetId);
  return {
    items: wanted.map((assetId) => ({ assetId, humanOpens: computeHumanOpens(visitsOf.get(assetId) ?? []) })),
    asOf,
  };
}
