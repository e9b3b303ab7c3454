import { type Insertable, sql } from 'kysely';
import type { AssetChange } from '../assets/service.ts';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import type { DecisionAction, DecisionEffect, DecisionKind } from './contract.ts';

export async function insertDecision(
  db: Database,
  row: Omit<Insertable<DB['decision']>, 'details'> & { details: DecisionAction },
  undo: AssetChange[],
): Promise<void> {
  await db
    .insertInto('decision')
    .values({ ...row, details: row.details as object as Insertable<DB['decision']>['details'] })
    .execute();
  await sql`
    insert into decision_asset (decision_id, asset_id, undo)
    select ${row.id}, change ->> 'assetId', change -> 'patch'
    from jsonb_array_elements(${JSON.stringify(undo)}::text::jsonb) as change`.execute(db);
}

/** The terms that leave an asset when these come, because their dimensions take one value. */
export async function listDisplacedTermIds(db: Database, termIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select other.id from term other join dimension d on d.key = other.dimension_key and not d.is_multiple
    where other.id <> all (${termIds}::text[]) and exists (
      select from term chosen where chosen.id = any (${termIds}::text[]) and chosen.dimension_key = d.key
    )`.execute(db);
  return rows.map((row) => row.id);
}

export interface DecisionRow {
  id: string;
  kind: DecisionKind;
  ownerName: string | null;
  on: string | null;
  terms: TermTag[];
  note: string;
  madeOn: string;
  assetCount: number;
  assets: { assetId: string; title: string }[];
  decidedByName: string;
  decidedAt: Date;
  /** The moment to the last digit, as a cursor needs it. */
  decidedAtText: string;
  undoneAt: Date | null;
  undoneByName: string | null;
  effect: DecisionEffect | null;
  effectAsOf: Date | null;
}

const selectDecisions = sql`
  select d.id, d.kind, owner.name as owner_name, coalesce(d.details ->> 'reviewOn', d.details ->> 'untilOn') as on,
    tagged.terms, d.note, d.made_on, chosen.asset_count, chosen.assets, decider.name as decided_by_name,
    d.decided_at, d.decided_at::text as decided_at_text, d.undone_at, undoer.name as undone_by_name,
    d.effect, d.effect_as_of
  from decision d
  join "user" decider on decider.id = d.decided_by_user_id
  left join "user" undoer on undoer.id = d.undone_by_user_id
  left join "user" owner on owner.id = d.details ->> 'ownerUserId'
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'dimensionKey', t.dimension_key, 'name', t.name)
      order by t.position, t.name), '[]') as terms
    from term t where d.details -> 'termIds' ? t.id
  ) tagged
  cross join lateral (
    select count(*)::int as asset_count,
      coalesce(jsonb_agg(jsonb_build_object('assetId', named.id, 'title', named.title) order by named.place)
        filter (where named.place <= 5), '[]') as assets
    from (
      select a.id, a.title, row_number() over (order by a.title, a.id) as place
      from decision_asset da join asset a on a.id = da.asset_id where da.decision_id = d.id
    ) named
  ) chosen`;

export async function findDecisionRow(db: Database, decisionId: string): Promise<DecisionRow | undefined> {
  const { rows } = await sql<DecisionRow>`${selectDecisions} where d.id = ${decisionId}`.execute(db);
  return rows[0];
}

interface DecisionFilter {
  assetId: string | null;
  after: { decidedAtText: string; id: string } | null;
  limit: number;
}

/** Newest first, after the one that is named. */
export async function listDecisionRows(
  db: Database,
  { assetId, after, limit }: DecisionFilter,
): Promise<DecisionRow[]> {
  const ofAsset = assetId
    ? sql`and exists (select from decision_asset da where da.decision_id = d.id and da.asset_id = ${assetId})`
    : sql``;
  const older = after
    ? sql`and (d.decided_at < ${after.decidedAtText}::timestamptz
        or (d.decided_at = ${after.decidedAtText}::timestamptz and d.id > ${after.id}))`
    : sql``;
  const { rows } = await sql<DecisionRow>`${selectDecisions}
    where true ${ofAsset} ${older} order by d.decided_at desc, d.id limit ${limit}`.execute(db);
  return rows;
}

/** The changes that take it back, once: whoever asks a second time finds it taken back. Undefined where there is none. */
export async function markUndone(
  db: Database,
  decisionId: string,
  by: { userId: string; now: Date },
): Promise<AssetChange[] | undefined> {
  const marked = await db
    .updateTable('decision')
    .set({ undoneAt: by.now, undoneByUserId: by.userId })
    .where('id', '=', decisionId)
    .where('undoneAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!marked) return undefined;
  const { rows } = await sql<AssetChange>`
    select da.asset_id, da.undo as patch from decision_asset da where da.decision_id = ${decisionId}`.execute(
    db,
  );
  return rows;
}

/** Of published assets, the longest recommended last. */
export async function listPromotedAssets(
  db: Database,
  today: string,
): Promise<{ assetId: string; note: string; untilOn: string }[]> {
  const { rows } = await sql<{ assetId: string; note: string; untilOn: string }>`
    select p.asset_id, p.note, p.until_on::text as until_on
    from promoted_asset p join asset a on a.id = p.asset_id and a.status = 'published'
    where p.until_on >= ${today}::date
    order by p.decided_at desc, a.title limit 12`.execute(db);
  return rows;
}
