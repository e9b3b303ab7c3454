import type { Context } from '../context.ts';
import { judgeVisits } from '../judging/service.ts';
import type { CheckedBeat } from './engagement.ts';

const mostRemembered = 50_000;
const judgeEveryMs = 200;
const mostAtOnce = 500;
const retryMs = { first: 1_000, most: 60_000 };
/** Activity at which the picture of a visit changes, or at which whoever was told of it is told more. */
const steps = [5, 20, 30, 60, 120, 300, 600, 1_800].map((seconds) => seconds * 1_000);

interface Picture {
  /** Active time by tab and version, which add up. */
  activeMs: Map<string, number>;
  step: number;
  hasPages: boolean;
  hasTrustedInput: boolean;
}

/** Watches committed beats and has a visit judged again when they change the picture. */
export function createJudgementQueue({ db, clock, log }: Pick<Context, 'db' | 'clock' | 'log'>) {
  let pictures = new Map<string, Picture>();
  let due = new Set<string>();
  let isBusy = false;
  let waitMs = retryMs.first;

  async function judgeDue(): Promise<void> {
    const visitIds = [...due].slice(0, mostAtOnce);
    for (const visitId of visitIds) due.delete(visitId);
    let nextMs = judgeEveryMs;
    try {
      await judgeVisits(db, clock(), visitIds);
      waitMs = retryMs.first;
    } catch (error) {
      log.warn({ event: 'judgement_failed', count: visitIds.length, retryMs: waitMs, err: error });
      // What is too much to remember is judged by the next sweep.
      if (due.size < mostRemembered) due = new Set([...visitIds, ...due]);
      nextMs = waitMs;
      waitMs = Math.min(waitMs * 2, retryMs.most);
    }
    isBusy = false;
    if (due.size > 0) schedule(nextMs);
  }

  function schedule(afterMs: number): void {
    if (isBusy) return;
    isBusy = true;
    setTimeout(() => void judgeDue(), afterMs).unref();
  }

  return {
    notice(beat: CheckedBeat, startedAt: number): void {
      const picture = pictures.get(beat.visitId) ?? {
        activeMs: new Map(),
        step: 0,
        hasPages: false,
        hasTrustedInput: false,
      };
      if (pictures.size > mostRemembered) pictures = new Map();
      pictures.set(beat.visitId, picture);
      if (takeIn(picture, beat, startedAt)) {
        due.add(beat.visitId);
        schedule(judgeEveryMs);
      }
    },
  };
}

/** Adds what a beat tells; answers whether the visit now looks different. */
function takeIn(picture: Picture, beat: CheckedBeat, startedAt: number): boolean {
  const before = { ...picture };
  const told = beat.pages.reduce((sum, page) => sum + page.activeMs, 0);
  const tab = `${beat.tabKey},${beat.assetVersionId}`;
  picture.activeMs.set(tab, Math.max(told, picture.activeMs.get(tab) ?? 0));
  picture.hasTrustedInput ||= beat.hasTrustedInput;
  // Once there are pages, only time on pages counts, so having waited for them for long says nothing of that.
  if (!picture.hasPages && beat.pages.length > 0) {
    picture.hasPages = true;
    picture.step = 0;
  }
  const activeMs = picture.hasPages
    ? picture.activeMs.values().reduce((sum, ms) => sum + ms, 0)
    : beat.activeAt - startedAt;
  picture.step = Math.max(picture.step, steps.filter((step) => activeMs >= step).length);
  return (
    picture.step > before.step ||
    picture.hasTrustedInput !== before.hasTrustedInput ||
    (picture.hasPages && picture.step > 0 && !before.hasPages)
  );
}
