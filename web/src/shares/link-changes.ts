import type { InfiniteData } from '@tanstack/react-query';
import { type MyLink, type MyLinksPage, myLinksQuery } from '../analytics/api.ts';
import { showEarly } from '../lib/query-client.ts';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { readShareLinkUrl, restoreShareLink, revokeShareLink, type ShareLink } from './api.ts';

function showState(shareLinkId: string, change: Partial<ShareLink>): Promise<() => void> {
  const patch = (item: MyLink): MyLink =>
    item.shareLink.id === shareLinkId ? { ...item, shareLink: { ...item.shareLink, ...change } } : item;
  return showEarly<InfiniteData<MyLinksPage>>(myLinksQuery.queryKey, (data) => ({
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.map(patch) })),
  }));
}

/** Takes the share link back at once; the toast gives it back. */
export async function revoke(shareLink: ShareLink): Promise<void> {
  const takeBack = await showState(shareLink.id, { state: 'revoked', revokedAt: new Date() });
  try {
    await revokeShareLink(shareLink.id);
    notifyUndo(`Revoked. The share link for ${shareLink.recipient.name} opens nothing any more.`, () =>
      restore(shareLink),
    );
  } catch (error) {
    takeBack();
    notifyProblem(error);
  }
}

export async function restore(shareLink: ShareLink): Promise<void> {
  const hasExpired = shareLink.expiresAt !== null && shareLink.expiresAt <= new Date();
  const takeBack = await showState(shareLink.id, {
    state: hasExpired ? 'expired' : 'active',
    revokedAt: null,
  });
  try {
    await restoreShareLink(shareLink.id);
    notifyDone(
      hasExpired
        ? 'Restored, but it has expired meanwhile'
        : `Restored. The share link for ${shareLink.recipient.name} opens again`,
    );
  } catch (error) {
    takeBack();
    notifyProblem(error);
  }
}

/** The window opens within the click, because browsers block one that comes after a wait. */
export async function openAsProspect(shareLinkId: string): Promise<void> {
  const tab = window.open('', '_blank');
  try {
    const url = await readShareLinkUrl(shareLinkId);
    if (!tab) return window.location.assign(url);
    tab.opener = null;
    tab.location.href = url;
  } catch (error) {
    tab?.close();
    notifyProblem(error);
  }
}
