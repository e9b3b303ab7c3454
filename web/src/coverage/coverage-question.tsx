import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { definitions, metricsQuery } from '../analytics/api.ts';
import { paths } from '../lib/paths.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { Question } from '../ui/question.tsx';
import { coverageQuery, defaultView } from './api.ts';
import { coverageAnswer, coverageEvidence } from './coverage-words.ts';
import { ThinRows } from './thin-and-fat.tsx';

const counted = ['coverage', 'coverage_demand', 'objection_notes'] as const;

/** The second question: where is demand and nothing that answers it. */
export function CoverageQuestion({ slice }: { slice: SliceState }) {
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(coverageQuery(slice, defaultView));
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const [first] = data?.thin ?? [];
  const lookAt = (row: string, column: string) =>
    void navigate({ to: paths.coverage, search: { ...sliceQuery(slice), row, column } as never });
  return (
    <Question
      ask="Where are we thin or fat?"
      metrics={counted}
      answer={data && coverageAnswer(data)}
      uncertainty={
        data && (
          <p>
            {coverageEvidence(data)}{' '}
            <Definition metrics={definitions(metrics, counted)}>How this is counted</Definition>
          </p>
        )
      }
      action={
        data && (
          <LinkButton
            to={paths.coverage}
            search={{
              ...sliceQuery(slice),
              ...(first && { row: first.rowTermId, column: first.columnTermId }),
            }}
            variant={first ? 'filled' : 'default'}
          >
            {first ? 'Fill the thinnest cell' : 'See the coverage'}
          </LinkButton>
        )
      }
      error={error}
      onRetry={() => void refetch()}
    >
      {data && (
        <ThinRows coverage={data} most={4} onOpen={(cell) => lookAt(cell.rowTermId, cell.columnTermId)} />
      )}
    </Question>
  );
}
