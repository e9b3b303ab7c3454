import { sql } from 'kysely';
import { type Address, isAddress, mentions } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import { selectLinksTo } from '../shares/service.ts';

/** Of somebody who gave the address, and of whoever opened a share link to the person without saying who they are. */
const isAbout = (address: Address) => sql`(
  exists (
    select from visitor w where w.id = t.visitor_id and (
      ${isAddress('w.email', address)} or ${mentions('w.name', address)}
        or (w.email is null and t.share_link_id in ${selectLinksTo(address)})
    )
  ))`;

/** Their name and their words stand in a message also where it was written before they gave the address. */
const namesPerson = (address: Address) => sql`(
  exists (
    select from visitor w where w.id = d.payload #>> '{data,visitor,id}'
      and (${isAddress('w.email', address)} or ${mentions('w.name', address)})
  ) or
  ${mentions('d.payload', address)} or ${mentions('d.response_excerpt', address)} or ${mentions('d.error', address)})`;

export async function exportPerson(db: Database, address: Address) {
  const threads = await sql<object>`
    select t.share_link_id, t.visitor_id, t.visit_count, t.read_page_count, t.active_ms, t.has_downloaded, t.device,
      t.forwarding, t.last_active_at, t.told_at
    from notification_thread t where ${isAbout(address)} order by t.told_at`.execute(db);
  const deliveries = await sql<object>`
    select e.url, d.event, d.payload, d.created_at, d.state
    from webhook_delivery d join webhook_endpoint e on e.id = d.webhook_endpoint_id
    where ${namesPerson(address)} order by d.created_at`.execute(db);
  return { notifications: threads.rows, webhookDeliveries: deliveries.rows };
}

/** What was told goes, and so do the messages to other systems: what these took is out of reach. */
export async function erasePerson(db: Database, address: Address) {
  const threads = await sql`delete from notification_thread t where ${isAbout(address)}`.execute(db);
  const deliveries = await sql`
    delete from webhook_delivery d where ${namesPerson(address)}`.execute(db);
  return {
    notification_thread: Number(threads.numAffectedRows ?? 0),
    webhook_delivery: Number(deliveries.numAffectedRows ?? 0),
  };
}
