import { Button, Menu, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usersQuery } from '../auth/api.ts';
import { formatCalendarDay, plural } from '../lib/format.ts';
import { type Dimension, dimensionsQuery } from '../taxonomy/api.ts';
import { ChosenBar, ChosenBarStep } from '../ui/chosen-bar.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import { type AssetCard, type AssetPatch, type BulkChange, changeAssets } from './api.ts';
import classes from './bulk-bar.module.css';

const noDimensions: Dimension[] = [];

/** Takes a change back and says so; a second change of heart is a new change. */
export async function undoChanges(changes: BulkChange[]): Promise<void> {
  try {
    await changeAssets(changes);
    notifyDone('Taken back');
  } catch (error) {
    notifyProblem(error);
  }
}

/** What can be done with the chosen assets; every change can be taken back. */
export function BulkBar({ assets, onClear }: { assets: readonly AssetCard[]; onClear: () => void }) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? noDimensions;
  const mutation = useMutation({
    mutationFn: ({ patch }: { patch: AssetPatch; done: string }) =>
      changeAssets(assets.map(({ id }) => ({ assetId: id, patch }))),
    onSuccess: ({ updatedCount, undo }, { done }) => {
      if (updatedCount === 0) return notifyDone('Nothing to change: all of them were like that already');
      notifyUndo(`${plural(updatedCount, 'asset')} ${done}`, () => undoChanges(undo));
    },
    onError: notifyProblem,
  });
  const run = (patch: AssetPatch, done: string) => mutation.mutate({ patch, done });
  const statuses = new Set(assets.map((asset) => asset.status));
  return (
    <ChosenBar
      label="Change the chosen assets"
      count={assets.length}
      counted={plural(assets.length, 'asset')}
      isBusy={mutation.isPending}
      onClear={onClear}
    >
      <Button
        size="xs"
        disabled={statuses.size === 1 && statuses.has('published')}
        onClick={() => run({ status: 'published' }, 'published')}
      >
        Publish
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={statuses.size === 1 && statuses.has('archived')}
        onClick={() => run({ status: 'archived' }, 'archived')}
      >
        Archive
      </Button>
      {!statuses.has('draft') || statuses.size > 1 ? (
        <Button size="xs" variant="default" onClick={() => run({ status: 'draft' }, 'turned into drafts')}>
          Back to draft
        </Button>
      ) : null}
      <AudienceMenu onChoose={run} />
      <OwnerPopover onChoose={run} />
      <ReviewPopover onChoose={run} />
      <TermsPopover label="Add tags" verb="Add" dimensions={dimensions} onChoose={run} assets={assets} />
      <TermsPopover
        label="Remove tags"
        verb="Remove"
        dimensions={dimensions}
        onChoose={run}
        assets={assets}
      />
    </ChosenBar>
  );
}

interface ChoiceProps {
  onChoose: (patch: AssetPatch, done: string) => void;
}

function AudienceMenu({ onChoose }: ChoiceProps) {
  return (
    <Menu position="top-start" width={190}>
      <Menu.Target>
        <Button size="xs" variant="default">
          Audience
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose({ audience: 'internal' }, 'are internal only')}>
          Internal only
        </Menu.Item>
        <Menu.Item onClick={() => onChoose({ audience: 'external' }, 'may go to buyers')}>
          For buyers
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function OwnerPopover({ onChoose }: ChoiceProps) {
  const users = useQuery(usersQuery).data?.items ?? [];
  const [owner, setOwner] = useState<string | null>(null);
  const name = users.find((user) => user.id === owner)?.name;
  return (
    <ChosenBarStep label="Owner">
      {(close) => (
        <>
          <Select
            label="New owner"
            placeholder="Choose a person"
            searchable
            data-autofocus
            comboboxProps={{ withinPortal: false }}
            data={[
              { value: 'none', label: 'Nobody' },
              ...users
                .filter((user) => user.state !== 'deactivated')
                .map((user) => ({ value: user.id, label: user.name })),
            ]}
            value={owner}
            onChange={setOwner}
          />
          <Button
            size="xs"
            mt="sm"
            disabled={owner === null}
            onClick={() => {
              close();
              const ownerUserId = owner === 'none' ? null : owner;
              onChoose({ ownerUserId }, name ? `now belong to ${name}` : 'belong to nobody now');
            }}
          >
            Set owner
          </Button>
        </>
      )}
    </ChosenBarStep>
  );
}

function ReviewPopover({ onChoose }: ChoiceProps) {
  const [day, setDay] = useState('');
  return (
    <ChosenBarStep label="Review date">
      {(close) => (
        <>
          <TextInput
            type="date"
            label="Review by"
            data-autofocus
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <div className={classes.choices}>
            <Button
              size="xs"
              disabled={day === ''}
              onClick={() => {
                close();
                onChoose({ reviewOn: day }, `are to be reviewed by ${formatCalendarDay(day)}`);
              }}
            >
              Set date
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              onClick={() => {
                close();
                onChoose({ reviewOn: null }, 'have no review date now');
              }}
            >
              No date
            </Button>
          </div>
        </>
      )}
    </ChosenBarStep>
  );
}

interface TermsPopoverProps extends ChoiceProps {
  label: string;
  verb: 'Add' | 'Remove';
  dimensions: readonly Dimension[];
  assets: readonly AssetCard[];
}

function TermsPopover({ label, verb, dimensions, onChoose, assets }: TermsPopoverProps) {
  const [termIds, setTermIds] = useState<string[]>([]);
  const carried = new Set(assets.flatMap((asset) => asset.terms.map((term) => term.id)));
  // Only tags that one of them has can be removed.
  const offered =
    verb === 'Add'
      ? dimensions
      : dimensions.map((dimension) => ({
          ...dimension,
          terms: dimension.terms.filter((term) => carried.has(term.id)),
        }));
  return (
    <ChosenBarStep label={label}>
      {(close) => (
        <>
          <TermSelect
            label={verb === 'Add' ? 'Tags to add' : 'Tags to remove'}
            placeholder={termIds.length === 0 ? 'Choose terms' : ''}
            data-autofocus
            comboboxProps={{ withinPortal: false }}
            maxDropdownHeight={220}
            dimensions={offered}
            allowsSeveral={verb === 'Remove'}
            value={termIds}
            onChange={setTermIds}
          />
          <Button
            size="xs"
            mt="sm"
            disabled={termIds.length === 0}
            onClick={() => {
              close();
              setTermIds([]);
              onChoose(
                verb === 'Add' ? patchToAdd(termIds, dimensions) : { removeTermIds: termIds },
                `${verb === 'Add' ? 'got' : 'lost'} ${plural(termIds.length, 'tag')}`,
              );
            }}
          >
            {label}
          </Button>
        </>
      )}
    </ChosenBarStep>
  );
}

/** Where an asset takes one value, the new term replaces whatever each asset has. */
function patchToAdd(addTermIds: string[], dimensions: readonly Dimension[]): AssetPatch {
  const removeTermIds = dimensions
    .filter(
      (dimension) => !dimension.isMultiple && dimension.terms.some((term) => addTermIds.includes(term.id)),
    )
    .flatMap((dimension) => dimension.terms.map((term) => term.id))
    .filter((termId) => !addTermIds.includes(termId))
    .slice(0, 100);
  return { addTermIds, ...(removeTermIds.length > 0 && { removeTermIds }) };
}
