import { Checkbox, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { useUser } from '../auth/api.ts';
import { formatList, formatMinute, formatMoney, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type DealListItem, daysInStage, dealsQuery, nameOfDeal } from './api.ts';
import classes from './deals-page.module.css';

const outcomes = ['won', 'lost', 'all'] as const;

const pageState = z.object({
  q: z.string().max(120).optional().catch(undefined),
  /** Left out: the open ones. */
  show: z.enum(outcomes).optional().catch(undefined),
  stage: z.string().max(300).optional().catch(undefined),
  whose: z.literal('own').optional().catch(undefined),
  sort: z.literal('amount').optional().catch(undefined),
});
type PageState = z.output<typeof pageState>;

const outcomeWords = { open: 'Open', won: 'Won', lost: 'Lost', all: 'All' };

/** The deals that the CRM knows, and where each stands. */
export function DealsPage() {
  const [state, change] = useUrlState(pageState);
  const navigate = useNavigate();
  const { q, show, stage, whose, sort } = state;
  const deals = useInfiniteQuery(
    dealsQuery({
      ...(q && { query: q }),
      ...(show && { outcome: show }),
      ...(stage && { stage: [stage] }),
      ...(whose && { whose }),
      ...(sort && { sort }),
    }),
  );
  const mayImport = useUser().role !== 'rep';
  const first = deals.data?.pages[0];
  const rows = deals.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = first !== undefined && !first.hasAny;
  return (
    <>
      <PageHeader
        title="Deals"
        lead={!isEmpty && <Summary found={first} outcome={show ?? 'open'} isByAmount={sort === 'amount'} />}
        actions={
          mayImport &&
          !isEmpty && (
            <LinkButton to={paths.importDeals} variant="default">
              Import deals
            </LinkButton>
          )
        }
      />
      {deals.error && <ProblemNote error={deals.error} onRetry={() => void deals.refetch()} />}
      {deals.isPending && <SkeletonRows rows={9} widths={['30%', '14%', '20%', '16%', '10%']} />}
      {isEmpty && <NoDeals mayImport={mayImport} />}
      {first && !isEmpty && (
        <>
          <Filters state={state} stages={first.stages} onChange={change} />
          {rows.length === 0 ? (
            <EmptyState title="No deal fits">
              No {show === undefined ? 'open ' : ''}deal fits what you chose. Look among all of them, or take
              a filter away.
            </EmptyState>
          ) : (
            <DataTable
              label="Deals"
              rows={rows}
              rowKey={({ id }) => id}
              columns={columns(first.asOf)}
              onOpen={({ id }) => void navigate({ to: paths.deal(id) })}
              sort={{ key: sort ?? 'changed', direction: 'descending' }}
              onSort={(key) => change({ sort: key === 'amount' ? 'amount' : undefined })}
              isStale={deals.isPlaceholderData}
              onEnd={deals.hasNextPage ? () => void deals.fetchNextPage() : undefined}
            />
          )}
        </>
      )}
    </>
  );
}

interface Found {
  totalCount: number;
  totals: { currency: string; amount: number; isConverted: boolean }[];
  asOf: Date;
}

interface SummaryProps {
  found: Found | undefined;
  outcome: keyof typeof outcomeWords;
  isByAmount: boolean;
}

function Summary({ found, outcome, isByAmount }: SummaryProps) {
  // The line is there from the start, so that nothing moves when it fills.
  if (!found) return <span>&nbsp;</span>;
  const kind = outcome === 'all' ? '' : `${outcomeWords[outcome].toLowerCase()} `;
  const sums = found.totals.map(({ amount, currency }) => formatMoney(amount, currency));
  return (
    <span className="tabular">
      {plural(found.totalCount, `${kind}deal`)}
      {sums.length > 0 && (
        <>
          {' '}
          worth <strong>{formatList(sums)}</strong>
        </>
      )}
      {isByAmount && unconvertedWords(found.totals)}. As of{' '}
      <time dateTime={found.asOf.toISOString()}>{formatMinute(found.asOf)}</time>.
    </span>
  );
}

/** Without a rate nobody knows which of two amounts is larger. */
function unconvertedWords(totals: Found['totals']): string {
  const without = totals.filter(({ isConverted }) => !isConverted).map(({ currency }) => currency);
  if (totals.length < 2 || without.length === 0) return '';
  const last =
    without.length === totals.length ? 'so amounts are compared as they stand' : 'so their deals come last';
  return `. ${formatList(without)} ${without.length === 1 ? 'has' : 'have'} no rate, ${last}`;
}

function NoDeals({ mayImport }: { mayImport: boolean }) {
  return (
    <EmptyState
      title="There are no deals here yet"
      miniature={<MiniatureRows widths={['34%', '16%', '22%', '14%']} />}
      action={mayImport && <LinkButton to={paths.importDeals}>Import deals</LinkButton>}
    >
      {mayImport
        ? 'Bring them from your CRM as a CSV file, or over the API. '
        : 'Your manager or marketing can bring them from your CRM. '}
      Each deal then shows in one timeline how it moved, what was sent for it and what people read.
    </EmptyState>
  );
}

interface FiltersProps {
  state: PageState;
  stages: readonly { stage: string; dealCount: number }[];
  onChange: (patch: Partial<PageState>) => void;
}

function Filters({ state, stages, onChange }: FiltersProps) {
  const { stage } = state;
  const known = stages.map((one) => ({
    value: one.stage,
    label: `${one.stage} (${one.dealCount.toString()})`,
  }));
  const data =
    stage === undefined || known.some(({ value }) => value === stage)
      ? known
      : [...known, { value: stage, label: `${stage} (0)` }];
  return (
    <div className={classes.filters}>
      <CountTabs
        label="Outcome"
        value={state.show}
        onChoose={(show) => onChange({ show, stage: undefined })}
        tabs={[undefined, ...outcomes].map((value) => ({
          value,
          name: outcomeWords[value ?? 'open'],
          count: null,
        }))}
      />
      <div className={classes.fields}>
        <SearchBox query={state.q ?? ''} onQuery={(q) => onChange({ q: q || undefined })} />
        <Select
          aria-label="Stage"
          placeholder="Any stage"
          clearable
          className={classes.stage}
          data={data}
          value={stage ?? null}
          onChange={(value) => onChange({ stage: value ?? undefined })}
        />
        <Checkbox
          label="Only mine"
          checked={state.whose === 'own'}
          onChange={(event) => onChange({ whose: event.currentTarget.checked ? 'own' : undefined })}
        />
      </div>
    </div>
  );
}

function SearchBox({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const [text, setText] = useState(query);
  const settle = useDebouncedCallback(onQuery, 180);
  useEffect(() => setText(query), [query]);
  return (
    <TextInput
      aria-label="Search deals"
      placeholder="Search deals, accounts and owners"
      className={classes.search}
      leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
      data-search-box
      maxLength={120}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (text === '') event.currentTarget.blur();
        setText('');
        onQuery('');
      }}
    />
  );
}

