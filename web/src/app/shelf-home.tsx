import { CatchBoundary } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { AgingQuestion } from '../aging/aging-question.tsx';
import { GapsQuestion } from '../analytics/gaps-question.tsx';
import { ReachQuestion } from '../analytics/reach-question.tsx';
import { type Role, useUser } from '../auth/api.ts';
import { CoverageQuestion } from '../coverage/coverage-question.tsx';
import { InfluenceQuestion } from '../influence/influence-question.tsx';
import { paths } from '../lib/paths.ts';
import { type SliceState, useSlice } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { everyRole, gapReaders } from './navigation.ts';
import classes from './shelf-home.module.css';

/** In the order of the road from making to retiring. What concerns others only is not asked. */
const questions: { key: string; Answer: ComponentType<{ slice: SliceState }>; roles: readonly Role[] }[] = [
  { key: 'reach', Answer: ReachQuestion, roles: everyRole },
  { key: 'coverage', Answer: CoverageQuestion, roles: gapReaders },
  { key: 'influence', Answer: InfluenceQuestion, roles: gapReaders },
  { key: 'gaps', Answer: GapsQuestion, roles: gapReaders },
  { key: 'aging', Answer: AgingQuestion, roles: gapReaders },
];

/** Marketing's home: five questions as five sentences, each answered by itself. */
export function ShelfHome() {
  usePageTitle('Shelf report');
  const { role } = useUser();
  const slice = useSlice();
  return (
    <>
      <h1 className="only-heard">Shelf report</h1>
      {questions
        .filter(({ roles }) => roles.includes(role))
        .map(({ key, Answer }) => (
          <CatchBoundary key={key} getResetKey={() => key} errorComponent={Fault}>
            <Answer slice={slice} />
          </CatchBoundary>
        ))}
      <footer className={classes.foot}>
        <AppLink to={paths.glossary}>How every number is counted</AppLink>
      </footer>
    </>
  );
}

/** One question that fails takes nothing from the others. */
function Fault({ error, reset }: { error: unknown; reset: () => void }) {
  return <ProblemNote error={error} onRetry={reset} />;
}
