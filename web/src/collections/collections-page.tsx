import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Fan } from '../ui/fan.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonGrid } from '../ui/skeletons.tsx';
import { type CollectionCard, collectionsQuery } from './api.ts';
import { CollectionFacts } from './collection-facts.tsx';
import { CollectionForm } from './collection-form.tsx';
import classes from './collections-page.module.css';
import { MiniatureCollection } from './miniature-collection.tsx';

const pageState = z.object({
  show: z.enum(['own', 'pinned']).optional().catch(undefined),
  q: z.string().max(200).catch(''),
});

/** So many are seen at a glance; more need a way to find one. */
const manyCollections = 9;
const typingMs = 150;

/** Everybody's collections, last changed first. */
export function CollectionsPage() {
  const navigate = useNavigate();
  const [{ show, q }, change] = useUrlState(pageState);
  const [query] = useDebouncedValue(q, typingMs);
  const [isMaking, setIsMaking] = useState(false);
  const collections = useInfiniteQuery(collectionsQuery(show ?? 'all', query));
  const items = collections.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = collections.data?.pages[0]?.counts;
  const isEmpty = counts?.all === 0;
  const make = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} aria-hidden />} onClick={() => setIsMaking(true)}>
      New collection
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Collections"
        lead="Assets for a situation, in the order you use them, with a note on each."
        actions={isEmpty ? undefined : make}
      />
      {collections.error && (
        <ProblemNote error={collections.error} onRetry={() => void collections.refetch()} />
      )}
      {isEmpty ? (
        <NoCollections action={make} />
      ) : (
        <div className={classes.toolbar}>
          <CountTabs
            label="Show"
            value={show}
            onChoose={(value) => change({ show: value })}
            tabs={[
              { value: undefined, name: 'All', count: counts?.all },
              { value: 'own', name: 'Yours', count: counts?.own },
              { value: 'pinned', name: 'Pinned', count: counts?.pinned },
            ]}
          />
          {(q !== '' || (counts && counts.all > manyCollections)) && (
            <TextInput
              type="search"
              size="xs"
              aria-label="Find a collection by its name or description"
              placeholder="Find a collection"
              className={classes.search}
              leftSection={<IconSearch size={15} stroke={1.5} aria-hidden />}
              data-search-box
              maxLength={200}
              value={q}
              onChange={(event) => change({ q: event.currentTarget.value })}
            />
          )}
        </div>
      )}
      {collections.isPending && <SkeletonGrid cards={6} />}
      {items.length > 0 && (
        <ul
          className={classes.grid}
          aria-label="Collections"
          data-stale={collections.isPlaceholderData || undefined}
        >
          {items.map((collection) => (
            <Card key={collection.id} collection={collection} />
          ))}
        </ul>
      )}
      {counts && !isEmpty && items.length === 0 && <NoneHere show={show} query={query} />}
      {collections.hasNextPage && (
        <Button
          variant="default"
          className={classes.more}
          loading={collections.isFetchingNextPage}
          onClick={() => void collections.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      {isMaking && (
        <CollectionForm
          onClose={(made) => {
            setIsMaking(false);
            if (made) void navigate({ to: paths.collection(made.id) });
          }}
        />
      )}
    </>
  );
}

function Card({ collection }: { collection: CollectionCard }) {
  const { id, name, description, covers } = collection;
  return (
    <li className={classes.card}>
      <div className={classes.picture}>
        <Fan covers={covers} size="card" />
      </div>
      <div className={classes.words}>
        <h2 className={classes.name}>
          <AppLink to={paths.collection(id)} className={classes.link} underline="never">
            {name}
          </AppLink>
        </h2>
        {description && <p className={classes.description}>{description}</p>}
        <CollectionFacts className={classes.facts} collection={collection} />
      </div>
    </li>
  );
}

function NoCollections({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState
      title="Keep what belongs together"
      miniature={<MiniatureCollection />}
      action={
        <>
          {action}
          <LinkButton to={paths.find} variant="default">
            Find assets
          </LinkButton>
        </>
      }
    >
      A collection holds the assets for one situation in the order you use them, with a note on each: what to
      say, whom to send it to. Add to it from any result in Find. Everybody can read it; you and marketing can
      change it.
    </EmptyState>
  );
}

function NoneHere({ show, query }: { show: 'own' | 'pinned' | undefined; query: string }) {
  if (query)
    return (
      <EmptyState title={`No collection is about “${query}”`}>
        Try a single word of its name, or look under All.
      </EmptyState>
    );
  if (show === 'own')
    return (
      <EmptyState title="You have none of your own yet" miniature={<MiniatureCollection />}>
        Make one here, or with “Add to collection” on any asset.
      </EmptyState>
    );
  return (
    <EmptyState title="None is pinned">
      Marketing can pin a collection. It then stands on everybody’s Find page.
    </EmptyState>
  );
}
