import { ActionIcon, Menu } from '@mantine/core';
import { IconBell, IconBellOff, IconCheck, IconCircle, IconCircleDot, IconDots } from '@tabler/icons-react';
import { type FollowUpKind, noteFollowUp, undoFollowUp } from '../activity/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Facts } from '../ui/facts.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { keyWords } from '../ui/reader-words.ts';
import { DateText } from '../ui/words.tsx';
import { markRead, markUnread, type Notification, toggleMute } from './api.ts';
import { forwardingWords, sayNews, sayPages, sayTime, sentTo, storyPath } from './notification-words.ts';
import classes from './notifications.module.css';

/** What one visitor did with one share link: the whole line leads to its story. */
export function NotificationRow({ told, onOpen }: { told: Notification; onOpen?: (() => void) | undefined }) {
  const { who, did } = sayNews(told);
  const { keyKind } = told.reader;
  const open = () => {
    if (!told.isRead) void markRead(told.id).catch(notifyProblem);
    onOpen?.();
  };
  return (
    <li
      className={classes.row}
      data-notification={told.id}
      data-unread={!told.isRead || undefined}
      data-muted={told.isMuted || undefined}
    >
      <span className={classes.mark} aria-hidden="true" />
      <div className={classes.words}>
        <AppLink
          to={storyPath(told)}
          className={classes.sentence}
          underline="never"
          data-main-link
          onClick={open}
        >
          {!told.isRead && <span className="only-heard">Unread: </span>}
          <strong className={classes.who}>{who}</strong> {did}{' '}
          <span className={classes.title}>{told.title}</span>
        </AppLink>
        {told.question && <p className={classes.question}>{told.question.text}</p>}
        <p className={classes.facts}>
          <Facts>
            <DateText date={told.toldAt} />
            {sayPages(told)}
            {sayTime(told)}
            {told.device !== '' && told.device}
            {sentTo(told)}
            {told.openedTitles.length > 0 && `opened ${told.openedTitles.join(', ')}`}
            {told.forwarding && forwardingWords[told.forwarding]}
            {!told.isConfirmed && 'probably a person'}
            {keyKind && <span title={keyWords[keyKind].long}>known {keyWords[keyKind].short}</span>}
            {told.question?.isAnswered && 'answered'}
            {told.isMuted && 'muted'}
          </Facts>
        </p>
      </div>
      <RowMenu told={told} who={who} />
    </li>
  );
}

const followUps = [
  { kind: 'mail', label: 'By mail' },
  { kind: 'call', label: 'By phone' },
  { kind: 'meeting', label: 'In a meeting' },
] as const satisfies { kind: FollowUpKind; label: string }[];

function RowMenu({ told, who }: { told: Notification; who: string }) {
  const { isRead, isMuted } = told;
  const iconProps = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
  return (
    <Menu position="bottom-end" width={216} withinPortal={false}>
      <Menu.Target>
        <ActionIcon className={classes.more} aria-label={`More for ${who}, ${told.title}`}>
          <IconDots size={18} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={isRead ? <IconCircleDot {...iconProps} /> : <IconCircle {...iconProps} />}
          onClick={() => void toggleRead(told)}
        >
          {isRead ? 'Mark as unread' : 'Mark as read'}
        </Menu.Item>
        <Menu.Item
          leftSection={isMuted ? <IconBell {...iconProps} /> : <IconBellOff {...iconProps} />}
          onClick={() => void toggleMute(told)}
        >
          {isMuted ? 'Tell me of it again' : 'Mute this share link'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Followed up</Menu.Label>
        {followUps.map(({ kind, label }) => (
          <Menu.Item
            key={kind}
            leftSection={<IconCheck {...iconProps} />}
            onClick={() => void followUp(told, kind)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export async function toggleRead({ id, isRead }: Notification): Promise<void> {
  await (isRead ? markUnread(id) : markRead(id)).catch(notifyProblem);
}

async function followUp(told: Notification, kind: FollowUpKind): Promise<void> {
  try {
    const { id } = await noteFollowUp(told, kind);
    notifyUndo(`Followed up with ${told.recipient.name}`, () => undoFollowUp(id).catch(notifyProblem));
    if (!told.isRead) await markRead(told.id);
  } catch (error) {
    notifyProblem(error);
  }
}
