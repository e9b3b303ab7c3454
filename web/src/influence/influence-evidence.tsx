import { formatNumber } from '../lib/format.ts';
import { Figure } from '../ui/figure.tsx';
import type { Influence } from './api.ts';

/** Over what it was counted, and what it is not. */
export function InfluenceEvidence({ report }: { report: Influence }) {
  const { cohort, knownCount, unknownCount, asOf, outcomeDays, landmarkDays } = report;
  const { dealCount, progressedCount, tooYoungCount, leftEarlyCount } = cohort;
  if (dealCount === 0 || asOf === null)
    return <>No deal has stood at a stage for long enough to be compared.</>;
  const figure = { metric: 'influence', asOf } as const;
  const left = `${formatNumber(tooYoungCount)} entered in the last ${formatNumber(outcomeDays)} days, ${formatNumber(leftEarlyCount)} left in their first ${formatNumber(landmarkDays)}`;
  return (
    <>
      Counted over{' '}
      <Figure {...figure} value={dealCount} n={dealCount} excludes={left} label="Stages of deals compared" />{' '}
      stages of deals in two years, of which{' '}
      <Figure
        {...figure}
        format="percent"
        value={progressedCount / dealCount}
        n={dealCount}
        excludes={left}
        label="Progressed, of all compared"
      />{' '}
      progressed within {formatNumber(outcomeDays)} days.{' '}
      <Figure
        {...figure}
        value={knownCount}
        n={knownCount + unknownCount}
        label="Assets that can be compared"
      />{' '}
      {knownCount === 1 ? 'asset' : 'assets'} could be compared,{' '}
      <Figure
        {...figure}
        value={unknownCount}
        n={knownCount + unknownCount}
        label="Assets that can’t be compared yet"
      />{' '}
      not yet. It is what goes together, not what causes what.
    </>
  );
}
