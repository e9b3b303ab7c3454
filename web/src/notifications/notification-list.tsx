import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { paths } from '../lib/paths.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { AppLink } from '../ui/app-link.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { useMinute } from '../ui/words.tsx';
import { markAllRead, type Notification, notificationsQuery } from './api.ts';
import { NotificationRow, toggleRead } from './notification-row.tsx';
import { dayHeading } from './notification-words.ts';
import classes from './notifications.module.css';

/** Who read what, what was told last first, under the days on which it was told. */
export function NotificationList({ onOpen }: { onOpen?: () => void }) {
  const query = useInfiniteQuery(notificationsQuery);
  const now = useMinute();
  const list = useRef<HTMLDivElement>(null);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  useRowKeys(list, items);
  if (query.error && items.length === 0)
    return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows rows={5} widths={['64%', '12%']} />;
  if (items.length === 0) return <Nothing {...(onOpen && { onOpen })} />;
  const days = Map.groupBy(items, ({ toldAt }) => dayHeading(toldAt, now));
  return (
    <div ref={list}>
      {[...days].map(([day, told]) => (
        <section key={day} className={classes.day} aria-label={day}>
          <h2 className={classes.heading}>{day}</h2>
          <ul className={classes.list}>
            {told.map((each) => (
              <NotificationRow key={each.id} told={each} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      ))}
      {query.hasNextPage && (
        <p className={classes.older}>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show older ones
          </Button>
        </p>
      )}
    </div>
  );
}

/** Everything that is in sight; what comes meanwhile stays unread. */
function useMarkAllRead(): (() => void) | undefined {
  const { data } = useInfiniteQuery(notificationsQuery);
  const first = data?.pages[0];
  const newest = first?.items[0];
  if (!newest || first.unreadCount === 0) return undefined;
  return () => void markAllRead(newest.toldAt).catch(notifyProblem);
}

export function MarkAllRead() {
  const markAll = useMarkAllRead();
  if (!markAll) return null;
  return (
    <Button variant="subtle" color="gray" size="compact-sm" onClick={markAll}>
      Mark all as read
    </Button>
  );
}

function Nothing({ onOpen }: { onOpen?: () => void }) {
  return (
    <div className={classes.empty}>
      <div className={classes.miniature} aria-hidden="true" inert>
        <span className={classes.miniatureMark} />
        <span>
          <strong>Dana Okafor</strong> read 6 of 8 pages of <strong>Pricing</strong>
          <span className={classes.miniatureFacts}>just now · 4 min · Safari on iPhone</span>
        </span>
      </div>
      <p>
        Once a person has read what you sent, you hear of it here. There is one line for each reader, which is
        brought up to date as they go on. Mail scanners and previews never ring.
      </p>
      <AppLink to={paths.myLinks} onClick={onOpen}>
        Your share links
      </AppLink>
    </div>
  );
}

/** `j` and `k` walk the lines, Enter opens the one that has the focus, `r` marks it, `shift+r` marks all. */
function useRowKeys(list: React.RefObject<HTMLElement | null>, items: Notification[]): void {
  const markAll = useMarkAllRead();
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-notification]') ?? [])];
  const at = () => rows().findIndex((row) => row.contains(document.activeElement));
  const go = (step: number) => {
    const all = rows();
    const index = Math.max(0, Math.min(all.length - 1, at() + step));
    all[index]?.querySelector<HTMLElement>('[data-main-link]')?.focus();
  };
  const group = 'Notifications';
  useShortcutList(
    items.length > 0
      ? [
          { keys: 'j', label: 'Next one', group, run: () => go(1) },
          { keys: 'k', label: 'One before', group, run: () => go(-1) },
          {
            keys: 'r',
            label: 'Mark as read or unread',
            group,
            run: () => {
              const id = rows()[Math.max(0, at())]?.dataset.notification;
              const told = items.find((item) => item.id === id);
              if (told) void toggleRead(told);
            },
          },
          { keys: 'shift+r', label: 'Mark all as read', group, run: () => markAll?.() },
        ]
      : [],
  );
}
