import type { Context } from '../context.ts';
import { shareOf } from './calibration.ts';
import { corpusFigures, type JudgementClass, judgementClass, type Measurement } from './contract.ts';
import figures from './corpus-figures.json' with { type: 'json' };
import { judge, ruleProbabilityOf } from './judge.ts';
import {
  countBeats,
  countRequestsByAgent,
  countSilentVisits,
  countVisitsByClass,
  findAges,
  listPatterns,
} from './measurement-queries.ts';
import { showRejudging } from './rejudging.ts';
import { listRejudgings } from './rejudging-queries.ts';
import { requestFactsOf } from './request-facts.ts';
import { describeRules, factsOfRequest, ruleVersion } from './rules.ts';

const windowMs = 30 * 86_400_000;
const shownRejudgings = 5;
const bounds = [0, 0.15, 0.4, 0.6, 0.8, 1];

/** How well this instance measures, as far as it can know. */
export async function readMeasurement({ db, clock }: Context): Promise<Measurement> {
  const asOf = clock();
  const since = new Date(asOf.getTime() - windowMs);
  // Read before anything is counted: what the log says is done is in the numbers.
  const rejudgings = await listRejudgings(db, shownRejudgings);
  const visits = await countVisitsByClass(db, since);
  const patterns = await listPatterns(db, ruleVersion);
  return {
    asOf,
    ruleVersion,
    rules: describeRules(),
    corpus: corpusFigures.parse(figures),
    visits: {
      classes: visits.map((row) => ({ class: judgementClass.parse(row.class), count: row.count })),
      overruledCount: visits.reduce((sum, row) => sum + row.overruledCount, 0),
      confirmedCount: visits.find((row) => row.class === 'human-confirmed')?.count ?? 0,
    },
    requests: countRequests(await countRequestsByAgent(db, since)),
    beats: await countBeats(db, since),
    silentVisits: await countSilentVisits(db, since),
    calibration: {
      asOf: patterns.reduce<Date | null>(
        (latest, row) => (latest && latest > row.asOf ? latest : row.asOf),
        null,
      ),
      confirmedCount: patterns.reduce((sum, row) => sum + row.humanCount + row.otherCount, 0),
      rows: compare(patterns),
    },
    ages: await findAges(db, since),
    rejudgings: rejudgings.map(showRejudging),
  };
}

type RequestRow = Awaited<ReturnType<typeof countRequestsByAgent>>[number];

function countRequests(rows: RequestRow[]): Measurement['requests'] {
  const counts = new Map<JudgementClass, number>();
  for (const row of rows) counts.set(classOfRequest(row), (counts.get(classOfRequest(row)) ?? 0) + row.count);
  return {
    classes: [...counts].map(([name, count]) => ({ class: name, count })).sort((a, b) => b.count - a.count),
    count: rows.reduce((sum, row) => sum + row.count, 0),
  };
}

/** What a request alone gives away; most people and most scanners of mail give away nothing. */
function classOfRequest({ userAgent, method, purpose }: RequestRow): JudgementClass {
  return judge(
    factsOfRequest(userAgent, requestFactsOf({ method, headers: { 'sec-purpose': purpose } }, false)),
  ).class;
}

type PatternRow = Awaited<ReturnType<typeof listPatterns>>[number];

/** What the rules say of visits beside what they turned out to be. */
function compare(patterns: PatternRow[]): Measurement['calibration']['rows'] {
  return bounds.slice(0, -1).flatMap((from, index) => {
    const to = bounds[index + 1] ?? 1;
    const within = patterns
      .map((row) => ({ ...row, said: ruleProbabilityOf(row.pattern) }))
      .filter(({ said }) => said >= from && (said < to || to === 1));
    const humanCount = within.reduce((sum, row) => sum + row.humanCount, 0);
    const count = humanCount + within.reduce((sum, row) => sum + row.otherCount, 0);
    if (count === 0) return [];
    const predicted =
      within.reduce((sum, row) => sum + row.said * (row.humanCount + row.otherCount), 0) / count;
    const { probability: observed, low, high } = shareOf(humanCount, count);
    return [{ from, to, count, predicted, observed, low, high }];
  });
}
