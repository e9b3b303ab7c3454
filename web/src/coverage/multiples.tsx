import { UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SliceState } from '../slices/api.ts';
import { type Coverage, type CoverageCell, coverageQuery } from './api.ts';
import { askedCount, dimensionNames, stateWords } from './coverage-words.ts';
import classes from './multiples.module.css';

interface MultiplesProps {
  slice: SliceState;
  /** Of the third dimension any or none. */
  coverage: Coverage;
  onThird: (termId: string) => void;
}

const size = 11;
const pitch = 13;

/** The same axes once for each term of the third dimension, small: to see where to look closer. */
export function Multiples({ slice, coverage, onThird }: MultiplesProps) {
  const { rows, columns, thirdDimension, thirdTerms } = coverage;
  const { data } = useQuery(coverageQuery(slice, { rows, columns, third: 'each' }));
  if (thirdTerms.length === 0) return null;
  const byThird = Map.groupBy(data?.third === 'each' ? data.cells : [], ({ thirdTermId }) => thirdTermId);
  return (
    <section aria-labelledby="multiples" className={classes.section}>
      <h3 id="multiples" className={classes.title}>
        For each {dimensionNames[thirdDimension].one.toLowerCase()}
      </h3>
      <ul className={classes.list}>
        {thirdTerms.map(({ id, name }) => {
          const cells = byThird.get(id) ?? [];
          return (
            <li key={id}>
              <UnstyledButton className={classes.one} onClick={() => onThird(id)}>
                <Miniature coverage={coverage} cells={cells} />
                <span>{name}</span>
                <small>{miniatureWords(cells)}</small>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Miniature({ coverage, cells }: { coverage: Coverage; cells: readonly CoverageCell[] }) {
  const found = new Map(cells.map((cell) => [`${cell.rowTermId} ${cell.columnTermId}`, cell]));
  return (
    <svg
      aria-hidden="true"
      className={classes.map}
      width={coverage.columnTerms.length * pitch}
      height={coverage.rowTerms.length * pitch}
    >
      {coverage.rowTerms.map((row, y) =>
        coverage.columnTerms.map((column, x) => {
          const cell = found.get(`${row.id} ${column.id}`);
          const isAsked = cell !== undefined && (askedCount(cell) > 0 || cell.openDealCount > 0);
          return (
            <g key={`${row.id} ${column.id}`} transform={`translate(${x * pitch} ${y * pitch})`}>
              <rect
                width={size}
                height={size}
                rx={1.5}
                className={classes.cell}
                data-step={cell ? stateWords[cell.state].step : 0}
              />
              {isAsked && <circle className={classes.dot} cx={size / 2} cy={size / 2} r={2.75} />}
            </g>
          );
        }),
      )}
    </svg>
  );
}

/** "12 of 42 hold something, 3 thin" */
function miniatureWords(cells: readonly CoverageCell[]): string {
  const held = cells.filter(({ assetCount }) => assetCount > 0).length;
  const thin = cells.filter(({ standing }) => standing === 'thin').length;
  return `${held.toString()} of ${cells.length.toString()} cells${thin > 0 ? `, ${thin.toString()} thin` : ''}`;
}
