import { z } from 'zod';

/**
 * What is read of Meilisearch's answers. Anything of another shape, from a server that is another program or another
 * version, counts as a failure of it.
 */
export const partsAnswer = z.object({
  hits: z.array(
    z.object({
      assetId: z.string(),
      _federation: z.object({ weightedRankingScore: z.number() }),
    }),
  ),
  estimatedTotalHits: z.int().min(0),
  facetsByIndex: z.record(
    z.string(),
    z.object({ distribution: z.object({ termIds: z.record(z.string(), z.int()).default({}) }) }),
  ),
});

const searches = <T extends z.ZodType>(hit: T) =>
  z.object({ results: z.array(z.object({ hits: z.array(hit), estimatedTotalHits: z.int().min(0) })) });

export const wordsAnswer = searches(z.object({ assetId: z.string() }));

export const spellingsAnswer = searches(z.object({ _formatted: z.record(z.string(), z.unknown()) }));

export const pagesAnswer = searches(
  z.object({ assetId: z.string(), pageNumber: z.int(), _rankingScore: z.number() }),
);

export const readTimesAnswer = z.object({
  results: z.array(z.object({ assetId: z.string(), readAt: z.number() })),
});

export const enqueuedAnswer = z.object({ taskUid: z.int() });

export const dropAnswer = z.boolean();

export const taskAnswer = z.object({
  uid: z.int(),
  status: z.enum(['succeeded', 'failed', 'canceled']),
  error: z.object({ message: z.string() }).nullish(),
});

export const statsAnswer = z.object({ numberOfDocuments: z.int().min(0) });

export const versionAnswer = z.object({ pkgVersion: z.string() });

interface WordCover {
  assetIds: string[];
  /** How many there are, also beyond those that are named. */
  count: number;
}

/** How finely coverage is told apart: one search is needed for each step. */
const coverageSteps = 6;

/**
 * Which assets hold enough of a sentence, each word found on its own. A rare word counts for more, one that nothing
 * holds for as little as the commonest.
 */
export function coverSentence(
  words: WordCover[],
  enough: number,
): { coverage: number; assetIds: string[] }[] {
  const known = words.map(({ count }) => (count === 0 ? 0 : 1 / Math.log2(2 + count)));
  const least = Math.min(1, ...known.filter((weight) => weight > 0));
  const weights = known.map((weight) => weight || least);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const held = new Map<string, number>();
  for (const [index, { assetIds }] of words.entries())
    for (const assetId of assetIds) held.set(assetId, (held.get(assetId) ?? 0) + (weights[index] ?? 0));
  const steps = new Map<number, string[]>();
  for (const [assetId, weight] of held) {
    if (weight / all < enough) continue;
    const step = Math.max(1, Math.round((weight / all) * coverageSteps));
    const others = steps.get(step);
    if (others) others.push(assetId);
    else steps.set(step, [assetId]);
  }
  return Array.from(steps, ([step, assetIds]) => ({ coverage: step / (coverageSteps + 1), assetIds }));
}

/** Around what Meilisearch found: letters that no folded text holds. */
export const highlightTags = { highlightPreTag: '\uE000', highlightPostTag: '\uE001' };

/** The first word that is marked, in order of weight of the fields. */
export function findMarkedWord(formatted: Record<string, unknown>, fields: string[]): string | undefined {
  for (const field of fields) {
    const value = formatted[field];
    for (const text of Array.isArray(value) ? value : [value]) {
      const marked = typeof text === 'string' ? /[^ .]*\uE000[^\uE001]*\uE001[^ .]*/.exec(text) : null;
      // A prefix is marked without the rest of its word.
      if (marked) return marked[0].replace(/[\uE000\uE001]/g, '');
    }
  }
  return undefined;
}

interface PageHit {
  assetId: string;
  pageNumber: number;
  _rankingScore: number;
}

/** The page of each asset that holds most of what was asked, by what was found for each part of it. */
export function pickPages(found: { hits: PageHit[]; weight: number }[]): Map<string, number> {
  const scores = new Map<string, Map<number, number>>();
  for (const { hits, weight } of found)
    for (const { assetId, pageNumber, _rankingScore } of hits) {
      const ofAsset = scores.get(assetId) ?? new Map<number, number>();
      const before = ofAsset.get(pageNumber) ?? 0;
      scores.set(assetId, ofAsset.set(pageNumber, before + _rankingScore * weight));
    }
  const picked = new Map<string, number>();
  for (const [assetId, pages] of scores) {
    const [best] = [...pages].toSorted(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b);
    if (best) picked.set(assetId, best[0]);
  }
  return picked;
}
