import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { CheckedBeat } from './engagement.ts';
import { differs, judge } from './judge.ts';
import { insertJudgements, listVisitFacts } from './visit-queries.ts';

/** Judges visits by what is known now; a judgement that says nothing new is not kept, and a person's word stands. */
export async function judgeVisits(db: Database, now: Date, visitIds: string[]): Promise<void> {
  if (visitIds.length === 0) return;
  const rows = await listVisitFacts(db, visitIds);
  const news = rows.flatMap((row) => {
    if (row.judgedByUserId !== null) return [];
    const judged = judge({
      userAgent: row.userAgent,
      isInternal: row.isInternal,
      hasPassedPasscode: Boolean(row.hasPasscode),
      hasTrustedInput: row.hasTrustedInput,
      hasDownloaded: row.downloadedAt !== null,
      activeMs: row.pagesSeen > 0 ? row.activeMs : row.lastActiveAt.getTime() - row.startedAt.getTime(),
      pagesSeen: row.pagesSeen,
      msSinceLinkMade: row.startedAt.getTime() - row.linkMadeAt.getTime(),
      hasTwin: row.hasTwin,
    });
    const before =
      row.class === null || row.probability === null
        ? undefined
        : { class: row.class, probability: row.probability };
    return before && !differs(before, judged) ? [] : [{ row, judged }];
  });
  if (news.length === 0) return;
  await insertJudgements(
    db,
    news.map(({ row, judged: { class: judgedAs, probability, reasons, ruleVersion } }) => ({
      visitId: row.id,
      class: judgedAs,
      probability,
      reasons,
      ruleVersion,
      judgedAt: now,
    })),
  );
}

const mostRemembered = 50_000;
const judgeEveryMs = 200;

/** Watches committed beats and has a visit judged again when they change the picture. */
export function createJudgementQueue({ db, clock, log }: Pick<Context, 'db' | 'clock' | 'log'>) {
  let pictures = new Map<string, number>();
  let due = new Set<string>();
  let isBusy = false;

  async function judgeDue(): Promise<void> {
    const visitIds = [...due].slice(0, 500);
    due = new Set([...due].slice(500));
    try {
      await judgeVisits(db, clock(), visitIds);
    } catch (error) {
      // The sweep judges what is missed here.
      log.warn({ event: 'judgement_failed', count: visitIds.length, err: error });
    }
    isBusy = false;
    if (due.size > 0) schedule();
  }

  function schedule(): void {
    if (isBusy) return;
    isBusy = true;
    setTimeout(() => void judgeDue(), judgeEveryMs).unref();
  }

  return {
    notice(beat: CheckedBeat, startedAt: number): void {
      // Once there are pages, only time on pages counts, so having waited for them for long says nothing of that.
      const hasPages = beat.pages.length > 0;
      const activeMs = hasPages
        ? beat.pages.reduce((sum, page) => sum + page.activeMs, 0)
        : beat.activeAt - startedAt;
      const reached = (activeMs >= 5_000 ? 1 : 0) | (activeMs >= 30_000 ? 2 : 0);
      const picture = (beat.hasTrustedInput ? 1 : 0) | (reached << (hasPages ? 3 : 1));
      const known = pictures.get(beat.visitId) ?? 0;
      if ((known | picture) === known) return;
      if (pictures.size > mostRemembered) pictures = new Map();
      pictures.set(beat.visitId, known | picture);
      due.add(beat.visitId);
      schedule();
    },
  };
}
