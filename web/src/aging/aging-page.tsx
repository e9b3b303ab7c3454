import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { assetQuery } from '../assets/api.ts';
import { useUser } from '../auth/api.ts';
import { formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { useSlice } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { DecideBar } from '../ui/deciding.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useSharing, whyNotShared } from '../ui/sharing.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import classes from './aging.module.css';
import { type Section, SectionList } from './aging-section.tsx';
import {
  agingEvidence,
  expiringWords,
  fallWords,
  flagWords,
  heldWords,
  noFallWords,
  staleWords,
} from './aging-words.ts';
import { AnswerButton } from './answer-button.tsx';
import { type Aging, agingQuery, bringToCurrent, type HeldVersion } from './api.ts';
import { Falls } from './read-weeks.tsx';

const mostRows = 200;

const nothing: ReadonlySet<string> = new Set();

/** What is in use and going off: five lists, each with one thing to do about every row. */
export function AgingPage() {
  const slice = useSlice();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(agingQuery(slice, mostRows));
  const [selected, setSelected] = useState(nothing);
  const sections = data ? sectionsOf(data) : [];
  const chosen = sections.flatMap(({ rows }) => rows).filter(({ key }) => selected.has(key));
  return (
    <>
      <PageHeader title="Going off" lead="What people use and what is no longer as good as they think." />
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <SkeletonRows rows={7} widths={['30%', '46%', '12%']} />}
      {data && (
        <>
          <h2 className={classes.answer} data-metric="unanswered_flags hot_stale_assets held_versions">
            {data.says}
          </h2>
          <p className={classes.evidence} data-metric="reads_per_share">
            {agingEvidence(data)} <span className="quiet">As of {formatMinute(data.asOf)}.</span>
          </p>
          {sections.map((section) => (
            <SectionList
              key={section.name}
              section={section}
              aging={data}
              selected={selected}
              onSelect={setSelected}
              isStale={isPlaceholderData}
            />
          ))}
        </>
      )}
      <DecideBar
        assetIds={[...new Set(chosen.map(({ assetId }) => assetId))]}
        onClear={() => setSelected(nothing)}
      />
    </>
  );
}

/** What needs somebody soonest stands first. */
function sectionsOf(aging: Aging): Section[] {
  const { flagged, hotStale, falling, held, expiring, window } = aging;
  const base = (kind: string, item: { assetId: string; title: string; ownerName: string | null }) => ({
    key: `${kind} ${item.assetId}`,
    assetId: item.assetId,
    title: item.title,
    ownerName: item.ownerName,
  });
  return [
    {
      name: 'Unanswered flags',
      metric: 'unanswered_flags',
      words: [
        'asset called wrong or outdated, without an answer',
        'assets called wrong or outdated, without an answer',
      ],
      none: 'When a rep says in Find that an asset is wrong or outdated, it stands here until its owner answers.',
      count: flagged.count,
      rows: flagged.items.map((item) => ({
        ...base('flagged', item),
        says: flagWords(item),
        action: <AnswerButton asset={item} />,
      })),
    },
    {
      name: 'Hot but stale',
      metric: 'hot_stale_assets',
      words: [
        'asset in use and past review, or without an owner',
        'assets in use and past review, or without an owner',
      ],
      none: 'Whatever is used on five days or more has an owner and a review date to come.',
      count: hotStale.count,
      rows: hotStale.items.map((item) => ({
        ...base('stale', item),
        says: staleWords(item, window.lastDay)
          .replace(' and nobody owns it', '')
          .replace('; nobody owns it', ''),
        action: <OpenAsset assetId={item.assetId} label="Review" title={item.title} />,
      })),
    },
    {
      name: 'Falling reads per share',
      metric: 'reads_per_share',
      words: ['asset read less per share than before', 'assets read less per share than before'],
      none: noFallWords(aging),
      asOf: falling.countedAt ?? aging.asOf,
      picture: <Falls falling={falling.items} asOf={falling.countedAt ?? aging.asOf} />,
      count: falling.count,
      rows: falling.items.map((item) => ({
        ...base('falling', item),
        says: fallWords(item),
        action: <OpenAsset assetId={item.assetId} label="Look at it" title={item.title} />,
      })),
    },
    {
      name: 'Old versions with buyers',
      metric: 'held_versions',
      words: ['share link left an old version with a buyer', 'share links left an old version with buyers'],
      none: 'Every buyer who read one has the current version.',
      count: held.count,
      rows: held.items.map((item) => ({
        ...base('held', item),
        key: `held ${item.assetId} ${item.shareLinkId}`,
        says: heldWords(item),
        action: <RenewButton held={item} />,
      })),
    },
    {
      name: 'Ending soon',
      metric: 'expiring',
      words: [
        'review or share link ends within 30 days while people read',
        'reviews and share links end within 30 days while people read',
      ],
      none: 'No review and no share link that people read ends in the next 30 days.',
      count: expiring.count,
      rows: expiring.items.map((item) => ({
        ...base('expiring', item),
        key: `expiring ${item.assetId} ${item.link?.shareLinkId ?? ''}`,
        says: expiringWords(item),
        action: item.link ? (
          <AppLink to={paths.shareLink(item.link.shareLinkId)}>See the link</AppLink>
        ) : (
          <OpenAsset assetId={item.assetId} label="Review" title={item.title} />
        ),
      })),
    },
  ];
}

function OpenAsset({ assetId, label, title }: { assetId: string; label: string; title: string }) {
  return (
    <AppLink to={paths.asset(assetId)} aria-label={`${label}: ${title}`}>
      {label}
    </AppLink>
  );
}

/** One's own link is brought to the current version where it was pinned; else the new one is sent. */
function RenewButton({ held }: { held: HeldVersion }) {
  const user = useUser();
  const { share } = useSharing();
  const isOwnPin = held.isPinned && held.senderUserId === user.id;
  const bring = () =>
    bringToCurrent(held.shareLinkId).then(
      () => notifyDone(`${held.recipientName} has version ${held.currentNumber.toString()} now`),
      notifyProblem,
    );
  const send = async () => {
    try {
      const asset = await queryClient.ensureQueryData(assetQuery(held.assetId));
      const reason = whyNotShared(asset);
      if (reason) notifyProblem(new Error(reason));
      else share(asset);
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`${isOwnPin ? 'Bring to the current version' : 'Send the new one'}: ${held.title} for ${held.recipientName}`}
      onClick={() => void (isOwnPin ? bring() : send())}
    >
      {isOwnPin ? 'Bring up to date' : 'Send the new one'}
    </Button>
  );
}
