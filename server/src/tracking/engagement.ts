import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Beat } from './contract.ts';
import { type BeatColumns, mergeBeats } from './queries.ts';
import type { VisitGrant } from './token.ts';

/** A client may count a little more than the server saw pass, because messages take their time. */
const slackMs = 5_000;
const mostWaiting = 20_000;
const mostInBatch = 1_000;
/** A batch waits this long for company, because a commit costs much and a further beat in it little. */
const gatherMs = 1;

/** A beat that was checked: its times are on the server's clock and its totals within what can be true. */
export interface CheckedBeat {
  visitId: string;
  /** Null on the page of a room, which has no pages itself. */
  assetVersionId: string | null;
  tabKey: string;
  activeAt: number;
  hasTrustedInput: boolean;
  /** Null where it can't be true. */
  number: number | null;
  pages: Beat['pages'];
  /** Seconds of a video or sound that were played, as [from, to). */
  watched: Beat['watched'];
}

/** Nobody plays faster than this. */
const fastestPlayback = 16;
/** A visit takes one beat a second, and so many more at once. */
const beatsAtOnce = 30;

/**
 * Holds a beat against its visit: nobody is active for longer than the visit has lasted, on a page or on all of them,
 * and no page lies outside the version. Answers undefined for a page that can not be.
 */
export function checkBeat(beat: Beat, grant: VisitGrant, now: number): CheckedBeat | undefined {
  const pageCount = grant.assetVersionId === null ? 0 : grant.pageCount;
  if (beat.pages.some(({ page }) => page > pageCount)) return undefined;
  const passedMs = Math.max(0, now - grant.startedAt) + slackMs;
  let left = passedMs;
  const pages = beat.pages.map(({ page, activeMs }) => {
    const granted = Math.min(activeMs, left);
    left -= granted;
    return { page, activeMs: granted };
  });
  const activeAt = Math.max(grant.startedAt, now - beat.ageMs);
  return {
    visitId: grant.visitId,
    assetVersionId: grant.assetVersionId,
    tabKey: beat.tabKey,
    activeAt,
    hasTrustedInput: beat.hasTrustedInput,
    number: beat.number && beat.number <= passedMs / 1_000 + beatsAtOnce ? beat.number : null,
    pages,
    watched: grant.assetVersionId === null ? [] : listTrueRanges(beat.watched, passedMs),
  };
}

/** Of the ranges that have a length those that together could have been played in this time. */
function listTrueRanges(ranges: Beat['watched'], passedMs: number): Beat['watched'] {
  let left = Math.ceil((passedMs / 1_000) * fastestPlayback);
  return ranges.filter(([from, to]) => {
    const length = to - from;
    if (length <= 0 || length > left) return false;
    left -= length;
    return true;
  });
}

interface Merged {
  from: number;
  to: number;
  isTrusted: boolean;
  numbers: Set<number>;
  pages: Map<string, number>;
  watched: Map<string, Beat['watched']>;
}

