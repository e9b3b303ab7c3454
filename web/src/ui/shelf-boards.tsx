import { memo, useId, useRef, useState } from 'react';
import { formatNumber, plural } from '../lib/format.ts';
import { RungSwatch } from './rung-swatch.tsx';
import { rungStep, rungWords } from './rungs.ts';
import classes from './shelf.module.css';
import {
  countAssets,
  type PlacedSpine,
  type ShelfBoard,
  type ShelfLayout,
  type Spine,
  spineAt,
  spineBeside,
} from './shelf-layout.ts';

interface ShelfBoardsProps {
  layout: ShelfLayout;
  width: number;
  label: string;
  onOpen: (spine: Spine) => void;
  onSelect?: (spines: Spine[]) => void;
}

interface Range {
  from: number;
  to: number;
}

/** How far a spine comes forward when it is pointed at. */
const rise = 7;
/** Between two boards; the style sheet's gap. */
const boardGap = 14;

/**
 * The spines as one listbox: a single tab stop, arrow keys move, Enter opens, shift selects a range.
 * A pointer is resolved to its spine by place, so two thousand spines need no listeners of their own.
 */
export function ShelfBoards({ layout, width, label, onOpen, onSelect }: ShelfBoardsProps) {
  const [active, setActive] = useState<number>();
  const [range, setRange] = useState<Range>();
  const [hasFocus, setHasFocus] = useState(false);
  const drag = useRef<{ from: number; hasMoved: boolean } | null>(null);
  const id = useId();
  const { spines, boards, boardHeight } = layout;
  const current = active === undefined ? undefined : spines[active];

  const select = (next: Range | undefined) => {
    setRange(next);
    onSelect?.(
      next
        ? spines
            .slice(Math.min(next.from, next.to), Math.max(next.from, next.to) + 1)
            .map(({ spine }) => spine)
        : [],
    );
  };
  const find = (event: React.PointerEvent<HTMLDivElement>): PlacedSpine | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    const number = Math.floor((event.clientY - box.top) / ((box.height + boardGap) / boards.length));
    return spineAt(boards[number], event.clientX - box.left);
  };
  const pointer = {
    onPointerMove: (event: React.PointerEvent<HTMLDivElement>) => {
      const found = find(event);
      if (found?.index !== active) setActive(found?.index);
      if (!drag.current || !found || !onSelect || found.index === (range?.to ?? drag.current.from)) return;
      drag.current.hasMoved = true;
      setRange({ from: drag.current.from, to: found.index });
    },
    onPointerDown: (event: React.PointerEvent<HTMLDivElement>) => {
      const found = find(event);
      if (!found || event.button !== 0 || event.pointerType !== 'mouse' || event.shiftKey) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { from: found.index, hasMoved: false };
      if (range) select(undefined);
    },
    onPointerUp: (event: React.PointerEvent<HTMLDivElement>) => {
      const found = find(event);
      const { from, hasMoved } = drag.current ?? { from: 0, hasMoved: false };
      drag.current = null;
      if (hasMoved) return select({ from, to: found?.index ?? range?.to ?? from });
      if (!found || event.button !== 0) return;
      if (event.shiftKey && onSelect) return select({ from: range?.from ?? found.index, to: found.index });
      // A finger can't hover: its first tap names the spine, the second one opens it.
      if (event.pointerType !== 'mouse' && active !== found.index) return setActive(found.index);
      onOpen(found.spine);
    },
    onPointerLeave: () => {
      if (!drag.current && !hasFocus) setActive(undefined);
    },
  };

  const handleKey = (event: React.KeyboardEvent) => {
    const here = active ?? 0;
    const last = spines.length - 1;
    const next = nextIndex(event.key, layout, here, last, active === undefined);
    if (next !== undefined) {
      if (event.shiftKey && onSelect) select({ from: range?.from ?? here, to: next });
      setActive(next);
    } else if (event.key === 'Enter' && current) onOpen(current.spine);
    else if (event.key === 'Escape' && range) select(undefined);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <SpineLine placed={current} range={range} isSelectable={onSelect !== undefined} />
      <div
        role="listbox"
        tabIndex={0}
        aria-label={`${label}, ${plural(countAssets(spines.map(({ spine }) => spine)), 'asset')}`}
        aria-multiselectable={onSelect !== undefined}
        aria-activedescendant={current && hasFocus ? `${id}-${current.index.toString()}` : undefined}
        className={classes.boards}
        onFocus={() => {
          setHasFocus(true);
          if (active === undefined) setActive(0);
        }}
        onBlur={() => {
          setHasFocus(false);
          setActive(undefined);
        }}
        onKeyDown={handleKey}
        {...pointer}
      >
        {boards.map((board, number) => (
          <div key={`board-${number.toString()}`} className={classes.board}>
            <svg
              role="none"
              width={width}
              height={boardHeight + rise}
              viewBox={`0 ${(-rise).toString()} ${width.toString()} ${(boardHeight + rise).toString()}`}
              className={classes.svg}
            >
              <Spines id={id} board={board} boardHeight={boardHeight} {...rangeWithin(board, range)} />
              <Pulled board={board} placed={current} boardHeight={boardHeight} />
            </svg>
            <div className={classes.labels} aria-hidden="true">
              {board.segments.map((segment) => (
                <span
                  key={`${segment.group}-${segment.x.toString()}`}
                  className={classes.groupLabel}
                  style={{ left: segment.x, maxWidth: Math.min(segment.width + 14, width - segment.x) }}
                  title={segment.group}
                >
                  <span className={classes.groupName}>{segment.group}</span>
                  <span className={classes.groupCount}>
                    {segment.isContinued ? '' : formatNumber(segment.count)}
                  </span>
                </span>
              ))}
            </div>
          </div>
        ))}
      </div>
    </>
  );
}

