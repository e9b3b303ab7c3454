import { Button, Collapse, Textarea } from '@mantine/core';
import { IconChevronDown, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { assetQuery } from '../assets/api.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import type { Shared } from '../ui/sharing.tsx';
import { Keys } from '../ui/words.tsx';
import { PolicyDetails, type PolicyFormState, PresetFields } from './policy-fields.tsx';
import { describeForm } from './policy-words.ts';
import { allRecipients, type ShareFormState } from './share-form.ts';
import classes from './share-sheet.module.css';

interface ShareFieldsProps {
  form: ShareFormState;
  subject: Shared;
  problem: unknown;
}

/** The message, how it opens, and under a line that says it in words, the rest of the policy. */
export function ShareFields({ form, subject, problem }: ShareFieldsProps) {
  const assetId = 'roomId' in subject ? undefined : subject.id;
  const talkTrack =
    useQuery({ ...assetQuery(assetId ?? ''), enabled: assetId !== undefined }).data?.talkTrack.trim() ?? '';
  const { passcode, expiryDay, allowed, maxVisitors } = form.errors;
  const hasPolicyError = [passcode, expiryDay, allowed, maxVisitors].some((error) => error !== undefined);
  const [wantsPolicy, setWantsPolicy] = useState(false);
  const isOpen = wantsPolicy || hasPolicyError;
  const hasFile = 'roomId' in subject || subject.kind === 'file';
  const policyId = useId();
  const messageId = useId();
  const message = useRef<HTMLTextAreaElement>(null);
  // The form holds more than the policy, which its fields never touch.
  const policy = form as unknown as PolicyFormState;
  return (
    <>
      <div>
        <div className={classes.messageHead}>
          <label htmlFor={messageId} className={classes.label}>
            Message
          </label>
          {talkTrack && (
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => {
                form.setFieldValue('message', talkTrack);
                message.current?.focus();
              }}
              disabled={form.values.message === talkTrack}
            >
              Use talk track
            </Button>
          )}
        </div>
        <Textarea
          ref={message}
          id={messageId}
          autosize
          minRows={2}
          maxRows={9}
          maxLength={2000}
          placeholder="Optional. They read it above the content."
          {...form.getInputProps('message')}
        />
      </div>
      <PresetFields form={policy} />
      <div>
        <button
          type="button"
          className={classes.policy}
          aria-expanded={isOpen}
          aria-controls={policyId}
          onClick={() => setWantsPolicy(!isOpen)}
        >
          <span>{describeForm(form.values, hasFile)}</span>
          <span className={classes.change}>
            {isOpen ? 'Close' : 'Change'}
            <IconChevronDown size={16} stroke={1.5} aria-hidden data-open={isOpen || undefined} />
          </span>
        </button>
        <Collapse expanded={isOpen} id={policyId}>
          <PolicyDetails form={policy} hasFile={hasFile} canPin={!('roomId' in subject)} />
        </Collapse>
      </div>
      {problem ? <ProblemNote error={problem} /> : null}
    </>
  );
}

interface ShareFooterProps {
  form: ShareFormState;
  isSubmitting: boolean;
  onSubmit: () => void;
  onCancel: () => void;
}

/** The button stands outside the scrolling form, in reach of a thumb. */
export function ShareFooter({ form, isSubmitting, onSubmit, onCancel }: ShareFooterProps) {
  const count = allRecipients(form.values).length;
  return (
    <>
      <span className={classes.keysHint} aria-hidden="true">
        <Keys keys="mod+Enter" />
      </span>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button
        className={classes.primary}
        loading={isSubmitting}
        leftSection={<IconCopy size={16} stroke={1.5} aria-hidden />}
        onClick={onSubmit}
      >
        {count > 1 ? `Copy ${count.toString()} links` : 'Copy link'}
      </Button>
    </>
  );
}