const columns = (now: Date): Column<DealListItem>[] => [
  {
    key: 'deal',
    header: 'Deal',
    cell: (deal) => (
      <>
        <AppLink to={paths.deal(deal.id)} inherit className={classes.name}>
          {nameOfDeal(deal)}
        </AppLink>
        {deal.name && (
          <span className={classes.under}>
            <AppLink to={paths.account(deal.accountId)} inherit>
              {deal.accountName}
            </AppLink>
          </span>
        )}
        <span className={`${classes.under} ${classes.phone}`}>
          <Stage deal={deal} now={now} isInLine />
        </span>
      </>
    ),
  },
  {
    key: 'amount',
    header: 'Amount',
    width: '132px',
    align: 'end',
    sortKey: 'amount',
    cell: ({ amount, currency }) => formatMoney(amount, currency),
  },
  {
    key: 'stage',
    header: 'Stage',
    width: '24%',
    hideBelow: 'phone',
    cell: (deal) => <Stage deal={deal} now={now} />,
  },
  {
    key: 'owner',
    header: 'Owner',
    width: '18%',
    hideBelow: 'tablet',
    cell: ({ ownerName, ownerHasLeft }) =>
      ownerName ? (
        <>
          {ownerName}
          {ownerHasLeft && <span className={classes.under}>has left</span>}
        </>
      ) : (
        <span className="quiet">Nobody</span>
      ),
  },
  {
    key: 'changed',
    header: 'Last change',
    width: '128px',
    sortKey: 'changed',
    hideBelow: 'phone',
    cell: ({ changedAt }) => <DateText date={changedAt} />,
  },
];

function Stage({ deal, now, isInLine = false }: { deal: DealListItem; now: Date; isInLine?: boolean }) {
  const days = daysInStage(deal, now);
  if (deal.outcome !== 'open')
    return (
      <StatusBadge tone={deal.outcome === 'won' ? 'good' : 'quiet'}>{outcomeWords[deal.outcome]}</StatusBadge>
    );
  const since = days === undefined ? '' : days === 0 ? 'since today' : `for ${plural(days, 'day')}`;
  if (isInLine) return `${deal.stage} ${since}`.trim();
  return (
    <>
      {deal.stage}
      {since && <span className={classes.under}>{since}</span>}
    </>
  );
}
