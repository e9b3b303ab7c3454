import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconDoor,
  IconDots,
  IconPencil,
  IconPinned,
  IconPinnedOff,
  IconSearch,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { ApiProblem } from '../lib/api.ts';
import { formatList, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { makeRoom } from '../rooms/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { PageHeader, usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonCardsPage } from '../ui/skeletons.tsx';
import { type Collection, collectionQuery, deleteCollection, restoreCollection, setPinned } from './api.ts';
import { CollectionFacts } from './collection-facts.tsx';
import { CollectionForm } from './collection-form.tsx';
import { CollectionItems } from './collection-items.tsx';
import classes from './collection-page.module.css';
import { MiniatureCollection } from './miniature-collection.tsx';

/** One collection: its assets in order, each with its note, and for those who keep it everything to change. */
export function CollectionPage() {
  const { collectionId } = useParams({ strict: false }) as { collectionId: string };
  const collection = useQuery(collectionQuery(collectionId));
  if (collection.error && !collection.data)
    return <Missing error={collection.error} onRetry={() => void collection.refetch()} />;
  if (!collection.data) return <SkeletonCardsPage />;
  return <Loaded key={collectionId} collection={collection.data} />;
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  usePageTitle('Not to be shown');
  if (error instanceof ApiProblem && error.code === 'not_found')
    return (
      <EmptyState
        isPage
        title="There is no such collection"
        action={<LinkButton to={paths.collections}>Go to Collections</LinkButton>}
      >
        It was deleted, or the address is not whole. Whoever sent it to you can tell you which.
      </EmptyState>
    );
  return <ProblemNote error={error} onRetry={onRetry} />;
}

function Loaded({ collection }: { collection: Collection }) {
  const { name, description, mayEdit, items, hiddenCount } = collection;
  const [isEditing, setIsEditing] = useState(false);
  return (
    <article>
      <PageHeader
        title={name}
        above={
          <nav aria-label="Where this is">
            <AppLink to={paths.collections}>Collections</AppLink>
          </nav>
        }
        lead={description && <span className={classes.description}>{description}</span>}
        actions={
          <>
            <PinButton collection={collection} />
            <RoomButton collection={collection} />
            {mayEdit && <MoreMenu collection={collection} onEdit={() => setIsEditing(true)} />}
            {mayEdit && items.length > 0 && (
              <LinkButton
                to={paths.find}
                variant="default"
                leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
              >
                Find more
              </LinkButton>
            )}
          </>
        }
      />
      <CollectionFacts className={classes.facts} collection={collection} />
      {items.length > 0 && <CollectionItems collection={collection} />}
      {items.length === 0 && <NoItems collection={collection} />}
      {hiddenCount > 0 && items.length > 0 && (
        <p className={classes.hidden}>
          {plural(hiddenCount, 'more asset')} {hiddenCount === 1 ? 'is' : 'are'} not published, so you don’t
          see {hiddenCount === 1 ? 'it' : 'them'} here.
        </p>
      )}
      {isEditing && <CollectionForm collection={collection} onClose={() => setIsEditing(false)} />}
    </article>
  );
}

/** A copy of it for prospects; what may not leave the company stays behind. */
function RoomButton({ collection: { id, items } }: { collection: Collection }) {
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: () => makeRoom({ collectionId: id }),
    onSuccess: ({ room, leftOut }) => {
      void navigate({ to: paths.room(room.id) });
      if (leftOut.length > 0)
        notifyDone(
          `Left out, as ${leftOut.length === 1 ? 'it' : 'they'} may not be shared: ${formatList(leftOut.map(({ title }) => `“${title}”`))}`,
        );
    },
    onError: notifyProblem,
  });
  if (items.length === 0) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconDoor size={16} stroke={1.5} aria-hidden />}
      loading={make.isPending}
      onClick={() => make.mutate()}
    >
      Share as a room
    </Button>
  );
}

/** For the keepers of the library: on everybody's Find home, or not. */
function PinButton({ collection: { id, name, isPinned } }: { collection: Collection }) {
  if (!isCurator(useUser())) return null;
  const pin = async (next: boolean) => {
    try {
      await setPinned(id, next);
      notifyUndo(
        next ? `“${name}” stands on everybody’s Find page` : `“${name}” is off the Find page`,
        () => void pin(!next),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  const Icon = isPinned ? IconPinnedOff : IconPinned;
  return (
    <Button
      variant="default"
      leftSection={<Icon size={16} stroke={1.5} aria-hidden />}
      onClick={() => void pin(!isPinned)}
    >
      {isPinned ? 'Unpin' : 'Pin for everybody'}
    </Button>
  );
}

function MoreMenu({ collection: { id, name }, onEdit }: { collection: Collection; onEdit: () => void }) {
  const navigate = useNavigate();
  const remove = async () => {
    try {
      await deleteCollection(id);
      void navigate({ to: paths.collections });
      notifyUndo(`“${name}” deleted`, () => restoreCollection(id).catch(notifyProblem));
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={`Actions for ${name}`}>
          <IconDots size={18} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={onEdit}>
          Edit name and description
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} stroke={1.5} />}
          onClick={() => void remove()}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function NoItems({ collection: { mayEdit, hiddenCount, createdByName } }: { collection: Collection }) {
  if (hiddenCount > 0)
    return (
      <EmptyState title="Nothing here is published">
        {plural(hiddenCount, 'asset')} of this collection {hiddenCount === 1 ? 'is' : 'are'} not published, or
        not any more. Ask {createdByName} what to use instead.
      </EmptyState>
    );
  if (!mayEdit)
    return (
      <EmptyState title="Nothing in it yet">
        {createdByName} has made this collection and put no asset into it so far.
      </EmptyState>
    );
  return (
    <EmptyState
      title="Put the first asset in"
      miniature={<MiniatureCollection />}
      action={<LinkButton to={paths.find}>Find assets</LinkButton>}
    >
      Search for what you use in this situation and choose “Add to collection” on each. Then put them in order
      here and note what to say with them.
    </EmptyState>
  );
}
