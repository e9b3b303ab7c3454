import { formatDuration, formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { WhyButton } from '../ui/explaining.tsx';
import { Facts } from '../ui/facts.tsx';
import { ReadItems } from '../ui/read-items.tsx';
import { keyWords, readerName } from '../ui/reader-words.ts';
import { countryName, followUpWords, judgedWords, policyNoteWords } from './activity-words.ts';
import type { LinkEvent, LinkTimeline, Visit } from './api.ts';
import classes from './link-page.module.css';
import type { TimelineEntry } from './timeline.tsx';

/** One event of a share link as the timeline shows it. */
export function toEntry(event: LinkEvent, link: LinkTimeline): TimelineEntry {
  const { tone, key, content } = describe(event, link);
  return { key, at: event.at, tone, content };
}

function describe(event: LinkEvent, link: LinkTimeline): Omit<TimelineEntry, 'at'> {
  const { recipient } = link;
  switch (event.kind) {
    case 'made':
      return { key: 'made', tone: 'act', content: <Made event={event} /> };
    case 'mailed':
      return { key: 'mailed', tone: 'act', content: <p>Mailed to {recipient.email ?? recipient.name}</p> };
    case 'expired':
      return { key: 'expired', tone: 'quiet', content: <p>Its last day was over; it opens no more</p> };
    case 'revoked':
      return {
        key: `revoked ${event.at.toISOString()}`,
        tone: 'act',
        content: <p>{by('Revoked', event)}; it opens no more</p>,
      };
    case 'restored':
      return {
        key: `restored ${event.at.toISOString()}`,
        tone: 'act',
        content: <p>{by('Restored', event)}; it opens again</p>,
      };
    case 'changed':
      return {
        key: `changed ${event.at.toISOString()}`,
        tone: 'act',
        content: (
          <>
            <p>{by('Changed', event)}</p>
            <p className={classes.facts}>{policyNoteWords(event.policy)}</p>
          </>
        ),
      };
    case 'transferred':
      return {
        key: `transferred ${event.at.toISOString()}`,
        tone: 'act',
        content: (
          <p>
            Handed over
            {event.fromName && ` from ${event.fromName}`}
            {event.toName && ` to ${event.toName}`}
            {event.byName && event.byName !== event.fromName && ` by ${event.byName}`}
          </p>
        ),
      };
    case 'item_added':
    case 'item_removed':
      return {
        key: `${event.kind} ${event.assetId}`,
        tone: 'act',
        content: (
          <p>
            <AppLink to={paths.asset(event.assetId)} underline="always">
              {event.title}
            </AppLink>{' '}
            {event.kind === 'item_added' ? 'was added to the room' : 'was taken out of the room'}
          </p>
        ),
      };
    case 'forwarded':
      return {
        key: `forwarded ${event.shareLinkId}`,
        tone: event.isByProspect ? 'person' : 'act',
        content: (
          <p>
            {event.isByProspect ? `${recipient.name} forwarded it to ` : 'Shared on with '}
            <AppLink to={paths.shareLink(event.shareLinkId)} underline="always">
              {event.recipientName}
            </AppLink>
          </p>
        ),
      };
    case 'download':
      return {
        key: `download ${event.visitId} ${event.title}`,
        tone: 'person',
        content: (
          <p>
            {readerName(event.reader, recipient)} downloaded {event.title}
          </p>
        ),
      };
    case 'asked':
      return {
        key: event.questionId,
        tone: 'person',
        content: (
          <>
            <p>{event.byName} asked in the room</p>
            <p className={classes.note}>{event.text}</p>
            {event.answer === null ? (
              <p className="quiet">Not answered yet</p>
            ) : (
              <p className={classes.note}>
                <span className="quiet">{event.answeredByName ?? 'Answered'}: </span>
                {event.answer}
              </p>
            )}
          </>
        ),
      };
    case 'followed_up': {
      const { id, kind, byName, isOwn, note } = event.followUp;
      return {
        key: id,
        tone: 'act',
        content: (
          <>
            <p>
              {followUpWords[kind].did} · {isOwn ? 'you' : byName}
            </p>
            {note && <p className={classes.note}>{note}</p>}
          </>
        ),
      };
    }
    case 'visit':
      return {
        key: event.visit.id,
        tone: event.visit.judgement.class.startsWith('human') ? 'person' : 'quiet',
        content: <VisitEntry visit={event.visit} link={link} />,
      };
  }
}

function by(did: string, { byName }: { byName: string | null }): string {
  return byName ? `${did} by ${byName}` : did;
}

function Made({ event }: { event: Extract<LinkEvent, { kind: 'made' }> }) {
  const { byName, forwardedFrom, isByProspect } = event;
  return (
    <p>
      {forwardedFrom ? (
        <>
          {isByProspect ? 'Forwarded by ' : 'Shared on from that of '}
          <AppLink to={paths.shareLink(forwardedFrom.shareLinkId)} underline="always">
            {forwardedFrom.recipientName}
          </AppLink>
        </>
      ) : (
        <>Shared by {byName}</>
      )}
    </p>
  );
}

function VisitEntry({ visit, link }: { visit: Visit; link: LinkTimeline }) {
  const { judgement, visitor, opened, pages } = visit;
  const judged = judgedWords[judgement.class];
  const isPerson = judgement.class.startsWith('human');
  const lengths = new Map(link.versions.map((version) => [version.assetVersionId, version]));
  return (
    <div data-hidden={judged.isHidden || undefined} className={classes.visit}>
      <p className={classes.visitWords}>
        <span>
          {isPerson ? <strong>{readerName(visitor, link.recipient)}</strong> : judged.name}{' '}
          {readWords(visit, lengths)}
          {visit.activeMs > 0 && <> for {formatDuration(visit.activeMs)}</>}
        </span>
        {judgement.class !== 'human-confirmed' && !judged.isHidden && (
          <StatusBadge tone={isPerson ? 'good' : 'look'}>{judged.name}</StatusBadge>
        )}
      </p>
      <p className={classes.facts}>
        <Facts>
          {visit.device}
          {countryName(visit.country)}
          {isPerson && (
            <span title={keyWords[visitor.keyKind].long}>known {keyWords[visitor.keyKind].short}</span>
          )}
        </Facts>
      </p>
      <ReadItems
        opened={opened.map(({ title, versionNumber, ...rest }) => ({
          ...rest,
          title: versionNumber > 1 ? `${title}, version ${formatNumber(versionNumber)}` : title,
          pageCount: lengths.get(rest.assetVersionId)?.pageCount ?? 1,
          durationMs: lengths.get(rest.assetVersionId)?.durationMs ?? null,
        }))}
        pages={pages}
      />
      <WhyButton visitId={visit.id} about={`${formatMinute(visit.startedAt)} · ${visit.device}`} />
    </div>
  );
}

type Lengths = Map<string, LinkTimeline['versions'][number]>;

function readWords({ pages, opened }: Visit, lengths: Lengths): string {
  const read = pages.filter((page) => page.isRead).length;
  const of = opened.reduce(
    (sum, { assetVersionId }) => sum + (lengths.get(assetVersionId)?.pageCount ?? 1),
    0,
  );
  const isWatched = opened.some(({ watched }) => watched.length > 0);
  if (of <= 1) return isWatched ? 'watched it' : read > 0 ? 'read it' : 'opened it';
  if (read > 0) return `read ${formatNumber(Math.min(read, of))} of ${plural(of, 'page')}`;
  return pages.length > 0 ? `saw ${plural(pages.length, 'page')}, read none` : 'opened it';
}
