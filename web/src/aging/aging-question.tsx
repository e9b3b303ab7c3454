import { useQuery } from '@tanstack/react-query';
import { definitions, metricsQuery } from '../analytics/api.ts';
import { paths } from '../lib/paths.ts';
import { type SliceState, withSlice } from '../slices/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { Question } from '../ui/question.tsx';
import classes from './aging.module.css';
import { agingEvidence, expiringWords, fallWords, flagWords, heldWords, staleWords } from './aging-words.ts';
import { type Aging, agingQuery } from './api.ts';

const mostRows = 5;
const counted = [
  'unanswered_flags',
  'hot_stale_assets',
  'held_versions',
  'reads_per_share',
  'expiring',
] as const;

/** The fifth question: what is in use and going off, what needs somebody soonest first. */
export function AgingQuestion({ slice }: { slice: SliceState }) {
  const { data, error, refetch } = useQuery(agingQuery(slice, mostRows));
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  return (
    <Question
      ask="What is going off?"
      metrics={counted}
      answer={data?.says}
      uncertainty={
        data && (
          <p>
            {agingEvidence(data)}{' '}
            <Definition metrics={definitions(metrics, counted)}>How this is counted</Definition>
          </p>
        )
      }
      action={
        <LinkButton
          to={withSlice(paths.aging, slice)}
          variant={data && listRows(data).length > 0 ? 'filled' : 'default'}
        >
          {data && listRows(data).length > 0 ? 'Look after them' : 'See what is watched'}
        </LinkButton>
      }
      error={error}
      onRetry={() => void refetch()}
    >
      {data && (
        <ul className={classes.brief} aria-label="Going off">
          {listRows(data).map(({ key, assetId, title, says }) => (
            <li key={key}>
              <AppLink to={paths.asset(assetId)} className={classes.title ?? ''}>
                {title}
              </AppLink>
              <span>{says}</span>
            </li>
          ))}
        </ul>
      )}
    </Question>
  );
}

/** The first of each list before the second of any. */
function listRows({ flagged, hotStale, held, falling, expiring, window }: Aging) {
  const row = (kind: string, item: { assetId: string; title: string }, says: string, place: number) => ({
    key: `${kind} ${place.toString()} ${item.assetId}`,
    assetId: item.assetId,
    title: item.title,
    says,
    place,
  });
  return [
    ...flagged.items.map((item, place) => row('flagged', item, flagWords(item), place)),
    ...hotStale.items.map((item, place) => row('stale', item, staleWords(item, window.lastDay), place)),
    ...falling.items.map((item, place) => row('falling', item, fallWords(item), place)),
    ...held.items.map((item, place) => row('held', item, heldWords(item), place)),
    ...expiring.items.map((item, place) => row('expiring', item, expiringWords(item), place)),
  ]
    .toSorted((a, b) => a.place - b.place)
    .slice(0, mostRows);
}
