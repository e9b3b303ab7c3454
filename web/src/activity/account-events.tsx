import { formatDuration, formatMoney, formatNumber } from '../lib/format.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { ReadItems } from '../ui/read-items.tsx';
import { keyWords, readerName } from '../ui/reader-words.ts';
import classes from './account-page.module.css';
import { followUpWords } from './activity-words.ts';
import type { AccountEvent, SentToAccount } from './api.ts';
import type { TimelineEntry } from './timeline.tsx';

interface Story {
  shareLinks: readonly SentToAccount[];
  /** To tell them apart; left out where the story is of one. */
  deals?: readonly { id: string; amount: number; currency: string }[];
}

/** One event at an account, or of a deal, as the timeline shows it. */
export function toAccountEntry(event: AccountEvent, data: Story): TimelineEntry {
  const at = event.at;
  if (event.kind === 'deal_moved' || event.kind === 'deal_closed') {
    const deal = data.deals?.find(({ id }) => id === event.dealId);
    const name = deal ? `The deal of ${formatMoney(deal.amount, deal.currency)}` : 'The deal';
    const did =
      event.kind === 'deal_moved'
        ? `entered ${event.stage}`
        : `was ${event.outcome === 'won' ? 'won' : 'lost'}`;
    return {
      key: `${event.dealId} ${event.kind} ${at.toISOString()}`,
      at,
      tone: 'quiet',
      content: (
        <p>
          {name} {did}
        </p>
      ),
    };
  }
  const link = data.shareLinks.find(({ shareLinkId }) => shareLinkId === event.shareLinkId);
  if (event.kind === 'sent')
    return { key: `sent ${event.shareLinkId}`, at, tone: 'act', content: <Sent link={link} event={event} /> };
  if (event.kind === 'followed_up') {
    const { kind, byName, isOwn, note } = event.followUp;
    return {
      key: event.followUp.id,
      at,
      tone: 'act',
      content: (
        <>
          <p>
            {followUpWords[kind].did}: {isOwn ? 'you' : byName}, after {link?.recipient.name} had{' '}
            <em className={classes.name}>{link?.title}</em>
          </p>
          {note && <p className={classes.note}>{note}</p>}
        </>
      ),
    };
  }
  return { key: event.visitId, at, tone: 'person', content: <Opened event={event} link={link} /> };
}

function Sent({
  link,
  event,
}: {
  link: SentToAccount | undefined;
  event: Extract<AccountEvent, { kind: 'sent' }>;
}) {
  if (!link) return null;
  return (
    <p>
      {event.isByProspect ? 'A prospect forwarded ' : `${link.isOwn ? 'You' : link.senderName} sent `}
      <em className={classes.name}>{link.title}</em> to {link.recipient.name}
    </p>
  );
}

function Opened({
  event,
  link,
}: {
  event: Extract<AccountEvent, { kind: 'opened' }>;
  link: SentToAccount | undefined;
}) {
  if (!link) return null;
  const { readPageCount, reader, judgedAs, activeMs, pages, opened, hasDownloaded } = event;
  const did =
    readPageCount === 0
      ? 'opened'
      : link.pageCount <= 1
        ? 'read'
        : `read ${formatNumber(Math.min(readPageCount, link.pageCount))} of ${formatNumber(link.pageCount)} pages of`;
  return (
    <>
      <p>
        <strong>{readerName(reader, link.recipient)}</strong> {did}{' '}
        <em className={classes.name}>{link.title}</em>
        {activeMs !== null && activeMs > 0 && <> for {formatDuration(activeMs)}</>}
        {hasDownloaded && ' and downloaded it'}{' '}
        {judgedAs === 'human-likely' && <StatusBadge tone="good">Probably a person</StatusBadge>}
      </p>
      <p className={classes.under}>
        <span title={keyWords[reader.keyKind].long}>known {keyWords[reader.keyKind].short}</span>
      </p>
      <ReadItems opened={opened} pages={pages} isNamed={link.roomId !== null} />
    </>
  );
}
