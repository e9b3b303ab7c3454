import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useUser } from '../auth/api.ts';
import { formatDay, formatDuration, formatMinute, formatMoney, formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { DealValue } from '../ui/deal-value.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonPage } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { toAccountEntry } from './account-events.tsx';
import classes from './account-page.module.css';
import { countWords, followUpWords, stateWords } from './activity-words.ts';
import { type AccountActivity, accountActivityQuery, type SentToAccount } from './api.ts';
import { Contacts } from './contacts.tsx';
import { Timeline } from './timeline.tsx';

/** What all colleagues sent to one account, so that nobody sends it twice. */
export function AccountPage() {
  const { accountId } = useParams({ strict: false }) as { accountId: string };
  const { data, error, refetch } = useQuery(accountActivityQuery(accountId));
  if (!data)
    return error ? (
      <>
        <PageHeader title="Account" />
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </>
    ) : (
      <SkeletonPage />
    );
  const { account } = data;
  const facts = [account.industry, account.region].filter(Boolean).join(' · ');
  return (
    <>
      <PageHeader
        title={account.name}
        lead={
          <>
            {facts}
            {facts && data.openDealCount > 0 && ' · '}
            <DealValue {...data} />
          </>
        }
      />
      <div className={classes.columns}>
        <div className={classes.main}>
          <Sent data={data} />
          {data.events.length > 0 && (
            <section className={classes.section} aria-labelledby="account-story">
              <h2 id="account-story" className={classes.heading}>
                What happened
              </h2>
              <Timeline
                label="What happened, newest first"
                entries={data.events.map((event) => toAccountEntry(event, data))}
              />
              <p className={classes.asOf}>
                {data.hasMore && 'What is older is left out. '}Visits that were not people are not shown. As
                of {formatMinute(data.asOf)}.
              </p>
            </section>
          )}
        </div>
        <aside className={classes.side} aria-label="Deals and contacts">
          <Deals deals={data.deals} />
          <Contacts contacts={data.contacts} />
        </aside>
      </div>
    </>
  );
}

function Sent({ data }: { data: AccountActivity }) {
  const navigate = useNavigate();
  const seesAll = useUser().role !== 'rep';
  const { shareLinks, account } = data;
  if (shareLinks.length === 0)
    return (
      <EmptyState
        title={`Nothing has been sent to ${account.name} yet`}
        miniature={<MiniatureRows widths={['34%', '24%', '18%', '14%']} />}
        action={<LinkButton to={paths.find}>Find something to share</LinkButton>}
      >
        What you and your colleagues send to anybody there stands here, with who read it and when, so that
        nobody sends the same twice.
      </EmptyState>
    );
  const readCount = shareLinks.filter(({ lastReadAt }) => lastReadAt !== null).length;
  return (
    <section className={classes.section} aria-labelledby="account-sent">
      <h2 id="account-sent" className={classes.heading}>
        What was sent
      </h2>
      <p className={classes.lead}>
        People read {formatNumber(readCount)} of {formatNumber(shareLinks.length)}.
        {!seesAll && ' For how long is shown for what you sent yourself.'}
      </p>
      <DataTable
        label={`Sent to ${account.name}`}
        rows={shareLinks}
        rowKey={(row) => row.shareLinkId}
        columns={columns}
        onOpen={(row) => void navigate({ to: pathOf(row, seesAll) })}
      />
    </section>
  );
}

/** The story where one may read it, else what was sent. */
function pathOf({ isOwn, shareLinkId, assetId }: SentToAccount, seesAll: boolean): string {
  if (isOwn || seesAll || assetId === null) return paths.shareLink(shareLinkId);
  return paths.asset(assetId);
}

const columns: Column<SentToAccount>[] = [
  {
    key: 'what',
    header: 'What',
    cell: ({ title, recipient, state, senderName, isOwn }) => (
      <>
        <span className={classes.title}>{title}</span>
        <span className={classes.under}>
          for {recipient.name}
          {state !== 'active' && (
            <>
              {' '}
              <StatusBadge tone="quiet">{stateWords[state]}</StatusBadge>
            </>
          )}
        </span>
        <span className={`${classes.under} ${classes.phone}`}>by {isOwn ? 'you' : senderName}</span>
      </>
    ),
  },
  {
    key: 'sent',
    header: 'Sent',
    width: '136px',
    hideBelow: 'phone',
    cell: ({ senderName, isOwn, sentAt }) => (
      <>
        {isOwn ? 'You' : senderName}
        <span className={classes.under}>
          <DateText date={sentAt} />
        </span>
      </>
    ),
  },
  { key: 'read', header: 'Read', width: '204px', cell: (row) => <Read row={row} /> },
  {
    key: 'answer',
    header: 'Followed up',
    width: '132px',
    hideBelow: 'tablet',
    cell: ({ lastFollowUp }) =>
      lastFollowUp ? (
        <>
          {followUpWords[lastFollowUp.kind].did}
          <span className={classes.under}>
            {lastFollowUp.isOwn ? 'you' : lastFollowUp.byName}, <DateText date={lastFollowUp.followedUpAt} />
          </span>
        </>
      ) : (
        <span className="quiet">–</span>
      ),
  },
];

function Read({ row }: { row: SentToAccount }) {
  const { readPageCount, pageCount, activeMs, lastReadAt, lastOpenedAt, readerCount, forwarding } = row;
  if (!lastOpenedAt) return <span className="quiet">Not opened</span>;
  const words = !lastReadAt
    ? 'Opened, not read'
    : pageCount <= 1
      ? 'Read'
      : `${formatNumber(Math.min(readPageCount, pageCount))} of ${formatNumber(pageCount)} pages`;
  return (
    <>
      {words}
      <span className={classes.under} title={countWords(readerCount)}>
        {activeMs !== null && activeMs > 0 && <>{formatDuration(activeMs)}, </>}
        <DateText date={lastReadAt ?? lastOpenedAt} />
      </span>
      {forwarding && (
        <span className={classes.under} title={forwarding.reasons.join(' ')}>
          Probably forwarded: {forwarding.likelihood}
        </span>
      )}
    </>
  );
}

function Deals({ deals }: { deals: AccountActivity['deals'] }) {
  if (deals.length === 0) return null;
  return (
    <section aria-labelledby="account-deals">
      <h2 id="account-deals" className={classes.sideHeading}>
        Deals
      </h2>
      <ul className={classes.list}>
        {deals.map(({ id, amount, currency, stage, outcome, ownerName, closedAt, openedAt }) => (
          <li key={id} className={classes.item}>
            <span className={classes.itemHead}>
              <AppLink to={paths.deal(id)} inherit>
                <strong className="tabular">{formatMoney(amount, currency)}</strong>
              </AppLink>
              {outcome === 'open' ? (
                <StatusBadge tone="good">{stage}</StatusBadge>
              ) : (
                <StatusBadge tone="quiet">{outcome === 'won' ? 'Won' : 'Lost'}</StatusBadge>
              )}
            </span>
            <span className={classes.under}>
              {ownerName ?? 'No owner'},{' '}
              {closedAt ? `closed ${formatDay(closedAt)}` : `since ${formatDay(openedAt)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
