import type { Database } from '../../server/src/db/database.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { seal } from '../../server/src/http/secrets.ts';
import { recipientAt } from './activity-links.ts';
import type { PlannedVisit } from './activity-plan.ts';
import { humanAgents } from './activity-words.ts';
import { dayMs, planDeals } from './deals.ts';
import { ensureRecipient, insertVisitor, loadVisit } from './load-visit.ts';

const senderEmail = 'hamish.baird@tarrowby.example';
const hourMs = 3_600_000;
const note =
  'Five minutes to read before Thursday. Start with Northbeck: they had your question about the ERP.';

/** In order, with why each matters to them and how many hours before now it came into the room. */
const items = [
  {
    title: 'Northbeck Refrigeration: two days from job to invoice',
    note: 'Your size, and the same ERP. Page two has the figures you asked for.',
    addedHoursAgo: 146,
  },
  {
    title: 'Executive briefing for finance',
    note: 'For Thursday’s board. The fourth slide is the one to take along.',
    addedHoursAgo: 146,
  },
  {
    title: 'Where your data lives',
    note: 'Answers what your IT asked on the phone.',
    addedHoursAgo: 20,
  },
  {
    title: 'Implementation plan, ninety days',
    note: 'Who does what until the first depot runs.',
    addedHoursAgo: 146,
  },
] as const;

/** Writes a room that a prospect has read, with what they asked in it and an item that came later. */
export async function loadRoom(
  trx: Database,
  { today, userOf, instanceKey }: { today: Date; userOf: (email: string) => string; instanceKey: Buffer },
): Promise<void> {
  const before = (hours: number) => new Date(today.getTime() - hours * hourMs);
  const sender = userOf(senderEmail);
  const deal = planDeals(today)
    .filter(({ outcome, ownerEmail }) => outcome === 'open' && ownerEmail === senderEmail)
    .toSorted((a, b) => b.amount - a.amount)
    .at(-1);
  if (!deal) throw new Error('The sample has no deal for its room.');
  const recipient = recipientAt(deal.account, 1);
  const collection = await trx
    .selectFrom('collection')
    .select('id')
    .where('name', '=', 'Finance is at the table')
    .executeTakeFirst();
  const roomId = newId('room');
  const madeAt = before(146);
  await trx
    .insertInto('room')
    .values({
      id: roomId,
      collectionId: collection?.id ?? null,
      name: `Tarrowby for ${deal.account}`,
      note,
      nextStepLabel: 'Walk through it with your finance director',
      nextStepAt: new Date(today.getTime() + 3 * dayMs),
      createdByUserId: sender,
      isSample: true,
      createdAt: madeAt,
      updatedAt: before(20),
    })
    .execute();
  const versionOf = await addItems(trx, roomId, before);
  const shareLinkId = newId('lnk');
  const token = newToken();
  await trx
    .insertInto('shareLink')
    .values({
      id: shareLinkId,
      roomId,
      recipientId: await ensureRecipient(trx, { recipient, createdAt: madeAt }),
      createdByUserId: sender,
      tokenHash: hashToken(token),
      tokenSealed: seal(instanceKey, 'share-token', token),
      message: '',
      gate: 'ask',
      isSample: true,
      createdAt: madeAt,
    })
    .execute();
  const person: Omit<PlannedVisit, 'visitor' | 'pages' | 'startedAt'> = {
    userAgent: humanAgents[0] ?? '',
    country: 'GB',
    knownBy: { key: 'email', email: recipient.email, name: recipient.name },
    judgement: {
      class: 'human-likely',
      probability: 0.94,
      reasons: ['Read at a human pace', 'Scrolled by hand'],
    },
  };
  const read = (title: (typeof items)[number]['title'], seconds: number[]) => ({
    versionId: versionOf(title),
    pages: seconds.map((length, index) => ({ page: index + 1, activeMs: length * 1000 })),
  });
  const hits = [before(145.9), before(52), before(3.2)].map((occurredAt) => ({
    id: newId('hit'),
    shareLinkId,
    method: 'GET',
    status: 200,
    userAgent: person.userAgent,
    occurredAt,
  }));
  await trx.insertInto('linkHit').values(hits).execute();
  const visitorId = await insertVisitor(trx, { ...person, startedAt: before(52) });
  const sittings = [
    {
      at: before(52),
      opened: [read(items[0].title, [84, 61]), read(items[1].title, [22, 35, 18, 71, 9])],
    },
    { at: before(3.2), opened: [read(items[2].title, [58]), read(items[1].title, [4, 6, 5, 44])] },
  ];
  for (const { at, opened } of sittings)
    await loadVisit(trx, shareLinkId, visitorId, { ...person, startedAt: at }, opened);
  const asked = {
    roomId,
    shareLinkId,
    visitorId,
    askedByName: recipient.name,
    askedByEmail: recipient.email,
  };
  await trx
    .insertInto('roomQuestion')
    .values([
      {
        id: newId('que'),
        ...asked,
        text: 'Northbeck has 140 technicians, we have 60. Does the saving still hold?',
        askedAt: before(51.7),
        answer:
          'It does from about forty on: what is saved is the second visit and the days until the invoice. I have put the plan for your size into the room.',
        answeredByUserId: sender,
        answeredAt: before(49),
        isForAll: true,
      },
      {
        id: newId('que'),
        ...asked,
        text: 'Is the test system in the same country as well?',
        askedAt: before(3),
      },
    ])
    .execute();
}

/** Answers the version of an item by its title. */
async function addItems(
  trx: Database,
  roomId: string,
  before: (hours: number) => Date,
): Promise<(title: string) => string> {
  const assets = await trx
    .selectFrom('asset')
    .select(['id', 'title', 'currentVersionId'])
    .where('isSample', '=', true)
    .where(
      'title',
      'in',
      items.map(({ title }) => title),
    )
    .execute();
  const assetOf = new Map(assets.map((asset) => [asset.title, asset]));
  const known = (title: string) => {
    const asset = assetOf.get(title);
    if (!asset) throw new Error(`The sample room names "${title}", which is not in the sample library.`);
    return asset;
  };
  await trx
    .insertInto('roomItem')
    .values(
      items.map(({ title, note: why, addedHoursAgo }, position) => ({
        roomId,
        assetId: known(title).id,
        position,
        note: why,
        addedAt: before(addedHoursAgo),
      })),
    )
    .execute();
  return (title) => known(title).currentVersionId ?? '';
}
