import type { AssetInfluence, Influence } from '../influence/contract.ts';
import type { BriefQuestion } from './contract.ts';
import type { Words } from './words.ts';

const mostRows = 4;

/** What goes together with deals that move, never what causes it; "cannot tell yet" is an answer. */
export function sayInfluence(report: Influence, words: Words): BriefQuestion {
  const { cohort, known, knownCount, unknown, unknownCount } = report;
  const sure = known.filter(({ difference }) => difference?.isSure && difference.estimate > 0);
  const [first] = sure;
  const [nearest] = unknown;
  const answer = first?.difference
    ? `Deals that read “${first.title}” moved on ${points(first.difference.estimate)} points more often than deals like them.`
    : knownCount > 0
      ? `Of ${words.plural(knownCount, 'asset')} with enough deals, none stands out.`
      : nearest
        ? `It can’t be told yet: the nearest, “${nearest.title}”, needs about ${words.plural(nearest.moreDealCount, 'more deal')}.`
        : 'It can’t be told yet: nobody has read anything in a deal’s first days at a stage.';
  return {
    key: 'influence',
    ask: 'What helps deals move?',
    answer,
    evidence: [
      `Counted over ${words.plural(cohort.dealCount, 'stage')} of deals; ${words.plural(knownCount, 'asset')} could be compared, ${words.number(unknownCount)} not yet. It is what goes together, not what causes what.`,
    ],
    rows: known.slice(0, mostRows).map((asset) => ({ name: asset.title, says: sayAsset(asset, words) })),
    path: '/shelf/influence',
    metrics: ['influence'],
  };
}

function sayAsset({ difference, exposed, unexposed }: AssetInfluence, words: Words): string {
  if (!difference) return 'Not enough data.';
  return `${signed(difference.estimate)} points, ${signed(difference.low)} to ${signed(difference.high)} (95%); ${words.plural(exposed.dealCount, 'deal')} read it, ${words.number(unexposed.dealCount)} alike did not${difference.isSure ? '' : '; not sure'}.`;
}

function points(share: number): string {
  return Math.abs(Math.round(share * 100)).toString();
}

function signed(share: number): string {
  const whole = Math.round(share * 100);
  return whole > 0 ? `+${whole.toString()}` : whole < 0 ? `−${Math.abs(whole).toString()}` : '0';
}
