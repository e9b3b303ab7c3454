import { useQuery } from '@tanstack/react-query';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { assetLinksQuery } from './api.ts';
import classes from './asset-page.module.css';

type LinkItem = Awaited<
  ReturnType<NonNullable<ReturnType<typeof assetLinksQuery>['queryFn']>>
>['items'][number];

/** Whom the actor has sent this to, and whether a person opened it. */
export function AssetLinks({ assetId }: { assetId: string }) {
  const links = useQuery(assetLinksQuery(assetId));
  return (
    <section aria-label="Your share links" className={classes.links}>
      <div className={classes.textHead}>
        <h2 className={classes.label}>Your share links</h2>
        {links.data && links.data.items.length > 0 && (
          <AppLink to={paths.myLinks} className={classes.more}>
            All your share links
          </AppLink>
        )}
      </div>
      {links.error && <ProblemNote error={links.error} onRetry={() => void links.refetch()} />}
      {links.isPending && <SkeletonText lines={2} />}
      {links.data?.items.length === 0 && (
        <p className="quiet">You have not shared this yet. When you do, you see here who opened it.</p>
      )}
      {links.data && links.data.items.length > 0 && (
        <ul className={classes.linkList}>
          {links.data.items.map((item) => (
            <LinkLine key={item.shareLink.id} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

const states = {
  active: null,
  not_started: <StatusBadge tone="quiet">Not yet open</StatusBadge>,
  expired: <StatusBadge tone="quiet">Expired</StatusBadge>,
  revoked: <StatusBadge tone="quiet">Withdrawn</StatusBadge>,
};

function LinkLine({ item: { shareLink, outcome } }: { item: LinkItem }) {
  const { recipient, state, createdAt } = shareLink;
  return (
    <li className={classes.linkLine}>
      <span className={classes.linkWho}>
        {recipient.name}
        {recipient.accountName && <span className="quiet">, {recipient.accountName}</span>} {states[state]}
      </span>
      <span className={classes.linkFacts}>
        {outcome && <Opens outcome={outcome} />}
        <span className="quiet">
          sent <DateText date={createdAt} />
        </span>
      </span>
    </li>
  );
}

/** The number with its interval, and what was left out of it. */
function Opens({ outcome: { humanOpens, lastHumanAt } }: { outcome: NonNullable<LinkItem['outcome']> }) {
  const { value, low, high, hiddenCount } = humanOpens;
  if (value === 0 && high === 0)
    return (
      <span className="quiet">
        not opened yet{hiddenCount > 0 && `, ${hiddenCount.toString()} automated hidden`}
      </span>
    );
  return (
    <span>
      {plural(value, 'human open')}
      {low !== high && ` (${low.toString()}–${high.toString()})`}
      {lastHumanAt && (
        <span className="quiet">
          , most recently <DateText date={lastHumanAt} />
        </span>
      )}
    </span>
  );
}
