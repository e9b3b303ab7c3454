import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { type Dimension, dimensionsQuery } from '../taxonomy/api.ts';
import { ChosenBar, ChosenBarStep } from '../ui/chosen-bar.tsx';
import { DecideActions } from '../ui/deciding.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import { type AssetCard, type AssetPatch, type BulkChange, changeAssets } from './api.ts';

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

/** What can be done with the chosen assets, decisions last; every change can be taken back. */
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
      {!statuses.has('draft') || statuses.size > 1 ? (
        <Button size="xs" variant="default" onClick={() => run({ status: 'draft' }, 'turned into drafts')}>
          Back to draft
        </Button>
      ) : null}
      <AudienceMenu onChoose={run} />
      <RemoveTags dimensions={dimensions} onChoose={run} assets={assets} />
      <DecideActions assetIds={assets.map(({ id }) => id)} onDone={onClear} />
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

interface RemoveTagsProps extends ChoiceProps {
  dimensions: readonly Dimension[];
  assets: readonly AssetCard[];
}

function RemoveTags({ dimensions, onChoose, assets }: RemoveTagsProps) {
  const [termIds, setTermIds] = useState<string[]>([]);
  const carried = new Set(assets.flatMap((asset) => asset.terms.map((term) => term.id)));
  // Only tags that one of them has can be removed.
  const offered = dimensions.map((dimension) => ({
    ...dimension,
    terms: dimension.terms.filter((term) => carried.has(term.id)),
  }));
  return (
    <ChosenBarStep label="Remove tags">
      {(close) => (
        <>
          <TermSelect
            label="Tags to remove"
            placeholder={termIds.length === 0 ? 'Choose terms' : ''}
            data-autofocus
            comboboxProps={{ withinPortal: false }}
            maxDropdownHeight={220}
            dimensions={offered}
            allowsSeveral
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
              onChoose({ removeTermIds: termIds }, `lost ${plural(termIds.length, 'tag')}`);
            }}
          >
            Remove tags
          </Button>
        </>
      )}
    </ChosenBarStep>
  );
}
