import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconPinned, IconPinnedOff, IconX } from '@tabler/icons-react';
import { formatDuration, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AssetStatusBadge, CautionBadges, StatusBadge } from '../ui/badges.tsx';
import { DragHandle } from '../ui/drag-handle.tsx';
import { ItemNote } from '../ui/item-note.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { type HandleProps, useReordering } from '../ui/use-reordering.ts';
import { addToRoom, editRoomItem, orderRoom, type Room, type RoomItem, removeFromRoom } from './api.ts';
import classes from './room-items.module.css';

const idOf = ({ asset }: RoomItem) => asset.id;

/** The items in their order: moved, noted and taken out where they stand, with what people read of each. */
export function RoomItems({ room: { id, name, items, holderCount } }: { room: Room }) {
  const move = async (moved: readonly RoomItem[], item: RoomItem, canUndo: boolean) => {
    const before = items.map(idOf);
    try {
      await orderRoom(id, moved.map(idOf));
      if (canUndo)
        notifyUndo(`“${item.asset.title}” moved`, () => orderRoom(id, before).catch(notifyProblem));
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
      <ol ref={list} className={classes.list} aria-label={`Items of ${name}`}>
        {shown.map((item, index) => (
          <Item
            key={item.asset.id}
            roomId={id}
            item={item}
            place={index}
            isShared={holderCount > 0}
            isDragged={draggedKey === item.asset.id}
            handle={handleOf(item, index)}
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
  roomId: string;
  item: RoomItem;
  place: number;
  isShared: boolean;
  isDragged: boolean;
  handle: HandleProps;
}

function Item({ roomId, item, place, isShared, isDragged, handle }: ItemProps) {
  const { asset, note } = item;
  const remove = async () => {
    try {
      await removeFromRoom(roomId, asset.id);
      notifyUndo(`“${asset.title}” taken out`, () =>
        addToRoom(roomId, asset.id, { note, place }).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <li className={classes.item} data-row={asset.id} data-dragged={isDragged || undefined}>
      <DragHandle name={asset.title} className={classes.handle} {...handle} />
      <div className={classes.picture}>
        <Thumbnail asset={asset} size="small" />
      </div>
      <div className={classes.words}>
        <h3 className={classes.title}>
          <AppLink to={paths.asset(asset.id)} className={classes.link}>
            {asset.title}
          </AppLink>
        </h3>
        <Facts item={item} isShared={isShared} />
        <ItemNote
          note={note}
          title={asset.title}
          mayEdit
          invitation="Say why it matters to them"
          onSave={(next) => void editRoomItem(roomId, asset.id, { note: next }).catch(notifyProblem)}
        />
      </div>
      <div className={classes.actions}>
        <PinMenu roomId={roomId} item={item} />
        <Tooltip label="Take it out of the room">
          <ActionIcon aria-label={`Take ${asset.title} out`} onClick={() => void remove()}>
            <IconX size={17} stroke={1.5} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </li>
  );
}

function Facts({ item, isShared }: { item: RoomItem; isShared: boolean }) {
  const { asset, expectedMs, pinnedVersion } = item;
  return (
    <p className={classes.facts}>
      {asset.status !== 'published' && <AssetStatusBadge status={asset.status} />}
      <CautionBadges asset={asset} />
      {pinnedVersion && (
        <StatusBadge
          tone={pinnedVersion.number < pinnedVersion.currentNumber ? 'look' : 'plain'}
          hint={
            pinnedVersion.number < pinnedVersion.currentNumber
              ? `Version ${pinnedVersion.currentNumber.toString()} is current; they see version ${pinnedVersion.number.toString()}.`
              : 'They keep seeing this version when there is a newer one.'
          }
        >
          version {pinnedVersion.number} kept
        </StatusBadge>
      )}
      {expectedMs > 0 && (
        <span>{formatDuration(Math.max(60_000, Math.round(expectedMs / 60_000) * 60_000))}</span>
      )}
      {isShared && <span>{readWords(item)}</span>}
    </p>
  );
}

/** People only; what was automated is left out. */
function readWords({ openedByCount, readByCount, medianActiveMs }: RoomItem): string {
  if (openedByCount === 0) return 'not opened yet';
  const median =
    medianActiveMs === null || medianActiveMs === 0
      ? ''
      : openedByCount === 1
        ? `, ${formatDuration(medianActiveMs)}`
        : `, median ${formatDuration(medianActiveMs)} (n = ${openedByCount.toString()})`;
  return `opened by ${plural(openedByCount, 'person', 'people')}, read by ${readByCount.toString()}${median}`;
}

function PinMenu({ roomId, item: { asset, pinnedVersion } }: { roomId: string; item: RoomItem }) {
  const pin = (isPinned: boolean) => void editRoomItem(roomId, asset.id, { isPinned }).catch(notifyProblem);
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${asset.title}`}>
          <IconDots size={17} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {pinnedVersion ? (
          <Menu.Item leftSection={<IconPinnedOff size={16} stroke={1.5} />} onClick={() => pin(false)}>
            Show the current version
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPinned size={16} stroke={1.5} />} onClick={() => pin(true)}>
            Keep this version
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
