import { useQuery } from '@tanstack/react-query';
import { Definition } from '../ui/definition.tsx';
import { Figure } from '../ui/figure.tsx';
import { hasBefore } from './answer-words.ts';
import { definitions, metricsQuery, type Reach } from './api.ts';

export const reachMetrics = ['unused_rate', 'used_assets', 'eligible_assets', 'usage_ladder'] as const;

/** The numbers of the sentence, each with its definition behind it. */
export function UnusedFigures({ report }: { report: Reach }) {
  const { unusedRate, asOf } = report;
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const { current, previous } = unusedRate;
  const rate = { metric: 'unused_rate', format: 'percent', asOf } as const;
  return (
    <>
      Unused: <Figure {...rate} value={current.value} n={current.n} />
      {hasBefore(report) && (
        <>
          , before: <Figure {...rate} value={previous.value} n={previous.n} label="Unused rate before" />
        </>
      )}
      . <Definition metrics={definitions(metrics, reachMetrics)}>How this is counted</Definition>
    </>
  );
}