function nextIndex(
  key: string,
  layout: ShelfLayout,
  here: number,
  last: number,
  isFirst: boolean,
): number | undefined {
  if (isFirst && key.startsWith('Arrow')) return 0;
  if (key === 'ArrowRight') return Math.min(last, here + 1);
  if (key === 'ArrowLeft') return Math.max(0, here - 1);
  if (key === 'ArrowDown') return spineBeside(layout, here, 1);
  if (key === 'ArrowUp') return spineBeside(layout, here, -1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  return undefined;
}

/** Only the boards that the range touches get new props, and so only they are drawn again. */
function rangeWithin(board: ShelfBoard, range: Range | undefined): { from: number; to: number } {
  const first = board.spines[0]?.index ?? 0;
  const last = board.spines.at(-1)?.index ?? -1;
  if (!range) return { from: 0, to: -1 };
  const from = Math.max(first, Math.min(range.from, range.to));
  const to = Math.min(last, Math.max(range.from, range.to));
  return from > to ? { from: 0, to: -1 } : { from, to };
}

interface SpinesProps {
  id: string;
  board: ShelfBoard;
  boardHeight: number;
  from: number;
  to: number;
}

const Spines = memo(function Spines({ id, board, boardHeight, from, to }: SpinesProps) {
  return board.segments.map((segment) => (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: as below.
    // biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset; a listbox groups its options with this role.
    <g key={`${segment.group}-${segment.x.toString()}`} role="group" aria-label={segment.group || 'All'}>
      {segment.spines.map(({ spine, index, x, width, height }) => (
        <rect
          key={spine.assetId}
          id={`${id}-${index.toString()}`}
          role="option"
          aria-label={`${nameOf(spine)}: ${rungWords[spine.rung].name}`}
          aria-selected={index >= from && index <= to}
          className={classes.spine}
          data-rung={rungStep(spine.rung)}
          x={x}
          y={boardHeight - height}
          width={width}
          height={height}
          rx={width > 5 ? 1.5 : 0.5}
        />
      ))}
    </g>
  ));
});

/** The spine that is pointed at, drawn once more, pulled forward. */
function Pulled({
  board,
  placed,
  boardHeight,
}: {
  board: ShelfBoard;
  placed: PlacedSpine | undefined;
  boardHeight: number;
}) {
  if (!placed || board.spines[placed.index - (board.spines[0]?.index ?? 0)] !== placed) return null;
  const { x, width, height, spine } = placed;
  return (
    <g className={classes.pulled}>
      <rect
        x={x - 0.5}
        y={boardHeight - height - rise}
        width={width + 1}
        height={height + rise}
        className={classes.gap}
      />
      <rect
        x={x}
        y={boardHeight - height - rise + 1}
        width={width}
        height={height}
        rx={1.5}
        className={classes.out}
        data-rung={rungStep(spine.rung)}
      />
    </g>
  );
}

/** Names the spine in a line of fixed height, so that nothing moves. */
function SpineLine({
  placed,
  range,
  isSelectable,
}: {
  placed: PlacedSpine | undefined;
  range: Range | undefined;
  isSelectable: boolean;
}) {
  const rangeCount = range ? Math.abs(range.to - range.from) + 1 : 0;
  if (!placed)
    return (
      <p className={classes.line} data-hint>
        {rangeCount > 1
          ? `${plural(rangeCount, 'asset')} selected. Esc drops the selection.`
          : `Point at a spine or tap it to see what it is; a click opens it${isSelectable ? ', a drag selects several' : ''}.`}
      </p>
    );
  const { spine } = placed;
  const facts = [
    rungWords[spine.rung].name,
    ...(spine.standsFor === undefined && spine.ownerName ? [spine.ownerName] : []),
    ...(spine.isStale ? ['stale'] : []),
  ];
  return (
    <p className={classes.line}>
      <RungSwatch step={rungStep(spine.rung)} />
      <strong className={classes.title}>{nameOf(spine)}</strong>
      <span className={classes.facts}>{facts.join(' · ')}</span>
    </p>
  );
}

/** What a spine is: the title of its asset, or how many of a group it stands for. */
function nameOf({ title, standsFor }: Spine): string {
  return standsFor === undefined ? title : `${title}, ${plural(standsFor, 'asset')}`;
}
