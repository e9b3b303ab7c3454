import { ActionIcon, Button, Menu, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconClockExclamation, IconColumns3, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { usersQuery, useUser } from '../auth/api.ts';
import { type Dimension, dimensionsQuery } from '../taxonomy/api.ts';
import { TermSelect } from '../ui/term-select.tsx';
import { type ColumnKey, columnChoices, usualColumns } from './library-columns.tsx';
import classes from './library-page.module.css';
import { isNarrowed, type LibraryState, noFilter } from './library-state.ts';

interface ToolbarProps {
  state: LibraryState;
  onChange: (patch: Partial<LibraryState>) => void;
}

interface ViewProps extends ToolbarProps {
  columns: readonly ColumnKey[];
  onColumns: (columns: ColumnKey[]) => void;
  density: 'comfortable' | 'dense';
  onDensity: (density: 'comfortable' | 'dense') => void;
}

const noDimensions: Dimension[] = [];

/** What narrows the library. */
export function LibraryToolbar({ state, onChange }: ToolbarProps) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? noDimensions;
  return (
    <div className={classes.toolbar}>
      <SearchBox query={state.q} onQuery={(q) => onChange({ q })} />
      <Select
        aria-label="Audience"
        placeholder="Any audience"
        clearable
        w={148}
        data={[
          { value: 'internal', label: 'Internal only' },
          { value: 'external', label: 'For buyers' },
        ]}
        value={state.audience ?? null}
        onChange={(audience) => onChange({ audience: (audience ?? undefined) as LibraryState['audience'] })}
      />
      <TermSelect
        aria-label="Terms"
        className={classes.terms}
        placeholder={state.term.length === 0 ? 'Any terms' : ''}
        dimensions={dimensions}
        allowsSeveral
        value={state.term}
        onChange={(term) => onChange({ term: term as LibraryState['term'] })}
      />
      <OwnerFilter owner={state.owner} onOwner={(owner) => onChange({ owner })} />
      <Button
        variant={state.stale ? 'light' : 'default'}
        aria-pressed={state.stale !== undefined}
        leftSection={<IconClockExclamation size={16} stroke={1.5} aria-hidden />}
        onClick={() => onChange({ stale: state.stale ? undefined : 'true' })}
      >
        Review overdue
      </Button>
      {isNarrowed(state) && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconX size={15} stroke={1.5} aria-hidden />}
          onClick={() => onChange(noFilter)}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

/** How the library looks: a table with the columns that somebody chose, or pictures. */
export function LibraryView({ state, onChange, ...table }: ViewProps) {
  return (
    <div className={classes.views}>
      {state.view === undefined && <ViewMenu {...table} />}
      <SegmentedControl
        aria-label="How the library is shown"
        size="xs"
        data={[
          { value: 'table', label: 'Table' },
          { value: 'grid', label: 'Pictures' },
        ]}
        value={state.view ?? 'table'}
        onChange={(value) => onChange({ view: value === 'grid' ? 'grid' : undefined })}
      />
    </div>
  );
}

function SearchBox({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const [text, setText] = useState(query);
  const settle = useDebouncedCallback(onQuery, 180);
  useEffect(() => setText(query), [query]);
  return (
    <TextInput
      aria-label="Search the library"
      placeholder="Search titles and descriptions"
      className={classes.search}
      leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
      data-search-box
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (text === '') event.currentTarget.blur();
        setText('');
        onQuery('');
      }}
    />
  );
}

function OwnerFilter({
  owner,
  onOwner,
}: {
  owner: string | undefined;
  onOwner: (owner: LibraryState['owner']) => void;
}) {
  const me = useUser();
  const users = useQuery(usersQuery).data?.items ?? [];
  return (
    <Select
      aria-label="Owner"
      placeholder="Any owner"
      clearable
      searchable
      w={150}
      data={[
        { value: 'me', label: 'Me' },
        { value: 'none', label: 'Nobody' },
        ...users
          .filter((user) => user.id !== me.id)
          .map((user) => ({
            value: user.id,
            label: user.state === 'deactivated' ? `${user.name} (gone)` : user.name,
          })),
      ]}
      value={owner ?? null}
      onChange={(value) => onOwner((value ?? undefined) as LibraryState['owner'])}
    />
  );
}

function ViewMenu({
  columns,
  onColumns,
  density,
  onDensity,
}: Pick<ViewProps, 'columns' | 'onColumns' | 'density' | 'onDensity'>) {
  const toggle = (key: ColumnKey) =>
    onColumns(columns.includes(key) ? columns.filter((other) => other !== key) : [...columns, key]);
  return (
    <Menu position="bottom-end" width={200} closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label="Columns and density">
          <ActionIcon aria-label="Columns and density" size={34} className={classes.columns}>
            <IconColumns3 size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Rows</Menu.Label>
        {(['comfortable', 'dense'] as const).map((choice) => (
          <Menu.Item
            key={choice}
            role="menuitemradio"
            aria-checked={density === choice}
            rightSection={density === choice ? <span className={classes.chosen} /> : null}
            onClick={() => onDensity(choice)}
          >
            {choice === 'dense' ? 'Dense' : 'Comfortable'}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Columns</Menu.Label>
        {columnChoices.map(({ key, name }) => (
          <Menu.Item
            key={key}
            role="menuitemcheckbox"
            aria-checked={columns.includes(key)}
            rightSection={columns.includes(key) ? <span className={classes.chosen} /> : null}
            onClick={() => toggle(key)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onColumns(usualColumns)}>As at the start</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
