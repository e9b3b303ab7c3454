import { useQuery } from '@tanstack/react-query';
import { formatDay, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { answerSentence } from '../lib/shelf-answer.ts';
import { isOfSomeAssets, isOfSomeBuyers, type SliceState, withSlice } from '../slices/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { Question } from '../ui/question.tsx';
import { buyersSentence, evidence, isUntouched, mainStops, stopName } from './answer-words.ts';
import { type Reach, reachQuery } from './api.ts';
import { EmptyShelf } from './empty-shelf.tsx';
import { ReachShelf, SkeletonShelf } from './reach-shelf.tsx';
import { reachMetrics, UnusedFigures } from './unused-figures.tsx';

const ask = 'How much of what we make reaches buyers?';

/** The first question: the share that stayed on the shelf, the shelf itself, and where most assets stop. */
export function ReachQuestion({ slice }: { slice: SliceState }) {
  const reach = useQuery(reachQuery(slice));
  const { data } = reach;
  if (data?.unusedRate.current.n === 0 && !isOfSomeAssets(slice)) return <EmptyShelf report={data} />;
  return (
    <Question
      isHero
      ask={ask}
      metrics={reachMetrics}
      answer={
        data &&
        answerSentence(data, { isOfSomeAssets: isOfSomeAssets(slice), isOfSomeBuyers: isOfSomeBuyers(slice) })
      }
      uncertainty={data && <Evidence report={data} />}
      action={data && <MainStop report={data} slice={slice} />}
      skeleton={<SkeletonShelf />}
      error={reach.error}
      onRetry={() => void reach.refetch()}
    >
      {data && <ReachShelf slice={slice} report={data} hasKey />}
    </Question>
  );
}

function Evidence({ report }: { report: Reach }) {
  if (report.unusedRate.current.n === 0)
    return <p>No asset of this kind is published for 30 days or more. Choose others above.</p>;
  return (
    <>
      <p>
        {evidence(report)}{' '}
        {isUntouched(report) ? (
          <>
            The shelf moves with the first search, share or download.{' '}
            <AppLink to={paths.find} underline="always">
              Find something to share
            </AppLink>
          </>
        ) : (
          buyersSentence(report)
        )}
      </p>
      <p className="quiet">
        <TooNew report={report} />
        <UnusedFigures report={report} />
      </p>
    </>
  );
}

function TooNew({ report: { notYetEligibleCount, nextEligibleAt } }: { report: Reach }) {
  if (notYetEligibleCount === 0) return null;
  const isOne = notYetEligibleCount === 1;
  return (
    <>
      {plural(notYetEligibleCount, 'asset')} {isOne ? 'is' : 'are'} too new to count
      {nextEligibleAt && `; ${isOne ? 'it' : 'the first'} joins on ${formatDay(nextEligibleAt)}`}.{' '}
    </>
  );
}

/** The one thing to do: begin where most assets stop. */
function MainStop({ report, slice }: { report: Reach; slice: SliceState }) {
  const [stop] = mainStops(report.ladder);
  if (!stop || isUntouched(report))
    return (
      <LinkButton to={withSlice(paths.reach, slice)} variant="default">
        See the ladder
      </LinkButton>
    );
  const link = withSlice(paths.reach, slice);
  return (
    <LinkButton to={`${link}${link.includes('?') ? '&' : '?'}rung=${stop.rung}`}>
      Begin with the {formatNumber(stop.count)} {lowerFirst(stopName(stop.rung, report))}
    </LinkButton>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
