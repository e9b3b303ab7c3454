import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { z } from 'zod';
import { definitions, type MyLink, metricsQuery, myLinksQuery } from '../analytics/api.ts';
import { formatDuration, formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { StatusBadge, type Tone } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Definition } from '../ui/definition.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import type { ShareLink } from './api.ts';
import { LinkPanel } from './link-panel.tsx';
import classes from './my-links-page.module.css';
import {
  filterLinks,
  hiddenWords,
  type LinkFilter,
  linkFilters,
  opensExplained,
  opensWords,
} from './outcome-words.ts';

const pageState = z.object({
  show: z.enum(linkFilters).optional().catch(undefined),
  link: z.string().optional().catch(undefined),
});

const filterWords: Record<LinkFilter, { label: string; title: string; text: string }> = {
  'follow-up': {
    label: 'Read, follow up',
    title: 'Nobody has read one yet',
    text: 'A share link stands here once a person has read at least one page of it.',
  },
  'not-opened': {
    label: 'Not opened',
    title: 'Every open share link was opened',
    text: 'A share link stands here while it is active and no person has opened it.',
  },
  expired: {
    label: 'Expired',
    title: 'None has expired',
    text: 'A share link stands here once its last day is past.',
  },
};

/** The user's share links, newest first, with what became of each. */
export function MyLinksPage() {
  const [{ show, link }, change] = useUrlState(pageState);
  const links = useInfiniteQuery(myLinksQuery);
  const all = useMemo(() => links.data?.pages.flatMap((page) => page.items) ?? [], [links.data]);
  const rows = useMemo(() => filterLinks(all, show), [all, show]);
  const open = all.find((item) => item.shareLink.id === link);
  const isEmpty = links.data !== undefined && all.length === 0;
  return (
    <>
      <PageHeader
        title="My links"
        lead={
          !isEmpty && <Summary links={all} hasMore={links.hasNextPage} asOf={links.data?.pages[0]?.asOf} />
        }
      />
      {links.error && <ProblemNote error={links.error} onRetry={() => void links.refetch()} />}
      {links.isPending && <SkeletonRows rows={9} widths={['24%', '28%', '10%', '12%', '12%']} />}
      {isEmpty && <NoLinks />}
      {all.length > 0 && (
        <>
          <div className={classes.filter}>
            <SegmentedControl
              aria-label="Show"
              value={show ?? 'all'}
              onChange={(value) => change({ show: value === 'all' ? undefined : (value as LinkFilter) })}
              data={[
                { value: 'all', label: `All ${formatNumber(all.length)}` },
                ...linkFilters.map((value) => ({
                  value,
                  label: `${filterWords[value].label} ${formatNumber(filterLinks(all, value).length)}`,
                })),
              ]}
            />
          </div>
          {rows.length === 0 && show ? (
            <EmptyState title={filterWords[show].title}>{filterWords[show].text}</EmptyState>
          ) : (
            <DataTable
              label="My share links"
              rows={rows}
              rowKey={(item) => item.shareLink.id}
              columns={columns}
              onOpen={(item) => change({ link: item.shareLink.id })}
              openKey={open?.shareLink.id}
              onEnd={links.hasNextPage ? () => void links.fetchNextPage() : undefined}
            />
          )}
        </>
      )}
      <LinkPanel item={open} onClose={() => change({ link: undefined })} />
    </>
  );
}

function NoLinks() {
  return (
    <EmptyState
      title="You have not shared anything yet"
      miniature={<MiniatureRows widths={['30%', '34%', '12%', '14%']} />}
      action={<LinkButton to={paths.find}>Find something to share</LinkButton>}
    >
      Share an asset with one person. Here you then see whether a person opened it, which pages they read and
      for how long. Mail scanners and previews are left out.
    </EmptyState>
  );
}

