import { computeHumanOpens, isHuman } from '../judging/human-opens.ts';
import { visitorKeyKind } from '../tracking/contract.ts';
import { isReadPage } from '../tracking/reading.ts';
import type { Reader } from './contract.ts';
import type { VisitRow } from './queries.ts';

export function pagesOf(visit: Pick<VisitRow, 'pages'>) {
  return visit.pages.map((page) => {
    const { wordCount: _, ...seen } = page;
    return { ...seen, isRead: isReadPage(page) };
  });
}

export function hasRead({ pages }: VisitRow): boolean {
  return pages.some(isReadPage);
}

export function readerOf({ visitorId, keyKind, name, email }: VisitRow): Reader {
  return { visitorId, keyKind: visitorKeyKind.parse(keyKind), name, email };
}

/** The visitors of these visits, in their order. */
export function listReaders(visits: readonly VisitRow[]): Reader[] {
  return [...new Map(visits.map((visit) => [visit.visitorId, readerOf(visit)])).values()];
}

/** A visitor is as likely a person as the likeliest of their visits. */
export function countReaders(visits: readonly VisitRow[]): { value: number; low: number; high: number } {
  const best = Map.groupBy(visits, ({ visitorId }) => visitorId)
    .values()
    .map((theirs) => theirs.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a)));
  const { value, low, high } = computeHumanOpens([...best]);
  return { value, low, high };
}

function weightOf(visit: VisitRow): number {
  return (isHuman(visit) ? 1 : 0) + visit.probability;
}
