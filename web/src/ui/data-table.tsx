import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useShortcut } from '../lib/shortcuts.ts';
import classes from './data-table.module.css';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** A CSS width; columns without one share what is left. */
  width?: string;
  align?: 'start' | 'end';
  /** Set when the list can be sorted by it. */
  sortKey?: string;
  /** Left out on windows narrower than this; what matters on a phone must not depend on it. */
  hideBelow?: 'phone' | 'tablet' | 'desktop';
}

export interface Sort {
  key: string;
  direction: 'ascending' | 'descending';
}

export interface DataTableProps<Row> {
  /** What the list is, for assistive technology: "Assets". */
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** Enter and a click on a row. */
  onOpen?: (row: Row) => void;
  /** The row whose detail is open. */
  openKey?: string | undefined;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  rowName?: (row: Row) => string;
  sort?: Sort;
  onSort?: (key: string) => void;
  density?: 'comfortable' | 'dense';
  /** Asks for the next page when the end comes into sight. */
  onEnd?: (() => void) | undefined;
  isStale?: boolean;
}

const virtualFrom = 200;
const rowHeights = { comfortable: 48, dense: 36 };

/**
 * A list as a table: sticky head, keyboard rows (j k ↵ x), selection, sorting. Long lists draw only the
 * rows in sight. Selecting with shift takes everything between.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, label, onOpen, selected, onSelect, density = 'comfortable', onEnd } = props;
  const [active, setActive] = useState(-1);
  const anchor = useRef(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const isVirtual = rows.length > virtualFrom;
  const [top, setTop] = useState(0);
  const virtualizer = useWindowVirtualizer({
    count: isVirtual ? rows.length : 0,
    estimateSize: () => rowHeights[density],
    overscan: 12,
    scrollMargin: top,
  });
  useLayoutEffect(() => {
    if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);

  const shown = isVirtual
    ? virtualizer.getVirtualItems().map((item) => item.index)
    : rows.map((_, index) => index);
  const before = isVirtual ? Math.max(0, (virtualizer.getVirtualItems()[0]?.start ?? 0) - top) : 0;
  const after = isVirtual
    ? Math.max(0, virtualizer.getTotalSize() - ((virtualizer.getVirtualItems().at(-1)?.end ?? 0) - top))
    : 0;

  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    if (isVirtual) virtualizer.scrollToIndex(next);
    requestAnimationFrame(() =>
      body.current?.querySelector<HTMLElement>(`[data-index="${next.toString()}"]`)?.focus(),
    );
  };
  const toggle = (index: number, isRange: boolean) => {
    if (!onSelect) return;
    onSelect(toggled(selected ?? new Set(), rows.map(rowKey), index, isRange ? anchor.current : index));
    anchor.current = index;
  };
  const hasRows = rows.length > 0;
  useShortcut('j', 'Next row', () => go(active + 1), { group: 'Lists', isOn: hasRows });
  useShortcut('k', 'Row before', () => go(active - 1), { group: 'Lists', isOn: hasRows });
  useShortcut('x', 'Select the row', () => active >= 0 && toggle(active, false), {
    group: 'Lists',
    isOn: hasRows && onSelect !== undefined,
  });

  const span = columns.length + (onSelect ? 1 : 0);
  return (
    <div className={classes.wrap} data-density={density} data-stale={props.isStale || undefined}>
      <table
        className={classes.table}
        aria-label={label}
        aria-rowcount={isVirtual ? rows.length + 1 : undefined}
      >
        <Head {...props} />
        <tbody ref={body}>
          {before > 0 && <Spacer height={before} span={span} />}
          {shown.map((index) => {
            const row = rows[index] as Row;
            return (
              <BodyRow
                key={rowKey(row)}
                {...props}
                row={row}
                index={index}
                isFirst={index === Math.max(active, 0)}
                isVirtual={isVirtual}
                onActive={() => setActive(index)}
                onMove={(step) => go(index + step)}
                onToggle={(isRange) => toggle(index, isRange)}
                onOpen={onOpen}
              />
            );
          })}
          {after > 0 && <Spacer height={after} span={span} />}
        </tbody>
      </table>
      {onEnd && <End onEnd={onEnd} key={rows.length} />}
    </div>
  );
}

/** The selection after row `to` was toggled; from another row on, everything between follows it. */
function toggled(
  selected: ReadonlySet<string>,
  keys: readonly string[],
  to: number,
  from: number,
): ReadonlySet<string> {
  const next = new Set(selected);
  const isAdding = !selected.has(keys[to] ?? '');
  for (const key of keys.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (isAdding) next.add(key);
    else next.delete(key);
  }
  return next;
}

