import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { formatList } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { TermChips } from '../ui/badges.tsx';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { DealValue } from '../ui/deal-value.tsx';
import { Form } from '../ui/form.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { DateText } from '../ui/words.tsx';
import {
  type AssetRequest,
  answerAssetsQuery,
  editRequest,
  type RequestStatus,
  removeRequest,
} from './api.ts';
import { StatusLine, VoteButton } from './request-list.tsx';
import classes from './requests-page.module.css';

/** One request: what it says, who wants it, and what marketing answers. */
export function RequestPanel({
  request,
  onClose,
}: {
  request: AssetRequest | undefined;
  onClose: () => void;
}) {
  const user = useUser();
  return (
    <DetailPanel
      isOpen={request !== undefined}
      onClose={onClose}
      title={request?.title ?? ''}
      footer={request && mayBeTakenBack(request) && <TakeBack request={request} onGone={onClose} />}
    >
      {request && (
        <>
          <Facts request={request} />
          {isCurator(user) && <AnswerForm key={request.id} request={request} />}
        </>
      )}
    </DetailPanel>
  );
}

/** Only what nobody else wants and nobody has answered. */
function mayBeTakenBack({ isOwn, hasVoted, voteCount, status, answer, asset, dueOn }: AssetRequest): boolean {
  const isUntouched = status === 'open' && answer === '' && asset === null && dueOn === null;
  return isOwn && isUntouched && voteCount === (hasVoted ? 1 : 0);
}

function TakeBack({ request, onGone }: { request: AssetRequest; onGone: () => void }) {
  const remove = async () => {
    onGone();
    await removeRequest(request.id).then(() => notifyDone('Request taken back'), notifyProblem);
  };
  return (
    <ConfirmButton
      question="Nobody else wants it yet, so it goes for good."
      confirmLabel="Take it back"
      onConfirm={remove}
    >
      Take back
    </ConfirmButton>
  );
}

function Facts({ request }: { request: AssetRequest }) {
  const { details, terms, voterNames, answer, asset, createdByName, createdAt } = request;
  return (
    <>
      <div className={classes.panelTop}>
        <VoteButton request={request} />
        <div>
          <StatusLine request={request} />
          <p className={classes.facts}>
            {createdByName} asked <DateText date={createdAt} />
          </p>
        </div>
      </div>
      {(answer || asset) && (
        <div className={classes.answer}>
          {answer && <p>{answer}</p>}
          {asset && <AppLink to={paths.asset(asset.id)}>{asset.title}</AppLink>}
        </div>
      )}
      {details && <p className={classes.details}>{details}</p>}
      {terms.length > 0 && (
        <>
          <h3 className={classes.label}>Situation</h3>
          <TermChips terms={terms} limit={20} />
        </>
      )}
      <h3 className={classes.label}>Wanted by</h3>
      <p>{voterNames.length > 0 ? formatList(voterNames) : 'Nobody any more'}</p>
      {request.openDealCount > 0 && (
        <>
          <h3 className={classes.label}>Behind it</h3>
          <p>
            <DealValue {...request} /> of those who want it
          </p>
        </>
      )}
    </>
  );
}

const statuses: { value: RequestStatus; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'planned', label: 'Planned' },
  { value: 'done', label: 'Done' },
  { value: 'declined', label: 'Declined' },
];

function AnswerForm({ request }: { request: AssetRequest }) {
  const form = useForm({
    initialValues: {
      status: request.status,
      dueOn: request.dueOn ?? '',
      answer: request.answer,
      assetId: request.asset?.id ?? null,
    },
  });
  const mutation = useMutation({
    mutationFn: ({ dueOn, ...values }: typeof form.values) =>
      editRequest(request.id, { ...values, dueOn: dueOn || null }),
    onSuccess: () => {
      form.resetDirty();
      notifyDone('Answer saved');
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <div className={classes.form}>
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Save the answer"
        isSubmitting={mutation.isPending}
        notYet={form.isDirty() ? undefined : 'Nothing has changed.'}
        problem={problemBeside(mutation.error, form.values)}
      >
        <SegmentedControl aria-label="State" fullWidth data={statuses} {...form.getInputProps('status')} />
        <TextInput label="Due" type="date" maw={200} {...form.getInputProps('dueOn')} />
        <AssetPicker
          initial={request.asset}
          value={form.values.assetId}
          error={form.errors.assetId}
          onChange={(assetId) => {
            form.setFieldValue('assetId', assetId);
            if (assetId) form.setFieldValue('status', 'done');
          }}
        />
        <Textarea
          label="Answer"
          description="Everybody who wants it reads this."
          autosize
          minRows={2}
          maxRows={10}
          maxLength={4000}
          {...form.getInputProps('answer')}
        />
      </Form>
    </div>
  );
}

interface AssetPickerProps {
  initial: AssetRequest['asset'];
  value: string | null;
  error: React.ReactNode;
  onChange: (assetId: string | null) => void;
}

function AssetPicker({ initial, value, error, onChange }: AssetPickerProps) {
  const [typed, setTyped] = useState('');
  const [query] = useDebouncedValue(typed, 150);
  const [chosen, setChosen] = useState(initial);
  const found = useQuery(answerAssetsQuery(query === chosen?.title ? '' : query)).data?.items ?? [];
  const known = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      label="Answer with an asset"
      placeholder="Find a published asset"
      searchable
      clearable
      comboboxProps={{ withinPortal: false }}
      nothingFoundMessage="No published asset has these words."
      data={known.map(({ id, title }) => ({ value: id, label: title }))}
      filter={({ options }) => options}
      value={value}
      error={error}
      onSearchChange={setTyped}
      onChange={(assetId) => {
        setChosen(known.find(({ id }) => id === assetId) ?? null);
        onChange(assetId);
      }}
    />
  );
}
