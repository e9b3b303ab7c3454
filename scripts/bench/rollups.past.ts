import { resolve } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import { startOf, toArguments } from './rollups.pages.ts';

const monthsOfPast = 24;
const pagesOfVisit = 10;

export interface Past {
  pageCount: number;
  assetCount: number;
  linkCount: number;
  accountCount: number;
  dealCount: number;
  searchCount: number;
}

export const smallPast = {
  assetCount: 2_000,
  linkCount: 20_000,
  accountCount: 2_000,
  dealCount: 20_000,
  searchCount: 50_000,
};

/** The id of the thing that an SQL expression numbers. */
const id = (kind: string, number: string) => `'${kind}_' || lpad((${number})::text, 10, '0')`;

/**
 * Two years in which so many pages were seen: assets of ten pages, shared with people of accounts with deals, found by searches.
 * Rows are written without looking at each other, because they fit by how they are made; page views come in by COPY.
 */
export async function makeReadPast(db: Database, past: Past): Promise<void> {
  const { pageCount, assetCount, accountCount, dealCount, searchCount } = past;
  const visitCount = Math.ceil(pageCount / pagesOfVisit);
  const linkCount = Math.min(past.linkCount, visitCount);
  const { rows } = await sql<{ now: Date; from: Date }>`
    select date_trunc('milliseconds', now()) as now, date_trunc('milliseconds', now() - interval '${sql.raw(String(monthsOfPast))} months') as "from"`.execute(
    db,
  );
  const [fromMs, nowMs] = [rows[0]?.from.getTime() ?? 0, rows[0]?.now.getTime() ?? 0];
  const visits = { fromMs, nowMs, visitCount, linkCount, assetCount, pagesOfVisit };
  const ago = (share: string) => `now() - interval '${monthsOfPast} months' * (${share})`;
  await db.transaction().execute(async (trx) => {
    const run = (text: string) => sql.raw(text).execute(trx);
    await run('set local session_replication_role = replica');
    await run(`insert into "user" (id, email, name, role)
      select ${id('usr', 'n')}, n || '@example.com', 'User ' || n, 'rep' from generate_series(0, 199) n`);
    await run(`insert into account (id, name, industry, region, segment)
      select ${id('acc', 'n')}, 'Account ' || n, 'Industry ' || n % 12, 'Region ' || n % 4, 'Segment ' || n % 3
      from generate_series(0, ${accountCount - 1}) n`);
    await run(`insert into buyer_slice (industry, region, segment)
      select distinct industry, region, segment from account`);
    await run(`insert into asset (id, kind, title, status, published_at, current_version_id, owner_user_id, review_on)
      select ${id('ast', 'n')}, 'web_link', 'Asset ' || n, 'published', now() - interval '3 years', ${id('ver', 'n')}, ${id('usr', 'n % 200')},
        current_date - 40 + n % 400
      from generate_series(0, ${assetCount - 1}) n`);
    await run(`insert into asset_version (id, asset_id, number, url, media_type, page_count)
      select ${id('ver', 'n')}, ${id('ast', 'n')}, 1, 'https://example.com/' || n, 'text/uri-list', ${pagesOfVisit}
      from generate_series(0, ${assetCount - 1}) n`);
    await run(`insert into rendition (id, source_key, method, asset_version_id, media_type, state, page_count)
      select ${id('rnd', 'n')}, ${id('ver', 'n')}, 2, ${id('ver', 'n')}, 'text/uri-list', 'done', ${pagesOfVisit}
      from generate_series(0, ${assetCount - 1}) n`);
    await run(`insert into rendition_page (rendition_id, page_number, text, word_count)
      select ${id('rnd', 'n')}, page, 'words', (n * 7 + page * 31) % 400
      from generate_series(0, ${assetCount - 1}) n, generate_series(1, ${pagesOfVisit}) page`);
    await tagAssets(run, assetCount);
    await run(`insert into recipient (id, name, account_id)
      select ${id('rcp', 'n')}, 'Buyer ' || n, case when n % 10 > 0 then ${id('acc', `n % ${accountCount}`)} end
      from generate_series(0, ${linkCount - 1}) n`);
    await run(`insert into share_link (id, asset_id, recipient_id, created_by_user_id, token_hash, token_sealed, created_at)
      select ${id('lnk', 'n')}, ${id('ast', `n % ${assetCount}`)}, ${id('rcp', 'n')}, ${id('usr', 'n % 200')}, 'hash ' || n, '-',
        ${ago(`(n * 7919::bigint % ${linkCount})::float8 / ${linkCount}`)}
      from generate_series(0, ${linkCount - 1}) n`);
    // One deal in twenty is open; of the others every second was won.
    await run(`insert into deal
        (id, external_id, account_id, owner_email, amount, currency, stage, outcome, opened_at, closed_at, stage_entered_at)
      select ${id('deal', 'n')}, n, ${id('acc', `n % ${accountCount}`)}, n % 200 || '@example.com', 1000 + n * 37 % 90000, 'EUR',
        'Proposal', case when n % 20 = 0 then 'open' when n % 2 = 0 then 'won' else 'lost' end, opened_at,
        case when n % 20 > 0 then opened_at + interval '70 days' end, opened_at + interval '40 days'
      from generate_series(0, ${dealCount - 1}) n cross join lateral (select ${ago(`n::float8 / ${dealCount}`)} as opened_at) it`);
    await run(`insert into deal_stage (deal_id, position, stage, entered_at)
      select id, place, 'Stage ' || place, opened_at + place * interval '20 days'
      from deal, generate_series(0, 2) place where place < 2 or substr(id, 6)::int % 3 > 0`);
    await run(
      `insert into currency_rate (currency, rate, is_base, changed_at) values ('EUR', 1, true, now()) on conflict do nothing`,
    );
    await run(`insert into search (id, user_id, query, filters, result_count, took_ms, searched_at, term_ids, cluster_key)
      select ${id('srh', 'n')}, ${id('usr', 'n % 200')}, 'words ' || n % 500, '{}', 10, 5,
        ${ago(`n::float8 / ${searchCount}`)},
        array[${id('trm', 'n % 8')}, ${id('trm', '100 + n % 7')}, ${id('trm', '200 + n % 12')}], 'words ' || n % 500
      from generate_series(0, ${searchCount - 1}) n`);
    await run(`insert into search_result (search_id, asset_id, position)
      select ${id('srh', 'n')}, ${id('ast', `(n * 13 + place * 101) % ${assetCount}`)}, place
      from generate_series(0, ${searchCount - 1}) n, generate_series(1, 10) place`);
    await run(`insert into asset_activity (id, asset_id, user_id, kind, occurred_at)
      select ${id('act', 'n')}, ${id('ast', `n * 29 % ${assetCount}`)}, ${id('usr', 'n % 200')}, case when n % 9 = 0 then 'downloaded' else 'opened' end,
        ${ago(`n::float8 / ${searchCount}`)}
      from generate_series(0, ${searchCount - 1}) n`);
    await run(`insert into visit (id, share_link_id, visitor_id, started_at, last_active_at)
      select ${id('vis', 'n')}, ${id('lnk', `n % ${linkCount}`)}, ${id('vis', 'n % 100000')}, at, at + interval '5 minutes'
      from generate_series(0, ${visitCount - 1}) n cross join lateral (select ${startOf(visits)} as at) it`);
    await run(`insert into visit_version (visit_id, asset_version_id, opened_at)
      select id, ${id('ver', `substr(share_link_id, 5)::int % ${assetCount}`)}, started_at from visit`);
    await run(`insert into judgement (visit_id, class, probability, reasons, rule_version, judged_at)
      select id, (array['human-likely', 'human-confirmed', 'unsure', 'scanner'])[1 + substr(id, 5)::int % 4], 0.8, '[]', 1,
        last_active_at
      from visit`);
    await run(`select open_month('page_view', (date_trunc('month', now()) - n * interval '1 month')::date)
      from generate_series(0, ${monthsOfPast}) n`);
    const program = resolve(import.meta.dirname, 'rollups.pages.ts');
    await run(`copy page_view
        (visit_id, visit_started_at, tab_key, asset_version_id, page_number, active_ms, first_seen_at, updated_at)
      from program '${process.execPath} ${program} ${toArguments(visits)}'`);
  });
  await sql`analyze`.execute(db);
}

const dimensions = [
  { key: 'persona', from: 0, count: 8 },
  { key: 'stage', from: 100, count: 7 },
  { key: 'objection', from: 200, count: 12 },
  { key: 'product', from: 300, count: 6 },
  { key: 'content_type', from: 400, count: 10 },
];

/** Two personas, stages and objections each, one product and one content type. */
async function tagAssets(run: (text: string) => Promise<unknown>, assetCount: number): Promise<void> {
  for (const { key, from, count } of dimensions) {
    await run(`insert into term (id, dimension_key, name, position)
      select ${id('trm', `${from} + n`)}, '${key}', '${key} ' || n, n from generate_series(0, ${count - 1}) n`);
    await run(`insert into asset_term (asset_id, term_id)
      select ${id('ast', 'n')}, ${id('trm', `${from} + n * 3 % ${count}`)} from generate_series(0, ${assetCount - 1}) n`);
    if (from < 300)
      await run(`insert into asset_term (asset_id, term_id)
        select ${id('ast', 'n')}, ${id('trm', `${from} + n * 5 % ${count}`)} from generate_series(0, ${assetCount - 1}) n
        on conflict do nothing`);
  }
}