/** One row per visit and one per page of a tab, because a statement can not touch a row twice. */
export function toColumns(beats: CheckedBeat[]): BeatColumns {
  const visits = new Map<string, Merged>();
  for (const {
    visitId,
    assetVersionId,
    tabKey,
    activeAt,
    hasTrustedInput,
    number,
    pages,
    watched,
  } of beats) {
    let visit = visits.get(visitId);
    if (!visit) {
      visit = {
        from: activeAt,
        to: activeAt,
        isTrusted: false,
        numbers: new Set(),
        pages: new Map(),
        watched: new Map(),
      };
      visits.set(visitId, visit);
    }
    if (number !== null) visit.numbers.add(numberOf(tabKey, number));
    if (watched.length > 0 && assetVersionId !== null)
      visit.watched.set(assetVersionId, [...(visit.watched.get(assetVersionId) ?? []), ...watched]);
    visit.from = Math.min(visit.from, activeAt);
    visit.to = Math.max(visit.to, activeAt);
    visit.isTrusted ||= hasTrustedInput;
    for (const { page, activeMs } of pages) {
      const key = `${tabKey},${assetVersionId},${page}`;
      visit.pages.set(key, Math.max(visit.pages.get(key) ?? 0, activeMs));
    }
  }
  // In one order everywhere, so that two processes never wait for each other.
  const all = [...visits].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const pages = all.flatMap(([visitId, visit]) =>
    [...visit.pages].map(([key, activeMs]) => ({ visitId, key: key.split(','), activeMs })),
  );
  const watched = all.flatMap(([visitId, visit]) =>
    [...visit.watched].flatMap(([versionId, ranges]) =>
      ranges.map(([from, to]) => ({ visitId, versionId, from, to })),
    ),
  );
  return {
    visitIds: literal(all.map(([visitId]) => visitId)),
    activeFrom: literal(all.map(([, { from }]) => new Date(from).toISOString())),
    activeTo: literal(all.map(([, { to }]) => new Date(to).toISOString())),
    trusted: literal(all.map(([, { isTrusted }]) => (isTrusted ? 't' : 'f'))),
    numbers: literal(all.map(([, { numbers }]) => `"${toMultirange(numbers)}"`)),
    pageVisitIds: literal(pages.map(({ visitId }) => visitId)),
    tabKeys: literal(pages.map(({ key }) => key[0] ?? '')),
    pageVersionIds: literal(pages.map(({ key }) => key[1] ?? '')),
    pageNumbers: literal(pages.map(({ key }) => key[2] ?? '')),
    activeMs: literal(pages.map(({ activeMs }) => String(activeMs))),
    watched:
      watched.length === 0
        ? null
        : {
            visitIds: literal(watched.map(({ visitId }) => visitId)),
            versionIds: literal(watched.map(({ versionId }) => versionId)),
            from: literal(watched.map(({ from }) => String(from))),
            to: literal(watched.map(({ to }) => String(to))),
          },
  };
}

/** What stands for the tab in the upper bits, the number of its beat in the lower 16. */
function numberOf(tabKey: string, number: number): number {
  return Number.parseInt(tabKey.slice(-6), 36) * 65_536 + number;
}

function toMultirange(numbers: Set<number>): string {
  return `{${[...numbers].map((number) => `[${number},${number + 1})`).join(',')}}`;
}

/** Nothing in these columns needs quoting but ranges: ids, keys, numbers and times. */
function literal(items: string[]): string {
  return `{${items.join(',')}}`;
}

export type Outcome = 'merged' | 'ended';

export interface BeatQueue {
  /** Settles once the beat is committed. Undefined: too much is waiting, and this beat was not taken. */
  submit(beat: CheckedBeat): Promise<Outcome> | undefined;
}

interface Waiter {
  beat: CheckedBeat;
  settle: (outcome: Outcome) => void;
  fail: (error: unknown) => void;
}

/** While one batch is being made durable, the next is read and sent. */
const laneCount = 2;

/**
 * Commits beats in batches: what arrives during a commit goes with the next. A visit always has the same lane, so no two
 * commits want the same rows. Nobody is answered before their beat is durable, and a batch that fails fails for those who
 * are in it only.
 */
export function createBeatQueue({ db, clock }: Pick<Context, 'db' | 'clock'>): BeatQueue {
  const lanes = Array.from({ length: laneCount }, () => createLane((batch) => commit(db, clock(), batch)));
  return {
    submit(beat) {
      const lane = lanes[beat.visitId.charCodeAt(beat.visitId.length - 1) % laneCount];
      if (!lane || lane.waitingCount() >= mostWaiting / laneCount) return undefined;
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      lane.add({ beat, settle: resolve, fail: reject });
      return promise;
    },
  };
}

function createLane(write: (batch: Waiter[]) => Promise<void>) {
  let waiting: Waiter[] = [];
  let isBusy = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await sleep(gatherMs);
      const batch = waiting.slice(0, mostInBatch);
      waiting = waiting.slice(mostInBatch);
      await write(batch);
    }
    isBusy = false;
  }

  return {
    waitingCount: () => waiting.length,
    add(waiter: Waiter): void {
      waiting.push(waiter);
      if (isBusy) return;
      isBusy = true;
      void drain();
    },
  };
}

async function commit(db: Database, now: Date, batch: Waiter[]): Promise<void> {
  try {
    const alive = await mergeBeats(db, toColumns(batch.map(({ beat }) => beat)), now);
    for (const { beat, settle } of batch) settle(alive.has(beat.visitId) ? 'merged' : 'ended');
  } catch (error) {
    for (const { fail } of batch) fail(error);
  }
}
