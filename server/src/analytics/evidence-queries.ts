import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { JudgedVisit } from '../judging/human-opens.ts';
import type { NotRightReason } from '../search/contract.ts';
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
    select opened.asset_id, judged.class, judged.probability
    from visited_asset opened
    join asset a on a.id = opened.asset_id and a.status = any(${statuses}::text[])
    join current_judgement as judged on judged.visit_id = opened.visit_id
    where opened.asset_id = any(${assetIds}::text[])
      and opened.started_at > ${start} and opened.started_at <= ${end}`;
  return (await query.execute(db)).rows;
}

interface SaidNotRight {
  userId: string;
  reason: NotRightReason;
  notes: string[];
}

/** Who said in the window that the current version of an asset is not right, and why? Each reason counts once a user. */
export async function listNotRightOfAsset(
  db: Database,
  assetId: string,
  { start, end }: Window,
): Promise<SaidNotRight[]> {
  const query = sql<SaidNotRight>`
    select s.user_id, coalesce(x.reason, 'other') as reason,
      coalesce(array_agg(x.note order by x.acted_at desc) filter (where x.note <> ''), '{}') as notes
    from search_action x
    join search s on s.id = x.search_id
    join asset a on a.id = x.asset_id
    join asset_version v on v.id = a.current_version_id and v.created_at < x.acted_at
    where x.asset_id = ${assetId} and x.kind = 'dismissed' and x.acted_at > ${start} and x.acted_at <= ${end}
    group by s.user_id, coalesce(x.reason, 'other')
    order by max(x.acted_at) desc`;
  return (await query.execute(db)).rows;
}
