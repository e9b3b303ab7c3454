import { sql } from 'kysely';
import { type Address, isAddress, mentions } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import { selectLinksTo } from '../shares/service.ts';

/**
 * Who gave the address, and who opened a share link that was made for the person without saying who they are. A visitor
 * who gave another address is somebody else, and our own people are themselves.
 */
const isPerson = (address: Address) => sql`(
  ${isAddress('w.email', address)} or ${mentions('w.name', address)}
    or (w.email is null and exists (
      select from visit seen
      where seen.visitor_id = w.id and not seen.is_internal and seen.share_link_id in ${selectLinksTo(address)}
    )))`;

/** Of a browser that nobody named only what it did with share links to the person is theirs. */
const isTheirVisit = (address: Address) => sql`(
  not v.is_internal and (
    ${isAddress('w.email', address)} or ${mentions('w.name', address)}
      or (w.email is null and v.share_link_id in ${selectLinksTo(address)})
  ))`;

/** Raw requests to their share links, and those of their browser around their visits to others. */
const isTheirHit = (address: Address) => sql`(
  hit.share_link_id in ${selectLinksTo(address)} or exists (
    select from visit v join visitor w on w.id = v.visitor_id
    where v.share_link_id = hit.share_link_id and v.network = hit.network and v.user_agent = hit.user_agent
      and hit.occurred_at between v.started_at - interval '10 minutes' and v.last_active_at + interval '10 minutes'
      and ${isTheirVisit(address)}
  ))`;

const mostHits = 10_000;

export async function exportPerson(db: Database, address: Address) {
  const visitors = await sql<object>`
    select w.id, w.key_kind as known_by, w.email, w.name, w.created_at
    from visitor w where ${isPerson(address)} order by w.created_at`.execute(db);
  const visits = await sql<object>`
    select v.id, v.visitor_id, v.share_link_id, v.started_at, v.last_active_at, v.user_agent, v.network, v.country,
      v.request_facts, v.browser_facts,
      (select json_agg(json_build_object('title', a.title, 'version', version.number, 'openedAt', opened.opened_at,
          'downloadedAt', opened.downloaded_at) order by opened.opened_at)
        from visit_version opened join asset_version version on version.id = opened.asset_version_id
        join asset a on a.id = version.asset_id where opened.visit_id = v.id) as opened,
      (select json_agg(json_build_object('title', a.title, 'page', p.page_number, 'activeMs', p.active_ms,
          'firstSeenAt', p.first_seen_at) order by p.first_seen_at, p.page_number)
        from page_view p join asset_version version on version.id = p.asset_version_id
        join asset a on a.id = version.asset_id where p.visit_id = v.id and p.visit_started_at = v.started_at) as pages,
      (select json_agg(json_build_object('title', a.title, 'seconds', played.seconds::text))
        from watched_range played join asset_version version on version.id = played.asset_version_id
        join asset a on a.id = version.asset_id where played.visit_id = v.id) as watched,
      (select json_agg(json_build_object('judgedToBe', j.class, 'probability', j.probability, 'reasons', j.reasons,
          'judgedAt', j.judged_at) order by j.id)
        from judgement j where j.visit_id = v.id) as judgements
    from visit v join visitor w on w.id = v.visitor_id
    where ${isTheirVisit(address)} order by v.started_at`.execute(db);
  const hits = await sql<object>`
    select hit.share_link_id, hit.occurred_at, hit.method, hit.status, hit.user_agent, hit.network, hit.country, hit.facts
    from link_hit hit where ${isTheirHit(address)} order by hit.occurred_at limit ${mostHits}`.execute(db);
  // What reports still count of visits that are too old to be kept.
  const readings = await sql<object>`
    select r.share_link_id, r.started_at, a.title, r.page_ms, r.read_pages, r.active_ms, r.downloaded_at,
      r.class as judged_to_be
    from reading r join asset a on a.id = r.asset_id
    where r.share_link_id in ${selectLinksTo(address)} and not exists (select from visit v where v.id = r.visit_id)
    order by r.started_at`.execute(db);
  return { visitors: visitors.rows, visits: visits.rows, linkHits: hits.rows, readings: readings.rows };
}

/**
 * Visits stay as they were counted and judged, and nothing tells any more who it was or from where: the key by which the
 * visitor would be known again is lost for good.
 */
export async function erasePerson(db: Database, address: Address, now: Date) {
  const hits = await sql`
    update link_hit hit set user_agent = '', network = '', country = null, facts = '{}', purpose = ''
    where (user_agent <> '' or network <> '' or country is not null or facts <> '{}') and ${isTheirHit(address)}`.execute(
    db,
  );
  const { rows: visitors } = await sql<{ id: string }>`
    select w.id from visitor w where ${isPerson(address)} for update`.execute(db);
  const visits = await sql`
    update visit v set user_agent = '', network = '', country = null, request_facts = '{}', browser_facts = '{}',
      erased_at = ${now}
    from visitor w where w.id = v.visitor_id and v.erased_at is null and ${isTheirVisit(address)}`.execute(
    db,
  );
  await sql`
    update visitor set email = null, name = null, key_hash = 'erased:' || gen_random_uuid()
    where id = any(${visitors.map(({ id }) => id)}::text[])`.execute(db);
  return {
    link_hit: Number(hits.numAffectedRows ?? 0),
    visit: Number(visits.numAffectedRows ?? 0),
    visitor: visitors.length,
  };
}

/** Whether the person of this key was erased after they said who they are. */
export async function wasErased(db: Database, keyHash: string, saidAt: Date): Promise<boolean> {
  const { rows } = await sql`
    select from privacy_request
    where kind = 'erase' and address_hashes @> array[${keyHash}::text] and requested_at >= ${saidAt}
    limit 1`.execute(db);
  return rows.length > 0;
}
