import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { definitions, metricsQuery } from '../analytics/api.ts';
import { paths } from '../lib/paths.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { Question } from '../ui/question.tsx';
import { influenceQuery } from './api.ts';
import { ForestPlot } from './forest-plot.tsx';
import { InfluenceEvidence } from './influence-evidence.tsx';
import { influenceAnswer } from './influence-words.ts';
import { NotYet } from './not-yet.tsx';

/** The third question: which assets were read in deals that moved on more often than others like them. */
export function InfluenceQuestion({ slice }: { slice: SliceState }) {
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(influenceQuery(slice));
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const open = (asset: string) =>
    void navigate({ to: paths.influence, search: { ...sliceQuery(slice), asset } as never });
  return (
    <Question
      ask="What helps deals move?"
      metrics={['influence']}
      answer={data && influenceAnswer(data)}
      uncertainty={
        data && (
          <p>
            <InfluenceEvidence report={data} />{' '}
            <Definition metrics={definitions(metrics, ['influence'])}>How this is counted</Definition>
          </p>
        )
      }
      action={
        data && (
          <LinkButton to={paths.influence} search={sliceQuery(slice)} variant="default">
            {data.knownCount > 0 ? 'Compare the assets' : 'See what it takes'}
          </LinkButton>
        )
      }
      error={error}
      onRetry={() => void refetch()}
    >
      {data && data.known.length > 0 && <ForestPlot assets={data.known.slice(0, 4)} onOpen={open} />}
      {data && data.known.length === 0 && (
        <NotYet report={data} assets={data.unknown.slice(0, 4)} onOpen={open} />
      )}
    </Question>
  );
}
