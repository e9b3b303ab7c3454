import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { showEarly } from '../lib/query-client.ts';
import type { CollectedAsset } from '../ui/collecting.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { describeProblem, ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonLines } from '../ui/skeletons.tsx';
import {
  addToCollection,
  type CollectionChoice,
  collectionChoicesQuery,
  deleteCollection,
  makeCollection,
  removeFromCollection,
} from './api.ts';
import classes from './collect-sheet.module.css';

interface CollectSheetProps {
  asset: CollectedAsset;
  isOpen: boolean;
  onClose: () => void;
}

/** The user's collections, ticked where the asset is in; a name that none has makes a new one. */
export function CollectSheet({ asset, isOpen, onClose }: CollectSheetProps) {
  const choices = useQuery({ ...collectionChoicesQuery(asset.id), enabled: isOpen });
  const all = choices.data?.items ?? [];
  const [name, setName] = useState('');
  const wanted = name.trim().toLowerCase();
  const shown = all.filter((choice) => choice.name.toLowerCase().includes(wanted));
  const same = all.find((choice) => choice.isOwn && choice.name.toLowerCase() === wanted);
  const mutation = useMutation({
    mutationFn: (wish: string) => makeCollection({ name: wish, assetIds: [asset.id] }),
    onSuccess: (made) => {
      setName('');
      notifyUndo(`“${made.name}” made, with this asset in it`, () =>
        deleteCollection(made.id).catch(notifyProblem),
      );
    },
  });
  const submit = () => {
    if (same && !same.hasAsset) void toggle(asset, same);
    if (!same && wanted) mutation.mutate(name.trim());
  };
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="Add to collection" size={420}>
      <p className={classes.asset}>{asset.title}</p>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextInput
          label={all.length > 0 ? 'Find a collection, or name a new one' : 'Name a collection'}
          data-autofocus
          autoComplete="off"
          maxLength={120}
          value={name}
          error={mutation.error ? describeProblem(mutation.error).detail : undefined}
          onChange={(event) => {
            setName(event.currentTarget.value);
            if (mutation.error) mutation.reset();
          }}
        />
        {wanted !== '' && !same && (
          <Button
            type="submit"
            size="xs"
            variant={shown.length > 0 ? 'default' : 'filled'}
            className={classes.make}
            loading={mutation.isPending}
            leftSection={<IconPlus size={15} stroke={1.75} aria-hidden />}
          >
            <span className={classes.makeName}>New collection “{name.trim()}”</span>
          </Button>
        )}
      </form>
      {choices.error && <ProblemNote error={choices.error} onRetry={() => void choices.refetch()} />}
      {choices.isPending && <SkeletonLines rows={4} height={48} />}
      {choices.data && all.length === 0 && (
        <p className={classes.none}>
          You have no collections yet. One holds the assets for a situation in the order you use them, with a
          note on each.
        </p>
      )}
      {shown.length > 0 && (
        <ul className={classes.list} aria-label="Your collections">
          {shown.map((choice) => (
            <li key={choice.id}>
              <Checkbox
                className={classes.choice}
                classNames={{ body: classes.choiceBody, labelWrapper: classes.choiceWords }}
                checked={choice.hasAsset}
                onChange={() => void toggle(asset, choice)}
                label={choice.name}
                description={
                  choice.isOwn
                    ? plural(choice.itemCount, 'asset')
                    : `${plural(choice.itemCount, 'asset')}, pinned, by ${choice.createdByName}`
                }
              />
            </li>
          ))}
        </ul>
      )}
      <span role="status" className="only-heard">
        {all.length > 0 && wanted !== '' && plural(shown.length, 'collection')}
      </span>
    </Sheet>
  );
}

/** Ticks or unticks at once; the tick comes back as it was when the server refuses. */
async function toggle(asset: CollectedAsset, choice: CollectionChoice): Promise<void> {
  const hasAsset = !choice.hasAsset;
  const takeBack = await showEarly<{ items: CollectionChoice[] }>(
    collectionChoicesQuery(asset.id).queryKey,
    ({ items }) => ({
      items: items.map((item) =>
        item.id === choice.id ? { ...item, hasAsset, itemCount: item.itemCount + (hasAsset ? 1 : -1) } : item,
      ),
    }),
  );
  try {
    await (hasAsset ? addToCollection : removeFromCollection)(choice.id, asset.id);
    notifyUndo(
      `${hasAsset ? 'Added to' : 'Removed from'} “${choice.name}”`,
      () => void toggle(asset, { ...choice, hasAsset }),
    );
  } catch (error) {
    takeBack();
    notifyProblem(error);
  }
}
