import type { DescribedMetric, MetricKey } from './contract.ts';
import { metrics } from './metrics.ts';

// What the definitions say, as queries that whoever has the database can run. They are slower than the report and look at
// what happened, not at what is counted beside it; a test holds both against each other. The names that begin with a
// colon are the moments at which the window starts and ends, its first and last day, and the asset it is about.

const sellers = `(select id from "user" where role in ('rep', 'manager'))`;

const isPublished = `case
    when exists (select from asset_status_change c where c.asset_id = a.id and c.changed_at > :end) then (
      select c.status from asset_status_change c where c.asset_id = a.id and c.changed_at <= :end
      order by c.changed_at desc, c.id desc limit 1
    )
    else a.status
  end = 'published'`;

const isEligible = `a.published_at <= :end - interval '720 hours'
  and ${isPublished}`;

const isShared = `exists (
    select from shared_asset s
    where s.asset_id = a.id and s.shared_at between :start and :end and s.created_by_user_id in ${sellers}
  )`;

const hasDone = (kind: string) => `exists (
    select from asset_activity x
    where x.asset_id = a.id and x.kind = '${kind}' and x.occurred_at between :start and :end and x.user_id in ${sellers}
  )`;

const isUsed = `(${isShared}
  or ${hasDone('downloaded')})`;

const isReading = (condition: string) => `exists (
    select from reading r
    where r.asset_id = a.id and r.day between :first_day and :last_day and ${condition}
  )`;

const read = 'r.is_human and cardinality(r.read_pages) > 0';

const hasMoved = `exists (
    select from reading r
    join deal d on d.account_id = r.account_id and d.removed_at is null
    join deal_stage e on e.deal_id = d.id and e.entered_at > r.started_at and e.entered_at <= :end
    where r.asset_id = a.id and r.day between :first_day and :last_day and ${read}
  )`;

const isSurfaced = `exists (
    select from search s join search_result f on f.search_id = s.id
    where f.asset_id = a.id and s.searched_at between :start and :end
  )`;

const isStale = `(coalesce(a.review_on < :last_day, false)
  or exists (select from "user" o where o.id = a.owner_user_id and o.deactivated_at is not null))`;

const ofReadings = (what: string, condition = 'r.is_human') => `select ${what} from reading r
where r.asset_id = :asset and r.day between :first_day and :last_day and ${condition}`;

const quartiles = (what: string) => `percentile_cont(array[0.25, 0.5, 0.75]) within group (order by ${what})`;

const sentBySellers = `from share_link l
where l.created_at between :start and :end and l.undone_at is null and l.forwarded_by_visitor_id is null
  and l.created_by_user_id in (select id from "user" where role in ('rep', 'manager') and deactivated_at is null)`;

/** Null where no single query says it: what belongs together is found, or an estimate is made, by the program. */
const metricSql = {
  eligible_assets: `select count(*) from asset a
where ${isEligible}`,
  used_assets: `select count(*) from asset a
where ${isEligible}
  and ${isUsed}`,
  unused_rate: `select 1 - avg(case when ${isUsed} then 1 else 0 end)
from asset a
where ${isEligible}`,
  usage_ladder: `select case
  when ${hasMoved} then 'moved'
  when ${isReading(read)} then 'read'
  when ${isReading('r.is_human')} then 'reached'
  when ${isShared} then 'shared'
  when ${hasDone('opened')} then 'opened'
  when ${isSurfaced} then 'surfaced'
  else 'published' end as rung, count(*)
from asset a
where ${isEligible}
group by 1`,
  human_opens: ofReadings('count(*)'),
  read_pages: ofReadings('coalesce(sum(cardinality(r.read_pages)), 0)'),
  reads: ofReadings('count(*)', read),
  attention: `select page.number, ${quartiles('page.ms / 100')} as tenths
from reading r cross join unnest(r.page_ms) with ordinality as page (ms, number)
where r.asset_id = :asset and r.day between :first_day and :last_day and r.is_human and page.ms > 0
group by page.number`,
  visit_time: ofReadings(quartiles('r.active_ms')),
  completion: ofReadings(quartiles('cardinality(r.read_pages) / r.page_count::float8')),
  drop_off: `select furthest_page, count(*) from (
  ${ofReadings('r.reader_key, max(r.furthest_page) as furthest_page', 'r.is_human and r.furthest_page > 0')}
  group by r.reader_key
) reader
group by furthest_page`,
  retention: null,
  shares_read: `select count(*), count(*) filter (where exists (
  select from reading r where r.share_link_id = s.share_link_id and r.asset_id = s.asset_id and ${read}
))
from shared_asset s
where s.asset_id = :asset and s.shared_at between :start and :end`,
  deals_read: `select d.outcome, count(distinct d.id) from reading r
join share_link_deal x on x.share_link_id = r.share_link_id join deal d on d.id = x.deal_id
where r.asset_id = :asset and r.day between :first_day and :last_day and ${read}
group by d.outcome`,
  stale_assets: `select count(*) from asset a
where ${isPublished}
  and ${isStale}`,
  search_success: null,
  gap: null,
  coverage: null,
  coverage_demand: null,
  objection_notes: `select n.objection_term_id, count(*) from objection_note n
where n.noted_at between :start and :end
group by n.objection_term_id`,
  reads_per_share: `select date_trunc('week', s.shared_at) as week, count(*), count(*) filter (where exists (
  select from reading r where r.share_link_id = s.share_link_id and r.asset_id = s.asset_id and ${read}
    and r.started_at <= s.shared_at + interval '14 days'
))
from shared_asset s
where s.asset_id = :asset and s.shared_at <= :end - interval '14 days' and s.created_by_user_id in ${sellers}
group by 1`,
  hot_stale_assets: null,
  expiring: null,
  held_versions: `select count(*) from share_link l join asset_version v on v.id = l.pinned_version_id
join asset a on a.id = v.asset_id join asset_version w on w.id = a.current_version_id
where v.number < w.number and a.status = 'published' and l.revoked_at is null and l.undone_at is null
  and (l.expires_at is null or l.expires_at > :end)`,
  unanswered_flags: `select count(distinct a.id) from search_action x
join asset a on a.id = x.asset_id join asset_version v on v.id = a.current_version_id
where x.kind = 'dismissed' and x.reason in ('outdated', 'wrong') and x.acted_at > v.created_at and a.status = 'published'
  and not exists (
    select from flag_answer f where f.asset_id = a.id and f.answered_at >= x.acted_at and f.undone_at is null
  )`,
  influence: null,
  first_place: null,
  pipeline_read: `select sum(v.base_amount) filter (where exists (
  select from share_link_deal x join reading r on r.share_link_id = x.share_link_id
  where x.deal_id = v.deal_id and r.class = 'human-confirmed' and ${read} and r.started_at > :end - interval '14 days'
)) / nullif(sum(v.base_amount), 0)
from deal_value v
where v.outcome = 'open'`,
  decision_effect: null,
  adoption: `select count(distinct l.created_by_user_id) ${sentBySellers}`,
  shares_per_seller: `select l.created_by_user_id, count(*) ${sentBySellers}
group by l.created_by_user_id`,
  follow_up: `select count(*), count(*) filter (where exists (
  select from follow_up f where f.share_link_id = l.id and f.undone_at is null and f.followed_up_at >= first.read_at
))
from (
  select r.share_link_id, min(r.started_at) as read_at from reading r where ${read} group by r.share_link_id
) first
join share_link l on l.id = first.share_link_id
join recipient p on p.id = l.recipient_id and p.kind <> 'channel'
where first.read_at between :start and :end and l.created_by_user_id in ${sellers}`,
  published_assets: `select count(*) from asset where status = 'published'`,
  share_links: `select count(*) from shared_asset s
where s.asset_id = :asset and s.shared_at between :start and :end and s.created_by_user_id in ${sellers}`,
  open_requests: `select count(*), count(*) filter (where due_on < :last_day) from request
where status in ('open', 'planned')`,
} as const satisfies Record<MetricKey, string | null>;