function Summary({
  links,
  hasMore,
  asOf,
}: {
  links: readonly MyLink[];
  hasMore: boolean;
  asOf: Date | undefined;
}) {
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  // The line is there from the start, so that nothing moves when it fills.
  if (!asOf) return <span>&nbsp;</span>;
  const opened = links.filter((item) => item.humanOpens.value > 0).length;
  const read = links.filter((item) => item.readPageCount > 0).length;
  return (
    <span className="tabular">
      {hasMore && 'Of those listed: '}
      People opened {formatNumber(opened)} of {plural(links.length, 'share link')} and read{' '}
      {formatNumber(read)}. As of <time dateTime={asOf.toISOString()}>{formatMinute(asOf)}</time>.{' '}
      <Definition metrics={definitions(metrics, ['human_opens', 'read_pages'])}>
        How this is counted
      </Definition>
    </span>
  );
}

export const stateWords: Record<ShareLink['state'], { word: string; tone: Tone; hint: string }> = {
  active: { word: 'Active', tone: 'good', hint: 'Whoever has it can open it.' },
  expired: { word: 'Expired', tone: 'quiet', hint: 'Its last day is past; it opens nothing any more.' },
  revoked: { word: 'Revoked', tone: 'quiet', hint: 'You took it back; it opens nothing any more.' },
};

function State({ shareLink }: { shareLink: ShareLink }) {
  const { word, tone, hint } = stateWords[shareLink.state];
  return (
    <StatusBadge tone={tone} hint={hint}>
      {word}
    </StatusBadge>
  );
}

const columns: Column<MyLink>[] = [
  {
    key: 'recipient',
    header: 'For',
    width: '25%',
    cell: ({ shareLink: { recipient, assetTitle } }) => (
      <>
        <span className={classes.name}>{recipient.name}</span>
        <span className={classes.under}>{recipient.accountName ?? recipient.email ?? 'No account'}</span>
        <span className={classes.phone}>{assetTitle}</span>
      </>
    ),
  },
  {
    key: 'asset',
    header: 'Asset',
    hideBelow: 'phone',
    cell: ({ shareLink }) => (
      <>
        {shareLink.assetTitle}
        <span className={classes.under}>
          shared <DateText date={shareLink.createdAt} />
        </span>
      </>
    ),
  },
  {
    key: 'state',
    header: 'State',
    width: '92px',
    hideBelow: 'tablet',
    cell: ({ shareLink }) => <State shareLink={shareLink} />,
  },
  {
    key: 'opens',
    header: 'Opened by people',
    width: '150px',
    cell: (item) => (
      <>
        <Opens item={item} />
        <span className={classes.phone}>
          <Read item={item} />
        </span>
      </>
    ),
  },
  { key: 'read', header: 'Read', width: '132px', hideBelow: 'phone', cell: (item) => <Read item={item} /> },
  {
    key: 'last',
    header: 'Last opened',
    width: '124px',
    hideBelow: 'desktop',
    cell: ({ lastHumanAt }) => <DateText date={lastHumanAt} fallback="Not yet" />,
  },
];

function Opens({ item: { humanOpens, shareLink } }: { item: MyLink }) {
  return (
    <span title={opensExplained(humanOpens)}>
      <span className={humanOpens.high === 0 ? 'quiet' : classes.strong}>{opensWords(humanOpens)}</span>
      {humanOpens.hiddenCount > 0 && <span className={classes.under}>{hiddenWords(humanOpens)}</span>}
      {shareLink.state !== 'active' && (
        <span className={classes.phone}>{stateWords[shareLink.state].word}</span>
      )}
    </span>
  );
}

function Read({ item }: { item: MyLink }) {
  const { readPageCount, pageCount, activeMs } = item;
  if (activeMs === 0) return <span className="quiet">–</span>;
  return (
    <>
      {readPageCount === 0 ? 'Not read' : pageCount === 1 ? 'Read' : `${readPageCount} of ${pageCount} pages`}
      <span className={classes.under}>{formatDuration(activeMs)}</span>
    </>
  );
}
