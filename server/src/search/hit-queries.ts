import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { NotRightReason } from './contract.ts';

export interface CandidateFacts {
  assetId: string;
  title: string;
  publishedAt: Date;
  updatedAt: Date;
  isStale: boolean;
  termIds: string[];
  hasTalkTrack: boolean;
  isShareable: boolean;
  sharerCount: number;
  humanOpenCount: number;
  notRightCount: number;
  notRight: NotRightReason | null;
}

interface FactsWanted {
  assetIds: string[];
  userId: string;
  clusterKey: string;
  now: Date;
}

/** What the ranking needs of these assets, in no promised order; those that are not published are left out. */
export async function listCandidateFacts(db: Database, wanted: FactsWanted): Promise<CandidateFacts[]> {
  if (wanted.assetIds.length === 0) return [];
  const { rows } = await sql<CandidateFacts>`
    select asset.id as asset_id, asset.title, asset.published_at, asset.updated_at,
      coalesce(asset.review_on < ${wanted.now}::timestamptz::date, false) or owner.deactivated_at is not null
        as is_stale,
      array(select term_id from asset_term where asset_id = asset.id) as term_ids,
      asset.talk_track <> '' as has_talk_track,
      asset.audience = 'external' as is_shareable,
      coalesce(evidence.sharer_count, 0) as sharer_count,
      coalesce(evidence.human_open_count, 0) as human_open_count,
      coalesce(evidence.not_right_count, 0) as not_right_count,
      refused.reason as not_right
    from asset
    left join "user" as owner on owner.id = asset.owner_user_id
    left join search_evidence as evidence on evidence.asset_id = asset.id
    left join (
      select distinct on (action.asset_id) action.asset_id, coalesce(action.reason, 'other') as reason
      from search join search_action as action on action.search_id = search.id
      where search.user_id = ${wanted.userId} and search.cluster_key = ${wanted.clusterKey}
        and search.cluster_key <> ''
        and action.kind = 'dismissed'
      order by action.asset_id, action.acted_at desc
    ) as refused on refused.asset_id = asset.id
    where asset.id = any(${wanted.assetIds}::text[]) and asset.status = 'published'`.execute(db);
  return rows;
}

export interface SentRow {
  assetId: string;
  sentAt: Date;
  byName: string;
  isOwn: boolean;
  isOlderVersion: boolean;
  humanOpenCount: number;
}

/** The latest share link of each asset to this account or to one of its contacts. */
export async function listSentToAccount(
  db: Database,
  { accountId, assetIds, userId }: { accountId: string | null; assetIds: string[]; userId: string },
): Promise<SentRow[]> {
  if (accountId === null || assetIds.length === 0) return [];
  const { rows } = await sql<SentRow>`
    select sent.asset_id, sent.shared_at as sent_at, sender.name as by_name,
      sent.created_by_user_id = ${userId} as is_own,
      coalesce(version.created_at > sent.shared_at, false) as is_older_version, opened.count as human_open_count
    from (
      select distinct on (link.asset_id) link.*
      from recipient
      left join contact on contact.id = recipient.contact_id
      join shared_asset as link on link.recipient_id = recipient.id
      where (recipient.account_id = ${accountId} or contact.account_id = ${accountId})
        and link.asset_id = any(${assetIds}::text[])
      order by link.asset_id, link.shared_at desc, link.share_link_id
    ) as sent
    join "user" as sender on sender.id = sent.created_by_user_id
    join asset on asset.id = sent.asset_id
    left join asset_version as version on version.id = asset.current_version_id
    cross join lateral (
      select count(*)::int as count
      from visited_asset as visited
      join current_judgement as judged on judged.visit_id = visited.visit_id
      where visited.share_link_id = sent.share_link_id and visited.asset_id = sent.asset_id
        and judged.is_human
    ) as opened`.execute(db);
  return rows;
}

export interface Selling {
  talkTrack: string;
  /** Where deals that read it surely moved on more often than others like them; what sure is says whoever counts it. */
  influence: { estimate: number; low: number; high: number; dealCount: number; countedAt: Date } | null;
}

