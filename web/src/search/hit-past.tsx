import { IconSend } from '@tabler/icons-react';
import { formatPoints } from '../lib/format.ts';
import { Figure } from '../ui/figure.tsx';
import { DateText } from '../ui/words.tsx';
import type { SearchHit } from './api.ts';
import classes from './hit-past.module.css';

/** Only where it is sure; that it is not would tell a rep nothing about the asset. */
export function HitInfluence({ influence }: Pick<SearchHit, 'influence'>) {
  if (!influence) return null;
  const { estimate, low, high, dealCount, countedAt } = influence;
  return (
    <p className={classes.influence}>
      Deals that read this moved on more often:{' '}
      <Figure
        metric="influence"
        format="points"
        value={estimate}
        low={low}
        high={high}
        n={dealCount}
        asOf={countedAt}
      />{' '}
      (95%: {formatPoints(low)} to {formatPoints(high)})
    </p>
  );
}

/** What the account has already. */
export function HitSent({
  hit: { sentToAccount },
  accountName,
}: {
  hit: SearchHit;
  accountName: string | undefined;
}) {
  if (!sentToAccount) return null;
  const { sentAt, byName, isOwn, humanOpenCount } = sentToAccount;
  return (
    <p className={classes.sent}>
      <IconSend size={14} stroke={1.75} aria-hidden />
      <span>
        Already sent to {accountName ?? 'this account'} by {isOwn ? 'you' : byName} <DateText date={sentAt} />
        , {humanOpenCount === 0 ? 'not opened yet' : `opened ${times(humanOpenCount)}`}
      </span>
    </p>
  );
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count.toString()} times`;
}
