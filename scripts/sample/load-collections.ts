import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import { dayMs } from './deals.ts';

interface SampleCollection {
  name: string;
  description: string;
  userEmail: string;
  madeDaysAgo: number;
  isPinned: boolean;
  /** By title, each with its note. */
  items: [title: string, note: string][];
}

const collections: SampleCollection[] = [
  {
    name: 'Finance is at the table',
    description: 'For the call in which somebody asks what it costs and what it brings.',
    userEmail: 'clara.winther@tarrowby.example',
    madeDaysAgo: 40,
    isPinned: true,
    items: [
      ['ROI calculator', 'Fill in their missed appointments with them, never before.'],
      ['Executive briefing for finance', 'Five slides. The fourth is the one they forward.'],
      ['Northbeck Refrigeration: two days from job to invoice', 'The cash argument, by a finance director.'],
      ['Price list for customers', ''],
      ['Pricing and discount guide', 'Read it before the call. It stays with us.'],
    ],
  },
  {
    name: '“Our technicians won’t use it”',
    description: 'What has worked where the people in the vans were the doubt.',
    userEmail: 'clara.winther@tarrowby.example',
    madeDaysAgo: 21,
    isPinned: true,
    items: [
      ['"Technicians won\'t use it": answer sheet', 'Begin with the question on page one.'],
      ['Prairie Gate HVAC: 94% of jobs in the app after six weeks', 'Six weeks, with the bad first one.'],
      ['Tarrowby Go works without a signal', ''],
      ['Technician quick start', 'Shows how little there is to learn.'],
    ],
  },
  {
    name: 'IT asks first',
    description: '',
    userEmail: 'hamish.baird@tarrowby.example',
    madeDaysAgo: 12,
    isPinned: false,
    items: [
      ['Where your data lives', 'Answers eight of ten mails.'],
      ['Security white paper', ''],
      ['FAQ for IT', ''],
      ['Architecture and data flow', 'For whoever asks about the ERP.'],
    ],
  },
];

/** Writes the collections that people of the sample keep. They go with their makers. */
export async function loadCollections(
  trx: Database,
  today: Date,
  userOf: (email: string) => string,
): Promise<void> {
  const assets = await trx.selectFrom('asset').select(['id', 'title']).where('isSample', '=', true).execute();
  const idOf = new Map(assets.map(({ id, title }) => [title, id]));
  for (const { name, description, userEmail, madeDaysAgo, isPinned, items } of collections) {
    const id = newId('col');
    const madeAt = new Date(today.getTime() - madeDaysAgo * dayMs);
    const createdByUserId = userOf(userEmail);
    const pinnedAt = isPinned ? madeAt : null;
    await trx
      .insertInto('collection')
      .values({ id, name, description, createdByUserId, createdAt: madeAt, updatedAt: madeAt, pinnedAt })
      .execute();
    for (const [position, [title, note]] of items.entries()) {
      const assetId = idOf.get(title);
      if (!assetId)
        throw new Error(`A sample collection names "${title}", which is not in the sample library.`);
      const item = {
        collectionId: id,
        assetId,
        position,
        note,
        addedByUserId: createdByUserId,
        addedAt: madeAt,
      };
      await trx.insertInto('collectionItem').values(item).execute();
    }
  }
}
