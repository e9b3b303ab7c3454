import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { RequestFacts } from '../judging/contract.ts';

/** A link hit as it waits in a file; the id is made where the request was taken. */
export interface SpooledHit {
  id: string;
  shareLinkId: string;
  method: string;
  status: number;
  userAgent: string;
  purpose: string;
  network: string;
  country: string | null;
  facts: RequestFacts;
  /** ISO 8601. */
  occurredAt: string;
}

/**
 * Many at once, as one parameter, because naming the values of thousands of rows takes longer than writing them. A hit
 * that is there already stays as it is; one of a share link that has gone meanwhile is nobody's.
 */
export async function insertLinkHits(db: Database, hits: SpooledHit[]): Promise<void> {
  await sql`
    insert into link_hit
      (id, share_link_id, method, status, user_agent, purpose, network, country, facts, occurred_at)
    select hit.id, hit."shareLinkId", hit.method, hit.status, hit."userAgent", hit.purpose, hit.network, hit.country,
      hit.facts, hit."occurredAt"
    from json_to_recordset(${JSON.stringify(hits)}::text::json) as hit (
      id text, "shareLinkId" text, method text, status int, "userAgent" text, purpose text, network text,
      country text, facts jsonb, "occurredAt" timestamptz
    )
    where exists (select from share_link where share_link.id = hit."shareLinkId")
    on conflict (id, occurred_at) do nothing`.execute(db);
}
