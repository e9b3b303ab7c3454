import type { TaxonomyHealth } from './contract.ts';
import { on } from './gap-words.ts';
import { eligibleAfterDays } from './metrics.ts';
import type { TermUse } from './taxonomy-health-queries.ts';

/** What there is to tell by whether a term is used. */
export interface UseKnowledge {
  asOf: Date;
  windowDays: number;
  recordingSince: Date | null;
  searchCount: number;
}

const dayMs = 86_400_000;
/** With fewer searches than that, a term that none of them names says nothing about the term. */
const tellingSearches = 50;
/** A term with more assets than that is worth a look at them before it goes. */
const fewAssets = 2;

/**
 * A term is used when somebody searches for it, or when sales shares or downloads an asset that has it. That nobody
 * does is known only where people, the term and its assets have been there for long enough.
 */
export function listUnused(
  uses: readonly TermUse[],
  knowledge: UseKnowledge,
): Pick<TaxonomyHealth, 'unusedTerms' | 'useSays' | 'isUseKnown'> {
  const { asOf, recordingSince, searchCount } = knowledge;
  const isUseKnown =
    recordingSince !== null && isOldEnough(recordingSince, asOf) && searchCount >= tellingSearches;
  const span = saySpan(knowledge);
  return {
    isUseKnown,
    useSays: isUseKnown
      ? `Nobody searched for these, and sales shared or downloaded no asset that has them, ${span}.`
      : sayTooEarly(knowledge),
    unusedTerms: uses.flatMap((use) => {
      const { id, dimensionKey, name, assetCount } = use;
      const isUnused = isUseKnown && isOldEnough(use.createdAt, asOf) && isUnusedTerm(use);
      if (assetCount > 0 && !isUnused) return [];
      return [{ term: { id, dimensionKey, name }, assetCount, ...describe(use, isUnused, span) }];
    }),
  };
}

function isOldEnough(since: Date, asOf: Date): boolean {
  return asOf.getTime() - since.getTime() >= eligibleAfterDays * dayMs;
}

function isUnusedTerm({ assetCount, eligibleCount, usedCount, searchCount }: TermUse): boolean {
  return searchCount === 0 && usedCount === 0 && (assetCount === 0 || eligibleCount > 0);
}

function describe(
  { assetCount, searchCount }: TermUse,
  isUnused: boolean,
  span: string,
): Pick<TaxonomyHealth['unusedTerms'][number], 'says' | 'advice'> {
  if (assetCount > 0)
    return {
      says:
        assetCount === 1
          ? '1 published asset has it, and was not used.'
          : `${assetCount} published assets have it, none of them used.`,
      advice: assetCount > fewAssets ? 'review' : 'retire',
    };
  if (searchCount > 0) {
    const times = searchCount === 1 ? 'once' : `${searchCount} times`;
    return {
      says: `No published asset has it, but it was searched for ${times} ${span}: something is missing.`,
      advice: 'request',
    };
  }
  if (isUnused) return { says: 'No published asset has it.', advice: 'retire' };
  return { says: 'No published asset has it yet.', advice: 'tag' };
}

function saySpan({ asOf, windowDays, recordingSince }: UseKnowledge): string {
  const isWhole = recordingSince && asOf.getTime() - recordingSince.getTime() >= windowDays * dayMs;
  return isWhole || !recordingSince
    ? `in the last ${windowDays} days`
    : `since ${on(recordingSince)}, when recording began`;
}

function sayTooEarly(knowledge: UseKnowledge): string {
  const { asOf, recordingSince, searchCount } = knowledge;
  if (!recordingSince)
    return 'Nobody has worked here yet, so it is too early to say which terms nobody uses.';
  if (!isOldEnough(recordingSince, asOf)) {
    const from = new Date(recordingSince.getTime() + eligibleAfterDays * dayMs);
    return `Recording began on ${on(recordingSince)}. From ${on(from)} on it can be told which terms nobody uses.`;
  }
  const searches = searchCount === 1 ? '1 search' : `${searchCount} searches`;
  return `There were ${searches} ${saySpan(knowledge)}. From ${tellingSearches} on it can be told which terms nobody uses.`;
}
