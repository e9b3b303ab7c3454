import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useUser } from '../auth/api.ts';
import { fieldErrors } from '../lib/api.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { keepSearchOf, searchThatShowed } from '../search/api.ts';
import { copyText } from '../ui/copy-button.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import type { Shared } from '../ui/sharing.tsx';
import { type MadeShareLink, makeShareLinks, undoShareLinks } from './api.ts';
import { DealField } from './deal-field.tsx';
import { asFormErrors } from './form-errors.ts';
import { ProspectView } from './prospect-view.tsx';
import { RecipientFields } from './recipient-fields.tsx';
import { namesOf } from './recipients.ts';
import { ShareFields, ShareFooter } from './share-fields.tsx';
import { rememberRecipients, type ShareForm, toPolicy, toRecipients, useShareForm } from './share-form.ts';
import classes from './share-sheet.module.css';
import { ShareWarnings } from './share-warnings.tsx';
import { Made, SharedFooter } from './shared.tsx';
import { undoUntil } from './undo-countdown.ts';

interface ShareSheetProps {
  subject: Shared;
  isOpen: boolean;
  onClose: () => void;
}

/** What was made in this sheet, whether it reached the clipboard, and whether it was made undone. */
interface Outcome {
  made: MadeShareLink[];
  undoUntil: number;
  isCopied: boolean;
  isUndone: boolean;
}

/** Who it is for, what they will see, one button; after it the share links and what to do next. */
export function ShareSheet({ subject, isOpen, onClose }: ShareSheetProps) {
  const user = useUser();
  const form = useShareForm(user.id);
  const [outcome, setOutcome] = useState<Outcome>();
  const formElement = useRef<HTMLFormElement>(null);
  const target = 'roomId' in subject ? { roomId: subject.roomId } : { assetId: subject.id };
  const subjectId = 'roomId' in subject ? subject.roomId : subject.id;
  const make = useMutation({
    mutationFn: (values: ShareForm) =>
      makeShareLinks({
        target,
        recipients: toRecipients(values),
        message: values.message,
        dealId: values.dealId || null,
        ...toPolicy(values, new Date()),
        searchId: searchThatShowed(subjectId),
      }),
    onError: (error) => form.setErrors(asFormErrors(fieldErrors(error))),
  });
  const isShownAtFields = Object.keys(asFormErrors(fieldErrors(make.error))).length > 0;
  const undo = useMutation({
    mutationFn: () => undoShareLinks(outcome?.made.map(({ shareLink }) => shareLink.id) ?? []),
    onSuccess: () => setOutcome((was) => was && { ...was, isUndone: true }),
    onError: notifyProblem,
  });

  // Each opening is a new share link; what was typed for the last one does not leak into it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the opening counts.
  useEffect(() => {
    if (!isOpen) return;
    form.begin();
    make.reset();
    setOutcome(undefined);
  }, [isOpen, subjectId]);

  const submit = form.onSubmit(async (values) => {
    if (make.isPending) return;
    const madeAt = Date.now();
    const making = make.mutateAsync(values);
    // The clipboard is asked within the click, or the browser refuses; the URL follows when it is there.
    const copying = copyText(() => making.then(asText)).then(
      () => true,
      () => false,
    );
    const made = await making.catch(() => undefined);
    if (!made) return;
    if (!('roomId' in subject)) keepSearchOf(subject.id);
    rememberRecipients(user.id, values);
    setOutcome({ made, undoUntil: undoUntil(madeAt), isCopied: await copying, isUndone: false });
  });

  useShortcut('mod+Enter', 'Make and copy the link', () => formElement.current?.requestSubmit(), {
    group: 'Share',
    isOn: isOpen && !outcome,
  });

  const close = () => {
    onClose();
    if (!outcome || outcome.isUndone || Date.now() > outcome.undoUntil) return;
    const ids = outcome.made.map(({ shareLink }) => shareLink.id);
    const whom = namesOf(outcome.made.map(({ shareLink }) => shareLink.recipient.name));
    notifyUndo(`${ids.length === 1 ? 'Share link' : 'Share links'} for ${whom} made`, () =>
      undoShareLinks(ids).then(() => notifyDone('Undone. It is as if it had never been made'), notifyProblem),
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
      title={outcome ? (outcome.made.length > 1 ? 'Share links' : 'Share link') : `Share “${subject.title}”`}
      size={960}
      footer={
        outcome ? (
          <SharedFooter onAgain={shareAgain} onDone={close} />
        ) : (
          <ShareFooter
            form={form}
            isSubmitting={make.isPending}
            onSubmit={() => formElement.current?.requestSubmit()}
            onCancel={close}
          />
        )
      }
    >
      <div className={classes.columns}>
        {outcome ? (
          <Made
            subject={subject}
            made={outcome.made}
            undoUntil={outcome.undoUntil}
            isCopied={outcome.isCopied}
            isUndone={outcome.isUndone}
            isUndoing={undo.isPending}
            onCopied={() => setOutcome({ ...outcome, isCopied: true })}
            onUndo={() => undo.mutate()}
          />
        ) : (
          <form
            ref={formElement}
            noValidate
            className={classes.form}
            aria-label={`Share ${subject.title}`}
            onSubmit={submit}
          >
            <RecipientFields form={form} />
            <DealField form={form} />
            <ShareWarnings target={target} values={form.values} />
            <ShareFields form={form} subject={subject} problem={isShownAtFields ? null : make.error} />
          </form>
        )}
        <ProspectView
          subject={subject}
          senderName={user.name}
          values={form.values}
          isUndone={outcome?.isUndone ?? false}
        />
      </div>
    </Sheet>
  );
}

/** One URL by itself; several each behind its name. */
function asText(made: MadeShareLink[]): string {
  const [first, second] = made;
  if (first && !second) return first.url;
  return made.map(({ shareLink, url }) => `${shareLink.recipient.name}: ${url}`).join('\n');
}
