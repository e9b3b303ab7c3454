import type { Context } from '../context.ts';
import type { JobPayload } from '../jobs/catalog.ts';
import { calibrate } from './calibration.ts';
import { listVisitFacts } from './fact-queries.ts';
import { judge, ruleProbabilityOf } from './judge.ts';
import { factsOf } from './judge-visits.ts';
import { listConfirmedVisits, replacePatterns } from './measurement-queries.ts';
import { runRejudging } from './rejudging.ts';
import { ruleVersion } from './rules.ts';
import { judgeVisitsBegun } from './service.ts';

const minuteMs = 60_000;
const learntFromMs = 365 * 86_400_000;

export const judgingJobs = {
  'settle-judgements': settleJudgements,
  'calibrate-judgements': calibrateJudgements,
  'rejudge-visits': async (
    ctx: Context,
    { rejudgingId }: JobPayload<'rejudge-visits'>,
    stopping: AbortSignal,
  ) => runRejudging(ctx, rejudgingId, stopping),
};

/** Twins, bursts and what follows a trap come to light only after a visit has begun, and it may say nothing more. */
async function settleJudgements({ db, clock, log }: Context): Promise<void> {
  const now = clock();
  const before = (minutes: number) => new Date(now.getTime() - minutes * minuteMs);
  const count = await judgeVisitsBegun(db, now, before(15), before(1));
  if (count > 0) log.info({ event: 'judgements_settled', count });
}

/**
 * Learns from the visits of which is known what they were. Codes and passcodes can prove people only, so a pattern that
 * is seen behind them leans towards people; the weight of the rules holds against that, and so does that a lone sign
 * never decides, whatever its probability.
 */
async function calibrateJudgements({ db, clock, log }: Context): Promise<void> {
  const asOf = clock();
  const confirmed = await listConfirmedVisits(db, new Date(asOf.getTime() - learntFromMs));
  const counts = new Map<string, { humanCount: number; otherCount: number }>();
  for (let start = 0; start < confirmed.length; start += 500) {
    const batch = confirmed.slice(start, start + 500);
    const people = new Set(batch.filter(({ isPerson }) => isPerson).map(({ id }) => id));
    const rows = await listVisitFacts(
      db,
      batch.map(({ id }) => id),
      ruleVersion,
    );
    for (const row of rows) {
      const { pattern } = judge(factsOf(row));
      const count = counts.get(pattern) ?? { humanCount: 0, otherCount: 0 };
      counts.set(pattern, count);
      if (people.has(row.id)) count.humanCount += 1;
      else count.otherCount += 1;
    }
  }
  const rows = [...counts].map(([pattern, count]) => ({
    pattern,
    ...count,
    ...calibrate(ruleProbabilityOf(pattern), count.humanCount, count.otherCount),
    asOf,
  }));
  await db.transaction().execute((trx) => replacePatterns(trx, ruleVersion, rows));
  log.info({ event: 'judgements_calibrated', patternCount: rows.length, visitCount: confirmed.length });
}
