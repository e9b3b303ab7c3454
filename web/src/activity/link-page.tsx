import { Button, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { formatList, formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { useUrlState } from '../lib/url-state.ts';
import { toggleMute } from '../notifications/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { NoteObjectionButton } from '../ui/noting-objection.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { keyWords } from '../ui/reader-words.ts';
import { SkeletonPage } from '../ui/skeletons.tsx';
import { countWords, judgedWords, stateWords } from './activity-words.ts';
import { type LinkTimeline, linkTimelineQuery } from './api.ts';
import { FollowUpMenu } from './follow-up-menu.tsx';
import { toEntry } from './link-events.tsx';
import classes from './link-page.module.css';
import { Timeline } from './timeline.tsx';

const pageState = z.object({ show: z.literal('all').optional().catch(undefined) });

/** The whole story of one share link, from its making to now. */
export function LinkPage() {
  const { shareLinkId } = useParams({ strict: false }) as { shareLinkId: string };
  const { data, error, refetch } = useQuery(linkTimelineQuery(shareLinkId));
  const [menuIsOpen, setMenuIsOpen] = useState(false);
  useShortcut('f', 'Followed up', () => setMenuIsOpen(true), { isOn: data !== undefined });
  if (!data)
    return error ? (
      <>
        <PageHeader title="Share link" above={<AppLink to={paths.myLinks}>My links</AppLink>} />
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </>
    ) : (
      <SkeletonPage />
    );
  return (
    <>
      <PageHeader
        title={`For ${data.recipient.name}`}
        above={<AppLink to={paths.myLinks}>My links</AppLink>}
        lead={<Lead link={data} />}
        actions={
          <>
            {data.isOwn && (
              <>
                <Button variant="default" onClick={() => void toggleMute(data)}>
                  {data.isMuted ? 'Tell me of it again' : 'Mute'}
                </Button>
                <LinkButton to={paths.myLinks} search={{ link: data.shareLinkId }} variant="default">
                  Copy, change or revoke
                </LinkButton>
              </>
            )}
            <NoteObjectionButton draft={{ shareLinkId: data.shareLinkId }} />
            <FollowUpMenu
              target={data}
              isOpen={menuIsOpen}
              onChange={setMenuIsOpen}
              size="sm"
              variant={data.waiting ? 'filled' : 'default'}
            />
          </>
        }
      />
      <Summary link={data} />
      <Story link={data} />
    </>
  );
}

function Lead({ link }: { link: LinkTimeline }) {
  const { recipient, assetId, roomId, title, state, isOwn, senderName } = link;
  const to = assetId ? paths.asset(assetId) : roomId && paths.room(roomId);
  return (
    <>
      {to ? (
        <AppLink to={to} underline="always">
          {title}
        </AppLink>
      ) : (
        title
      )}
      {recipient.accountId && recipient.accountName && (
        <>
          {' · '}
          <AppLink to={paths.account(recipient.accountId)} underline="always">
            {recipient.accountName}
          </AppLink>
        </>
      )}
      {recipient.email && <> · {recipient.email}</>}
      {!isOwn && <> · shared by {senderName}</>}
      {state !== 'active' && (
        <>
          {' '}
          <StatusBadge tone="quiet">{stateWords[state]}</StatusBadge>
        </>
      )}
    </>
  );
}

/** How many people that was, and by what they are told apart. */
function Summary({ link }: { link: LinkTimeline }) {
  const { readerCount, visitorCounts, waiting, forwarding } = link;
  const kinds = Object.entries(visitorCounts).filter(([, count]) => count > 0) as [
    keyof typeof keyWords,
    number,
  ][];
  return (
    <div className={classes.summary}>
      {waiting && (
        <p className={classes.waiting} data-overdue={waiting.isOverdue || undefined}>
          {waiting.isOverdue
            ? 'Read more than a day ago, and nobody has followed up.'
            : 'Read, and nobody has followed up yet.'}
        </p>
      )}
      <p>
        {readerCount.high === 0 ? (
          'No person has opened it yet.'
        ) : (
          <>
            <span className={classes.first} title="A range holds the true number nine times in ten.">
              {countWords(readerCount)}
            </span>
            {kinds.length > 0 && toldApart(kinds)}.
          </>
        )}
      </p>
      {forwarding && (
        <p>
          Probably forwarded: {forwarding.likelihood}. {forwarding.reasons.join(' ')}
        </p>
      )}
    </div>
  );
}

function toldApart(kinds: [keyof typeof keyWords, number][]): string {
  const [only, second] = kinds;
  if (only?.[1] === 1 && !second) return `, known ${keyWords[only[0]].short}`;
  return `: ${formatList(kinds.map(([kind, count]) => `${formatNumber(count)} ${keyWords[kind].short}`))}`;
}

function Story({ link }: { link: LinkTimeline }) {
  const [{ show }, change] = useUrlState(pageState);
  const isHidden = (event: LinkTimeline['events'][number]) =>
    event.kind === 'visit' && judgedWords[event.visit.judgement.class].isHidden;
  const hiddenCount = link.events.filter(isHidden).length;
  const events = show === 'all' ? link.events : link.events.filter((event) => !isHidden(event));
  return (
    <>
      <h2 className={classes.heading}>What became of it</h2>
      <Timeline
        label="What became of it, newest first"
        entries={events.map((event) => toEntry(event, link))}
      />
      <p className={classes.asOf}>
        {hiddenCount > 0 && (
          <UnstyledButton
            className={classes.toggle}
            aria-pressed={show === 'all'}
            onClick={() => change({ show: show === 'all' ? undefined : 'all' })}
          >
            {show === 'all'
              ? 'Hide what was not a person'
              : `${plural(hiddenCount, 'visit')} left out as automated or our own. Show ${hiddenCount === 1 ? 'it' : 'them'}`}
          </UnstyledButton>
        )}
        From {plural(link.linkHitCount, 'raw request')}, as of {formatMinute(link.asOf)}.
      </p>
    </>
  );
}
