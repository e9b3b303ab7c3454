import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** More hits than these around a visit are a flood, of which the first tell enough. */
const mostHitsAround = 2_000;

export interface VisitFactsRow {
  id: string;
  userAgent: string;
  isInternal: boolean;
  hasTrustedInput: boolean;
  startedAt: Date;
  lastActiveAt: Date;
  requestFacts: unknown;
  browserFacts: unknown;
  linkMadeAt: Date;
  mailedAt: Date | null;
  hasPasscode: boolean;
  visitorKeyKind: string;
  activeMs: number;
  pagesSeen: number;
  hasDownloaded: boolean;
  hasComeBack: boolean;
  /** Whether the raw requests of that time are still kept. */
  hasHits: boolean;
  twinAgents: string[] | null;
  hasProbe: boolean | null;
  hasTakenTrap: boolean | null;
  linksOpenedAtOnce: number;
  class: string | null;
  probability: number | null;
  ruleVersion: number | null;
  pattern: string | null;
  judgedByUserId: string | null;
  areRulesKept: boolean;
}

/**
 * What the judgement of each of these visits rests on, with the judgement that counts now, in one question. Requests
 * of the same network count as the visitor's own only when they name the same browser, because behind one address there
 * can be a gateway and those whom it guards. Of a visit that was erased only its judgement is left, which stands.
 */
export async function listVisitFacts(
  db: Database,
  visitIds: string[],
  ruleVersion: number,
): Promise<VisitFactsRow[]> {
  const { rows } = await sql<VisitFactsRow>`
    select
      visit.id, visit.user_agent, visit.is_internal, visit.has_trusted_input,
      visit.started_at, visit.last_active_at, visit.request_facts, visit.browser_facts,
      link.created_at as link_made_at, link.mailed_at, link.passcode_hash is not null as has_passcode,
      visitor.key_kind as visitor_key_kind,
      -- Tabs add up, but nobody is active for longer than the visit lasted.
      least(
        coalesce(viewed.active_ms, 0), extract(epoch from visit.last_active_at - visit.started_at) * 1000 + 5000
      )::int as active_ms,
      coalesce(viewed.pages_seen, 0) as pages_seen,
      exists (
        select 1 from visit_version opened where opened.visit_id = visit.id and opened.downloaded_at is not null
      ) as has_downloaded,
      exists (
        select 1 from visit earlier
        where earlier.visitor_id = visit.visitor_id and earlier.share_link_id = visit.share_link_id
          and earlier.last_active_at < visit.started_at - interval '1 hour'
      ) as has_come_back,
      around.has_hits, around.twin_agents, around.has_probe, around.has_taken_trap,
      (
        select count(distinct hit.share_link_id)::int
        from (
          select share_link_id from link_hit
          where network = visit.network and network <> ''
            and occurred_at between visit.started_at - interval '1 minute' and visit.started_at + interval '1 minute'
          limit ${mostHitsAround}
        ) hit
        join share_link other on other.id = hit.share_link_id
        where other.created_by_user_id = link.created_by_user_id
      ) as links_opened_at_once,
      said.class, said.probability, said.rule_version, said.pattern, said.judged_by_user_id,
      exists (select 1 from judgement_rules where version = ${ruleVersion}) as are_rules_kept
    from visit
    join share_link link on link.id = visit.share_link_id
    join visitor on visitor.id = visit.visitor_id
    left join lateral (
      select sum(active_ms) as active_ms, count(distinct (asset_version_id, page_number))::int as pages_seen
      from page_view
      where page_view.visit_id = visit.id and page_view.visit_started_at = visit.started_at
    ) viewed on true
    left join lateral (
      select
        count(*) > 0 as has_hits,
        array_agg(distinct hit.user_agent) filter (
          where hit.network <> visit.network and hit.method = 'GET' and hit.purpose = ''
            and hit.occurred_at between visit.started_at - interval '30 seconds'
              and visit.started_at + interval '30 seconds'
        ) as twin_agents,
        bool_or(
          hit.network = visit.network and hit.user_agent = visit.user_agent and hit.method = 'HEAD'
            and hit.occurred_at < visit.started_at + interval '1 minute'
        ) as has_probe,
        bool_or(
          hit.network = visit.network and hit.user_agent = visit.user_agent and hit.status = 404
        ) as has_taken_trap
      from (
        select network, user_agent, method, purpose, status, occurred_at from link_hit
        where share_link_id = visit.share_link_id
          and occurred_at between visit.started_at - interval '1 minute' and visit.started_at + interval '10 minutes'
        order by occurred_at limit ${mostHitsAround}
      ) hit
    ) around on true
    left join current_judgement said on said.visit_id = visit.id
    where visit.id = any(${visitIds}) and visit.erased_at is null
    order by visit.id`.execute(db);
  return rows;
}
