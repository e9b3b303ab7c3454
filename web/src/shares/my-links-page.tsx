import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { definitions, type MyLink, metricsQuery, myLinksQuery } from '../analytics/api.ts';
import { formatDuration, formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Definition } from '../ui/definition.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import type { ShareLink } from './api.ts';
import { LinkPanel } from './link-panel.tsx';
import { LinksBar } from './links-bar.tsx';
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
    title: 'Every share link was opened',
    text: 'A share link stands here as long as no person has opened it.',
  },
  'not-started': {
    label: 'Not yet open',
    title: 'None waits for its day',
    text: 'A share link stands here until the day from which it opens.',
  },
  expired: {
    label: 'Expired',
    title: 'None has expired',
    text: 'A share link stands here once its last day is past.',
  },
  revoked: {
    label: 'Revoked',
    title: 'You have taken none back',
    text: 'A share link stands here once it was revoked. It can be restored at any time.',
  },
};

/** The user's share links, newest first, with what became of each. */
export function MyLinksPage() {
  const [{ show, link }, change] = useUrlState(pageState);
  const links = useInfiniteQuery(myLinksQuery);
  const all = useMemo(() => links.data?.pages.flatMap((page) => page.items) ?? [], [links.data]);
  const rows = useMemo(() => filterLinks(all, show), [all, show]);
  const open = all.find((item) => item.shareLink.id === link);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = rows.flatMap(({ shareLink }) => (selected.has(shareLink.id) ? shareLink : []));
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
      {links.isPending && <SkeletonRows rows={9} widths={['24%', '28%', '8%', '12%', '11%']} />}
      {isEmpty && <NoLinks />}
      {all.length > 0 && (
        <>
          <CountTabs
            label="Show"
            className={classes.filter}
            value={show}
            onChoose={(value) => {
              change({ show: value });
              setSelected(new Set());
            }}
            tabs={[
              { value: undefined, name: 'All', count: all.length },
              ...linkFilters.map((value) => ({
                value,
                name: filterWords[value].label,
                count: filterLinks(all, value).length,
              })),
            ]}
          />
          {rows.length === 0 && show ? (
            <EmptyState title={filterWords[show].title}>{filterWords[show].text}</EmptyState>
          ) : (
            <DataTable
              label="My share links"
              rows={rows}
              rowKey={(item) => item.shareLink.id}
              columns={open ? columnsBesidePanel : columns}
              onOpen={(item) => change({ link: item.shareLink.id })}
              openKey={open?.shareLink.id}
              selected={selected}
              onSelect={setSelected}
              rowName={({ shareLink }) => `${shareLink.title} for ${shareLink.recipient.name}`}
              onEnd={links.hasNextPage ? () => void links.fetchNextPage() : undefined}
            />
          )}
        </>
      )}
      {chosen.length > 0 && <LinksBar shareLinks={chosen} onClear={() => setSelected(new Set())} />}
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

const stateWords = {
  not_started: { name: 'Not yet open', hint: 'It opens from the day that you chose.' },
  expired: { name: 'Expired', hint: 'Its last day is past; it opens nothing any more.' },
  revoked: { name: 'Revoked', hint: 'You took it back; it opens nothing any more.' },
};

/** Most share links are active, so only the others say what they are. */
function State({ shareLink: { state } }: { shareLink: ShareLink }) {
  if (state === 'active') return null;
  return (
    <StatusBadge tone="quiet" hint={stateWords[state].hint}>
      {stateWords[state].name}
    </StatusBadge>
  );
}

const columns: Column<MyLink>[] = [
  {
    key: 'recipient',
    header: 'For',
    cell: ({ shareLink: { recipient, title } }) => (
      <>
        <span className={classes.name}>{recipient.name}</span>
        <span className={classes.under}>
          {recipient.accountId && recipient.accountName ? (
            <AppLink to={paths.account(recipient.accountId)} inherit>
              {recipient.accountName}
            </AppLink>
          ) : (
            (recipient.email ?? 'No account')
          )}
        </span>
        <span className={classes.phone}>{title}</span>
      </>
    ),
  },
  {
    key: 'asset',
    header: 'What',
    width: '34%',
    hideBelow: 'phone',
    cell: ({ shareLink }) => (
      <>
        {shareLink.title}
        <span className={`${classes.under} ${classes.shared}`}>
          <span>
            {shareLink.roomId && 'room, '}shared <DateText date={shareLink.createdAt} />
          </span>
          <State shareLink={shareLink} />
        </span>
      </>
    ),
  },
  {
    key: 'opens',
    header: 'Opened by people',
    width: '148px',
    cell: ({ humanOpens, shareLink }) => (
      <>
        <span title={opensExplained(humanOpens)}>
          <span className={humanOpens.value === 0 ? 'quiet' : classes.strong}>{opensWords(humanOpens)}</span>
          {humanOpens.hiddenCount > 0 && <span className={classes.under}>{hiddenWords(humanOpens)}</span>}
        </span>
        <span className={classes.phone}>
          <State shareLink={shareLink} />
        </span>
      </>
    ),
  },
  {
    key: 'read',
    header: 'Read',
    width: '120px',
    hideBelow: 'phone',
    cell: (item) => <Read item={item} />,
  },
  {
    key: 'last',
    header: 'Last opened',
    width: '132px',
    hideBelow: 'tablet',
    cell: ({ lastHumanAt }) => <DateText date={lastHumanAt} fallback="Not yet" />,
  },
];

const columnsBesidePanel = columns.filter((column) => column.key !== 'last');

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
