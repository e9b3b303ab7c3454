import { formatMoney, formatNumber, formatPercent, formatPoints, plural } from '../lib/format.ts';
import type { AssetInfluence, Influence, InfluenceLine, PipelineRead, TieExperiment } from './api.ts';

/** 0.124 → "12 points more", as whole points of a hundred. */
export function pointsWords(share: number): string {
  const points = Math.round(Math.abs(share) * 100);
  if (points === 0) return 'as often';
  return `${points.toString()} ${points === 1 ? 'point' : 'points'} ${share > 0 ? 'more' : 'less'} often`;
}

export function intervalWords({ low, high }: { low: number; high: number }): string {
  return `${formatPoints(low)} to ${formatPoints(high)}`;
}

/** The answer in one sentence; it says what goes together and never what causes what. */
export function influenceAnswer(report: Influence): string {
  const lifting = report.known.filter(({ difference }) => difference?.isSure && difference.estimate > 0);
  const [first] = lifting;
  if (first?.difference && lifting.length === 1)
    return `Deals that read “${first.title}” moved on ${pointsWords(first.difference.estimate)} than deals like them.`;
  if (first?.difference)
    return `Deals that read one of ${formatNumber(lifting.length)} assets moved on more often than deals like them, those with “${first.title}” most of all.`;
  if (report.knownCount > 0)
    return `Of ${plural(report.knownCount, 'asset')} with enough deals, none stands out: deals that read ${report.knownCount === 1 ? 'it' : 'them'} moved on about as often as others.`;
  if (report.unknownCount > 0) {
    const [nearest] = report.unknown;
    return `It can’t be told yet: the nearest, “${nearest?.title ?? ''}”, needs about ${plural(nearest?.moreDealCount ?? 0, 'more deal', 'more deals')}.`;
  }
  return 'It can’t be told yet: nobody has read anything in a deal’s first days at a stage.';
}

/** The finding over the forest: how many stand clear of no difference. */
export function forestFinding({ knownCount, sureCount }: Influence): string {
  if (knownCount === 1)
    return `The one asset with enough deals ${sureCount === 1 ? 'stands' : 'does not stand'} clear of no difference`;
  const ofAll = `of ${plural(knownCount, 'asset')} with enough deals`;
  if (sureCount === 0) return `None ${ofAll} stands clear of no difference`;
  return `${formatNumber(sureCount)} ${ofAll} ${sureCount === 1 ? 'stands' : 'stand'} clear of no difference`;
}

/** What one asset's numbers say, in words. */
export function assetSentence({ difference, moreDealCount, exposed }: AssetInfluence): string {
  if (!difference)
    return exposed.dealCount === 0
      ? `No deal that read it has one alike that did not. About ${plural(moreDealCount, 'more deal', 'more deals')} will tell.`
      : `It can’t be told yet. About ${plural(moreDealCount, 'more deal', 'more deals')} will tell.`;
  const { estimate, low, high, isSure } = difference;
  const told = `Deals that read it moved on ${pointsWords(estimate)} than deals like them that didn’t (${intervalWords(difference)} points).`;
  if (isSure) return told;
  if (low > 0 || high < 0)
    return `${told} With so many assets compared, one like this turns up by chance, so it is not marked.`;
  return `${told} That may be chance: the interval includes no difference.`;
}

export function powerWords({ power }: AssetInfluence): string | null {
  if (power === null) return null;
  return `With so many deals a true difference of 10 points would be found ${formatPercent(power)} of the time.`;
}

export function lineWords(line: InfluenceLine): string {
  const { standing, estimate, low, high, dealCount, moreDealCount } = line;
  if (standing === 'unread') return 'Influence: not read in a deal yet';
  if (standing === 'unknown' || estimate === null || low === null || high === null)
    return `Influence: not enough data, about ${plural(moreDealCount ?? 0, 'more deal', 'more deals')}`;
  const counted = `${intervalWords({ low, high })} points, ${plural(dealCount, 'deal')}`;
  if (standing === 'unclear') return `Influence: no clear difference, ${counted}`;
  return `Deals that read it moved on ${pointsWords(estimate)} than deals like them, ${counted}`;
}

export function experimentSentence({ first, second, difference, moreSearchCount }: TieExperiment): string {
  if (!difference || first.share === null || second.share === null)
    return `Where two assets fit a search equally, chance puts one first. About ${plural(moreSearchCount, 'more such search', 'more such searches')} will tell what the first place makes.`;
  const shares = `${formatPercent(first.share)} against ${formatPercent(second.share)} of ${plural(first.searchCount, 'search', 'searches')}`;
  if (difference.low <= 0 && difference.high >= 0)
    return `Placing an asset first made no clear difference: it was used in ${shares} (${intervalWords(difference)} points).`;
  return `Placing an asset first made it ${Math.round(Math.abs(difference.estimate) * 100).toString()} points ${difference.estimate > 0 ? 'more' : 'less'} likely to be used: ${shares} (${intervalWords(difference)} points).`;
}

/** What is alike of the deals that are compared, and what is not. */
export const notControlled =
  'Compared are deals at the same stage, with a like amount, of the same segment. Not known and so not taken into account: how keen the buyer was, who sold to them, who else competed, and what they read elsewhere. Whoever is keen reads more and buys more, so a difference is a hint where to look, not proof.';

export const bandNames = {
  low: 'Lower third',
  middle: 'Middle third',
  high: 'Upper third',
  unknown: 'Amount not known',
} as const;

/** "€1.2M of the open pipeline is being read." Of what cannot be converted nothing is said here. */
export function pipelineSentence({ baseCurrency, open, confirmed, days }: PipelineRead): string {
  if (open.dealCount === 0 || baseCurrency === null)
    return 'There is no open deal whose amount can be added up.';
  const money = (value: number) => formatMoney(value, baseCurrency);
  if (confirmed.dealCount === 0)
    return `Of ${money(open.value)} in open deals none had a confirmed reader in the last ${formatNumber(days)} days.`;
  return `Of ${money(open.value)} in open deals, ${money(confirmed.value)} had a confirmed reader in the last ${formatNumber(days)} days.`;
}

/** "3 deals of CHF 120,000, of which 1 was read", for each currency without a rate. */
export function unconvertedWords({ unconverted }: PipelineRead): string {
  const named = unconverted.map(
    ({ currency, open, read }) =>
      `${plural(open.dealCount, 'deal')} of ${formatMoney(open.value, currency)}${read.dealCount > 0 ? `, of which ${formatNumber(read.dealCount)} ${read.dealCount === 1 ? 'was' : 'were'} read` : ''}`,
  );
  return `Left out, as no rate is set for the currency: ${named.join('; ')}.`;
}

/** The finding over the bars: at which stage most of what is open is read by nobody. */
export function pipelineFinding({ stages, baseCurrency }: PipelineRead): string {
  const unread = stages
    .map(({ stage, open, read }) => ({ stage, value: open.value - read.value }))
    .toSorted((a, b) => b.value - a.value)[0];
  if (!unread || unread.value <= 0 || baseCurrency === null) return 'Every open deal has a reader';
  return `Most of what nobody reads stands at ${unread.stage}: ${formatMoney(unread.value, baseCurrency)}`;
}
