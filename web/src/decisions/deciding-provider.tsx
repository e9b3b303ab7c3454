import { lazy, type ReactNode, Suspense } from 'react';
import { type DecideActionsProps, DecidingContext } from '../ui/deciding.tsx';

const LazyActions = lazy(() =>
  import('./decide-actions.tsx').then((module) => ({ default: module.DecideActions })),
);

function Actions(props: DecideActionsProps) {
  return (
    <Suspense>
      <LazyActions {...props} />
    </Suspense>
  );
}

/** Lets every list decide about its chosen assets in the same way. */
export function DecidingProvider({ children }: { children: ReactNode }) {
  return <DecidingContext value={Actions}>{children}</DecidingContext>;
}
