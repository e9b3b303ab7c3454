import { UnstyledButton } from '@mantine/core';
import { plural } from '../lib/format.ts';
import type { Coverage, CoverageCell } from './api.ts';
import { askedCount, cellSentence, nameOf, stateOrder, stateWords } from './coverage-words.ts';
import classes from './heatmap.module.css';

interface CellListProps {
  coverage: Coverage;
  onOpen: (cell: CoverageCell) => void;
}

/** The cells of each row one below the other, for a narrow window. */
export function CellList({ coverage, onOpen }: CellListProps) {
  const most = Math.max(1, ...coverage.cells.map(askedCount));
  return coverage.rowTerms.map((row) => {
    const cells = coverage.cells.filter(({ rowTermId }) => rowTermId === row.id);
    const telling = cells.filter(isTelling);
    const silent = cells.length - telling.length;
    return (
      <section key={row.id} className={classes.list} aria-label={row.name}>
        <h3 className={classes.rowTitle}>{row.name}</h3>
        {telling.map((cell) => (
          <UnstyledButton key={cell.columnTermId} className={classes.listed} onClick={() => onOpen(cell)}>
            <Swatch state={cell.state} />
            <span>{nameOf(coverage, cell.columnTermId)}</span>
            <Demand cell={cell} most={most} />
            <small>{cellSentence(cell, coverage.baseCurrency)}</small>
          </UnstyledButton>
        ))}
        {silent > 0 && (
          <p className={classes.rest}>
            {plural(silent, telling.length > 0 ? 'more' : 'cell', telling.length > 0 ? 'more' : 'cells')}:
            nothing there, and nobody asks.
          </p>
        )}
      </section>
    );
  });
}

function isTelling(cell: CoverageCell): boolean {
  return cell.assetCount > 0 || askedCount(cell) > 0 || cell.openDealCount > 0 || cell.wantedCount !== null;
}

export function Swatch({ state }: { state: CoverageCell['state'] }) {
  return (
    <span className={classes.swatch} data-step={stateWords[state].step} aria-hidden="true">
      {stateWords[state].letter}
    </span>
  );
}

function Demand({ cell, most }: { cell: CoverageCell; most: number }) {
  const asked = askedCount(cell);
  if (asked === 0 && cell.openDealCount === 0) return null;
  const size = Math.max(6, 22 * Math.sqrt(asked / most));
  return (
    <span
      className={classes.demand}
      data-deals={cell.openDealCount > 0 || undefined}
      style={{ width: size, height: size }}
      aria-hidden="true"
    />
  );
}

/** What colours, letters and dots mean, in one line. */
export function Key() {
  return (
    <p className={classes.key}>
      {stateOrder.map((state) => (
        <span key={state}>
          <Swatch state={state} /> {stateWords[state].name}
        </span>
      ))}
      <span>
        <span className={classes.demand} style={{ width: 12, height: 12 }} aria-hidden="true" /> searches and
        notes
      </span>
      <span>
        <span
          className={classes.demand}
          data-deals
          style={{ width: 6, height: 6, margin: 4 }}
          aria-hidden="true"
        />{' '}
        open deals wait
      </span>
    </p>
  );
}
