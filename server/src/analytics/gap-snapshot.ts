import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type Gap, listGaps } from './contract.ts';
import {
  countSearches,
  findGapSnapshot,
  lockGapSnapshot,
  putGapSnapshot,
  readGapMark,
} from './gap-snapshot-queries.ts';
import { compareGaps, countGapList } from './gaps.ts';

const dayMs = 86_400_000;
/** The window of the snapshot; others are counted when somebody asks. */
const keptWindowDays = 90;
/** Below this counting takes a tenth of a second, so that everybody sees what is true at this moment. */
const manySearches = 2_000;
/** Sessions end and the window moves also while nothing happens. */
const longestMs = 15 * 60_000;

type GapList = z.output<(typeof listGaps)['response']>;

/** The gaps of the last days: counted now where that is quick, else as the job counted them last. */
export async function readGaps(ctx: Context, days: number): Promise<GapList> {
  const { db, clock } = ctx;
  const end = clock();
  const window = { start: new Date(end.getTime() - days * dayMs), end };
  if (days !== keptWindowDays || (await countSearches(db, window, manySearches)) < manySearches)
    return countGapList(ctx, days);
  const snapshot = await findGapSnapshot(db);
  return snapshot ? z.decode(listGaps.response, snapshot.report as never) : keepGaps(ctx);
}

/** Each minute where there are many searches: counts anew when something has changed. */
export async function countGaps(ctx: Context): Promise<void> {
  const { db, clock } = ctx;
  const end = clock();
  const window = { start: new Date(end.getTime() - keptWindowDays * dayMs), end };
  if ((await countSearches(db, window, manySearches)) < manySearches) return;
  const [snapshot, mark] = await Promise.all([findGapSnapshot(db), readGapMark(db)]);
  const isFresh = snapshot?.mark === mark && end.getTime() - snapshot.countedAt.getTime() < longestMs;
  if (!isFresh) await keepGaps(ctx);
}

/** The mark is read first, so that what changes while it is counted has it counted again. */
async function keepGaps(ctx: Context): Promise<GapList> {
  const mark = await readGapMark(ctx.db);
  const report = await countGapList(ctx, keptWindowDays);
  await putGapSnapshot(ctx.db, {
    countedAt: report.asOf,
    mark,
    report: z.encode(listGaps.response, report),
  });
  return report;
}

/** What was decided about a gap is seen at once; how often it was searched for stays that of its window. */
export async function showDecision(db: Database, keys: readonly string[], decided: Gap): Promise<void> {
  const snapshot = await lockGapSnapshot(db);
  if (!snapshot) return;
  const report = z.decode(listGaps.response, snapshot.report as never);
  const { state, stateSays, request, synonym } = decided;
  const items = report.items.map((gap) =>
    keys.includes(gap.clusterKey) ? { ...gap, state, stateSays, request, synonym } : gap,
  );
  await putGapSnapshot(db, {
    ...snapshot,
    report: z.encode(listGaps.response, { ...report, items: items.toSorted(compareGaps) }),
  });
}
