import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import { dayMs } from './deals.ts';
import { fieldNotes } from './field.ts';
import { samplePeople } from './people.ts';

interface Known {
  today: Date;
  /** By the file name of the asset. */
  assetOf: (file: string) => string;
  userOf: (email: string) => string;
}

const reps = samplePeople.filter(({ role }) => role === 'rep');
/** What sales heard, and what they said of assets. */
export async function loadField(trx: Database, known: Known): Promise<void> {
  await loadNotes(trx, known);
  await loadFlags(trx, known);
}

async function loadNotes(db: Database, { today, userOf }: Known): Promise<void> {
  const terms = await db.selectFrom('term').select(['id', 'dimensionKey', 'name']).execute();
  const termId = (dimension: string, name: string) =>
    terms.find((term) => term.dimensionKey === dimension && term.name === name)?.id ?? null;
  await db
    .insertInto('objectionNote')
    .values(
      fieldNotes.map(({ text, objection, persona, by, daysAgo }) => {
        const notedAt = new Date(today.getTime() - daysAgo * dayMs);
        return {
          id: newId('obn'),
          text,
          objectionTermId: termId('objection', objection),
          personaTermId: termId('persona', persona),
          notedByUserId: userOf(reps[by]?.email ?? ''),
          notedAt,
          updatedAt: notedAt,
          isSample: true,
        };
      }),
    )
    .execute();
}

const flags = [
  { by: 1, daysAgo: 9, reason: 'wrong', note: 'Second visits cost us 140 now, the sheet still says 95.' },
  { by: 3, daysAgo: 5, reason: 'outdated', note: 'The set-up package on sheet two is not sold any more.' },
];

/** Two reps said that the calculator is not right, and nobody has answered. */
async function loadFlags(db: Database, { today, userOf, assetOf }: Known): Promise<void> {
  const assetId = assetOf('ROI calculator.xlsx');
  for (const { by, daysAgo, reason, note } of flags) {
    const searchId = newId('srh');
    const at = new Date(today.getTime() - daysAgo * dayMs);
    await db
      .insertInto('search')
      .values({
        id: searchId,
        userId: userOf(reps[by]?.email ?? ''),
        query: 'roi calculator',
        filters: { termIds: [], audience: null },
        resultCount: 1,
        tookMs: 8,
        searchedAt: at,
      })
      .execute();
    await db.insertInto('searchResult').values({ searchId, assetId, position: 1 }).execute();
    await db
      .insertInto('searchAction')
      .values({ searchId, assetId, kind: 'dismissed', reason, note, actedAt: at })
      .execute();
  }
}
