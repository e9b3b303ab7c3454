import { isRead } from '../rendering/service.ts';

/** A page as somebody saw it in a visit; the words are null where nobody knows them. */
export interface SeenPage {
  assetVersionId: string;
  pageNumber: number;
  activeMs: number;
  wordCount: number | null;
}

interface SeenVisit {
  pages: readonly SeenPage[];
  startedAt: Date;
  lastActiveAt: Date;
}

/** Pages that any of the visits read, each counted once. */
export function countReadPages(visits: readonly Pick<SeenVisit, 'pages'>[]): number {
  const read = visits.flatMap(({ pages }) => pages.filter(isReadPage));
  return new Set(read.map(({ assetVersionId, pageNumber }) => `${assetVersionId} ${pageNumber}`)).size;
}

export function isReadPage({ activeMs, wordCount }: SeenPage): boolean {
  return isRead(activeMs, wordCount ?? 0);
}

/** Pages and tabs add up, but nobody is active for longer than the visit lasted. */
export function activeMsOf({ pages, startedAt, lastActiveAt }: SeenVisit): number {
  const sum = pages.reduce((total, page) => total + page.activeMs, 0);
  return Math.round(Math.min(sum, lastActiveAt.getTime() - startedAt.getTime() + 5_000));
}
