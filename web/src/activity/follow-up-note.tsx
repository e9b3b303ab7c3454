import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { DateText } from '../ui/words.tsx';
import { followUpWords } from './activity-words.ts';
import { linkTimelineQuery } from './api.ts';
import { FollowUpMenu } from './follow-up-menu.tsx';
import classes from './follow-up-note.module.css';

/** On the panel of a share link: whether somebody waits, who answered last, and the way to the whole story. */
export function FollowUpNote({ shareLinkId }: { shareLinkId: string }) {
  const { data } = useQuery(linkTimelineQuery(shareLinkId));
  const [isOpen, setIsOpen] = useState(false);
  const { recipient, waiting, events } = data ?? {};
  const last = events?.find((event) => event.kind === 'followed_up')?.followUp;
  return (
    <div className={classes.note}>
      <p className={classes.words} data-overdue={waiting?.isOverdue || undefined}>
        {!data ? (
          '\u00a0'
        ) : waiting ? (
          waiting.isOverdue ? (
            'Read more than a day ago, and nobody has followed up.'
          ) : (
            'Read, and nobody has followed up yet.'
          )
        ) : last ? (
          <>
            {followUpWords[last.kind].did}: {last.isOwn ? 'you' : last.byName},{' '}
            <DateText date={last.followedUpAt} />
          </>
        ) : (
          <span className="quiet">Nobody waits for an answer.</span>
        )}
      </p>
      <p className={classes.ways}>
        {data && <FollowUpMenu target={data} isOpen={isOpen} onChange={setIsOpen} />}
        <AppLink to={paths.shareLink(shareLinkId)}>Whole story</AppLink>
        {recipient?.accountId && recipient.accountName && (
          <AppLink to={paths.account(recipient.accountId)}>All that went to {recipient.accountName}</AppLink>
        )}
      </p>
    </div>
  );
}
