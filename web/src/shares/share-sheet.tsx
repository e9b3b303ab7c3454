import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useUser } from '../auth/api.ts';
import { fieldErrors } from '../lib/api.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { keepSearchOf, searchThatShowed } from '../search/api.ts';
import { copyText } from '../ui/copy-button.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import type { SharedAsset } from '../ui/sharing.tsx';
import { type MadeShareLink, makeShareLink, restoreShareLink, revokeShareLink } from './api.ts';
import { ProspectView } from './prospect-view.tsx';
import { RecipientFields } from './recipient-fields.tsx';
import { PolicyFields, ShareFooter } from './share-fields.tsx';
import { rememberRecipient, type ShareForm, toShareLink, useShareForm } from './share-form.ts';
import classes from './share-sheet.module.css';
import { SharedFooter, SharedWords } from './shared.tsx';

const undoOfferedForMs = 15_000;

interface ShareSheetProps {
  asset: SharedAsset;
  isOpen: boolean;
  onClose: () => void;
}

/** What was made in this sheet, whether it reached the clipboard, and whether it was taken back. */
interface Outcome {
  made: MadeShareLink;
  madeAt: number;
  isCopied: boolean;
  isRevoked: boolean;
}

/** Who it is for, what they will see, one button; after it the share link and what to do next. */
export function ShareSheet({ asset, isOpen, onClose }: ShareSheetProps) {
  const user = useUser();
  const form = useShareForm(user.id);
  const [outcome, setOutcome] = useState<Outcome>();
  const formElement = useRef<HTMLFormElement>(null);
  const make = useMutation({
    mutationFn: (values: ShareForm) =>
      makeShareLink({
        params: { assetId: asset.id },
        body: { ...toShareLink(values, new Date()), searchId: searchThatShowed(asset.id) },
      }),
    onError: (error) => form.setErrors(asFormErrors(fieldErrors(error))),
  });
  const isShownAtFields = Object.keys(fieldErrors(make.error)).length > 0;
  const change = useMutation({
    mutationFn: (action: 'revoke' | 'restore') => {
      const id = outcome?.made.shareLink.id ?? '';
      return action === 'revoke' ? revokeShareLink(id) : restoreShareLink(id);
    },
    onSuccess: (shareLink) =>
      setOutcome((was) => was && { ...was, isRevoked: shareLink.state === 'revoked' }),
    onError: notifyProblem,
  });

  // Each opening is a new share link; what was typed for the last one does not leak into it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the opening counts.
  useEffect(() => {
    if (!isOpen) return;
    form.begin();
    make.reset();
    setOutcome(undefined);
  }, [isOpen, asset.id]);

  const submit = form.onSubmit(async (values) => {
    if (make.isPending) return;
    const making = make.mutateAsync(values);
    // The clipboard is asked within the click, or the browser refuses; the URL follows when it is there.
    const copying = copyText(() => making.then(({ url }) => url)).then(
      () => true,
      () => false,
    );
    const made = await making.catch(() => undefined);
    if (!made) return;
    keepSearchOf(asset.id);
    rememberRecipient(user.id, values.recipient);
    setOutcome({ made, madeAt: Date.now(), isCopied: await copying, isRevoked: false });
  });

  useShortcut('mod+Enter', 'Make and copy the link', () => formElement.current?.requestSubmit(), {
    group: 'Share',
    isOn: isOpen && !outcome,
  });

  const close = () => {
    onClose();
    if (!outcome || outcome.isRevoked || Date.now() - outcome.madeAt > undoOfferedForMs) return;
    const { id, recipient } = outcome.made.shareLink;
    notifyUndo(`Share link for ${recipient.name} made`, () =>
      revokeShareLink(id).then(() => notifyDone('The share link opens nothing any more'), notifyProblem),
    );
  };
  const shareAgain = () => {
    form.beginAgain();
    make.reset();
    setOutcome(undefined);
  };

  return (
    <Sheet
      isOpen={isOpen}
      onClose={close}
      title={outcome ? 'Share link' : `Share “${asset.title}”`}
      size={940}
      footer={
        outcome ? (
          <SharedFooter onAgain={shareAgain} onDone={close} />
        ) : (
          <ShareFooter
            isSubmitting={make.isPending}
            onSubmit={() => formElement.current?.requestSubmit()}
            onCancel={close}
          />
        )
      }
    >
      <div className={classes.columns}>
        {outcome ? (
          <SharedWords
            made={outcome.made}
            isCopied={outcome.isCopied}
            isRevoked={outcome.isRevoked}
            isChanging={change.isPending}
            onCopied={() => setOutcome({ ...outcome, isCopied: true })}
            onRevoke={() => change.mutate('revoke')}
            onRestore={() => change.mutate('restore')}
          />
        ) : (
          <form
            ref={formElement}
            noValidate
            className={classes.form}
            aria-label={`Share ${asset.title}`}
            onSubmit={submit}
          >
            <RecipientFields form={form} />
            <PolicyFields form={form} asset={asset} problem={isShownAtFields ? null : make.error} />
          </form>
        )}
        <ProspectView
          asset={asset}
          senderName={user.name}
          values={form.values}
          isWithdrawn={outcome?.isRevoked ?? false}
        />
      </div>
    </Sheet>
  );
}

/** The API speaks of `expiresAt`; the form has a choice and a day for it. */
function asFormErrors(errors: Record<string, string>): Record<string, string> {
  const { expiresAt, ...others } = errors;
  return expiresAt === undefined ? others : { ...others, expiryDay: expiresAt };
}
