import { Button, UnstyledButton } from '@mantine/core';
import { plural } from '../lib/format.ts';
import { useRequesting } from '../ui/requesting.tsx';
import type { Coverage, CoverageCell } from './api.ts';
import { Swatch } from './cell-list.tsx';
import classes from './coverage-page.module.css';
import { cellName, demandWords, holdingWords, termsOfCell } from './coverage-words.ts';

interface ThinAndFatProps {
  coverage: Coverage;
  onOpen: (cell: CoverageCell) => void;
}

/** The five cells that lack most, and the five that hold most for nobody. */
export function ThinAndFat({ coverage, onOpen }: ThinAndFatProps) {
  const { thin, fat, cells, isDemandEnough } = coverage;
  const thinCount = cells.filter(({ standing }) => standing === 'thin').length;
  const fatCount = cells.filter(({ standing }) => standing === 'fat').length;
  return (
    <div className={classes.lists}>
      <section aria-labelledby="thin">
        <h3 id="thin" className={classes.listTitle}>
          Thin: asked for, and little there{' '}
          <span className="quiet">{thinCount > 5 ? `5 of ${thinCount.toString()}` : ''}</span>
        </h3>
        {thin.length === 0 && <p className="quiet">Whatever was asked for was there and was shared.</p>}
        <ThinRows coverage={coverage} onOpen={onOpen} />
      </section>
      <section aria-labelledby="fat">
        <h3 id="fat" className={classes.listTitle}>
          Fat: much there, and nobody asks{' '}
          <span className="quiet">{fatCount > 5 ? `5 of ${fatCount.toString()}` : ''}</span>
        </h3>
        {!isDemandEnough && (
          <p className="quiet">
            That can be said once 20 searches and notes stand in cells; there are{' '}
            {coverage.placed.searchCount + coverage.placed.noteCount}.
          </p>
        )}
        {isDemandEnough && fat.length === 0 && (
          <p className="quiet">Nothing of three assets or more lies idle.</p>
        )}
        <ul className={classes.rows}>
          {fat.map((cell) => (
            <li key={`${cell.rowTermId} ${cell.columnTermId}`}>
              <Swatch state={cell.state} />
              <UnstyledButton className={classes.cellName} onClick={() => onOpen(cell)}>
                {cellName(coverage, cell)}
              </UnstyledButton>
              <span className={classes.said}>
                {plural(cell.assetCount, 'asset')}, {plural(cell.sharedCount, 'shared', 'shared')}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** The thinnest cells, each with the one thing to do. */
export function ThinRows({ coverage, onOpen, most = 5 }: ThinAndFatProps & { most?: number }) {
  const requesting = useRequesting();
  return (
    <ul className={classes.rows} aria-label="Thin cells">
      {coverage.thin.slice(0, most).map((cell) => (
        <li key={`${cell.rowTermId} ${cell.columnTermId}`}>
          <Swatch state={cell.state} />
          <UnstyledButton className={classes.cellName} onClick={() => onOpen(cell)}>
            {cellName(coverage, cell)}
          </UnstyledButton>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Ask for it: ${cellName(coverage, cell)}`}
            onClick={() =>
              requesting.open({
                title: `Something for ${cellName(coverage, cell).replaceAll(' × ', ', ')}`.slice(0, 200),
                details: '',
                termIds: Object.values(termsOfCell(coverage, cell)),
                searchId: null,
              })
            }
          >
            Ask for it
          </Button>
          <span className={classes.said}>
            {holdingWords(cell)} {demandWords(cell, coverage.baseCurrency)}
            {cell.wantedCount !== null && ` Target ${cell.wantedCount.toString()}.`}
          </span>
        </li>
      ))}
    </ul>
  );
}
