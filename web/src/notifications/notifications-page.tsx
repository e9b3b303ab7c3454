import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { MarkAllRead, NotificationList } from './notification-list.tsx';
import classes from './notifications.module.css';

/** All that was told, where the bell has no room for it. */
export function NotificationsPage() {
  return (
    <>
      <PageHeader
        title="Notifications"
        lead="One line for each reader of a share link, brought up to date as they go on."
        actions={
          <>
            <MarkAllRead />
            <LinkButton to={paths.notificationSettings} variant="default" size="compact-sm">
              How you are told
            </LinkButton>
          </>
        }
      />
      <div className={classes.page}>
        <NotificationList />
      </div>
    </>
  );
}
