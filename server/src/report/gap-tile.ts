import { readGaps } from '../analytics/service.ts';
import type { Context } from '../context.ts';
import { countObjections } from '../feedback/service.ts';
import type { Slice } from '../slices/contract.ts';
import { resolveSlice } from '../slices/service.ts';
import type { GapTile } from './contract.ts';
import { answerGaps } from './gap-sentence.ts';
import { findBaseCurrency, listObjectionSearchers, listOpenRequests, listUserPipelines } from './queries.ts';

const gapDays = 90;
const mostGaps = 5;
const mostRequests = 5;
const mostRising = 3;
/** One more voice is no trend. */
const fewestVoices = 3;

/** Gaps are those of 90 days; objections follow the days and buyers that were chosen. */
export async function readGapTile(ctx: Context, slice: Slice): Promise<GapTile> {
  const { db } = ctx;
  const { window, before, buyerSliceIds } = await resolveSlice(ctx, slice);
  const [report, noted, searched, waiting, baseCurrency] = await Promise.all([
    readGaps(ctx, gapDays),
    countObjections(db, { window, before, buyerSliceIds }),
    listObjectionSearchers(db, window, before),
    listOpenRequests(db, ctx.clock().toISOString().slice(0, 10), mostRequests),
    findBaseCurrency(db),
  ]);
  const open = report.items.filter((gap) => gap.state === 'open' && !isOnce(gap));
  const top = open.slice(0, mostGaps);
  const pipelines = await listUserPipelines(db, [
    ...new Set(top.flatMap(({ people }) => people.map(({ userId }) => userId))),
  ]);
  const tile = {
    asOf: report.asOf,
    window,
    before,
    searchCount: report.searchCount,
    failedCount: report.failedCount,
    openGapCount: open.length,
    gaps: top.map(({ clusterKey, query, kind, searchCount, people }) => {
      const own = pipelines.filter(({ userId }) => people.some((person) => person.userId === userId));
      return {
        clusterKey,
        query,
        kind,
        searchCount,
        peopleCount: people.length,
        openDealCount: sum(own.map((each) => each.openDealCount)),
        openValue: sum(own.map((each) => each.openValue)),
        unconvertedDealCount: sum(own.map((each) => each.unconvertedDealCount)),
      };
    }),
    baseCurrency,
    rising: findRising(noted, searched),
    requests: {
      openCount: waiting[0]?.openCount ?? 0,
      overdueCount: waiting[0]?.overdueCount ?? 0,
      items: waiting,
    },
  };
  return { ...tile, says: answerGaps(tile) };
}

/** A look at results that led nowhere, once and by one person, is hardly a gap; the page of gaps folds it away, too. */
function isOnce({ kind, searchCount }: { kind: string; searchCount: number }): boolean {
  return kind === 'no_success' && searchCount === 1;
}

type Noted = Awaited<ReturnType<typeof countObjections>>;
type Searched = Awaited<ReturnType<typeof listObjectionSearchers>>;

function findRising(noted: Noted, searched: Searched): GapTile['rising'] {
  const byTerm = new Map<string, GapTile['rising'][number]>();
  for (const { term, searcherCount, searcherBeforeCount } of searched)
    byTerm.set(term.id, { term, noteCount: 0, noteBeforeCount: 0, searcherCount, searcherBeforeCount });
  for (const { term, count, beforeCount } of noted) {
    if (!term) continue;
    const known = byTerm.get(term.id) ?? { term, searcherCount: 0, searcherBeforeCount: 0 };
    byTerm.set(term.id, { ...known, noteCount: count, noteBeforeCount: beforeCount });
  }
  const rise = (each: GapTile['rising'][number]) =>
    each.noteCount + each.searcherCount - each.noteBeforeCount - each.searcherBeforeCount;
  return [...byTerm.values()]
    .filter((each) => each.noteCount + each.searcherCount >= fewestVoices && rise(each) > 0)
    .toSorted((a, b) => rise(b) - rise(a) || a.term.name.localeCompare(b.term.name))
    .slice(0, mostRising);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
