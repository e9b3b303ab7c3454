import { sql } from 'kysely';
import { newId } from '../../server/src/http/ids.ts';
import { changeSettings } from '../../server/src/settings/service.ts';
import type { TestApp } from './app.ts';
import { at, pick, visitSteps } from './shelf-visits.ts';

/** One thing that somebody does; the numbers choose with whom and when. */
export type Step = [kind: number, a: number, b: number, c: number];

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'UTC'];
const stages = ['Discovery', 'Evaluation', 'Proposal', 'Negotiation'];
/** Everything that counts is gone. */
export async function emptyDatabase({ ctx: { db } }: TestApp): Promise<void> {
  await sql`truncate "user", account, asset, recipient, room, visitor, visit, rendition, buyer_slice, reading, asset_month,
    asset_move, rollup_mark, setting cascade`.execute(db);
  await sql`update rollup_state set time_zone = 'UTC'`.execute(db);
}

/** Makes a random history step by step, as the features of the product write it. */
export function startHistory(app: TestApp) {
  const { db } = app.ctx;
  const { make } = app;
  const users: string[] = [];
  const accounts: string[] = [];
  const contacts: string[] = [];
  const recipients: string[] = [];
  const assets: { id: string; versionIds: string[] }[] = [];
  const rooms: { id: string; assetIds: string[] }[] = [];
  const links: { id: string; assetIds: string[]; roomId: string | null }[] = [];
  const searches: string[] = [];
  const deals: string[] = [];
  let methods = 1;
  const { visit, beat, judge, takeJudgementBack } = visitSteps(app, { users, assets, links });

  const oneOf = (name: string, number: number) => [null, `${name} 1`, `${name} 2`][number % 3] ?? null;

  async function addUser(a: number) {
    const role = (['rep', 'manager', 'marketing', 'admin'] as const)[a % 4] ?? 'rep';
    users.push((await make.user({ role })).id);
  }

  async function addAccount(a: number, b: number, c: number) {
    const row = {
      industry: oneOf('Industry', a),
      region: oneOf('Region', b),
      segment: oneOf('Segment', c),
    };
    accounts.push((await make.account(row)).id);
  }

  async function addRecipient(a: number, b: number) {
    const accountId = b % 2 ? (pick(accounts, a) ?? null) : null;
    let contactId: string | null = null;
    if (b % 3 === 0) {
      contactId = newId('con');
      await db
        .insertInto('contact')
        .values({
          id: contactId,
          accountId: pick(accounts, a + 1) ?? null,
          name: 'Dana',
          email: `${contactId}@x.example`,
        })
        .execute();
      contacts.push(contactId);
    }
    const isChannel = b % 5 === 4;
    const kind = isChannel ? 'channel' : accountId !== null && b % 7 === 0 ? 'account' : 'person';
    recipients.push(
      (await make.recipient({ kind, accountId, contactId, ...(kind !== 'person' && { email: null }) })).id,
    );
  }

  async function addAsset(a: number, b: number) {
    const made = await make.asset({ publishedAt: at(a) });
    const versionIds = [made.versionId];
    await render(made.versionId, b);
    if (a % 3 === 0) {
      const versionId = newId('ver');
      await db
        .insertInto('assetVersion')
        .values({
          id: versionId,
          assetId: made.id,
          number: 2,
          url: `https://example.com/${versionId}`,
          mediaType: 'text/uri-list',
          pageCount: 4,
        })
        .execute();
      versionIds.push(versionId);
    }
    assets.push({ id: made.id, versionIds });
  }

  /** Its words change, and with them what counts as read. */
  async function render(versionId: string | undefined, b: number) {
    if (!versionId) return;
    methods += 1;
    await make.rendition({
      assetVersionId: versionId,
      pages: [b % 200, (b * 7) % 400, 119 * (b % 4)],
      method: methods,
      state: b % 5 === 0 ? 'failed' : 'done',
    });
  }

  async function share(a: number, b: number, c: number) {
    const [user, recipient, asset] = [pick(users, a), pick(recipients, b), pick(assets, c)];
    if (!user || !recipient || !asset) return;
    const room = c % 3 === 0 ? pick(rooms, a) : undefined;
    const { id } = await make.shareLink({
      createdByUserId: user,
      recipientId: recipient,
      createdAt: at(a * 31 + c),
      ...(room ? { assetId: null, roomId: room.id } : { assetId: asset.id }),
    });
    links.push({ id, assetIds: room ? room.assetIds : [asset.id], roomId: room?.id ?? null });
  }

  async function addRoom(a: number, b: number) {
    const user = pick(users, a);
    const assetIds = [...new Set([pick(assets, a)?.id, pick(assets, b)?.id])].filter(
      (each) => each !== undefined,
    );
    if (!user || assetIds.length === 0) return;
    const id = newId('room');
    const when = at(a);
    await db
      .insertInto('room')
      .values({ id, name: 'Room', createdByUserId: user, createdAt: when, updatedAt: when })
      .execute();
    await db
      .insertInto('roomItem')
      .values(assetIds.map((assetId, position) => ({ roomId: id, assetId, position, addedAt: when })))
      .execute();
    rooms.push({ id, assetIds });
  }

  async function changeRoom(a: number, b: number) {
    const room = pick(rooms, a);
    const assetId = room && pick(room.assetIds, b);
    if (!room || !assetId) return;
    const change = b % 2 ? { removedAt: at(b) } : { removedAt: null, addedAt: at(b) };
    await db
      .updateTable('roomItem')
      .set(change)
      .where('roomId', '=', room.id)
      .where('assetId', '=', assetId)
      .execute();
  }

  async function search(a: number, b: number, c: number) {
    const user = pick(users, a);
    if (!user) return;
    const assetIds = [...new Set([pick(assets, b)?.id, pick(assets, c)?.id])].filter(
      (each) => each !== undefined,
    );
    searches.push((await make.search({ userId: user, assetIds, searchedAt: at(b * 13 + c) })).id);
  }

  async function act(a: number, b: number, c: number) {
    const [user, asset] = [pick(users, a), pick(assets, b)];
    if (!user || !asset) return;
    await db
      .insertInto('assetActivity')
      .values({
        id: newId('act'),
        assetId: asset.id,
        userId: user,
        kind: c % 2 ? 'opened' : 'downloaded',
        occurredAt: at(a * 7 + b * 5 + c),
      })
      .execute();
  }

  async function addDeal(a: number, b: number, c: number) {
    const accountId = pick(accounts, a);
    if (!accountId) return;
    const id = newId('deal');
    await db
      .insertInto('deal')
      .values({
        id,
        externalId: id,
        accountId,
        amount: '1000',
        currency: 'EUR',
        stage: 'Discovery',
        outcome: 'open',
        openedAt: at(b),
      })
      .execute();
    deals.push(id);
    await moveDeal(deals.length - 1, b, c);
  }

  async function moveDeal(a: number, b: number, c: number) {
    const dealId = pick(deals, a);
    if (!dealId) return;
    await sql`
      insert into deal_stage (deal_id, position, stage, entered_at)
      select ${dealId}, count(*)::int, ${pick(stages, b) ?? ''}, ${at(b * 3 + c)} from deal_stage where deal_id = ${dealId}`.execute(
      db,
    );
  }

  async function changeDeal(a: number, b: number) {
    const dealId = pick(deals, a);
    if (!dealId) return;
    const accountId = pick(accounts, b);
    const change = b % 2 ? { removedAt: b % 4 === 1 ? at(b) : null } : accountId ? { accountId } : {};
    if (Object.keys(change).length > 0)
      await db.updateTable('deal').set(change).where('id', '=', dealId).execute();
    if (b % 5 === 0) await db.deleteFrom('dealStage').where('dealId', '=', dealId).execute();
  }

  async function changeLink(a: number, b: number) {
    const link = pick(links, a);
    const user = pick(users, b);
    if (!link || !user) return;
    await db
      .updateTable('shareLink')
      .set(b % 3 === 0 ? { undoneAt: at(b) } : { createdByUserId: user })
      .where('id', '=', link.id)
      .execute();
  }

  async function changeBuyers(a: number, b: number, c: number) {
    const [accountId, recipientId, contactId] = [pick(accounts, a), pick(recipients, b), pick(contacts, c)];
    if (c % 3 === 0 && accountId)
      await db
        .updateTable('account')
        .set({ industry: oneOf('Industry', b), region: oneOf('Region', c) })
        .where('id', '=', accountId)
        .execute();
    if (c % 3 === 1 && recipientId)
      await db
        .updateTable('recipient')
        .set({ accountId: accountId ?? null })
        .where('id', '=', recipientId)
        .execute();
    if (c % 3 === 2 && contactId)
      await db
        .updateTable('contact')
        .set({ accountId: accountId ?? null })
        .where('id', '=', contactId)
        .execute();
  }

  async function changeRole(a: number, b: number) {
    const user = pick(users, a);
    const role = ['rep', 'manager', 'marketing', 'admin'][b % 4] ?? 'rep';
    if (user) await db.updateTable('user').set({ role }).where('id', '=', user).execute();
  }

  async function changeState(a: number, b: number) {
    const asset = pick(assets, a);
    if (!asset) return;
    const status = b % 2 ? 'archived' : 'published';
    await db
      .insertInto('assetStatusChange')
      .values({ assetId: asset.id, status, changedAt: at(b) })
      .execute();
    await sql`
      update asset set status = (
        select status from asset_status_change c where c.asset_id = asset.id order by changed_at desc, c.id desc limit 1
      ) where id = ${asset.id}`.execute(db);
  }

  async function loseSearch(a: number) {
    const id = pick(searches, a);
    if (id) await db.deleteFrom('search').where('id', '=', id).execute();
  }

  async function moveToZone(a: number) {
    const userId = users[0];
    // Rarely, because everything is counted anew then, also what was missed.
    if (userId && a % 10 === 0)
      await changeSettings(
        app.ctx,
        { userId, role: 'admin', name: 'Ada', email: 'ada@example.com' },
        { timeZone: zones[(a / 10) % zones.length] ?? 'UTC' },
      );
  }

  /** What happens often stands here more than once. */
  const kinds: ((a: number, b: number, c: number) => Promise<void>)[] = [
    addUser,
    addAccount,
    addAccount,
    addRecipient,
    addRecipient,
    addAsset,
    addAsset,
    (a, b) => render(pick(assets, a)?.versionIds[0], b),
    share,
    share,
    share,
    addRoom,
    changeRoom,
    visit,
    visit,
    visit,
    visit,
    beat,
    beat,
    judge,
    judge,
    takeJudgementBack,
    search,
    search,
    act,
    act,
    addDeal,
    moveDeal,
    changeDeal,
    changeLink,
    changeBuyers,
    changeRole,
    changeState,
    loseSearch,
    moveToZone,
  ];
  return {
    kindCount: kinds.length,
    /** Something to begin with. */
    async begin() {
      for (const number of [0, 1, 2]) await addUser(number);
      for (const number of [1, 2, 3]) await addAccount(number, number * 2, number * 5);
      for (const number of [1, 2, 3, 6]) await addRecipient(number, number);
      for (const number of [0, 4, 8]) await addAsset(number * 997, number + 1);
      await addRoom(1, 2);
      for (const number of [2, 3, 4, 7]) await share(number, number, number);
      for (const number of [1, 2, 3, 5]) await addDeal(number, number * 4_001, number * 7_001);
      for (const number of [1, 2, 5, 6, 10, 13]) await visit(number, number * 3_001, number * 601);
    },
    take: async ([kind, a, b, c]: Step) => kinds[kind % kinds.length]?.(a, b, c),
  };
}
