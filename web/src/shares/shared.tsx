import { Button, TextInput } from '@mantine/core';
import { IconExternalLink, IconMail } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { formatDay } from '../lib/format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import type { Shared } from '../ui/sharing.tsx';
import { type MadeShareLink, mailShareLinks, revokeShareLinks, type ShareLink, sharingQuery } from './api.ts';
import { byWayOfApp } from './link-changes.ts';
import { CopyRichButton, QrButton } from './link-copies.tsx';
import { whyNotMailed } from './mail-words.ts';
import { namesOf } from './recipients.ts';
import classes from './share-sheet.module.css';
import { useSecondsLeft } from './undo-countdown.ts';

interface MadeProps {
  subject: Shared;
  made: MadeShareLink[];
  undoUntil: number;
  isCopied: boolean;
  isUndone: boolean;
  isUndoing: boolean;
  onCopied: () => void;
  onUndo: () => void;
}

/** The share links are there: what to do with them, and the way back. */
export function Made(props: MadeProps) {
  const { made, isUndone } = props;
  const whom = namesOf(made.map(({ shareLink }) => shareLink.recipient.name));
  if (isUndone)
    return (
      <div className={classes.shared}>
        <h3 className={classes.headline} tabIndex={-1}>
          Undone
        </h3>
        <p role="status">
          It is as if the {made.length === 1 ? 'link' : 'links'} for {whom} had never been made. Wherever it
          was pasted, it leads nowhere, and nothing was mailed.
        </p>
      </div>
    );
  return made.length === 1 ? <OneLink {...props} /> : <ManyLinks {...props} whom={whom} />;
}

function OneLink({ subject, made, isCopied, onCopied, ...undo }: MadeProps) {
  const [first] = made as [MadeShareLink];
  const { url, shareLink } = first;
  const { name } = shareLink.recipient;
  const field = useRef<HTMLInputElement>(null);
  const headline = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Without the clipboard the URL itself is what to take next.
    if (isCopied) headline.current?.focus();
    else field.current?.select();
  }, [isCopied]);
  return (
    <div className={classes.shared}>
      <h3 ref={headline} className={classes.headline} tabIndex={-1}>
        {isCopied ? `The link for ${name} is copied` : `The link for ${name} is ready`}
      </h3>
      <p role="status">
        {isCopied
          ? 'Paste it where you write to them. You see under My links when a person opens it.'
          : 'Your browser did not let us copy it. Select it and copy it yourself.'}
      </p>
      <div className={classes.url}>
        <TextInput
          ref={field}
          aria-label="Share link"
          readOnly
          value={url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={url} label={isCopied ? 'Copy again' : 'Copy'} onCopied={onCopied} />
      </div>
      <div className={classes.next}>
        <CopyRichButton subject={subject} url={url} />
        <QrButton url={url} name={name} />
        <MailButton shareLinks={[shareLink]} />
        <Button
          component="a"
          href={byWayOfApp(url)}
          target="_blank"
          rel="noopener"
          variant="default"
          rightSection={<IconExternalLink size={15} stroke={1.5} aria-hidden />}
        >
          Open as prospect
        </Button>
      </div>
      <Remarks made={made} />
      <UndoRow {...undo} made={made} />
    </div>
  );
}

function ManyLinks({ made, whom, isCopied, onCopied, ...undo }: MadeProps & { whom: string }) {
  const headline = useRef<HTMLHeadingElement>(null);
  useEffect(() => headline.current?.focus(), []);
  const all = made.map(({ shareLink, url }) => `${shareLink.recipient.name}: ${url}`).join('\n');
  return (
    <div className={classes.shared}>
      <h3 ref={headline} className={classes.headline} tabIndex={-1}>
        {isCopied ? `The links for ${whom} are copied` : `The links for ${whom} are ready`}
      </h3>
      <p role="status">
        {isCopied
          ? 'They are on your clipboard with the names. Or take them one by one:'
          : 'Take them one by one:'}
      </p>
      <ul className={classes.links}>
        {made.map(({ shareLink, url }) => (
          <li key={shareLink.id}>
            <span className={classes.option}>
              <span>{shareLink.recipient.name}</span>
              <span className="quiet">
                {[shareLink.recipient.accountName, shareLink.recipient.email].filter(Boolean).join(', ')}
              </span>
            </span>
            <CopyButton
              size="xs"
              value={url}
              label="Copy"
              onCopied={onCopied}
              aria-label={`Copy the link for ${shareLink.recipient.name}`}
            />
          </li>
        ))}
      </ul>
      <div className={classes.next}>
        <CopyButton value={all} label="Copy all" onCopied={onCopied} />
        <MailButton shareLinks={made.map(({ shareLink }) => shareLink)} />
      </div>
      <Remarks made={made} />
      <UndoRow {...undo} made={made} />
    </div>
  );
}

