import { type KeyboardEvent, useRef, useState } from 'react';
import { formatNumber } from '../lib/format.ts';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import type { Coverage, CoverageCell } from './api.ts';
import { askedCount, cellName, cellSentence, stageValueWords, stateWords } from './coverage-words.ts';
import classes from './heatmap.module.css';

interface HeatmapProps {
  coverage: Coverage;
  /** The cell whose panel is open. */
  openKey: string | null;
  onOpen: (cell: CoverageCell) => void;
}

const labelWidth = 168;
const headHeight = 58;
const cellHeight = 48;
const gap = 3;
const narrowestCell = 62;
const largestDot = 13;
/** About so wide is a letter of the labels. */
const letterWidth = 6.3;

/** A drawn grid has no elements of its own for its parts, only roles. */
const roles = {
  grid: { role: 'grid' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  rowheader: { role: 'rowheader' },
} as const;

export const keyOf = ({ rowTermId, columnTermId, thirdTermId }: CoverageCell) =>
  [rowTermId, columnTermId, thirdTermId].join(' ');

/** Rows by columns: the darker a cell the further its assets got; dots are demand. Arrows move, Enter opens. */
export function Heatmap({ coverage, openKey, onOpen }: HeatmapProps) {
  const [frame, width] = useMeasuredWidth();
  const { rowTerms, columnTerms } = coverage;
  const [at, setAt] = useState<[row: number, column: number]>([0, 0]);
  const [pointed, setPointed] = useState<CoverageCell>();
  const grid = useRef<SVGSVGElement>(null);
  const cells = new Map(coverage.cells.map((cell) => [`${cell.rowTermId} ${cell.columnTermId}`, cell]));
  const most = Math.max(1, ...coverage.cells.map(askedCount));
  const cellWidth = Math.max(
    narrowestCell,
    Math.floor((width - labelWidth) / Math.max(1, columnTerms.length)),
  );
  const row = Math.min(at[0], rowTerms.length - 1);
  const column = Math.min(at[1], columnTerms.length - 1);

  const move = (event: KeyboardEvent, cell: CoverageCell) => {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -columnTerms.length],
      End: [0, columnTerms.length],
    };
    const step = steps[event.key];
    if (event.key === 'Enter' || event.key === ' ') onOpen(cell);
    else if (!step) return;
    event.preventDefault();
    if (!step) return;
    const next: [number, number] = [
      clamp(row + step[0], rowTerms.length),
      clamp(column + step[1], columnTerms.length),
    ];
    setAt(next);
    grid.current?.querySelector<SVGGElement>(`[data-place="${next[0]} ${next[1]}"]`)?.focus();
  };

  return (
    <div ref={frame}>
      <div className={classes.scroll}>
        <svg
          ref={grid}
          {...roles.grid}
          aria-label="Coverage"
          className={classes.map}
          width={labelWidth + cellWidth * columnTerms.length}
          height={headHeight + cellHeight * rowTerms.length}
        >
          <g {...roles.row}>
            {columnTerms.map(({ id, name }, place) => (
              <ColumnHead key={id} name={name} x={labelWidth + place * cellWidth} width={cellWidth} />
            ))}
          </g>
          {rowTerms.map((term, rowPlace) => (
            <g key={term.id} {...roles.row}>
              <RowHead name={term.name} y={headHeight + rowPlace * cellHeight} />
              {columnTerms.map(({ id }, columnPlace) => {
                const cell = cells.get(`${term.id} ${id}`);
                if (!cell) return null;
                const isCurrent = rowPlace === row && columnPlace === column;
                return (
                  <g
                    key={id}
                    data-step={stateWords[cell.state].step}
                    transform={`translate(${labelWidth + columnPlace * cellWidth} ${headHeight + rowPlace * cellHeight})`}
                  >
                    {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
                    <g
                      role="gridcell"
                      tabIndex={isCurrent ? 0 : -1}
                      data-place={`${rowPlace} ${columnPlace}`}
                      aria-selected={keyOf(cell) === openKey}
                      aria-label={`${cellName(coverage, cell)}: ${cellSentence(cell, coverage.baseCurrency)}`}
                      className={classes.cell}
                      onClick={() => onOpen(cell)}
                      onKeyDown={(event) => move(event, cell)}
                      onFocus={() => {
                        setAt([rowPlace, columnPlace]);
                        setPointed(cell);
                      }}
                      onPointerEnter={() => setPointed(cell)}
                    >
                      <CellMark cell={cell} width={cellWidth} most={most} />
                    </g>
                    <CellText cell={cell} />
                  </g>
                );
              })}
            </g>
          ))}
        </svg>
      </div>
      <p className={classes.said} aria-hidden="true">
        {pointed ? (
          <>
            <strong>{cellName(coverage, pointed)}</strong> {cellSentence(pointed, coverage.baseCurrency)}{' '}
            {stageValueWords(coverage, pointed)}
          </>
        ) : (
          'Point at a cell to read it; click it to see what is in it and who asks.'
        )}
      </p>
    </div>
  );
}

