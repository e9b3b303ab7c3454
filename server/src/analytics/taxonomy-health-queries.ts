import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import { salesRoles, type Window } from './queries.ts';

export interface TermUse {
  id: string;
  dimensionKey: DimensionKey;
  name: string;
  createdAt: Date;
  assetCount: number;
  /** Assets that were published for so long that somebody could have used them. */
  eligibleCount: number;
  /** Assets that sales shared or downloaded. */
  usedCount: number;
  searchCount: number;
}

/** How many published assets has each term, which of them were used in the window, and how often was it searched for? */
export async function listTermUse(
  db: Database,
  { start, end }: Window,
  eligibleSince: Date,
): Promise<TermUse[]> {
  const query = sql<TermUse>`
    with searched as (
      select named.term_id, count(distinct s.id)::int as count
      from search s
      cross join lateral (
        select unnest(s.term_ids) as term_id
        union select jsonb_array_elements_text(s.filters -> 'termIds')
      ) as named
      where s.searched_at > ${start} and s.searched_at <= ${end}
      group by named.term_id
    ),
    chosen as (
      select term_id, count(*)::int as count from term_choice
      where not is_refused and chosen_at > ${start} and chosen_at <= ${end}
      group by term_id
    ),
    used as (
      select l.asset_id from shared_asset l
      join "user" u on u.id = l.created_by_user_id and u.role in ${salesRoles}
      where l.shared_at > ${start} and l.shared_at <= ${end}
      union
      select x.asset_id from asset_activity x
      join "user" u on u.id = x.user_id and u.role in ${salesRoles}
      where x.kind = 'downloaded' and x.occurred_at > ${start} and x.occurred_at <= ${end}
    ),
    tagged as (
      select at.term_id, count(*)::int as count, count(used.asset_id)::int as used_count,
        count(*) filter (where a.published_at <= ${eligibleSince})::int as eligible_count
      from asset_term at join asset a on a.id = at.asset_id and a.status = 'published'
      left join used on used.asset_id = a.id
      group by at.term_id
    )
    select t.id, t.dimension_key, t.name, t.created_at,
      coalesce(tagged.count, 0) as asset_count,
      coalesce(tagged.eligible_count, 0) as eligible_count,
      coalesce(tagged.used_count, 0) as used_count,
      coalesce(searched.count, 0) + coalesce(chosen.count, 0) as search_count
    from term t
    join dimension d on d.key = t.dimension_key
    left join searched on searched.term_id = t.id
    left join chosen on chosen.term_id = t.id
    left join tagged on tagged.term_id = t.id
    where t.retired_at is null
    order by d.position, t.position, t.name`;
  return (await query.execute(db)).rows;
}

export interface CommonAssets {
  firstId: string;
  secondId: string;
  commonCount: number;
}

/** Which pairs of terms of one dimension stand on the same published assets? */
export async function listCommonAssets(db: Database, leastCommon: number): Promise<CommonAssets[]> {
  const query = sql<CommonAssets>`
    with tagged as (
      select at.asset_id, t.id, t.dimension_key
      from asset_term at
      join asset a on a.id = at.asset_id and a.status = 'published'
      join term t on t.id = at.term_id and t.retired_at is null
    )
    select x.id as first_id, y.id as second_id, count(*)::int as common_count
    from tagged x join tagged y on y.asset_id = x.asset_id and y.dimension_key = x.dimension_key and y.id > x.id
    group by x.id, y.id having count(*) >= ${leastCommon}`;
  return (await query.execute(db)).rows;
}