function Remarks({ made }: { made: MadeShareLink[] }) {
  const [first] = made;
  if (!first) return null;
  const { hasPasscode, expiresAt, startsAt, recipient } = first.shareLink;
  return (
    <ul className={classes.remarks}>
      {made.flatMap(({ knownAs, shareLink }) =>
        knownAs === null
          ? []
          : [
              <li key={shareLink.id}>
                {shareLink.recipient.email} is known as {knownAs}, so that is the name on the link.
              </li>,
            ],
      )}
      {made.length === 1 && recipient.kind === 'person' && (
        <li>
          Made for {recipient.name} alone. For somebody else make another, so that you can tell them apart.
        </li>
      )}
      {hasPasscode && <li>Tell the passcode by another way than the link.</li>}
      {startsAt && <li>It opens from {formatDay(startsAt)}.</li>}
      {expiresAt && <li>It opens until {formatDay(expiresAt)}.</li>}
      <li>Your own visits are recorded as internal and never counted.</li>
    </ul>
  );
}

/** Sends what has an address, as soon as it can no longer be undone; says why not where it can't. */
export function MailButton({ shareLinks, size = 'sm' }: { shareLinks: ShareLink[]; size?: 'xs' | 'sm' }) {
  const canMail = useQuery(sharingQuery).data?.canMail;
  const [sent, setSent] = useState<ShareLink[]>();
  const reason = whyNotMailed(sent ?? shareLinks, canMail);
  const mailed = shareLinks.filter(({ recipient }) => recipient.email !== null);
  const send = useMutation({
    mutationFn: () => mailShareLinks(mailed.map(({ id }) => id)),
    onSuccess: ({ items }) => setSent(items),
    onError: notifyProblem,
  });
  return (
    <ReasonedButton
      size={size}
      variant="default"
      leftSection={<IconMail size={16} stroke={1.5} aria-hidden />}
      loading={send.isPending}
      reason={reason}
      onClick={() => send.mutate()}
    >
      {sent ? 'Will be sent' : 'Send by e-mail'}
    </ReasonedButton>
  );
}

type UndoProps = Pick<MadeProps, 'made' | 'undoUntil' | 'isUndoing' | 'onUndo'>;

/** For a minute it can be made as if it had never been; then it can be revoked. */
function UndoRow({ made, undoUntil, isUndoing, onUndo }: UndoProps) {
  const left = useSecondsLeft(undoUntil);
  const ids = made.map(({ shareLink }) => shareLink.id);
  const revoke = useMutation({ mutationFn: () => revokeShareLinks(ids), onError: notifyProblem });
  if (left > 0)
    return (
      <div className={classes.undo}>
        <Button size="xs" variant="default" onClick={onUndo} loading={isUndoing}>
          Undo
        </Button>
        <span className={classes.small}>
          {/* Read aloud once, not every second. */}
          <span aria-hidden="true">{left.toString()} s left to make it as if it had never been</span>
        </span>
      </div>
    );
  if (revoke.isSuccess) return <p role="status">Revoked. It opens nothing any more.</p>;
  return (
    <div className={classes.undo}>
      <Button variant="subtle" color="gray" onClick={() => revoke.mutate()} loading={revoke.isPending}>
        Revoke
      </Button>
      <span className={classes.small}>A minute has passed: from now on it is revoked instead.</span>
    </div>
  );
}

export function SharedFooter({ onAgain, onDone }: { onAgain: () => void; onDone: () => void }) {
  return (
    <>
      <Button variant="default" onClick={onAgain} className={classes.other}>
        Share with somebody else
      </Button>
      <Button onClick={onDone} className={classes.primary}>
        Done
      </Button>
    </>
  );
}
