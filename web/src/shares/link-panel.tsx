import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MyLink } from '../analytics/api.ts';
import { formatDay, formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { FollowUpSlot } from '../ui/activity-slots.tsx';
import { AppLink } from '../ui/app-link.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { childLinksQuery, readShareLinkUrl, type ShareLink } from './api.ts';
import { ChangePolicy } from './change-policy.tsx';
import { LinkDeal } from './deal-field.tsx';
import { openAsProspect, restore, revoke } from './link-changes.ts';
import classes from './link-panel.module.css';
import { Visits } from './link-visits.tsx';
import { opensExplained, opensWords } from './outcome-words.ts';
import { policySentences } from './policy-words.ts';
import { MailButton } from './shared.tsx';

/** One share link: to whom, under which policy, what became of it, and what can be done with it. */
export function LinkPanel({ item, onClose }: { item: MyLink | undefined; onClose: () => void }) {
  return (
    <DetailPanel
      isOpen={item !== undefined}
      onClose={onClose}
      title={item ? `For ${item.shareLink.recipient.name}` : ''}
      footer={item && <Actions shareLink={item.shareLink} />}
    >
      {item && <LinkDetail key={item.shareLink.id} item={item} />}
    </DetailPanel>
  );
}

function Actions({ shareLink }: { shareLink: ShareLink }) {
  const isOpen = shareLink.state === 'active' || shareLink.state === 'not_started';
  return (
    <>
      {shareLink.state === 'revoked' && (
        <Button variant="subtle" color="gray" onClick={() => void restore([shareLink])}>
          Restore
        </Button>
      )}
      {isOpen && (
        <Button variant="subtle" color="gray" onClick={() => void revoke([shareLink])}>
          Revoke
        </Button>
      )}
      <Button
        variant="default"
        onClick={() => void openAsProspect(shareLink.id)}
        rightSection={<IconExternalLink size={15} stroke={1.5} aria-hidden />}
      >
        {shareLink.state === 'active' ? 'Open as prospect' : 'See what they see'}
      </Button>
      {isOpen && (
        <CopyButton variant="filled" value={() => readShareLinkUrl(shareLink.id)} label="Copy link" />
      )}
    </>
  );
}

function LinkDetail({ item }: { item: MyLink }) {
  const { shareLink, humanOpens } = item;
  const { recipient, message, assetId, roomId, title, transferredFromName } = shareLink;
  const to = assetId ? paths.asset(assetId) : roomId && paths.room(roomId);
  return (
    <>
      <p className={classes.asset}>{to ? <AppLink to={to}>{title}</AppLink> : title}</p>
      <p className={classes.facts}>
        {[kindWords[recipient.kind], recipient.accountName, recipient.email].filter(Boolean).join(' · ')}
      </p>
      {transferredFromName && <p className={classes.facts}>Handed over by {transferredFromName}</p>}
      {shareLink.assetStatus === 'archived' && (
        <p className={classes.look}>
          This asset is archived. The link still opens it; revoke it if it should not.
        </p>
      )}
      <Policy shareLink={shareLink} />
      <LinkDeal shareLink={shareLink} />
      {message && <blockquote className={classes.message}>{message}</blockquote>}
      <FollowUpSlot shareLinkId={shareLink.id} />
      {shareLink.childCount > 0 && <ChildLinks shareLinkId={shareLink.id} />}
      <h3 className={classes.heading}>
        {humanOpens.high === 0 ? 'No person has opened it' : `Opened by people: ${opensWords(humanOpens)}`}
      </h3>
      {humanOpens.low !== humanOpens.high && <p className={classes.facts}>{opensExplained(humanOpens)}</p>}
      <Visits item={item} />
    </>
  );
}

const kindWords = { person: '', account: 'A whole account', channel: 'A channel' };

function Policy({ shareLink }: { shareLink: ShareLink }) {
  const [isChanging, setIsChanging] = useState(false);
  const canChange = shareLink.state !== 'revoked';
  return (
    <section className={classes.policy} aria-label="Policy">
      <p>{lifeWords(shareLink)}</p>
      <ul>
        {policySentences(shareLink).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {isChanging ? (
        <ChangePolicy shareLink={shareLink} onDone={() => setIsChanging(false)} />
      ) : (
        <div className={classes.policyActions}>
          {canChange && (
            <Button size="xs" variant="default" onClick={() => setIsChanging(true)}>
              Change policy
            </Button>
          )}
          {canChange && recipientCanBeMailed(shareLink) && <MailButton size="xs" shareLinks={[shareLink]} />}
        </div>
      )}
    </section>
  );
}

function recipientCanBeMailed({ recipient, state }: ShareLink): boolean {
  return recipient.email !== null && state !== 'expired';
}

/** From when until when it opens, and whether it was mailed. */
function lifeWords(link: ShareLink): string {
  const { createdAt, startsAt, expiresAt, revokedAt, state, mailedAt, mailAskedAt } = link;
  const life = [
    `Shared ${formatDay(createdAt)}`,
    ...(mailedAt ? [`mailed ${formatMinute(mailedAt)}`] : mailAskedAt ? ['to be mailed in a moment'] : []),
    ...(state === 'not_started' && startsAt ? [`opens from ${formatDay(startsAt)}`] : []),
    endWords({ state, expiresAt, revokedAt }),
  ];
  return `${life.join(', ')}.`;
}

function endWords({
  state,
  expiresAt,
  revokedAt,
}: Pick<ShareLink, 'state' | 'expiresAt' | 'revokedAt'>): string {
  if (state === 'revoked' && revokedAt) return `revoked ${formatDay(revokedAt)}`;
  if (!expiresAt) return 'opens until you revoke it';
  return `${state === 'expired' ? 'expired' : 'opens until'} ${formatDay(expiresAt)}`;
}

/** Those to whom a prospect passed it on. */
function ChildLinks({ shareLinkId }: { shareLinkId: string }) {
  const { data } = useQuery(childLinksQuery(shareLinkId));
  return (
    <section className={classes.children} aria-label="Forwarded to">
      <h3 className={classes.heading}>Forwarded to</h3>
      <ul>
        {(data?.items ?? []).map((child) => (
          <li key={child.id}>
            <AppLink to={paths.myLinks} search={{ link: child.id }}>
              {child.recipient.name}
            </AppLink>
            <span className="quiet">
              {[
                child.recipient.email,
                formatDay(child.createdAt),
                child.state === 'active' ? '' : child.state,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
