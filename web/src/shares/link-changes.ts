import type { InfiniteData } from '@tanstack/react-query';
import { type MyLink, type MyLinksPage, myLinksQuery } from '../analytics/api.ts';
import { plural } from '../lib/format.ts';
import { showEarly } from '../lib/query-client.ts';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import {
  readShareLinkUrl,
  restoreShareLinks,
  revokeShareLinks,
  type ShareLink,
  transferShareLinks,
} from './api.ts';

function showStates(
  shareLinks: readonly ShareLink[],
  change: (shareLink: ShareLink) => Partial<ShareLink>,
): Promise<() => void> {
  const ids = new Set(shareLinks.map(({ id }) => id));
  const patch = (item: MyLink): MyLink =>
    ids.has(item.shareLink.id)
      ? { ...item, shareLink: { ...item.shareLink, ...change(item.shareLink) } }
      : item;
  return showEarly<InfiniteData<MyLinksPage>>(myLinksQuery.queryKey, (data) => ({
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.map(patch) })),
  }));
}

/** Takes share links back at once; the toast gives back those that this took. */
export async function revoke(shareLinks: readonly ShareLink[]): Promise<void> {
  const revokedAt = new Date();
  const takeBack = await showStates(shareLinks, (shareLink) => ({
    state: 'revoked',
    revokedAt: shareLink.revokedAt ?? revokedAt,
  }));
  try {
    const { shareLinkIds } = await revokeShareLinks(shareLinks.map(({ id }) => id));
    const changed = shareLinks.filter(({ id }) => shareLinkIds.includes(id));
    if (changed.length === 0) return notifyDone('They were revoked already');
    notifyUndo(
      `Revoked. ${subjectOf(changed)} ${changed.length === 1 ? 'opens' : 'open'} nothing any more.`,
      () => restore(changed),
    );
  } catch (error) {
    takeBack();
    notifyProblem(error);
  }
}

export async function restore(shareLinks: readonly ShareLink[]): Promise<void> {
  const now = new Date();
  const hasExpired = ({ expiresAt }: ShareLink) => expiresAt !== null && expiresAt <= now;
  const takeBack = await showStates(shareLinks, (shareLink) => ({
    state: hasExpired(shareLink)
      ? 'expired'
      : shareLink.startsAt && shareLink.startsAt > now
        ? 'not_started'
        : 'active',
    revokedAt: null,
  }));
  try {
    await restoreShareLinks(shareLinks.map(({ id }) => id));
    notifyDone(
      shareLinks.every(hasExpired)
        ? 'Restored, but it has expired meanwhile'
        : `Restored. ${subjectOf(shareLinks)} ${shareLinks.length === 1 ? 'opens' : 'open'} again`,
    );
  } catch (error) {
    takeBack();
    notifyProblem(error);
  }
}

/** From then on they are the colleague's, who has to hand them back. */
export async function handOver(
  shareLinks: readonly ShareLink[],
  to: { id: string; name: string },
): Promise<void> {
  try {
    const { count } = await transferShareLinks(
      shareLinks.map(({ id }) => id),
      to.id,
    );
    notifyDone(`${plural(count, 'share link')} handed over to ${to.name}`);
  } catch (error) {
    notifyProblem(error);
  }
}

function subjectOf(shareLinks: readonly ShareLink[]): string {
  const [first] = shareLinks;
  return first && shareLinks.length === 1
    ? `The share link for ${first.recipient.name}`
    : plural(shareLinks.length, 'share link');
}

/** The window opens within the click, because browsers block one that comes after a wait. */
export async function openAsProspect(shareLinkId: string): Promise<void> {
  const tab = window.open('', '_blank');
  try {
    const url = byWayOfApp(await readShareLinkUrl(shareLinkId));
    if (!tab) return window.location.assign(url);
    tab.opener = null;
    tab.location.href = url;
  } catch (error) {
    tab?.close();
    notifyProblem(error);
  }
}

/** From here a share link leads on to its own host, where this browser is known as ours from then on. */
export function byWayOfApp(url: string): string {
  const { pathname } = new URL(url);
  return `${window.location.origin}${pathname}`;
}
