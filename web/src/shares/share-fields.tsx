import { Button, Collapse, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { IconChevronDown, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { assetQuery } from '../assets/api.ts';
import { formatDay } from '../lib/format.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import type { SharedAsset } from '../ui/sharing.tsx';
import { Keys } from '../ui/words.tsx';
import { type Expiry, expiresAt, type ShareForm, type ShareFormState } from './share-form.ts';
import classes from './share-sheet.module.css';

interface PolicyFieldsProps {
  form: ShareFormState;
  asset: SharedAsset;
  problem: unknown;
}

/** The message, and under a line that says it in words, the policy. */
export function PolicyFields({ form, asset, problem }: PolicyFieldsProps) {
  const talkTrack = useQuery(assetQuery(asset.id)).data?.talkTrack.trim() ?? '';
  const hasPolicyError = form.errors.passcode !== undefined || form.errors.expiryDay !== undefined;
  const [wantsPolicy, setWantsPolicy] = useState(false);
  const isOpen = wantsPolicy || hasPolicyError;
  const hasFile = asset.kind === 'file';
  const policyId = useId();
  const messageId = useId();
  const message = useRef<HTMLTextAreaElement>(null);
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
          minRows={3}
          maxRows={9}
          maxLength={2000}
          placeholder="Optional. They read it above the content."
          {...form.getInputProps('message')}
        />
      </div>
      <div>
        <button
          type="button"
          className={classes.policy}
          aria-expanded={isOpen}
          aria-controls={policyId}
          onClick={() => setWantsPolicy(!isOpen)}
        >
          <span>{describePolicy(form.values, hasFile)}</span>
          <span className={classes.change}>
            {isOpen ? 'Close' : 'Change'}
            <IconChevronDown size={16} stroke={1.5} aria-hidden data-open={isOpen || undefined} />
          </span>
        </button>
        <Collapse expanded={isOpen} id={policyId}>
          <div className={classes.policyFields}>
            <ExpiryFields form={form} />
            <TextInput
              label="Passcode"
              description="Tell it to them by another way than the link."
              autoComplete="off"
              placeholder="None"
              maxLength={60}
              {...form.getInputProps('passcode')}
            />
            {hasFile && (
              <Switch
                label="They may download it"
                {...form.getInputProps('allowsDownload', { type: 'checkbox' })}
              />
            )}
          </div>
        </Collapse>
      </div>
      {problem ? <ProblemNote error={problem} /> : null}
    </>
  );
}

const expiries: { value: Expiry; label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: 'day', label: 'Date' },
];

function ExpiryFields({ form }: { form: ShareFormState }) {
  const labelId = useId();
  const { expiry } = form.values;
  const today = new Date();
  const first = `${today.getFullYear().toString()}-${pad(today.getMonth() + 1)}-${pad(today.getDate())}`;
  return (
    <div>
      <div id={labelId} className={classes.label}>
        Expires
      </div>
      <SegmentedControl
        fullWidth
        aria-labelledby={labelId}
        data={expiries}
        {...form.getInputProps('expiry')}
      />
      {expiry === 'day' && (
        <TextInput
          type="date"
          label="Last day"
          min={first}
          className={classes.day}
          {...form.getInputProps('expiryDay')}
        />
      )}
    </div>
  );
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}

/** "Opens until 22 Dec 2026, with a passcode, without download." */
function describePolicy(values: ShareForm, hasFile: boolean): string {
  const end = expiresAt(values, new Date());
  return [
    end ? `Opens until ${formatDay(end)}` : 'Never expires',
    values.passcode.trim() ? 'with a passcode' : 'no passcode',
    ...(hasFile ? [values.allowsDownload ? 'may be downloaded' : 'no download'] : []),
  ].join(', ');
}

/** The button stands outside the scrolling form, in reach of a thumb. */
export function ShareFooter({
  isSubmitting,
  onSubmit,
  onCancel,
}: {
  isSubmitting: boolean;
  onSubmit: () => void;
  onCancel: () => void;
}) {
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
        Copy link
      </Button>
    </>
  );
}
