import { useId } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { formatDay, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import type { Reach } from './api.ts';

/** Before there is anything to count: what the report will be, and the one step towards it. */
export function EmptyShelf({ report }: { report: Reach }) {
  const user = useUser();
  const { notYetEligibleCount, nextEligibleAt } = report;
  if (notYetEligibleCount > 0)
    return (
      <EmptyState
        title={
          nextEligibleAt
            ? `The first asset counts from ${formatDay(nextEligibleAt)}`
            : 'The first asset counts in a few days'
        }
        miniature={<MiniatureShelf />}
        action={<LinkButton to={paths.find}>Find something to share</LinkButton>}
      >
        {plural(notYetEligibleCount, 'asset')} {notYetEligibleCount === 1 ? 'is' : 'are'} published, each for
        less than 30 days. An asset counts after 30 days, so that reps had time to find it. What they share
        until then is recorded and will count.
      </EmptyState>
    );
  return (
    <EmptyState
      title="The shelf is empty"
      miniature={<MiniatureShelf />}
      action={isCurator(user) && <LinkButton to={paths.importLibrary}>Import a library</LinkButton>}
    >
      Here you will see how much of what we make reaches buyers, and where the rest stops.{' '}
      {isCurator(user)
        ? 'Publish assets; each one counts 30 days later.'
        : 'Ask marketing to publish the first assets.'}
    </EmptyState>
  );
}

const heights = [52, 60, 48, 57, 63, 50, 58, 54, 61, 49, 56, 62, 51, 59, 55, 60, 50, 57];
const steps = [7, 6, 6, 5, 4, 4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1];

function MiniatureShelf() {
  const id = useId();
  return (
    <svg viewBox="0 0 216 68" width="100%" role="presentation">
      {heights.map((height, index) => (
        <rect
          key={`${id}-${index.toString()}`}
          x={index * 12}
          y={66 - height}
          width={9}
          height={height}
          rx={1.5}
          fill={`var(--rung-${(steps[index] ?? 1).toString()})`}
          stroke="var(--rung-edge)"
          strokeWidth={0.5}
        />
      ))}
      <line x1="0" y1="67" x2="216" y2="67" stroke="var(--edge)" strokeWidth="2" />
    </svg>
  );
}
