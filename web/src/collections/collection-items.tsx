import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { formatFileType } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AssetStatusBadge, CautionBadges } from '../ui/badges.tsx';
import { DragHandle } from '../ui/drag-handle.tsx';
import { ItemNote } from '../ui/item-note.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { ShareButton } from '../ui/sharing.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { type HandleProps, useReordering } from '../ui/use-reordering.ts';
import {
  addToCollection,
  type Collection,
  type CollectionItem,
  orderCollection,
  removeFromCollection,
  writeNote,
} from './api.ts';
import classes from './collection-items.module.css';

const idOf = ({ asset }: CollectionItem) => asset.id;

/** The assets in their order; those who may change the collection move, note and remove them where they stand. */
export function CollectionItems({ collection }: { collection: Collection }) {
  const { id, name, items, mayEdit } = collection;
  const move = async (moved: readonly CollectionItem[], item: CollectionItem, canUndo: boolean) => {
    const before = items.map(idOf);
    try {
      await orderCollection(id, moved.map(idOf));
      if (canUndo)
        notifyUndo(`“${item.asset.title}” moved`, () => orderCollection(id, before).catch(notifyProblem));
    } catch (error) {
      notifyProblem(error);
    }
  };
  const { list, shown, draggedKey, said, handleOf } = useReordering({
    items,
    keyOf: idOf,
    nameOf: ({ asset }) => asset.title,
    onMove: (moved, item, how) => move(moved, item, how === 'dragged'),
  });
  return (
    <>
      <ol ref={list} className={classes.list} aria-label={`Assets of ${name}`}>
        {shown.map((item, index) => (
          <Item
            key={item.asset.id}
            collectionId={id}
            item={item}
            place={index}
            isDragged={draggedKey === item.asset.id}
            handle={mayEdit ? handleOf(item, index) : undefined}
          />
        ))}
      </ol>
      <span role="status" className="only-heard">
        {said}
      </span>
    </>
  );
}

interface ItemProps {
  collectionId: string;
  item: CollectionItem;
  place: number;
  isDragged: boolean;
  /** Left out for those who may only read. */
  handle: HandleProps | undefined;
}

function Item({ collectionId, item: { asset, note }, place, isDragged, handle }: ItemProps) {
  const remove = async () => {
    try {
      await removeFromCollection(collectionId, asset.id);
      notifyUndo(`“${asset.title}” removed`, () =>
        addToCollection(collectionId, asset.id, { note, place }).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <li
      className={classes.item}
      data-row={asset.id}
      data-dragged={isDragged || undefined}
      data-kept={asset.status === 'published' ? undefined : true}
    >
      {handle && <DragHandle name={asset.title} className={classes.handle} {...handle} />}
      <span className={classes.number} aria-hidden="true">
        {place + 1}
      </span>
      <div className={classes.picture}>
        <Thumbnail asset={asset} size="card" />
      </div>
      <div className={classes.words}>
        <h2 className={classes.title}>
          <AppLink to={paths.asset(asset.id)} className={classes.link}>
            {asset.title}
          </AppLink>
        </h2>
        <Facts asset={asset} />
        {asset.useWhen && (
          <p className={classes.useWhen}>
            <span className={classes.label}>Use when</span> {asset.useWhen}
          </p>
        )}
        <ItemNote
          note={note}
          title={asset.title}
          mayEdit={handle !== undefined}
          onSave={(next) => void writeNote(collectionId, asset.id, next).catch(notifyProblem)}
        />
      </div>
      <div className={classes.actions}>
        <ShareButton asset={asset} size="xs" variant="default" />
        {handle && (
          <Tooltip label="Remove from this collection">
            <ActionIcon aria-label={`Remove ${asset.title}`} onClick={() => void remove()}>
              <IconX size={17} stroke={1.5} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </li>
  );
}

function Facts({ asset }: { asset: CollectionItem['asset'] }) {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  const file = asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName);
  return (
    <p className={classes.facts}>
      {asset.status !== 'published' && <AssetStatusBadge status={asset.status} />}
      <CautionBadges asset={asset} />
      <span>{type ? `${type}, ${file}` : file}</span>
      {asset.status !== 'published' && <span>reps don’t see it here</span>}
    </p>
  );
}
