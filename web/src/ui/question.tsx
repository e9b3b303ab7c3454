import { Skeleton } from '@mantine/core';
import type { MetricKey } from '@offshelf/server/contract/analytics';
import type { ReactNode } from 'react';
import { ProblemNote } from './problem-note.tsx';
import classes from './question.module.css';

interface QuestionProps {
  /** What is asked: "Where are we thin or fat?" */
  ask: string;
  /** What its numbers are; the words of its uncertainty open their definitions. */
  metrics: readonly MetricKey[];
  /** The answer in one sentence; undefined while it is on its way. */
  answer: ReactNode;
  /** What it was counted over, and how sure that is, in words. */
  uncertainty?: ReactNode;
  /** The one thing to do: a link or a button. */
  action?: ReactNode;
  /** A small chart or three to five rows. */
  children?: ReactNode;
  /** What the evidence will be, in its own shape, while it is on its way. */
  skeleton?: ReactNode;
  error?: unknown;
  onRetry?: () => void;
  /** The first question has the whole width for its evidence and the largest words. */
  isHero?: boolean;
}

/** One of the questions that the report answers: a sentence, its evidence, its uncertainty and one thing to do. */
export function Question({
  ask,
  metrics,
  answer,
  uncertainty,
  action,
  children,
  skeleton,
  error,
  onRetry,
  isHero = false,
}: QuestionProps) {
  return (
    <section
      className={classes.question}
      aria-label={ask}
      data-hero={isHero || undefined}
      data-metric={metrics.join(' ')}
    >
      <div className={classes.words}>
        <p className={classes.ask}>{ask}</p>
        {error ? (
          <>
            <h2 className="only-heard">{ask}</h2>
            <ProblemNote error={error} {...(onRetry && { onRetry })} />
          </>
        ) : answer === undefined ? (
          <div role="status" aria-label={`Loading: ${ask}`} className={classes.waiting}>
            <h2 className="only-heard">{ask}</h2>
            <Skeleton height={isHero ? 36 : 26} width="92%" radius={5} />
            <Skeleton height={isHero ? 36 : 26} width="58%" radius={5} />
            <Skeleton height={13} width="76%" radius={5} mt={8} />
          </div>
        ) : (
          <>
            <h2 className={classes.answer}>{answer}</h2>
            {uncertainty && <div className={classes.uncertainty}>{uncertainty}</div>}
            {action && <div className={classes.action}>{action}</div>}
          </>
        )}
      </div>
      {!error && (
        <div className={classes.evidence}>
          {answer === undefined ? (skeleton ?? <Skeleton height={180} radius={4} />) : children}
        </div>
      )}
    </section>
  );
}