function clamp(place: number, count: number): number {
  return Math.max(0, Math.min(count - 1, place));
}

interface CellMarkProps {
  cell: CoverageCell;
  width: number;
  most: number;
}

function CellMark({ cell, width, most }: CellMarkProps) {
  const asked = askedCount(cell);
  const radius = asked === 0 ? 0 : Math.max(3, largestDot * Math.sqrt(asked / most));
  const [x, y] = [width - gap - largestDot - 6, (cellHeight - gap) / 2];
  return (
    <>
      <rect
        className={classes.box}
        data-empty={cell.state === 'empty' || undefined}
        width={width - gap}
        height={cellHeight - gap}
        rx={3}
      />
      {cell.state === 'empty' && cell.wantedCount === 0 && (
        <path className={classes.meant} d={`M8 ${y} H ${Math.min(20, width / 3)}`} />
      )}
      {radius > 0 && <circle className={classes.dot} cx={x} cy={y} r={radius} />}
      {cell.openDealCount > 0 && (
        <circle className={classes.ring} cx={x} cy={y} r={Math.max(radius + 3, 6)} />
      )}
    </>
  );
}

/** What the cell's name says in words; it stands beside the cell, so that it is not heard as another name of it. */
function CellText({ cell }: Pick<CellMarkProps, 'cell'>) {
  const y = (cellHeight - gap) / 2;
  return (
    <g aria-hidden className={classes.text}>
      {(cell.assetCount > 0 || (cell.wantedCount ?? 0) > 0) && (
        <text className={classes.count} x={8} y={y - 1}>
          {formatNumber(cell.assetCount)}
          {cell.wantedCount !== null && cell.wantedCount > 0 && (
            <tspan className={classes.wanted}>/{formatNumber(cell.wantedCount)}</tspan>
          )}
        </text>
      )}
      <text className={classes.letter} x={8} y={y + 14}>
        {stateWords[cell.state].letter}
      </text>
    </g>
  );
}

function ColumnHead({ name, x, width }: { name: string; x: number; width: number }) {
  const lines = wrap(name, Math.floor((width - gap) / letterWidth), 3);
  return (
    <g {...roles.columnheader}>
      <title>{name}</title>
      {lines.map((line, place) => (
        <text
          key={line}
          className={classes.head}
          x={x + 2}
          y={headHeight - 10 - (lines.length - 1 - place) * 15}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

function RowHead({ name, y }: { name: string; y: number }) {
  const lines = wrap(name, Math.floor((labelWidth - 12) / letterWidth), 2);
  const first = y + (cellHeight - gap) / 2 + 4 - (lines.length - 1) * 7.5;
  return (
    <g {...roles.rowheader}>
      <title>{name}</title>
      {lines.map((line, place) => (
        <text key={line} className={classes.rowHead} x={0} y={first + place * 15}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** Breaks a label into lines of so many letters; what does not fit ends in dots. */
function wrap(text: string, longest: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < longest)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] = `${shown[most - 1]} …`;
  return shown.map((line) => (line.length > longest ? `${line.slice(0, longest - 1)}…` : line));
}
