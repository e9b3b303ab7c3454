import { Button, UnstyledButton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type MyLink, type Visit, visitsQuery } from '../analytics/api.ts';
import { formatDay, formatDuration, formatMinute, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { readShareLinkUrl, type ShareLink } from './api.ts';
import { openAsProspect, restore, revoke } from './link-changes.ts';
import classes from './link-panel.module.css';
import { classWords, opensExplained, opensWords } from './outcome-words.ts';

/** One share link: to whom, what became of it visit by visit, and what can be done with it. */
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
  const isActive = shareLink.state === 'active';
  return (
    <>
      {shareLink.state === 'revoked' && (
        <Button variant="subtle" color="gray" onClick={() => void restore(shareLink)}>
          Restore
        </Button>
      )}
      {isActive && (
        <Button variant="subtle" color="gray" onClick={() => void revoke(shareLink)}>
          Revoke
        </Button>
      )}
      <Button
        variant="default"
        onClick={() => void openAsProspect(shareLink.id)}
        rightSection={<IconExternalLink size={15} stroke={1.5} aria-hidden />}
      >
        {isActive ? 'Open as prospect' : 'See what they see'}
      </Button>
      {isActive && (
        <CopyButton variant="filled" value={() => readShareLinkUrl(shareLink.id)} label="Copy link" />
      )}
    </>
  );
}

function LinkDetail({ item }: { item: MyLink }) {
  const { shareLink, humanOpens } = item;
  const { recipient, message } = shareLink;
  return (
    <>
      <p className={classes.asset}>
        <AppLink to={paths.asset(shareLink.assetId)}>{shareLink.assetTitle}</AppLink>
      </p>
      <p className={classes.facts}>{[recipient.accountName, recipient.email].filter(Boolean).join(' · ')}</p>
      <p className={classes.facts}>{policyWords(shareLink)}</p>
      {message && <blockquote className={classes.message}>{message}</blockquote>}
      <h3 className={classes.heading}>
        {humanOpens.high === 0 ? 'No person has opened it' : `Opened by people: ${opensWords(humanOpens)}`}
      </h3>
      {humanOpens.low !== humanOpens.high && <p className={classes.facts}>{opensExplained(humanOpens)}</p>}
      <Visits item={item} />
    </>
  );
}

/** What the share link allows, in a sentence. */
function policyWords({
  createdAt,
  state,
  expiresAt,
  revokedAt,
  hasPasscode,
  allowsDownload,
}: ShareLink): string {
  const end =
    state === 'revoked' && revokedAt
      ? `revoked ${formatDay(revokedAt)}`
      : expiresAt
        ? `${state === 'expired' ? 'expired' : 'opens until'} ${formatDay(expiresAt)}`
        : 'opens until you revoke it';
  return `Shared ${formatDay(createdAt)}, ${end}. ${hasPasscode ? 'With a passcode' : 'No passcode'}, ${
    allowsDownload ? 'download allowed' : 'no download'
  }.`;
}

function Visits({ item }: { item: MyLink }) {
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
            <VisitEntry key={visit.id} visit={visit} pageCount={item.pageCount} />
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

function VisitEntry({ visit, pageCount }: { visit: Visit; pageCount: number }) {
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
      {visit.pages.length > 1 && <PageStrip pages={visit.pages} pageCount={pageCount} />}
      <details className={classes.why}>
        <summary>Why we think so</summary>
        <ul>
          {visit.judgement.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        <p>
          {Math.round(visit.judgement.probability * 100)}% likely a person, by rule{' '}
          {visit.judgement.ruleVersion}.
        </p>
      </details>
    </li>
  );
}

function readWords(readCount: number, seenCount: number, pageCount: number): string {
  if (pageCount <= 1) return readCount > 0 ? 'read' : 'not read';
  if (readCount > 0) return `read ${readCount.toString()} of ${pageCount.toString()} pages`;
  return seenCount > 0 ? `saw ${plural(seenCount, 'page')}, read none` : 'read no page';
}

/** Active time page by page; pages that were read are ink, others pale. */
function PageStrip({ pages, pageCount }: { pages: Visit['pages']; pageCount: number }) {
  const longest = Math.max(...pages.map((page) => page.activeMs), 1);
  const last = Math.max(pageCount, ...pages.map((page) => page.pageNumber));
  const label = pages
    .map((page) => `page ${page.pageNumber.toString()} ${formatDuration(page.activeMs)}`)
    .join(', ');
  return (
    <svg
      className={classes.strip}
      viewBox={`0 0 ${last.toString()} 26`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Active time by page: ${label}`}
      style={{ maxWidth: last * 14 }}
    >
      {pages.map((page) => {
        const height = Math.max(2, (page.activeMs / longest) * 26);
        return (
          <rect
            key={page.pageNumber}
            className={page.isRead ? classes.readPage : classes.seenPage}
            x={page.pageNumber - 1 + 0.08}
            y={26 - height}
            width={0.84}
            height={height}
          >
            <title>{`Page ${page.pageNumber.toString()}: ${formatDuration(page.activeMs)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
