import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { JudgedVisit } from './metrics.ts';
import type { Window } from './queries.ts';

interface AssetVisit extends JudgedVisit {
  assetId: string;
}

/** How was each visit to a share link of these assets judged? */
export async function listAssetVisits(
  db: Database,
  assetIds: string[],
  statuses: string[],
  { start, end }: Window,
): Promise<AssetVisit[]> {
  if (assetIds.length === 0) return [];
  const query = sql<AssetVisit>`
    select l.asset_id, judged.class, judged.probability
    from share_link l
    join asset a on a.id = l.asset_id and a.status = any(${statuses}::text[])
    join visit v on v.share_link_id = l.id
    -- The limit keeps the view from being worked out for every visit there is.
    cross join lateral (select class, probability from current_judgement where visit_id = v.id limit 1) as judged
    where l.asset_id = any(${assetIds}::text[]) and v.started_at > ${start} and v.started_at <= ${end}`;
  return (await query.execute(db)).rows;
}
