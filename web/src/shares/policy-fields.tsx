import { Button, SegmentedControl, Switch, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { presets } from '@offshelf/server/contract/shares';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { sharingQuery } from './api.ts';
import classes from './policy-fields.module.css';
import { presetKeys, presetOf, withPreset } from './policy-words.ts';
import { dayOf, type Expiry, type PolicyForm } from './share-form.ts';

/** Any form that holds a policy among its values. */
export type PolicyFormState = Pick<
  UseFormReturnType<PolicyForm>,
  'values' | 'errors' | 'getInputProps' | 'setValues'
>;

/** One choice for how much is asked of the prospect, with what it costs them and what it tells the sender. */
export function PresetFields({ form }: { form: PolicyFormState }) {
  const name = useId();
  const canMail = useQuery(sharingQuery).data?.canMail ?? true;
  const chosen = presetOf(form.values);
  return (
    <fieldset className={classes.presets}>
      <legend className={classes.label}>How it opens</legend>
      <div className={classes.choices}>
        {presetKeys.map((key) => (
          <label key={key} className={classes.preset} data-chosen={chosen === key || undefined}>
            <input
              type="radio"
              name={name}
              className="only-heard"
              checked={chosen === key}
              disabled={presets[key].needsMail && !canMail}
              onChange={() => form.setValues(withPreset(form.values, key))}
            />
            {presets[key].name}
          </label>
        ))}
      </div>
      <div className={classes.price} aria-live="polite">
        {chosen ? (
          <>
            <p>{presets[chosen].costs}</p>
            <p className="quiet">{presets[chosen].learns}</p>
          </>
        ) : (
          <p>Your own mix. What it asks stands below.</p>
        )}
        {!canMail && (
          <p className="quiet">
            The other two send codes by e-mail, which needs a mail server. An admin can set one.
          </p>
        )}
      </div>
    </fieldset>
  );
}

const expiries: { value: Expiry; label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: 'day', label: 'Date' },
];

interface DetailsProps {
  form: PolicyFormState;
  hasFile: boolean;
  /** A room pins its versions item by item. */
  canPin: boolean;
  /** Of one that has a passcode already. */
  passcodePlaceholder?: string;
  onTakePasscode?: () => void;
}

/** Everything that a preset leaves open. */
export function PolicyDetails({
  form,
  hasFile,
  canPin,
  passcodePlaceholder = 'None',
  onTakePasscode,
}: DetailsProps) {
  const isNamed = form.values.gate === 'required' || form.values.gate === 'verified';
  const today = dayOf(new Date());
  return (
    <div className={classes.details}>
      <ExpiryFields form={form} today={today} />
      <TextInput
        label="Passcode"
        description="Tell it to them by another way than the link."
        autoComplete="off"
        placeholder={passcodePlaceholder}
        maxLength={60}
        {...form.getInputProps('passcode')}
        {...(onTakePasscode && {
          rightSectionWidth: 84,
          rightSection: (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={onTakePasscode}>
              Take away
            </Button>
          ),
        })}
      />
      {isNamed && (
        <TagsInput
          label="Only these domains or addresses"
          description="Others are told that it is not for them."
          placeholder={form.values.allowed.length === 0 ? 'Everybody: customer.example, jane@…' : ''}
          splitChars={[',', ';', ' ']}
          acceptValueOnBlur
          maxTags={100}
          {...form.getInputProps('allowed')}
        />
      )}
      <div className={classes.switches}>
        {hasFile && (
          <Switch
            label="They may download it"
            {...form.getInputProps('allowsDownload', { type: 'checkbox' })}
          />
        )}
        {hasFile && (
          <Switch
            label="Their address on every page"
            {...form.getInputProps('hasWatermark', { type: 'checkbox' })}
          />
        )}
        {canPin && (
          <Switch
            label="Stay at the version that is current now"
            {...form.getInputProps('isPinned', { type: 'checkbox' })}
          />
        )}
      </div>
      <div className={classes.pair}>
        <TextInput type="date" label="Opens from" min={today} {...form.getInputProps('startDay')} />
        <TextInput
          label="At most so many visitors"
          inputMode="numeric"
          placeholder="Any number"
          {...form.getInputProps('maxVisitors')}
        />
      </div>
    </div>
  );
}

function ExpiryFields({ form, today }: { form: PolicyFormState; today: string }) {
  const labelId = useId();
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
      {form.values.expiry === 'day' && (
        <TextInput
          type="date"
          label="Last day"
          min={today}
          className={classes.day}
          {...form.getInputProps('expiryDay')}
        />
      )}
    </div>
  );
}
