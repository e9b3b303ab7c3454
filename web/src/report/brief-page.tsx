import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { formatMinute } from '../lib/format.ts';
import { useSlice, withSlice } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { type Brief, type BriefQuestion, briefQuery } from './api.ts';
import classes from './brief-page.module.css';
import { BriefSubscription } from './brief-subscription.tsx';
import { useOnePage } from './use-one-page.ts';

/** The report on one sheet, to hand to somebody: the answers, what was decided, and how each number is counted. */
export function BriefPage() {
  usePageTitle('Shelf brief');
  const slice = useSlice();
  const { data, error, isPending, refetch } = useQuery(briefQuery(slice));
  return (
    <>
      <div className={classes.tools}>
        <p className="quiet">One page to hand on. To keep it as a file, print it and choose “Save as PDF”.</p>
        <Button
          leftSection={<IconPrinter size={16} stroke={1.5} aria-hidden />}
          disabled={!data}
          onClick={() => window.print()}
        >
          Print
        </Button>
      </div>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && (
        <div className={classes.sheet}>
          <SkeletonText />
        </div>
      )}
      {data && <Sheet brief={data} toPage={(path) => withSlice(path, slice)} />}
      <BriefSubscription slice={slice} />
    </>
  );
}

function Sheet({ brief, toPage }: { brief: Brief; toPage: (path: string) => string }) {
  const sheet = useRef<HTMLElement>(null);
  useOnePage(sheet);
  return (
    <article ref={sheet} className={classes.sheet} aria-label="Shelf brief">
      <header className={classes.masthead}>
        <h1>The shelf report</h1>
        <p>
          {brief.sliceSays} Counted up to {formatMinute(brief.asOf)}.
        </p>
      </header>
      <div className={classes.questions}>
        {brief.questions.map((question) => (
          <Answer key={question.key} question={question} to={toPage(question.path)} />
        ))}
      </div>
      {brief.decisions.length > 0 && (
        <section className={classes.question} data-metric="decision_effect">
          <p className={classes.ask}>What was decided, and what came of it</p>
          <ul className={classes.rows}>
            {brief.decisions.map(({ says, effectSays }) => (
              <li key={says}>
                <strong>{says}</strong> {effectSays ?? 'It is too early to say what came of it.'}
              </li>
            ))}
          </ul>
        </section>
      )}
      <footer className={classes.definitions}>
        <h2>How each number is counted</h2>
        <dl data-no-metric="the definitions themselves">
          {brief.definitions.map(({ key, name, definition }) => (
            <div key={key} data-defines={key}>
              <dt>{name}</dt>
              <dd>{definition}</dd>
            </div>
          ))}
        </dl>
      </footer>
    </article>
  );
}

function Answer({ question, to }: { question: BriefQuestion; to: string }) {
  return (
    <section className={classes.question} aria-label={question.ask} data-metric={question.metrics.join(' ')}>
      <p className={classes.ask}>{question.ask}</p>
      <h2 className={classes.answer}>
        <AppLink to={to} className={classes.answerLink ?? ''}>
          {question.answer}
        </AppLink>
      </h2>
      <p className={classes.evidence}>{question.evidence.join(' ')}</p>
      {question.rows.length > 0 && (
        <ul className={classes.rows}>
          {question.rows.map(({ name, says }) => (
            <li key={`${name} ${says}`}>
              <strong>{name}</strong> {says}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
