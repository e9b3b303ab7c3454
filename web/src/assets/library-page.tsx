import { Button, Menu } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconChevronDown, IconFileImport, IconUpload, IconWorld } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useCommands } from '../lib/commands.ts';
import { formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { countFiles, progressWords, renderingProgressQuery } from '../rendering/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonGrid, SkeletonRows } from '../ui/skeletons.tsx';
import { type AssetCard, type AssetStatus, libraryCountsQuery, libraryQuery, refreshAssets } from './api.ts';
import { BulkBar } from './bulk-bar.tsx';
import { FileDrop, type PathFile, readChosen } from './file-drop.tsx';
import { type ColumnKey, libraryColumns, sortDirections, usualColumns } from './library-columns.tsx';
import { LibraryGrid } from './library-grid.tsx';
import classes from './library-page.module.css';
import { filterOf, isNarrowed, libraryState, noFilter } from './library-state.ts';
import { LibraryToolbar, LibraryView } from './library-toolbar.tsx';
import { addFiles, openUploads } from './upload-queue.ts';
import { WebLinkSheet } from './web-link-sheet.tsx';

function EmptyLibrary({ onUpload }: { onUpload: () => void }) {
  return (
    <EmptyState
      title="Your library starts here"
      miniature={<MiniatureRows widths={['46%', '14%', '18%']} rows={4} />}
      action={
        <>
          <LinkButton to={paths.importLibrary} variant="default">
            Import a library
          </LinkButton>
          <Button onClick={onUpload}>Upload files</Button>
        </>
      }
    >
      Drop files anywhere on this page, or bring a whole folder with its tags in one go. What you upload stays
      with marketing until you publish it.
    </EmptyState>
  );
}

function take(files: PathFile[]): void {
  addFiles(files.map(({ file }) => file));
  openUploads();
}

/** Everything that marketing keeps: find it, change many at once, add more. */
export function LibraryPage() {
  const [state, change] = useUrlState(libraryState);
  const [columns, setColumns] = useLocalStorage<ColumnKey[]>({
    key: 'offshelf-library-columns',
    defaultValue: usualColumns,
    getInitialValueInEffect: false,
  });
  const [density, setDensity] = useLocalStorage<'comfortable' | 'dense'>({
    key: 'offshelf-library-density',
    defaultValue: 'comfortable',
    getInitialValueInEffect: false,
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAddingLink, setIsAddingLink] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const filter = filterOf(state);
  const list = useInfiniteQuery({ ...libraryQuery(filter), placeholderData: (before) => before });
  const counts = useQuery({ ...libraryCountsQuery(filter), placeholderData: (before) => before });
  useCommands([
    {
      id: 'upload',
      label: 'Upload files',
      group: 'Actions',
      keywords: 'add asset drop',
      run: () => chooser.current?.click(),
    },
    {
      id: 'add-web-link',
      label: 'Add a web link',
      group: 'Actions',
      keywords: 'url asset',
      run: () => setIsAddingLink(true),
    },
  ]);

  const rows: AssetCard[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  const chosen = rows.filter((row) => selected.has(row.id));
  const isEmpty =
    list.data !== undefined &&
    total === 0 &&
    !isNarrowed(state) &&
    state.status === undefined &&
    counts.data?.archived === 0;
  const narrow = (patch: Partial<typeof state>) => {
    setSelected(new Set());
    change(patch);
  };
  const choose = () => chooser.current?.click();
  return (
    <>
      <PageHeader
        title="Library"
        lead={<Lead />}
        actions={<AddButtons onUpload={choose} onWebLink={() => setIsAddingLink(true)} />}
      />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          take(readChosen(event.currentTarget.files));
          event.currentTarget.value = '';
        }}
      />
      <FileDrop words="Drop to add to the library" onDrop={take} />
      {isEmpty ? (
        <EmptyLibrary onUpload={choose} />
      ) : (
        <>
          <div className={classes.tabs}>
            <StatusTabs
              status={state.status}
              counts={counts.data}
              onStatus={(status) => narrow({ status })}
            />
            <LibraryView
              state={state}
              onChange={change}
              columns={columns}
              onColumns={setColumns}
              density={density}
              onDensity={setDensity}
            />
          </div>
          <LibraryToolbar state={state} onChange={narrow} />
          {list.error && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
          {list.isPending &&
            (state.view === 'grid' ? (
              <SkeletonGrid />
            ) : (
              <SkeletonRows rows={12} widths={['40%', '9%', '8%', '12%', '10%']} />
            ))}
          {list.data && rows.length > 0 && state.view === 'grid' && (
            <LibraryGrid
              assets={rows}
              selected={new Set(chosen.map((asset) => asset.id))}
              onSelect={setSelected}
              onEnd={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              isStale={list.isPlaceholderData}
            />
          )}
          {list.data && rows.length > 0 && state.view !== 'grid' && (
            <DataTable
              label="Assets"
              rows={rows}
              rowKey={(asset) => asset.id}
              rowName={(asset) => asset.title}
              columns={libraryColumns(columns)}
              density={density}
              onOpen={(asset) => void navigate({ to: paths.asset(asset.id) })}
              selected={new Set(chosen.map((asset) => asset.id))}
              onSelect={setSelected}
              sort={{ key: filter.sort, direction: sortDirections[filter.sort] }}
              onSort={(key) => narrow({ sort: key === 'updated' ? undefined : (key as typeof state.sort) })}
              onEnd={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              isStale={list.isPlaceholderData}
            />
          )}
          {list.data && rows.length > 0 && (
            <p className={classes.total} role="status">
              {rows.length < total
                ? `${formatNumber(rows.length)} of ${plural(total, 'asset')}`
                : plural(total, 'asset')}
            </p>
          )}
          {list.data && rows.length === 0 && (
            <NothingHere
              status={state.status}
              isNarrowed={isNarrowed(state)}
              onClear={() => narrow(noFilter)}
            />
          )}
        </>
      )}
      {chosen.length > 0 && <BulkBar assets={chosen} onClear={() => setSelected(new Set())} />}
      <WebLinkSheet isOpen={isAddingLink} onClose={() => setIsAddingLink(false)} />
    </>
  );
}

/** What the page is for; while the library is being rendered, how far that is. */
function Lead() {
  const progress = useQuery(renderingProgressQuery).data;
  const words = progressWords(progress);
  // Who imports a folder at the command line, or uploads beside somebody else, watches it come in here.
  const fileCount = progress && countFiles(progress);
  const knownCount = useRef(fileCount);
  useEffect(() => {
    if (knownCount.current !== undefined && fileCount !== knownCount.current) refreshAssets();
    knownCount.current = fileCount;
  }, [fileCount]);
  if (!words)
    return (
      <>
        Everything your team can share, and what you are still working on.{' '}
        <AppLink to={paths.similarAssets} underline="always">
          Similar assets
        </AppLink>
      </>
    );
  return (
    <span className="tabular" role="status">
      {words}.{' '}
      <AppLink to={paths.rendering} underline="always">
        How it goes
      </AppLink>
    </span>
  );
}

function AddButtons({ onUpload, onWebLink }: { onUpload: () => void; onWebLink: () => void }) {
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={15} stroke={1.5} aria-hidden />}>
            More ways to add
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconWorld size={16} stroke={1.5} />} onClick={onWebLink}>
            Add a web link
          </Menu.Item>
          <ImportItem />
        </Menu.Dropdown>
      </Menu>
      <Button leftSection={<IconUpload size={16} stroke={1.75} aria-hidden />} onClick={onUpload}>
        Upload files
      </Button>
    </>
  );
}

function ImportItem() {
  const navigate = useNavigate();
  return (
    <Menu.Item
      leftSection={<IconFileImport size={16} stroke={1.5} />}
      onClick={() => void navigate({ to: paths.importLibrary })}
    >
      Import a library
    </Menu.Item>
  );
}

const tabs: { value: AssetStatus | undefined; name: string; hint?: string }[] = [
  { value: undefined, name: 'All', hint: 'Published and drafts' },
  { value: 'published', name: 'Published' },
  { value: 'draft', name: 'Drafts' },
  { value: 'archived', name: 'Archived' },
];

interface StatusTabsProps {
  status: AssetStatus | undefined;
  counts: Record<AssetStatus, number> | undefined;
  onStatus: (status: AssetStatus | undefined) => void;
}

function StatusTabs({ status, counts, onStatus }: StatusTabsProps) {
  const counted = tabs.map((tab) => ({
    ...tab,
    count: counts && (tab.value ? counts[tab.value] : counts.draft + counts.published),
  }));
  return <CountTabs label="Status" tabs={counted} value={status} onChoose={onStatus} />;
}

const nothingOf: Record<AssetStatus, { title: string; text: string }> = {
  draft: { title: 'No drafts', text: 'What you upload waits here until you publish it.' },
  published: {
    title: 'Nothing is published yet',
    text: 'Choose drafts with x and publish them. Reps find only what is published.',
  },
  archived: {
    title: 'Nothing is archived',
    text: 'Archive what should no longer be found or shared. Its numbers stay, and it can come back.',
  },
};

interface NothingHereProps {
  status: AssetStatus | undefined;
  isNarrowed: boolean;
  onClear: () => void;
}

function NothingHere({ status, isNarrowed: hasFilter, onClear }: NothingHereProps) {
  if (hasFilter)
    return (
      <EmptyState
        title="Nothing fits these filters"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Take a filter away, or look under another status.
      </EmptyState>
    );
  const { title, text } = nothingOf[status ?? 'published'];
  return <EmptyState title={title}>{text}</EmptyState>;
}
