import { isCurator, useUser } from '../auth/api.ts';
import { formatDay, formatMinute, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { answerSentence } from '../lib/shelf-answer.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import classes from './answer.module.css';
import { buyersSentence, evidence, isUntouched } from './answer-words.ts';
import { definitions, type Metric, type ShelfReport } from './api.ts';

interface AnswerProps {
  report: ShelfReport;
  metrics: readonly Metric[];
}

/** The question, its answer in one sentence, what it was counted over, and what was left out. */
export function Answer({ report, metrics }: AnswerProps) {
  return (
    <section className={classes.answer} aria-labelledby="answer">
      <div className={classes.words}>
        <p className={classes.question}>How much of what we make reaches buyers?</p>
        <h2 id="answer" className={classes.headline}>
          {answerSentence(report)}
        </h2>
        <p className={classes.evidence}>
          {evidence(report)}{' '}
          {isUntouched(report) ? (
            <>
              The shelf moves with the first search, share or download.{' '}
              <AppLink to={paths.find}>Find something to share</AppLink>
            </>
          ) : (
            buyersSentence(report)
          )}
        </p>
        <p className={classes.small}>
          As of <time dateTime={report.asOf.toISOString()}>{formatMinute(report.asOf)}</time>,{' '}
          {formatDay(report.windowStart)} to {formatDay(report.windowEnd)}.{' '}
          <Definition metrics={definitions(metrics, ['unused_rate', 'used_assets', 'eligible_assets'])}>
            How this is counted
          </Definition>
        </p>
      </div>
      <LeftOut report={report} metrics={metrics} />
    </section>
  );
}

/** What the answer does not count, and what is going off. */
function LeftOut({ report, metrics }: AnswerProps) {
  const user = useUser();
  const { notYetEligibleCount, nextEligibleAt, staleCount } = report;
  if (notYetEligibleCount === 0 && staleCount === 0) return null;
  return (
    <aside className={classes.notes} aria-label="Beside the answer">
      {notYetEligibleCount > 0 && (
        <p>
          <strong>{plural(notYetEligibleCount, 'asset')}</strong> {notYetEligibleCount === 1 ? 'is' : 'are'}{' '}
          too new to count
          {nextEligibleAt && (
            <>
              ; {notYetEligibleCount === 1 ? 'it' : 'the first'} joins on {formatDay(nextEligibleAt)}
            </>
          )}
          . <Definition metrics={definitions(metrics, ['eligible_assets'])}>When an asset counts</Definition>
        </p>
      )}
      {staleCount > 0 && (
        <p>
          <strong>{plural(staleCount, 'published asset')}</strong> {staleCount === 1 ? 'is' : 'are'}{' '}
          <Definition metrics={definitions(metrics, ['stale_assets'])}>stale</Definition>: past the review
          date, or without an owner.{' '}
          {isCurator(user) && (
            <AppLink to={paths.library} search={{ status: 'published', stale: 'true' }}>
              Review {staleCount === 1 ? 'it' : 'them'}
            </AppLink>
          )}
        </p>
      )}
    </aside>
  );
}
