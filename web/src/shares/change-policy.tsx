import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { fieldErrors } from '../lib/api.ts';
import { notifyDone } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { changeShareLink, type ShareLink } from './api.ts';
import { asFormErrors } from './form-errors.ts';
import classes from './link-panel.module.css';
import { PolicyDetails, PresetFields } from './policy-fields.tsx';
import { patchOf, toForm } from './policy-patch.ts';
import { type PolicyForm, policyRules } from './share-form.ts';

/** The policy of what was sent already; it holds from the moment it is saved. */
export function ChangePolicy({ shareLink, onDone }: { shareLink: ShareLink; onDone: () => void }) {
  const before = toForm(shareLink);
  const form = useForm<PolicyForm>({
    initialValues: before,
    clearInputErrorOnChange: true,
    validate: {
      ...policyRules,
      // What has expired may stay so while something else is changed.
      expiryDay: (day, values) => (day === before.expiryDay ? null : policyRules.expiryDay(day, values)),
    },
  });
  const save = useMutation({
    mutationFn: (values: PolicyForm) => changeShareLink(shareLink.id, patchOf(before, values, new Date())),
    onSuccess: () => {
      notifyDone('Changed. It holds from now on');
      onDone();
    },
    onError: (error) => form.setErrors(asFormErrors(fieldErrors(error))),
  });
  const isShownAtFields = Object.keys(asFormErrors(fieldErrors(save.error))).length > 0;
  return (
    <form
      className={classes.change}
      aria-label="Change the policy"
      noValidate
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <PresetFields form={form} />
      <PolicyDetails
        form={form}
        hasFile
        canPin={shareLink.assetId !== null}
        {...(shareLink.hasPasscode && { passcodePlaceholder: 'Stays as it is' })}
        {...(shareLink.hasPasscode && {
          onTakePasscode: () => {
            void changeShareLink(shareLink.id, { passcode: null }).then(() =>
              notifyDone('No passcode any more'),
            );
          },
        })}
      />
      {save.error && !isShownAtFields && <ProblemNote error={save.error} />}
      <div className={classes.policyActions}>
        <Button size="xs" type="submit" loading={save.isPending} disabled={!form.isDirty()}>
          Save
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
