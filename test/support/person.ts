import { sql } from 'kysely';
import { expect } from 'vitest';
import { hashAddress } from '../../server/src/db/address.ts';
import type { TestApp, TestClient } from './app.ts';
import { beat, livelySignals, open, type Prospect, prospect } from './prospect.ts';
import { makeRoom } from './room.ts';

export interface Person {
  name: string;
  email: string;
  asset: { id: string; versionId: string };
  link: { id: string; token: string };
  /** Of the same person in a colleague's share link to somebody else. */
  other: { id: string; token: string };
  who: Prospect;
  visitToken: string;
}

export function sendForm(who: Prospect, path: string, form: Record<string, string>): Promise<Response> {
  return who.client.fetch(path, {
    method: 'POST',
    headers: { ...who.headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

async function made(call: ReturnType<TestClient['send']>) {
  const { status, body } = await call;
  if (status > 299) throw new Error(`It was refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Leaves traces of a person in every part of the product, by using it. */
export async function makePerson(
  app: TestApp,
  rep: TestClient,
  { name, email }: { name: string; email: string },
): Promise<Person> {
  const asset = await app.make.asset({ title: `Deck for ${email.length} letters` });
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [40, 40] });
  const recipient = { name, email, accountName: 'Northwind' };
  const shared = await made(
    rep.send('POST', `/assets/${asset.id}/share-links`, {
      recipient,
      gate: 'required',
      allowedEmails: [email],
      message: `Dear ${name}, as promised.`,
    }),
  );
  const link = { id: shared.shareLink.id as string, token: tokenOf(shared.url) };
  const second = await made(
    rep.send('POST', `/assets/${asset.id}/share-links`, {
      recipient: { name: `Somebody beside ${email.length}`, email: `beside.${email}` },
      gate: 'required',
      allowedEmails: [`beside.${email}`, email],
      message: `Pass it on to <${email.toUpperCase()}>.`,
    }),
  );
  const other = { id: second.shareLink.id as string, token: tokenOf(second.url) };

  const who = await prospect(app);
  await sendForm(who, `/s/${link.token}/email`, { email });
  const visitToken = await open(who, link.token, null, livelySignals);
  await beat(who, visitToken, { pages: [{ page: 1, activeMs: 4_000 }], hasTrustedInput: true });
  // What they did is judged a moment later; a test that compares before and after must not fall in between.
  const judged = async () => (await rep.get(`/share-links/${link.id}/visits`)).body.items[0].judgement;
  await expect
    .poll(judged, { timeout: 15_000 })
    .toMatchObject({ reasons: expect.arrayContaining([expect.objectContaining({ rule: 'trusted-input' })]) });
  await sendForm(who, `/s/${other.token}/email`, { email });
  await open(who, other.token, null, livelySignals);

  const room = await makeRoom(app, rep, { gate: 'ask' });
  const inRoom = await prospect(app);
  await sendForm(inRoom, `/s/${room.token}/guest`, { name, email });
  await sendForm(inRoom, `/s/${room.token}/questions`, {
    question: `Call me, ${name}, or write to ${email}.`,
  });
  await rep.send('PATCH', room.path, { note: `Made with ${email}.` });

  const note = `Spoke to ${name}, ${email}.`;
  await made(rep.send('POST', `/share-links/${link.id}/follow-ups`, { kind: 'call', note }));
  await made(rep.send('POST', '/searches', { query: `what did we send ${email}` }));
  await made(rep.send('POST', '/saved-searches', { name: `For ${email}`, query: email }));
  await made(rep.send('POST', '/collections', { name: email, description: `All for ${email}.` }));
  await made(rep.send('POST', '/requests', { title: `A deck for ${email}`, details: note }));
  await app.ctx.db
    .insertInto('contact')
    .values({
      id: `con_${Buffer.from(email).toString('hex').slice(0, 20)}`,
      name,
      email: email.toUpperCase(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await app.ctx.db
    .insertInto('emailCode')
    .values({
      id: `code_${Buffer.from(email).toString('hex').slice(0, 20)}`,
      shareLinkId: other.id,
      email,
      codeHash: 'hash',
      sentAt: app.ctx.clock(),
      expiresAt: app.ctx.clock(),
    })
    .execute();
  return { name, email, asset, link, other, who, visitToken };
}

function tokenOf(url: string): string {
  return url.split('/s/')[1] ?? '';
}

/** Where this text stands in any row of any table, as in a dump of the whole database. */
export async function findInDump(app: TestApp, text: string): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(app.ctx.db);
  if (tables.length < 50) throw new Error('There should be more tables to look through.');
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ line: string }>`
      select looked::text as line from ${sql.raw(name)} as looked
      where position(lower(${text}) in lower(looked::text)) > 0`.execute(app.ctx.db);
    found.push(...rows.map(({ line }) => `${name}: ${line}`));
  }
  return found;
}

export function keyOf(app: TestApp, email: string): string {
  return hashAddress(app.ctx.instanceKey, email);
}
