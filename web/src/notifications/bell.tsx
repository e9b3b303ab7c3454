import { Popover, UnstyledButton } from '@mantine/core';
import { IconBell, IconSettings } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { AppLink } from '../ui/app-link.tsx';
import classes from './bell.module.css';
import { MarkAllRead, NotificationList } from './notification-list.tsx';
import { useUnreadCount } from './unread.ts';

function sayCount(count: number): string {
  return count === 0 ? 'News: nothing unread' : `News: ${plural(count, 'unread notification')}`;
}

function BellIcon({ count }: { count: number }) {
  return (
    <span className={classes.icon}>
      <IconBell size={20} stroke={1.5} aria-hidden />
      {count > 0 && <span className={classes.count} data-count={count > 99 ? '99+' : count} />}
    </span>
  );
}

/** In the rail: what is unread, and beside it who read what. */
export function Bell({ className }: { className?: string | undefined }) {
  const count = useUnreadCount();
  const [isOpen, setIsOpen] = useState(false);
  const titleId = useId();
  const { href } = useLocation();
  useShortcut('n', 'Notifications', () => setIsOpen((was) => !was), { group: 'Everywhere' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes somewhere has left it.
  useEffect(() => setIsOpen(false), [href]);
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="right-end"
      offset={10}
      width={440}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <UnstyledButton
          className={className}
          aria-label={sayCount(count)}
          aria-expanded={isOpen}
          onClick={() => setIsOpen((was) => !was)}
        >
          <BellIcon count={count} />
          <span>News</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} aria-labelledby={titleId}>
        <header className={classes.head}>
          <p id={titleId} className={classes.title}>
            Notifications
          </p>
          <MarkAllRead />
        </header>
        <div className={classes.scroll}>
          <NotificationList onOpen={() => setIsOpen(false)} />
        </div>
        <footer className={classes.foot}>
          <AppLink to={paths.notifications}>All on one page</AppLink>
          <AppLink to={paths.notificationSettings} className={classes.settings}>
            <IconSettings size={15} stroke={1.5} aria-hidden /> How you are told
          </AppLink>
        </footer>
      </Popover.Dropdown>
    </Popover>
  );
}

/** On a phone, where there is no room beside the page. */
export function BellLink() {
  const count = useUnreadCount();
  return (
    <Link to={paths.notifications} className={classes.link} aria-label={sayCount(count)}>
      <BellIcon count={count} />
    </Link>
  );
}
