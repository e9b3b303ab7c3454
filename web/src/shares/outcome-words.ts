import type { MyLink } from '../analytics/api.ts';
import { formatNumber } from '../lib/format.ts';

type HumanOpens = MyLink['humanOpens'];

/** How many people's visits, with the doubt in words where the numbers are small: "Probably 1", "4, 3–6". */
export function opensWords({ value, low, high }: HumanOpens): string {
  if (low === high) return high === 0 ? 'None' : formatNumber(value);
  if (value === 0) return `None, perhaps ${formatNumber(high)}`;
  if (value === 1 && high === 1) return 'Probably 1';
  return `${formatNumber(value)}, ${formatNumber(low)}–${formatNumber(high)}`;
}

/** The same for whoever asks what the short form means. */
export function opensExplained({ value, low, high, hiddenCount }: HumanOpens): string {
  const judged = `${formatNumber(value)} judged to be a person’s`;
  const range =
    low === high ? '' : `; between ${formatNumber(low)} and ${formatNumber(high)} is likely (90%)`;
  const hidden =
    hiddenCount > 0 ? `. ${formatNumber(hiddenCount)} automated or your own company’s, not counted` : '';
  return `Visits: ${judged}${range}${hidden}.`;
}

export function hiddenWords({ hiddenCount }: HumanOpens): string {
  return `${formatNumber(hiddenCount)} automated hidden`;
}

export const linkFilters = ['follow-up', 'not-opened', 'not-started', 'expired', 'revoked'] as const;
export type LinkFilter = (typeof linkFilters)[number];

const tests: Record<LinkFilter, (link: MyLink) => boolean> = {
  'follow-up': (link) => link.readPageCount > 0,
  'not-opened': ({ shareLink, humanOpens }) =>
    shareLink.state !== 'revoked' && shareLink.state !== 'not_started' && humanOpens.value === 0,
  'not-started': ({ shareLink }) => shareLink.state === 'not_started',
  expired: ({ shareLink }) => shareLink.state === 'expired',
  revoked: ({ shareLink }) => shareLink.state === 'revoked',
};

/** The share links that a filter leaves; those to follow up begin with who read last. */
export function filterLinks(links: readonly MyLink[], filter: LinkFilter | undefined): MyLink[] {
  if (!filter) return [...links];
  const left = links.filter(tests[filter]);
  if (filter !== 'follow-up') return left;
  return left.toSorted((a, b) => (b.lastHumanAt?.getTime() ?? 0) - (a.lastHumanAt?.getTime() ?? 0));
}
