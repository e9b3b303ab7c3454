/** One search of a group, as the state of the group depends on it. */
export interface LoggedSearch {
  id: string;
  userId: string;
  query: string;
  searchedAt: Date;
  resultCount: number;
  /** Something was shared, downloaded or read for a while from its results. */
  hasSucceeded: boolean;
  /** When the same user searched next, whatever for. */
  nextSearchAt: Date | null;
}

/** What one user searches for the same thing, each search soon after the one before. */
export interface SearchSession {
  userId: string;
  searches: LoggedSearch[];
  lastAt: Date;
  hasSucceeded: boolean;
}

/** What marketing did about a group of searches. */
export interface GapAction {
  kind: 'requested' | 'synonym';
  at: Date;
  /** From then on a search like these should succeed; null while that is not promised yet. */
  dueAt: Date | null;
}

export interface GapState {
  state: 'open' | 'acted_on' | 'closed';
  /** Sessions that failed since the gap opened last. */
  failures: SearchSession[];
  closedAt: Date | null;
  /** It was closed before, and failed again. */
  hasReopened: boolean;
  /** What was done did not help: searches failed after it. */
  actedInVain: boolean;
  /** It closed because of what was done, not because two searches in a row succeeded. */
  closedByAction: boolean;
}

const sessionPauseMs = 30 * 60_000;
/** So many successes in a row show that a gap is none, whether anybody acted or not. */
const successesInRow = 2;

/**
 * Sessions that are finished, in the order of their end. A session ends when its user searches for something
 * else, or does nothing for half an hour; one that found nothing has failed at once. What is searched after
 * marketing acted is a session of its own.
 */
export function listSessions(
  searches: readonly LoggedSearch[],
  now: Date,
  actedAt: Date | null,
): SearchSession[] {
  const sessions: SearchSession[] = [];
  const ordered = searches.toSorted((a, b) => a.searchedAt.getTime() - b.searchedAt.getTime());
  for (const [userId, own] of Map.groupBy(ordered, (search) => search.userId)) {
    let current: SearchSession | undefined;
    for (const search of own) {
      const at = search.searchedAt.getTime();
      const isLater = current !== undefined && at - current.lastAt.getTime() > sessionPauseMs;
      const isAfterAction =
        actedAt !== null && current !== undefined && current.lastAt <= actedAt && search.searchedAt > actedAt;
      if (!current || isLater || isAfterAction) {
        current = { userId, searches: [], lastAt: search.searchedAt, hasSucceeded: false };
        sessions.push(current);
      }
      current.searches.push(search);
      current.lastAt = search.searchedAt;
      current.hasSucceeded ||= search.hasSucceeded;
    }
  }
  return sessions
    .filter((session) => session.hasSucceeded || isFinished(session, now))
    .toSorted((a, b) => a.lastAt.getTime() - b.lastAt.getTime());
}

function isFinished({ searches, lastAt }: SearchSession, now: Date): boolean {
  const last = searches.at(-1);
  return (
    last === undefined ||
    last.resultCount === 0 ||
    last.nextSearchAt !== null ||
    now.getTime() - lastAt.getTime() >= sessionPauseMs
  );
}

/**
 * Walks through the sessions: a failure opens a gap; two successes in a row close it, or the first one after
 * marketing acted; a failure after that opens it again, and what was done before counts no more.
 */
export function walkSessions(sessions: readonly SearchSession[], action: GapAction | null): GapState {
  const walk: Walk = {
    failures: [],
    inRow: 0,
    closedAt: null,
    hasReopened: false,
    closedByAction: false,
    isSpent: false,
    actedInVain: false,
  };
  for (const session of sessions) {
    const answers = action !== null && !walk.isSpent && session.lastAt > action.at ? action : null;
    if (session.hasSucceeded) noteSuccess(walk, session, answers);
    else noteFailure(walk, session, answers);
  }
  const { failures, closedAt, hasReopened, closedByAction, actedInVain } = walk;
  const isWaiting = action !== null && !walk.isSpent;
  return {
    state: closedAt ? 'closed' : isWaiting ? 'acted_on' : 'open',
    failures,
    closedAt,
    hasReopened,
    actedInVain,
    closedByAction,
  };
}

interface Walk extends Omit<GapState, 'state'> {
  inRow: number;
  /** What was done has closed the gap once, or was in vain. */
  isSpent: boolean;
}

function noteFailure(walk: Walk, session: SearchSession, action: GapAction | null): void {
  walk.inRow = 0;
  if (walk.closedAt) {
    walk.failures = [];
    walk.closedAt = null;
    walk.hasReopened = true;
  }
  if (action?.dueAt && session.lastAt > action.dueAt) {
    walk.isSpent = true;
    walk.actedInVain = true;
  }
  walk.failures.push(session);
}

function noteSuccess(walk: Walk, session: SearchSession, action: GapAction | null): void {
  walk.inRow += 1;
  if (walk.closedAt || walk.failures.length === 0) return;
  if (!action && walk.inRow < successesInRow) return;
  walk.closedAt = session.lastAt;
  walk.closedByAction = action !== null;
  walk.isSpent ||= action !== null;
}
