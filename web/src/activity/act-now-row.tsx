import { Button } from '@mantine/core';
import { IconClockPause, IconCopy } from '@tabler/icons-react';
import { formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DealValue } from '../ui/deal-value.tsx';
import { Facts } from '../ui/facts.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { keyWords } from '../ui/reader-words.ts';
import { DateText, useMinute } from '../ui/words.tsx';
import classes from './act-now.module.css';
import { readersWords, readSentence, snoozeWords, tomorrowMorning } from './activity-words.ts';
import { type ActNowEntry, snoozeShareLink, unsnoozeShareLink } from './api.ts';
import { FollowUpMenu } from './follow-up-menu.tsx';

interface ActNowRowProps {
  entry: ActNowEntry;
  isMenuOpen: boolean;
  onMenu: (isOpen: boolean) => void;
}

/** One reason to write to somebody: why, what is known, and what to do. */
export function ActNowRow({ entry, isMenuOpen, onMenu }: ActNowRowProps) {
  const { shareLinkId, recipient, snoozedUntil } = entry;
  const address = entry.readers.find(({ email }) => email !== null)?.email ?? recipient.email;
  return (
    <li className={classes.row} data-share-link={shareLinkId} data-overdue={entry.isOverdue || undefined}>
      <span className={classes.mark} aria-hidden="true" />
      <div className={classes.words}>
        <Sentence entry={entry} />
        <Known entry={entry} />
      </div>
      <div className={classes.actions}>
        {address && (
          <CopyButton
            value={address}
            label="Copy address"
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconCopy size={15} stroke={1.5} aria-hidden />}
          />
        )}
        {snoozedUntil ? (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => unsnoozeShareLink(shareLinkId).catch(notifyProblem)}
          >
            Back now
          </Button>
        ) : (
          <Later entry={entry} />
        )}
        <FollowUpMenu target={entry} isOpen={isMenuOpen} onChange={onMenu} />
      </div>
    </li>
  );
}

function Sentence({ entry }: { entry: ActNowEntry }) {
  const { who, did, howLong, sentTo } = readSentence(entry);
  return (
    <p className={classes.sentence}>
      <strong>{who}</strong> {did}{' '}
      <AppLink
        to={paths.shareLink(entry.shareLinkId)}
        className={classes.title}
        data-main-link
        underline="hover"
      >
        {entry.title}
      </AppLink>{' '}
      {sentTo && <>{sentTo} </>}
      <span className={classes.together}>{howLong},</span> <DateText date={entry.lastReadAt} />
    </p>
  );
}

function Known({ entry }: { entry: ActNowEntry }) {
  const { recipient, isOverdue, isConfirmed, readers, hiddenCount, isOwn, senderName, snoozedUntil } = entry;
  const keys = new Set(readers.map(({ keyKind }) => keyWords[keyKind].long));
  const { accountId, accountName } = recipient;
  return (
    <p className={classes.facts}>
      {snoozedUntil && <StatusBadge tone="quiet">Put off</StatusBadge>}
      {isOverdue && !snoozedUntil && (
        <StatusBadge tone="look" hint="Read more than a day ago, and nobody has followed up.">
          Overdue
        </StatusBadge>
      )}
      <Facts>
        {!isOwn && <>shared by {senderName}</>}
        {accountId && accountName && <AppLink to={paths.account(accountId)}>{accountName}</AppLink>}
        {entry.openDealCount > 0 && <DealValue {...entry} />}
        {!isConfirmed && 'probably a person'}
        <span title={[...keys].join(' ')}>{readersWords(entry)}</span>
        {hiddenCount > 0 && (
          <AppLink to={paths.shareLink(entry.shareLinkId)} search={{ show: 'all' }}>
            {formatNumber(hiddenCount)} automated hidden
          </AppLink>
        )}
      </Facts>
    </p>
  );
}

function Later({ entry }: { entry: ActNowEntry }) {
  const until = tomorrowMorning(useMinute());
  const words = snoozeWords(until, new Date());
  const put = async () => {
    try {
      await snoozeShareLink(entry.shareLinkId, until);
      notifyUndo(`${entry.recipient.name} comes back ${words}`, () =>
        unsnoozeShareLink(entry.shareLinkId).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconClockPause size={15} stroke={1.5} aria-hidden />}
      aria-label={`Later: bring ${entry.recipient.name} back ${words}`}
      title={`Comes back ${words} at 8`}
      onClick={() => void put()}
    >
      Later
    </Button>
  );
}
