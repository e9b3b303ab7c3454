/** What a card knows of the work on its pages. */
export interface AtWork {
  renditionState: 'queued' | 'running' | 'done' | 'failed' | 'unsupported';
}

export function isAtWork({ renditionState }: AtWork): boolean {
  return renditionState === 'queued' || renditionState === 'running';
}

const soonMs = 2000;
const slowestMs = 20_000;

/** Part of a query of the query client: enough to tell whether its last answer brought anything new. */
interface Watched {
  queryHash: string;
  state: { dataUpdatedAt: number };
}

interface Watch {
  mark: string;
  answeredAt: number;
  quietCount: number;
}

const watches = new WeakMap<Watched, Watch>();

/**
 * How long to wait before a query is asked again while work goes on, for its `refetchInterval`: two seconds, and
 * longer with every answer that brings nothing new. `mark` is what would change; null when the work is done. Queries
 * of a hidden window are not asked again at all.
 */
export function paceOfWork(query: Watched, mark: string | null): number | false {
  if (mark === null) {
    watches.delete(query);
    return false;
  }
  const { dataUpdatedAt } = query.state;
  const before = watches.get(query);
  if (before?.mark !== mark) watches.set(query, { mark, answeredAt: dataUpdatedAt, quietCount: 0 });
  else if (before.answeredAt !== dataUpdatedAt)
    watches.set(query, { mark, answeredAt: dataUpdatedAt, quietCount: before.quietCount + 1 });
  const quietCount = watches.get(query)?.quietCount ?? 0;
  return Math.min(slowestMs, Math.round(soonMs * 1.4 ** quietCount));
}

/** The mark of a list of cards: which of them are still at work, and how far. */
export function workIn(cards: readonly (AtWork & { id: string; hasThumbnail: boolean })[]): string | null {
  const open = cards.filter(isAtWork);
  if (open.length === 0) return null;
  return open.map((card) => `${card.id}${card.renditionState}${card.hasThumbnail ? '+' : ''}`).join(' ');
}