/** Where the API answers it. */
const endpoints: Record<MetricKey, readonly string[]> = {
  eligible_assets: ['/report/reach', '/report/coverage'],
  used_assets: ['/report/reach'],
  unused_rate: ['/report/reach', '/report/brief'],
  usage_ladder: ['/report/reach', '/report/reach/shelf', '/report/reach/assets'],
  human_opens: ['/report/reach/assets', '/my-links', '/assets/:assetId/attention'],
  read_pages: ['/my-links', '/assets/:assetId/attention'],
  reads: ['/assets/:assetId/attention'],
  attention: ['/assets/:assetId/attention'],
  visit_time: ['/assets/:assetId/attention'],
  completion: ['/assets/:assetId/attention'],
  drop_off: ['/assets/:assetId/attention'],
  retention: ['/assets/:assetId/attention'],
  shares_read: ['/assets/:assetId/use'],
  deals_read: ['/assets/:assetId/use'],
  stale_assets: ['/report/reach'],
  search_success: ['/gaps', '/report/gaps', '/report/teams'],
  gap: ['/gaps', '/report/gaps'],
  coverage: ['/report/coverage', '/report/coverage/cell'],
  coverage_demand: ['/report/coverage', '/report/coverage/cell'],
  objection_notes: ['/report/objections', '/report/gaps', '/report/coverage'],
  reads_per_share: ['/report/aging'],
  hot_stale_assets: ['/report/aging'],
  expiring: ['/report/aging'],
  held_versions: ['/report/aging'],
  unanswered_flags: ['/report/aging'],
  influence: ['/report/influence', '/report/influence/assets/:assetId'],
  first_place: ['/report/influence/first-place'],
  pipeline_read: ['/report/influence/pipeline'],
  decision_effect: ['/decisions'],
  adoption: ['/report/teams'],
  shares_per_seller: ['/report/teams'],
  follow_up: ['/report/teams'],
  published_assets: ['/slice'],
  share_links: ['/report/reach/assets'],
  open_requests: ['/report/gaps'],
};

/** What is not counted as it happens. */
const asOf: Partial<Record<MetricKey, DescribedMetric['asOf']>> = {
  influence: 'nightly',
  reads_per_share: 'nightly',
  decision_effect: 'nightly',
  search_success: 'now',
  gap: 'now',
  first_place: 'now',
  coverage_demand: 'now',
  objection_notes: 'now',
  stale_assets: 'now',
  unanswered_flags: 'now',
  published_assets: 'now',
  open_requests: 'now',
};

/** Each metric with everything that is known of it; the glossary and the API print it. */
export function describeMetric(key: MetricKey): DescribedMetric {
  return {
    key,
    ...metrics[key],
    sql: metricSql[key],
    asOf: asOf[key] ?? 'counted',
    endpoints: [...endpoints[key]],
  };
}
