import type { Question } from './contract.ts';
import type { ReadQuestion } from './question.ts';
import { readTerms } from './understand.ts';

export interface Choice {
  phrase: string;
  termId: string;
  isRefused: boolean;
}

/** Longer sentences are never typed twice, so nothing is learned from them. */
const mostWords = 5;

/**
 * What the step from one question to the next says about words: the same text with one more term chosen means
 * that the words which nobody understood stand for the term; a term taken back means that its words do not.
 */
export function listChoices(
  before: Question,
  after: Question,
  {
    restTokens,
    query,
    knowledge,
    library,
  }: Pick<ReadQuestion, 'restTokens' | 'query' | 'knowledge' | 'library'>,
): Choice[] {
  if (before.query.trim().toLowerCase() !== after.query.trim().toLowerCase() || after.query === '') return [];
  const chosen = after.filters.termIds.filter((id) => !before.filters.termIds.includes(id));
  const refused = after.plainTermIds.filter((id) => !before.plainTermIds.includes(id));
  const rest = restTokens.map(({ word }) => word);
  const [termId] = chosen;
  const choices: Choice[] = [];
  if (chosen.length === 1 && termId && rest.length > 0 && rest.length <= mostWords && refused.length === 0)
    choices.push({ phrase: rest.join(' '), termId, isRefused: false });
  if (refused.length === 0) return choices;
  const { terms } = readTerms(query, knowledge.lexicon, library, before.plainTermIds);
  for (const { term, typed } of terms)
    if (refused.includes(term.id))
      choices.push({ phrase: typed.trim().toLowerCase(), termId: term.id, isRefused: true });
  return choices.filter(({ phrase }) => phrase.length <= 200);
}
