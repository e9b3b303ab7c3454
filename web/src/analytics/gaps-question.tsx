import { useQuery } from '@tanstack/react-query';
import { formatCalendarDay, formatMinute, formatMoney, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { type GapTile, gapTileQuery } from '../report/api.ts';
import type { SliceState } from '../slices/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { Question } from '../ui/question.tsx';
import { definitions, metricsQuery } from './api.ts';
import classes from './gaps-question.module.css';

const counted = ['gap', 'search_success', 'objection_notes', 'open_requests'] as const;

/** The fourth question: what was searched for in vain, with the deals behind it, objections rising and requests due. */
export function GapsQuestion({ slice }: { slice: SliceState }) {
  const { data, error, refetch } = useQuery(gapTileQuery(slice));
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  return (
    <Question
      ask="What did sales ask for and not find?"
      metrics={counted}
      answer={data?.says}
      uncertainty={
        data && (
          <p>
            {formatNumber(data.failedCount)} of {plural(data.searchCount, 'search session')} of the last 90
            days failed. As of {formatMinute(data.asOf)}.{' '}
            <Definition metrics={definitions(metrics, counted)}>How this is counted</Definition>
          </p>
        )
      }
      action={
        data && (
          <LinkButton to={paths.gaps} variant={data.openGapCount > 0 ? 'filled' : 'default'}>
            {data.openGapCount > 0
              ? `Decide about ${plural(data.openGapCount, 'gap')}`
              : 'See what was searched for'}
          </LinkButton>
        )
      }
      error={error}
      onRetry={() => void refetch()}
    >
      {data && <Evidence tile={data} />}
    </Question>
  );
}

function Evidence({ tile }: { tile: GapTile }) {
  const { gaps, rising, requests } = tile;
  return (
    <div className={classes.lists}>
      {gaps.length > 0 && (
        <ul className={classes.rows} aria-label="Not found">
          {gaps.slice(0, 4).map((gap) => (
            <li key={gap.clusterKey}>
              <strong>{gap.query}</strong>
              <span>
                {plural(gap.peopleCount, 'person', 'people')}, {plural(gap.searchCount, 'search', 'searches')}
                {dealWords(gap, tile.baseCurrency)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {rising.length > 0 && (
        <ul className={classes.rows} aria-label="Objections rising">
          {rising.map(({ term, noteCount, noteBeforeCount, searcherCount, searcherBeforeCount }) => (
            <li key={term.id}>
              <AppLink to={paths.objections} search={{ objection: term.id }}>
                {term.name}
              </AppLink>
              <span>{risingWords({ noteCount, noteBeforeCount, searcherCount, searcherBeforeCount })}</span>
            </li>
          ))}
        </ul>
      )}
      <p className={classes.requests}>
        <AppLink to={paths.requests}>{plural(requests.openCount, 'open request')}</AppLink>
        {requests.overdueCount > 0 && (
          <strong className={classes.overdue}> {formatNumber(requests.overdueCount)} overdue</strong>
        )}
        {requests.items[0]?.dueOn && (
          <>
            {' '}
            {requests.items[0].isOverdue ? 'since' : 'next due'} {formatCalendarDay(requests.items[0].dueOn)}:{' '}
            <AppLink to={paths.requests} search={{ request: requests.items[0].id }}>
              {requests.items[0].title}
            </AppLink>
          </>
        )}
      </p>
    </div>
  );
}

type Rising = Omit<GapTile['rising'][number], 'term'>;

/** "Rising: noted 3 times, before 1; searched for by 4 people, before by 2" */
function risingWords({ noteCount, noteBeforeCount, searcherCount, searcherBeforeCount }: Rising): string {
  const noted =
    noteCount + noteBeforeCount > 0 &&
    `noted ${noteCount === 1 ? 'once' : plural(noteCount, 'time')}, before ${formatNumber(noteBeforeCount)}`;
  const searched =
    searcherCount + searcherBeforeCount > 0 &&
    `searched for by ${plural(searcherCount, 'person', 'people')}, before by ${formatNumber(searcherBeforeCount)}`;
  return `Rising: ${[noted, searched].filter(Boolean).join('; ')}`;
}

/** Amounts in currencies without a rate are named, not guessed. */
function dealWords(gap: GapTile['gaps'][number], baseCurrency: string | null): string {
  if (gap.openDealCount === 0) return '';
  const deals = plural(gap.openDealCount, 'open deal');
  const value = gap.openValue > 0 && baseCurrency ? `${formatMoney(gap.openValue, baseCurrency)} in ` : '';
  const left = gap.unconvertedDealCount;
  return ` · ${value}${deals}${left > 0 ? ` (${formatNumber(left)} not converted)` : ''}`;
}
