import { formatNumber, formatPercent, plural } from '../lib/format.ts';
import type { Gap, GapList } from './api.ts';

/** A look at results that led nowhere, once and by one person, is hardly a gap. */
export function isOnce({ state, kind, searchCount }: Gap): boolean {
  return state === 'open' && kind === 'no_success' && searchCount === 1;
}

/** What sales looked for and did not find, in one sentence. */
export function gapsAnswer({ items, searchCount, failedCount }: GapList): string {
  const open = items.filter((gap) => gap.state === 'open' && !isOnce(gap));
  const missing = open.filter(({ kind }) => kind === 'no_result').length;
  const unfit = open.length - missing;
  const isWaiting = items.some(({ state }) => state === 'acted_on');
  if (searchCount === 0) return 'Nobody has searched for anything yet.';
  if (missing > 0 && unfit > 0)
    return `Sales asked for ${plural(missing, 'thing')} that nothing was found for, and for ${formatNumber(unfit)} where nothing found was used.`;
  if (missing > 0) return `Sales asked for ${plural(missing, 'thing')} that nothing was found for.`;
  if (unfit > 0)
    return `Sales found something for everything, and used none of it for ${plural(unfit, 'thing')}.`;
  if (isWaiting) return 'Everything that sales did not find is being seen to.';
  if (items.some(isOnce)) return 'Sales has not missed the same thing twice so far.';
  return failedCount > 0 ? 'Sales finds by now what it asks for.' : 'Sales finds what it asks for.';
}

/** What the sentence was counted over. */
export function gapsEvidence({ searchCount, failedCount }: GapList): string {
  if (searchCount === 0) return 'Once people search, what they look for in vain is listed here.';
  if (failedCount === 0)
    return `All of ${plural(searchCount, 'search', 'searches')} in 90 days led to something that was used.`;
  return `${formatNumber(failedCount)} of ${plural(searchCount, 'search', 'searches')} in 90 days (${formatPercent(failedCount / searchCount)}) led to nothing that was shared, downloaded or looked at for ten seconds.`;
}

/** "3 people searched 7 times and found nothing" */
export function gapFacts({ people, searchCount, kind }: Gap): string {
  const who = people.length === 1 ? (people[0]?.name ?? '1 person') : `${people.length.toString()} people`;
  const times = searchCount === 1 ? 'once' : searchCount === 2 ? 'twice' : `${searchCount.toString()} times`;
  return `${who} searched ${times} and ${kind === 'no_result' ? 'found nothing' : 'used nothing that was found'}`;
}

/** Of an e-mail only the situation is told, so nobody misses its words. */
export function gapPasted({ isTyped, pastedCount }: Gap): string {
  const what = pastedCount === 1 ? 'an e-mail of a buyer' : `${pastedCount.toString()} e-mails of buyers`;
  if (isTyped) return `also asked with ${what}`;
  return `asked with ${what}, whose words stay with those who pasted ${pastedCount === 1 ? 'it' : 'them'}`;
}

/** "Rita 4, Otto 2" for as many as there is room for. */
export function gapPeople({ people }: Gap): string {
  if (people.length < 2) return '';
  const shown = people
    .slice(0, 6)
    .map(({ name, count }) => (count > 1 ? `${name} ${count.toString()}×` : name));
  const rest = people.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest.toString()} more`] : [])].join(', ');
}
