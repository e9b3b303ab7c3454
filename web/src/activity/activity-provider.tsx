import { lazy, type ReactNode, Suspense } from 'react';
import { ActivitySlotsContext } from '../ui/activity-slots.tsx';
import { AccountCommands } from './account-commands.tsx';
import { ActNow } from './act-now.tsx';

const LazyNote = lazy(() =>
  import('./follow-up-note.tsx').then((module) => ({ default: module.FollowUpNote })),
);

const slots = {
  ActNow,
  FollowUpNote: (props: { shareLinkId: string }) => (
    <Suspense>
      <LazyNote {...props} />
    </Suspense>
  ),
};

/** Lets other features show who waits for an answer, and the palette go to accounts. */
export function ActivityProvider({ children }: { children: ReactNode }) {
  return (
    <ActivitySlotsContext value={slots}>
      <AccountCommands />
      {children}
    </ActivitySlotsContext>
  );
}
