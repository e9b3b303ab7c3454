import { readAging } from '../aging/service.ts';
import type { MetricKey } from '../analytics/contract.ts';
import { metrics } from '../analytics/metrics.ts';
import { readReachReport } from '../analytics/service.ts';
import type { Context } from '../context.ts';
import { readCoverage } from '../coverage/service.ts';
import { listDecisions } from '../decisions/service.ts';
import { readInfluence } from '../influence/service.ts';
import { readFreshness } from '../rollups/service.ts';
import type { Slice } from '../slices/contract.ts';
import { resolveSlice } from '../slices/service.ts';
import type { Brief, BriefQuestion } from './contract.ts';
import { readGapTile } from './gap-tile.ts';
import { sayInfluence } from './influence-sentence.ts';
import { listTermNames } from './queries.ts';
import { sayAging, sayCoverage, sayDecision, sayGaps, sayReach } from './sentences.ts';
import { type Words, wordsIn } from './words.ts';

const mostDecisions = 5;
const mostRows = 5;

/** One page: the same answers as the pages of the report give, in words, with how each number is counted. */
export async function readBrief(ctx: Context, slice: Slice, locale: string | undefined): Promise<Brief> {
  const words = wordsIn(locale);
  const scope = await resolveSlice(ctx, slice);
  const [reach, coverage, influence, gaps, aging, decided, { countedAt }, sliceSays] = await Promise.all([
    readReachReport(ctx, slice),
    readCoverage(ctx, { ...slice, rows: 'persona', columns: 'stage', third: 'all' }),
    readInfluence(ctx, { ...slice, limit: mostRows }),
    readGapTile(ctx, slice),
    readAging(ctx, { ...slice, most: mostRows }),
    listDecisions(ctx, { limit: mostDecisions }),
    readFreshness(ctx.db),
    describeSlice(ctx, slice, scope, words),
  ]);
  const questions: BriefQuestion[] = [
    sayReach(reach, words),
    sayCoverage(coverage, words),
    sayInfluence(influence, words),
    sayGaps(gaps, words),
    sayAging(aging, words),
  ];
  const decisions = decided.items.filter(({ undoneAt }) => undoneAt === null);
  const asked = questions.flatMap((question) => question.metrics);
  const keys = new Set<MetricKey>([...asked, ...(decisions.length > 0 ? ['decision_effect' as const] : [])]);
  return {
    asOf: countedAt,
    window: scope.window,
    before: scope.before,
    sliceSays,
    questions,
    decisions: decisions.map((decision) => sayDecision(decision, words)),
    definitions: [...keys].map((key) => ({ key, ...metrics[key] })),
  };
}

/** "24 Aug to 23 Nov 2026, compared with the 91 days before. Assets for CFO. Accounts in Banking." */
async function describeSlice(
  { db }: Context,
  slice: Slice,
  { window, before }: Pick<Brief, 'window' | 'before'>,
  words: Words,
): Promise<string> {
  const assets = await listTermNames(db, [...slice.persona, ...slice.product, ...slice.language]);
  const buyers = [...slice.industry, ...slice.region, ...slice.segment];
  return [
    `${words.day(window.firstDay)} to ${words.day(window.lastDay)}, compared with ${words.day(before.firstDay)} to ${words.day(before.lastDay)}.`,
    assets.length > 0 ? `Assets for ${assets.join(', ')}.` : 'All assets.',
    buyers.length > 0 ? `Accounts in ${buyers.join(', ')}.` : 'All buyers.',
  ].join(' ');
}
