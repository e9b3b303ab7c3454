import type { Rep } from './contract.ts';

type Numbers = Pick<Rep, 'shareCount' | 'search' | 'followUp'>;

const fewSearches = 5;
const manyWaiting = 3;

/** The one thing to talk about with somebody, the most useful first; null where nothing stands out. */
export function findCoaching({ shareCount, search, followUp }: Numbers): string | null {
  const { answered, hours } = followUp;
  const waiting = answered.n - answered.part;
  if (shareCount === 0 && search.n === 0)
    return 'Has neither searched nor shared. Show them Find with a situation from one of their deals.';
  if (shareCount === 0)
    return 'Searches and sends nothing. Ask what was missing, or what made them doubt what they found.';
  if (waiting >= manyWaiting && waiting * 2 > answered.n)
    return `${waiting.toString()} of ${answered.n.toString()} who read have had no answer. “Act now” on Find lists them.`;
  if (search.n >= fewSearches && search.value !== null && search.value < 0.3)
    return 'Most searches end without anything used. Look at one together: the words may be missing as synonyms.';
  if (hours.median !== null && hours.median > 72)
    return 'Answers come days after the reading. Mail or desktop notifications may help.';
  return null;
}
