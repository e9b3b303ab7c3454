import { sql } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';

const monthsOfPast = 24;
const pagesOfVisit = 10;

/**
 * Two years in which so many pages were seen: 2,000 assets of ten pages, shared 20,000 times with people of 2,000 accounts
 * with deals. Rows are written without looking at each other, because they fit by how they are made.
 */
export async function makeReadPast(db: Database, pageCount: number): Promise<void> {
  const visitCount = Math.ceil(pageCount / pagesOfVisit);
  const linkCount = Math.min(20_000, visitCount);
  await db.transaction().execute(async (trx) => {
    const run = (text: string) => sql.raw(text).execute(trx);
    await run('set local session_replication_role = replica');
    await run(`insert into "user" (id, email, name, role)
      select 'usr_' || n, n || '@example.com', 'User ' || n, 'rep' from generate_series(0, 199) n`);
    await run(`insert into account (id, name, industry, region, segment)
      select 'acc_' || n, 'Account ' || n, 'Industry ' || n % 12, 'Region ' || n % 4, 'Segment ' || n % 3
      from generate_series(0, 1999) n`);
    await run(`insert into buyer_slice (industry, region, segment)
      select distinct industry, region, segment from account`);
    await run(`insert into asset (id, kind, title, status, published_at, current_version_id)
      select 'ast_' || n, 'web_link', 'Asset ' || n, 'published', now() - interval '3 years', 'ver_' || n
      from generate_series(0, 1999) n`);
    await run(`insert into asset_version (id, asset_id, number, url, media_type, page_count)
      select 'ver_' || n, 'ast_' || n, 1, 'https://example.com/' || n, 'text/uri-list', ${pagesOfVisit}
      from generate_series(0, 1999) n`);
    await run(`insert into rendition (id, source_key, method, asset_version_id, media_type, state, page_count)
      select 'rnd_' || n, 'ver_' || n, 2, 'ver_' || n, 'text/uri-list', 'done', ${pagesOfVisit}
      from generate_series(0, 1999) n`);
    await run(`insert into rendition_page (rendition_id, page_number, text, word_count)
      select 'rnd_' || n, page, 'words', (n * 7 + page * 31) % 400
      from generate_series(0, 1999) n, generate_series(1, ${pagesOfVisit}) page`);
    await run(`insert into recipient (id, name, account_id)
      select 'rcp_' || n, 'Buyer ' || n, case when n % 10 > 0 then 'acc_' || n % 2000 end
      from generate_series(0, ${linkCount - 1}) n`);
    await run(`insert into share_link (id, asset_id, recipient_id, created_by_user_id, token_hash, token_sealed, created_at)
      select 'lnk_' || n, 'ast_' || n % 2000, 'rcp_' || n, 'usr_' || n % 200, 'hash ' || n, '-',
        now() - interval '${monthsOfPast} months' * ((n * 7919 % ${linkCount})::float8 / ${linkCount})
      from generate_series(0, ${linkCount - 1}) n`);
    await run(`insert into deal (id, external_id, account_id, amount, currency, stage, outcome, opened_at)
      select 'deal_' || n, n, 'acc_' || n % 2000, 1000, 'EUR', 'Proposal', 'open',
        now() - interval '${monthsOfPast} months' * (n / 20000.0)
      from generate_series(0, 19999) n`);
    await run(`insert into deal_stage (deal_id, position, stage, entered_at)
      select id, place, 'Stage ' || place, opened_at + place * interval '20 days'
      from deal, generate_series(0, 2) place`);
    await run(`insert into search (id, user_id, query, filters, result_count, took_ms, searched_at)
      select 'srh_' || n, 'usr_' || n % 200, 'words', '{}', 10, 5,
        now() - interval '${monthsOfPast} months' * (n / 50000.0)
      from generate_series(0, 49999) n`);
    await run(`insert into search_result (search_id, asset_id, position)
      select 'srh_' || n, 'ast_' || (n * 13 + place * 101) % 2000, place
      from generate_series(0, 49999) n, generate_series(1, 10) place`);
    await run(`insert into visit (id, share_link_id, visitor_id, started_at, last_active_at)
      select 'vis_' || n, 'lnk_' || n % ${linkCount}, 'vis_' || n % 100000, at, at + interval '5 minutes'
      from generate_series(0, ${visitCount - 1}) n cross join lateral (
        select date_trunc('milliseconds',
          now() - interval '${monthsOfPast} months' * ((n * 7919::bigint % ${visitCount})::float8 / ${visitCount})
        ) as at
      ) it`);
    await run(`insert into visit_version (visit_id, asset_version_id, opened_at)
      select id, 'ver_' || substr(share_link_id, 5)::int % 2000, started_at from visit`);
    await run(`insert into judgement (visit_id, class, probability, reasons, rule_version, judged_at)
      select id, (array['human-likely', 'human-confirmed', 'unsure', 'scanner'])[1 + substr(id, 5)::int % 4], 0.8, '[]', 1,
        last_active_at
      from visit`);
    await run(`select open_month('page_view', (date_trunc('month', now()) - n * interval '1 month')::date)
      from generate_series(0, ${monthsOfPast}) n`);
    await run(`insert into page_view
        (visit_id, visit_started_at, tab_key, asset_version_id, page_number, active_ms, first_seen_at, updated_at)
      select visit.id, visit.started_at, 'tab00001', 'ver_' || substr(share_link_id, 5)::int % 2000, page,
        (substr(visit.id, 5)::int * 37 + page * 911) % 30000, started_at, last_active_at
      from visit, generate_series(1, ${pagesOfVisit}) page`);
  });
  await sql`analyze`.execute(db);
}