/** What to say with these assets, and whether they go together with deals that move. */
export async function listSelling(db: Database, assetIds: string[]): Promise<Map<string, Selling>> {
  if (assetIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('asset')
    .leftJoin('assetInfluence as lift', (join) =>
      join.onRef('lift.assetId', '=', 'asset.id').on('lift.isLifting', '=', true),
    )
    .leftJoin('influenceState as state', (join) => join.onTrue())
    .select([
      'asset.id',
      'asset.talkTrack',
      'lift.estimate',
      'lift.low',
      'lift.high',
      'lift.exposedCount as dealCount',
      'state.countedAt',
    ])
    .where('asset.id', 'in', assetIds)
    .execute();
  return new Map(
    rows.map(({ id, talkTrack, estimate, low, high, dealCount, countedAt }) => [
      id,
      {
        talkTrack,
        influence:
          estimate === null || low === null || high === null || dealCount === null || countedAt === null
            ? null
            : { estimate, low, high, dealCount, countedAt },
      },
    ]),
  );
}

/** What stands on a page of the current version, with what is said to it. */
export async function findPageText(
  db: Database,
  assetId: string,
  pageNumber: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ text: string }>`
    select concat_ws(E'\\n\\n', nullif(page.text, ''), nullif(page.notes, '')) as text
    from asset
    cross join lateral (
      select rendition_id from version_rendition where asset_version_id = asset.current_version_id limit 1
    ) as shown
    join rendition_page as page on page.rendition_id = shown.rendition_id
    where asset.id = ${assetId} and page.page_number = ${pageNumber}`.execute(db);
  return rows[0]?.text;
}

interface UseCount {
  assetId: string;
  sharedByCount: number;
  humanOpenCount: number;
}

/** What sales and buyers did with these assets since then. */
export async function listUseCounts(db: Database, assetIds: string[], since: Date): Promise<UseCount[]> {
  const { rows } = await sql<UseCount>`
    select given.id as asset_id, shared.count as shared_by_count, opened.count as human_open_count
    from unnest(${assetIds}::text[]) as given (id)
    cross join lateral (
      select count(distinct shared_asset.created_by_user_id)::int as count
      from shared_asset join "user" on "user".id = shared_asset.created_by_user_id
      where shared_asset.asset_id = given.id and shared_asset.shared_at >= ${since}
        and "user".role in ('rep', 'manager')
    ) as shared
    cross join lateral (
      select count(*)::int as count
      from visited_asset as visited
      join current_judgement as judged on judged.visit_id = visited.visit_id
      where visited.asset_id = given.id and visited.started_at >= ${since}
        and judged.is_human
    ) as opened`.execute(db);
  return rows;
}

/** Works out anew how much each published asset is used; what is gone takes its row along. */
export async function refreshEvidence(db: Database, since: Date, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into search_evidence (asset_id, sharer_count, human_open_count, not_right_count, refreshed_at)
    select asset.id, coalesce(shared.count, 0), coalesce(opened.count, 0), coalesce(refused.count, 0), ${now}
    from asset
    left join (
      select link.asset_id, count(distinct link.created_by_user_id)::int as count
      from shared_asset as link join "user" on "user".id = link.created_by_user_id
      where link.shared_at >= ${since} and "user".role in ('rep', 'manager')
      group by link.asset_id
    ) as shared on shared.asset_id = asset.id
    left join (
      select visited.asset_id, count(*)::int as count
      from visited_asset as visited
      join current_judgement as judged on judged.visit_id = visited.visit_id
      where visited.started_at >= ${since} and judged.is_human
      group by visited.asset_id
    ) as opened on opened.asset_id = asset.id
    left join (
      select action.asset_id, count(distinct search.user_id)::int as count
      from search_action as action join search on search.id = action.search_id
      where action.kind = 'dismissed' and search.searched_at >= ${since}
      group by action.asset_id
    ) as refused on refused.asset_id = asset.id
    where asset.status = 'published'
      and (shared.count > 0 or opened.count > 0 or refused.count > 0
        or exists (select from search_evidence where asset_id = asset.id))
    on conflict (asset_id) do update
      set sharer_count = excluded.sharer_count, human_open_count = excluded.human_open_count,
        not_right_count = excluded.not_right_count, refreshed_at = excluded.refreshed_at`.execute(db);
  return Number(numAffectedRows ?? 0);
}
