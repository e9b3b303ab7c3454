import type { Context } from '../context.ts';
import { readSettings } from '../settings/service.ts';
import { findChangePoint } from '../statistics/change-point.ts';
import { falseDiscoveryRates } from '../statistics/many.ts';
import { type FallRow, listReadWeeks, replaceFalls } from './fall-queries.ts';

const dayMs = 86_400_000;
const weekCount = 26;
/** Whoever reads at all reads within this time; younger share links are not counted yet. */
const readWithinDays = 14;
/** So many share links have to stand on each side of a change. */
const fewestShared = 20;
/** Of the assets that are named, at most so many are by chance. */
const falseShare = 0.1;

/** Each hour: which assets are read less often per share than before? */
export async function findFalls({ db, clock, log }: Context): Promise<void> {
  const now = clock();
  const end = new Date(now.getTime() - readWithinDays * dayMs);
  const start = new Date(end.getTime() - weekCount * 7 * dayMs);
  const { timeZone } = await readSettings(db);
  const rows = await listReadWeeks(db, {
    start,
    end,
    timeZone,
    readWithinDays,
    fewestShared: 2 * fewestShared,
  });
  const tested = [...Map.groupBy(rows, ({ assetId }) => assetId)].flatMap(([assetId, weeks]) => {
    const change = findChangePoint(
      weeks.map(({ shared, read }) => ({ tries: shared, successes: read })),
      fewestShared,
    );
    return change ? [{ assetId, weeks, change }] : [];
  });
  const rates = falseDiscoveryRates(tested.map(({ change }) => change.pValue));
  const falls = tested.flatMap(({ assetId, weeks, change }, index): FallRow[] => {
    const { before, after } = change;
    const isFall = after.successes / after.tries < before.successes / before.tries;
    if ((rates[index] ?? 1) > falseShare || !isFall) return [];
    return [
      {
        assetId,
        sinceOn: weeks[change.index]?.week ?? '',
        beforeSharedCount: before.tries,
        beforeReadCount: before.successes,
        afterSharedCount: after.tries,
        afterReadCount: after.successes,
        weeks: weeks.map(({ week, shared, read }) => ({ week, shared, read })),
      },
    ];
  });
  await replaceFalls(db, falls, { countedAt: now, testedCount: tested.length });
  log.info({ event: 'falls_found', testedCount: tested.length, fallCount: falls.length });
}
