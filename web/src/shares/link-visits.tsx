import { UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type MyLink, type Visit, visitsQuery } from '../analytics/api.ts';
import { formatDuration, formatMinute, plural } from '../lib/format.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { WhyButton } from '../ui/explaining.tsx';
import { classWords } from '../ui/judgement-words.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ReadItems } from '../ui/read-items.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import classes from './link-panel.module.css';

/** What became of a share link, visit by visit. */
export function Visits({ item }: { item: MyLink }) {
  const { data, error, isPending, refetch } = useQuery(visitsQuery(item.shareLink.id));
  const [isShowing, setIsShowing] = useState(false);
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (isPending) return <SkeletonText lines={4} />;
  const hidden = data.items.filter((visit) => classWords[visit.judgement.class].isHidden);
  const shown = isShowing ? data.items : data.items.filter((visit) => !hidden.includes(visit));
  return (
    <>
      {shown.length > 0 && (
        <ol className={classes.visits} aria-label="Visits, newest first">
          {shown.map((visit) => (
            <VisitEntry
              key={visit.id}
              visit={visit}
              pageCount={item.pageCount}
              isRoom={item.shareLink.roomId !== null}
            />
          ))}
        </ol>
      )}
      {hidden.length > 0 && (
        <UnstyledButton
          className={classes.more}
          aria-expanded={isShowing}
          onClick={() => setIsShowing((was) => !was)}
        >
          {isShowing
            ? 'Hide what was not a person'
            : `${plural(hidden.length, 'visit')} left out as automated or our own. Show ${hidden.length === 1 ? 'it' : 'them'}`}
        </UnstyledButton>
      )}
      <p className={classes.asOf}>
        {plural(data.items.length, 'visit')} from {plural(data.linkHitCount, 'raw request')}, as of{' '}
        {formatMinute(data.asOf)}.
      </p>
    </>
  );
}

function VisitEntry({ visit, pageCount, isRoom }: { visit: Visit; pageCount: number; isRoom: boolean }) {
  const { name, tone, isHidden } = classWords[visit.judgement.class];
  const readCount = visit.pages.filter((page) => page.isRead).length;
  return (
    <li className={classes.visit} data-hidden={isHidden || undefined}>
      <div className={classes.visitHead}>
        <time dateTime={visit.startedAt.toISOString()}>{formatMinute(visit.startedAt)}</time>
        <StatusBadge tone={tone}>{name}</StatusBadge>
      </div>
      <p className={classes.facts}>
        {[
          visit.device,
          visit.activeMs > 0 ? `${formatDuration(visit.activeMs)} active` : 'no active time',
          readWords(readCount, visit.pages.length, pageCount),
          ...(visit.downloadedAt ? ['downloaded it'] : []),
        ].join(' · ')}
      </p>
      <ReadItems
        opened={visit.opened.map((opened) => ({
          ...opened,
          pageCount: isRoom ? lastPage(visit, opened.assetVersionId) : pageCount,
          durationMs: null,
        }))}
        pages={visit.pages}
        isNamed={isRoom}
      />
      <WhyButton visitId={visit.id} about={`${formatMinute(visit.startedAt)} · ${visit.device}`} />
    </li>
  );
}

/** As far as anybody saw of an item of a room; how long it is stands on the page of the share link. */
function lastPage({ pages }: Visit, assetVersionId: string): number {
  return Math.max(
    1,
    ...pages.filter((page) => page.assetVersionId === assetVersionId).map(({ pageNumber }) => pageNumber),
  );
}

function readWords(readCount: number, seenCount: number, pageCount: number): string {
  if (pageCount <= 1) return readCount > 0 ? 'read' : 'not read';
  if (readCount > 0) return `read ${readCount.toString()} of ${pageCount.toString()} pages`;
  return seenCount > 0 ? `saw ${plural(seenCount, 'page')}, read none` : 'read no page';
}
