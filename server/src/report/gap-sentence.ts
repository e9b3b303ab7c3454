import type { GapTile } from './contract.ts';
import { type Words, wordsIn } from './words.ts';

/** The answer to "What did sales ask for and not find?" in one sentence. */
export function answerGaps(
  tile: Pick<GapTile, 'gaps' | 'openGapCount' | 'searchCount' | 'baseCurrency'>,
  words: Words = wordsIn(undefined),
): string {
  const [first] = tile.gaps;
  if (tile.searchCount === 0) return 'Nobody has searched yet.';
  if (!first) return 'Whatever sales asked for was found, or somebody is on it.';
  const others = tile.openGapCount - 1;
  const behind =
    first.openValue > 0
      ? `, with ${words.money(first.openValue, tile.baseCurrency)} of open deals behind it`
      : '';
  const more = others > 0 ? `; ${words.plural(others, 'more gap')} ${others === 1 ? 'is' : 'are'} open` : '';
  return `${words.plural(first.peopleCount, 'person', 'people')} asked for “${shorten(first.query)}” and did not find it${behind}${more}.`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text;
}
