import { IconCaretUpFilled } from '@tabler/icons-react';
import { useUser } from '../auth/api.ts';
import { formatNumber, plural } from '../lib/format.ts';
import { StatusBadge, TermChips, type Tone } from '../ui/badges.tsx';
import { DealValue } from '../ui/deal-value.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { DateText, DayText } from '../ui/words.tsx';
import { type AssetRequest, type RequestStatus, vote } from './api.ts';
import classes from './requests-page.module.css';

interface RequestListProps {
  requests: readonly AssetRequest[];
  openId: string | undefined;
  /** Set where requests of several states stand together. */
  isMixed: boolean;
  onOpen: (request: AssetRequest) => void;
}

export function RequestList({ requests, openId, isMixed, onOpen }: RequestListProps) {
  return (
    <ul className={classes.list} aria-label="Requests">
      {requests.map((request) => (
        <li key={request.id} className={classes.row} data-open={request.id === openId || undefined}>
          <VoteButton request={request} />
          <div className={classes.words}>
            <h2 className={classes.title}>
              <button type="button" className={classes.opener} onClick={() => onOpen(request)}>
                {request.title}
              </button>
            </h2>
            <p className={classes.facts}>
              {request.createdByName}, <DateText date={request.createdAt} />
              {request.asset && <> · answered with {request.asset.title}</>}
            </p>
            <TermChips terms={request.terms} limit={4} />
          </div>
          <div className={classes.side}>
            <DealValue {...request} />
            <StatusLine request={request} isShort={!isMixed} />
          </div>
        </li>
      ))}
    </ul>
  );
}

const statusWords: Record<RequestStatus, { word: string; tone: Tone }> = {
  open: { word: 'Open', tone: 'plain' },
  planned: { word: 'Planned', tone: 'look' },
  done: { word: 'Done', tone: 'good' },
  declined: { word: 'Declined', tone: 'quiet' },
};

export function StatusLine({
  request: { status, dueOn },
  isShort = false,
}: {
  request: AssetRequest;
  /** The state itself is said elsewhere. */
  isShort?: boolean;
}) {
  const { word, tone } = statusWords[status];
  return (
    <span className={classes.status}>
      {!isShort && <StatusBadge tone={tone}>{word}</StatusBadge>}
      {dueOn && (status === 'open' || status === 'planned') && (
        <span>
          {status === 'planned' ? 'by ' : 'needed by '}
          <DayText day={dueOn} />
        </span>
      )}
    </span>
  );
}

/** How many want it, and whether the user is one of them. */
export function VoteButton({ request }: { request: AssetRequest }) {
  const { name } = useUser();
  const { title, voteCount, hasVoted, status } = request;
  const isOver = status === 'done' || status === 'declined';
  const wanted = `${plural(voteCount, 'person wants', 'people want')} this`;
  return (
    <button
      type="button"
      className={classes.vote}
      aria-pressed={hasVoted}
      aria-label={`I want this, too: ${title}. ${wanted}.`}
      title={
        isOver ? `${wanted}. It has been answered.` : hasVoted ? `${wanted}, you too` : 'I want this, too'
      }
      disabled={isOver && !hasVoted}
      onClick={() => vote(request, name).catch(notifyProblem)}
    >
      <IconCaretUpFilled size={14} aria-hidden />
      <span aria-hidden>{formatNumber(voteCount)}</span>
    </button>
  );
}
