import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useSession } from '../auth/api.ts';
import { showInTitle } from '../ui/page-header.tsx';
import { pollMs, unreadQuery } from './api.ts';
import { isHearing, listenForNews, listenToHearing } from './live.ts';

/** How much is unread; it comes by itself, or is asked for where that is not possible. */
export function useUnreadCount(): number {
  const isHeard = useSyncExternalStore(listenToHearing, isHearing);
  const isSignedIn = useSession().user !== null;
  return (
    useQuery({ ...unreadQuery, enabled: isSignedIn, refetchInterval: isHeard ? false : pollMs }).data ?? 0
  );
}

/** Once on every page: listens, and shows in the window's title how much is unread. */
export function NotificationListener() {
  const count = useUnreadCount();
  useEffect(listenForNews, []);
  useEffect(() => showInTitle(count), [count]);
  return null;
}