function Head<Row>({ columns, rows, rowKey, selected, onSelect, sort, onSort }: DataTableProps<Row>) {
  const count = selected?.size ?? 0;
  return (
    <thead>
      <tr>
        {onSelect && (
          <th className={classes.check} scope="col">
            <Checkbox
              size="xs"
              aria-label="Select all rows shown"
              checked={count > 0 && count >= rows.length}
              indeterminate={count > 0 && count < rows.length}
              onChange={() => onSelect(count > 0 ? new Set() : new Set(rows.map(rowKey)))}
            />
          </th>
        )}
        {columns.map((column) => {
          const isSorted = column.sortKey !== undefined && sort?.key === column.sortKey;
          return (
            <th
              key={column.key}
              scope="col"
              style={column.width ? { width: column.width } : undefined}
              data-align={column.align}
              data-hide={column.hideBelow}
              aria-sort={isSorted ? sort?.direction : undefined}
            >
              {column.sortKey && onSort ? (
                <button type="button" className={classes.sort} onClick={() => onSort(column.sortKey ?? '')}>
                  {column.header}
                  {isSorted && <SortArrow isUp={sort?.direction === 'ascending'} />}
                </button>
              ) : (
                column.header
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function SortArrow({ isUp }: { isUp: boolean }) {
  const Arrow = isUp ? IconArrowUp : IconArrowDown;
  return <Arrow size={13} stroke={1.75} aria-hidden />;
}

interface BodyRowProps<Row> extends Omit<DataTableProps<Row>, 'onOpen'> {
  row: Row;
  index: number;
  isFirst: boolean;
  isVirtual: boolean;
  onActive: () => void;
  onMove: (step: number) => void;
  onToggle: (isRange: boolean) => void;
  onOpen: ((row: Row) => void) | undefined;
}

function BodyRow<Row>(props: BodyRowProps<Row>) {
  const { row, index, columns, rowKey, selected, onSelect, onOpen, onToggle, onMove } = props;
  const key = rowKey(row);
  const isSelected = selected?.has(key) ?? false;
  const handleKey = (event: React.KeyboardEvent<HTMLTableRowElement>) => {
    if (event.target !== event.currentTarget) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) onMove(step);
    else if (event.key === 'Enter') onOpen?.(row);
    else if (event.key === ' ' && onSelect) onToggle(event.shiftKey);
    else return;
    event.preventDefault();
  };
  return (
    <tr
      data-index={index}
      data-open={props.openKey === key || undefined}
      data-selected={isSelected || undefined}
      data-clickable={onOpen ? true : undefined}
      aria-rowindex={props.isVirtual ? index + 2 : undefined}
      tabIndex={props.isFirst ? 0 : -1}
      onFocus={props.onActive}
      onKeyDown={handleKey}
      onClick={(event) => {
        if (onOpen && !isOwnControl(event.target)) onOpen(row);
      }}
    >
      {onSelect && (
        <td className={classes.check}>
          <Checkbox
            size="xs"
            aria-label={props.rowName ? `Select ${props.rowName(row)}` : 'Select this row'}
            checked={isSelected}
            onChange={(event) => onToggle((event.nativeEvent as MouseEvent).shiftKey)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.key} data-align={column.align} data-hide={column.hideBelow}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** A click on a link, a button or a field in a row is meant for it, not for the row. */
function isOwnControl(target: EventTarget): boolean {
  return (
    target instanceof Element &&
    target.closest('a, button, input, select, textarea, label, [role="menu"]') !== null
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className={classes.spacer}>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function End({ onEnd }: { onEnd: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onEnd);
  latest.current = onEnd;
  useEffect(() => {
    if (!ref.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current();
      },
      { rootMargin: '600px' },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={ref} aria-hidden="true" />;
}
