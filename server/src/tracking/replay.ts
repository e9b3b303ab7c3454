import type { Context } from '../context.ts';
import { newId } from '../http/ids.ts';
import { judgeVisits } from '../judging/service.ts';
import { type CheckedBeat, toColumns } from './engagement.ts';
import { wasErased } from './person-queries.ts';
import {
  insertVisit,
  insertVisitVersion,
  listKnownLinks,
  listKnownVisits,
  mergeBeats,
  noteDownload,
} from './queries.ts';
import { ensureVisitor } from './visitor-queries.ts';
import type { Opening } from './visits.ts';

/** What is kept in a file while the database is away. Instants are text, because a file knows nothing else. */
export interface SpooledOpening extends Opening {
  openedAt: string;
}

export interface SpooledBeat extends CheckedBeat {
  receivedAt: string;
}

export interface SpooledDownload {
  visitId: string;
  assetVersionId: string;
  downloadedAt: string;
}

/** Who came while nobody could write it down has a visit of their own, under the id that they were told. */
export async function replayOpenings({ db, clock }: Context, openings: SpooledOpening[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const known = await listKnownLinks(trx, [...new Set(openings.map(({ shareLinkId }) => shareLinkId))]);
    const kept = openings.filter(({ shareLinkId }) => known.has(shareLinkId));
    for (const { openedAt, visitId, visitor, assetVersionId, earlierVisitId: _, ...facts } of kept) {
      const at = new Date(openedAt);
      if (visitor.email !== null && (await wasErased(trx, visitor.hash, at))) continue;
      const visitorId = await ensureVisitor(trx, newId('vis'), visitor, at);
      await insertVisit(trx, { id: visitId, visitorId, startedAt: at, lastActiveAt: at, ...facts });
      if (assetVersionId !== null) await insertVisitVersion(trx, visitId, assetVersionId, at);
    }
    await judgeVisits(
      trx,
      clock(),
      kept.map(({ visitId }) => visitId),
    );
  });
}

/** Merged as if they had just come; whether their visit had ended meanwhile was nobody's to know. */
export async function replayBeats({ db, clock }: Context, beats: SpooledBeat[]): Promise<SpooledBeat[]> {
  const known = await listKnownVisits(db, [...new Set(beats.map(({ visitId }) => visitId))]);
  const mergeable = beats.filter(({ visitId }) => known.has(visitId));
  if (mergeable.length > 0) {
    const first = mergeable.map(({ receivedAt }) => receivedAt).toSorted()[0] ?? '';
    const alive = await mergeBeats(db, toColumns(mergeable), new Date(first), '1 day');
    await judgeVisits(db, clock(), [...alive]);
  }
  // Their visit waits in the file of another process.
  return beats.filter(({ visitId }) => !known.has(visitId));
}

export async function replayDownloads(
  { db, clock }: Context,
  downloads: SpooledDownload[],
): Promise<SpooledDownload[]> {
  const known = await listKnownVisits(
    db,
    downloads.map(({ visitId }) => visitId),
  );
  for (const { visitId, assetVersionId, downloadedAt } of downloads)
    if (known.has(visitId)) await noteDownload(db, visitId, assetVersionId, new Date(downloadedAt));
  await judgeVisits(db, clock(), [...known]);
  return downloads.filter(({ visitId }) => !known.has(visitId));
}
