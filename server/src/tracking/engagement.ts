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
const gatherMs = 2;

/** A beat that was checked: its times are on the server's clock and its totals within what can be true. */
export interface CheckedBeat {
  visitId: string;
  tabKey: string;
  activeAt: number;
  hasTrustedInput: boolean;
  pages: Beat['pages'];
}

/**
 * Holds a beat against its visit: nobody is active for longer than the visit has lasted, on a page or on all of them,
 * and no page lies outside the version. Answers undefined for a page that can not be.
 */
export function checkBeat(beat: Beat, grant: VisitGrant, now: number): CheckedBeat | undefined {
  if (beat.pages.some(({ page }) => page > grant.pageCount)) return undefined;
  let left = Math.max(0, now - grant.startedAt) + slackMs;
  const pages = beat.pages.map(({ page, activeMs }) => {
    const granted = Math.min(activeMs, left);
    left -= granted;
    return { page, activeMs: granted };
  });
  const activeAt = Math.max(grant.startedAt, now - beat.ageMs);
  return {
    visitId: grant.visitId,
    tabKey: beat.tabKey,
    activeAt,
    hasTrustedInput: beat.hasTrustedInput,
    pages,
  };
}

interface Merged {
  from: number;
  to: number;
  isTrusted: boolean;
  pages: Map<string, number>;
}

/** One row per visit and one per page of a tab, because a statement can not touch a row twice. */
export function toColumns(beats: CheckedBeat[]): BeatColumns {
  const visits = new Map<string, Merged>();
  for (const { visitId, tabKey, activeAt, hasTrustedInput, pages } of beats) {
    const visit = visits.get(visitId) ?? { from: activeAt, to: activeAt, isTrusted: false, pages: new Map() };
    visits.set(visitId, visit);
    visit.from = Math.min(visit.from, activeAt);
    visit.to = Math.max(visit.to, activeAt);
    visit.isTrusted ||= hasTrustedInput;
    for (const { page, activeMs } of pages) {
      const key = `${tabKey},${page}`;
      visit.pages.set(key, Math.max(visit.pages.get(key) ?? 0, activeMs));
    }
  }
  const all = [...visits];
  const pages = all.flatMap(([visitId, visit]) =>
    [...visit.pages].map(([key, activeMs]) => ({ visitId, key: key.split(','), activeMs })),
  );
  return {
    visitIds: literal(all.map(([visitId]) => visitId)),
    activeFrom: literal(all.map(([, { from }]) => new Date(from).toISOString())),
    activeTo: literal(all.map(([, { to }]) => new Date(to).toISOString())),
    trusted: literal(all.map(([, { isTrusted }]) => (isTrusted ? 't' : 'f'))),
    pageVisitIds: literal(pages.map(({ visitId }) => visitId)),
    tabKeys: literal(pages.map(({ key }) => key[0] ?? '')),
    pageNumbers: literal(pages.map(({ key }) => key[1] ?? '')),
    activeMs: literal(pages.map(({ activeMs }) => String(activeMs))),
  };
}

/** Nothing in these columns needs quoting: ids, keys, numbers and times. */
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

/**
 * Commits beats in batches, one batch at a time: what arrives during a commit goes with the next. Nobody is answered
 * before their beat is durable, and a batch that fails fails for those who are in it only.
 */
export function createBeatQueue({ db, clock }: Pick<Context, 'db' | 'clock'>): BeatQueue {
  let waiting: Waiter[] = [];
  let isBusy = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await sleep(gatherMs);
      const batch = waiting.slice(0, mostInBatch);
      waiting = waiting.slice(mostInBatch);
      await commit(db, clock(), batch);
    }
    isBusy = false;
  }

  return {
    submit(beat) {
      if (waiting.length >= mostWaiting) return undefined;
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      waiting.push({ beat, settle: resolve, fail: reject });
      if (!isBusy) {
        isBusy = true;
        void drain();
      }
      return promise;
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
