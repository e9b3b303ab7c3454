import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { daysInStage, nameOfDeal } from '../deals/api.ts';
import { formatDay, formatMinute, formatMoney, formatNumber, plural } from '../lib/format.ts';
import { findForPath, paths } from '../lib/paths.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { Facts } from '../ui/facts.tsx';
import { NoteObjectionButton } from '../ui/noting-objection.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonPage } from '../ui/skeletons.tsx';
import { toAccountEntry } from './account-events.tsx';
import classes from './account-page.module.css';
import { type DealActivity, dealActivityQuery } from './api.ts';
import { type Contact, Contacts } from './contacts.tsx';
import { StageBar } from './stage-bar.tsx';
import { Timeline } from './timeline.tsx';

/** One deal: where it stands, how it came there, and what was sent and read on the way. */
export function DealPage() {
  const { dealId } = useParams({ strict: false }) as { dealId: string };
  const { data, error, refetch } = useQuery(dealActivityQuery(dealId));
  const above = <AppLink to={paths.deals}>Deals</AppLink>;
  if (!data)
    return error ? (
      <>
        <PageHeader title="Deal" above={above} />
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </>
    ) : (
      <SkeletonPage />
    );
  return <Deal data={data} above={above} />;
}

function Deal({ data, above }: { data: DealActivity; above: ReactNode }) {
  const { deal } = data;
  const dimensions = useQuery(dimensionsQuery).data?.items;
  const terms = dimensions?.find(({ key }) => key === 'stage')?.terms.filter(({ isRetired }) => !isRetired);
  const here = terms?.filter(({ name }) => name.toLowerCase() === deal.stage.toLowerCase());
  const termIds = deal.outcome === 'open' ? (here ?? []).map(({ id }) => id) : [];
  return (
    <>
      <PageHeader
        title={nameOfDeal(deal)}
        above={above}
        lead={<Lead data={data} />}
        actions={
          <>
            <NoteObjectionButton draft={{ dealId: deal.id, termIds }} />
            <LinkButton to={findForPath(deal.accountId, termIds)}>Find something to share</LinkButton>
          </>
        }
      />
      {terms && (
        <StageBar deal={deal} history={data.stages} known={terms.map(({ name }) => name)} asOf={data.asOf} />
      )}
      <div className={classes.columns}>
        <section className={classes.main} aria-labelledby="deal-story">
          <h2 id="deal-story" className={classes.heading}>
            What happened
          </h2>
          <p className={classes.lead}>{sentWords(data)}</p>
          <Timeline
            label="What happened, newest first"
            entries={data.events.map((event) => toAccountEntry(event, { shareLinks: data.shareLinks }))}
          />
          <p className={classes.asOf}>
            {data.hasMore && 'What is older is left out. '}What was sent to {deal.accountName} while the deal
            was open stands here, unless it was sent for another deal. Visits that were not people are not
            shown. As of {formatMinute(data.asOf)}.
          </p>
        </section>
        <aside className={classes.side} aria-label="People">
          <Contacts title="People" contacts={peopleOf(data)} />
        </aside>
      </div>
    </>
  );
}

/** Whoever is at the account or was sent something for the deal: those with whom something is going on first. */
function peopleOf({ contacts, shareLinks }: DealActivity): Contact[] {
  const links = shareLinks.filter(({ recipient }) => recipient.kind === 'person');
  const sent = [...Map.groupBy(links, ({ recipient }) => recipient.id).values()].flatMap((theirs) => {
    const recipient = theirs[0]?.recipient;
    return recipient ? [{ ...recipient, heard: heardOf(theirs) }] : [];
  });
  const addresses = new Set(sent.map(({ email }) => email?.toLowerCase()));
  const silent = contacts
    .filter(({ email }) => !addresses.has(email.toLowerCase()))
    .map((contact) => ({ ...contact, heard: 'Nothing sent' }));
  return [...sent, ...silent];
}

function heardOf(links: DealActivity['shareLinks']): string {
  const readCount = links.filter(({ lastReadAt }) => lastReadAt !== null).length;
  return `${formatNumber(links.length)} sent, ${readCount === 0 ? 'none' : formatNumber(readCount)} read`;
}

function Lead({ data: { deal, worth, asOf } }: { data: DealActivity }) {
  const { accountId, accountName, amount, currency, stage, outcome, ownerName, ownerHasLeft, closedAt } =
    deal;
  const days = daysInStage(deal, asOf);
  return (
    <Facts>
      <span key="amount" className="tabular">
        <strong>{formatMoney(amount, currency)}</strong>
        {worth && worth.currency !== currency && (
          <>
            {' '}
            {worth.amount === null
              ? `(not converted: ${currency} has no rate)`
              : `(${formatMoney(worth.amount, worth.currency)})`}
          </>
        )}
      </span>
      <AppLink key="account" to={paths.account(accountId)} underline="always">
        {accountName}
      </AppLink>
      {outcome === 'open' ? (
        <span key="stage">
          {stage}
          {days !== undefined && (days === 0 ? ' since today' : ` for ${plural(days, 'day')}`)}
        </span>
      ) : (
        <span key="outcome">
          <StatusBadge tone={outcome === 'won' ? 'good' : 'quiet'}>
            {outcome === 'won' ? 'Won' : 'Lost'}
          </StatusBadge>
          {closedAt && ` ${formatDay(closedAt)}`}
        </span>
      )}
      <span key="owner">
        {ownerName ?? 'No owner'}
        {ownerHasLeft && ' (has left)'}
      </span>
    </Facts>
  );
}

function sentWords({ shareLinks, deal }: DealActivity): string {
  if (shareLinks.length === 0) return `Nothing was sent to ${deal.accountName} for this deal yet.`;
  const readCount = shareLinks.filter(({ lastReadAt }) => lastReadAt !== null).length;
  const sent = `${plural(shareLinks.length, 'share link')} sent`;
  if (readCount === 0) return `${sent}, nobody has read ${shareLinks.length === 1 ? 'it' : 'one'} yet.`;
  return `${sent}, people read ${formatNumber(readCount)}.`;
}
