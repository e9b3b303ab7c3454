import { Button, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { formatDay } from '../lib/format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import type { MadeShareLink } from './api.ts';
import classes from './share-sheet.module.css';

interface SharedWordsProps {
  made: MadeShareLink;
  isCopied: boolean;
  isRevoked: boolean;
  isChanging: boolean;
  onCopied: () => void;
  onRevoke: () => void;
  onRestore: () => void;
}

/** The share link is there: what to do with it, and the way back. */
export function SharedWords(props: SharedWordsProps) {
  const { made, isCopied, isRevoked, isChanging, onCopied, onRevoke, onRestore } = props;
  const { recipient, expiresAt, hasPasscode } = made.shareLink;
  const field = useRef<HTMLInputElement>(null);
  const headline = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Without the clipboard the URL itself is what to take next.
    if (isCopied) headline.current?.focus();
    else field.current?.select();
  }, [isCopied]);

  if (isRevoked)
    return (
      <div className={classes.shared}>
        <h3 className={classes.headline} tabIndex={-1}>
          Taken back
        </h3>
        <p role="status">
          The share link for {recipient.name} opens nothing any more, wherever it has been pasted.
        </p>
        <div className={classes.next}>
          <Button variant="default" onClick={onRestore} loading={isChanging}>
            Let it open again
          </Button>
        </div>
      </div>
    );
  return (
    <div className={classes.shared}>
      <h3 ref={headline} className={classes.headline} tabIndex={-1}>
        {isCopied ? `The link for ${recipient.name} is copied` : `The link for ${recipient.name} is ready`}
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
          value={made.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={made.url} label={isCopied ? 'Copy again' : 'Copy'} onCopied={onCopied} />
      </div>
      <ul className={classes.remarks}>
        <li>
          Made for {recipient.name} alone. For somebody else make another, so that you can tell them apart.
        </li>
        {hasPasscode && <li>Tell {recipient.name} the passcode by another way than the link.</li>}
        {expiresAt && <li>It opens until {formatDay(expiresAt)}.</li>}
      </ul>
      <div className={classes.next}>
        <Button
          component="a"
          href={made.url}
          target="_blank"
          rel="noopener"
          variant="default"
          rightSection={<IconExternalLink size={15} stroke={1.5} aria-hidden />}
        >
          Open as prospect
        </Button>
        <Button variant="subtle" color="gray" onClick={onRevoke} loading={isChanging}>
          Undo
        </Button>
      </div>
      <p className={classes.small}>Your own visits are recorded as internal and never counted.</p>
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
