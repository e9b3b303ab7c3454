import { Button, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { useSlice } from '../slices/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type Coverage, type CoverageCell, type CoverageDimension, coverageQuery } from './api.ts';
import { CellList, Key } from './cell-list.tsx';
import { CellPanel } from './cell-panel.tsx';
import classes from './coverage-page.module.css';
import { tableColumns, tableRows } from './coverage-table.ts';
import {
  cellName,
  coverageAnswer,
  coverageEvidence,
  dimensionNames,
  mapTitle,
  termsOfCell,
} from './coverage-words.ts';
import { Heatmap, keyOf } from './heatmap.tsx';
import { Multiples } from './multiples.tsx';
import { ThinAndFat } from './thin-and-fat.tsx';

const dimension = z.enum(['persona', 'stage', 'objection']);
const termId = z.string().regex(/^trm_[0-9a-z]{10,40}$/);
const pageState = z.object({
  rows: dimension.optional().catch(undefined),
  columns: dimension.optional().catch(undefined),
  third: termId.optional().catch(undefined),
  /** The open cell: the terms of its row and its column. */
  row: termId.optional().catch(undefined),
  column: termId.optional().catch(undefined),
});

const dimensions = dimension.options;

/** Where are we thin or fat: what covers which persona, stage and objection, with who asks for it laid over. */
export function CoveragePage() {
  const slice = useSlice();
  const [state, change] = useUrlState(pageState);
  const rows = state.rows ?? 'persona';
  const columns = readColumns(rows, state.columns);
  const view = { rows, columns, third: state.third ?? 'all' };
  const coverage = useQuery(coverageQuery(slice, view));
  const { data } = coverage;
  const open = data?.cells.find(
    ({ rowTermId, columnTermId }) => rowTermId === state.row && columnTermId === state.column,
  );
  const openCell = (cell: CoverageCell) =>
    change({ row: cell.rowTermId, column: cell.columnTermId }, { keepsHistory: true });
  const look = (axes: { rows: CoverageDimension; columns: CoverageDimension }) =>
    change({ ...axes, third: undefined, row: undefined, column: undefined });
  return (
    <>
      <PageHeader
        title="Thin and fat"
        lead="What covers which persona, stage and objection, and who asks for it."
      />
      {coverage.error && <ProblemNote error={coverage.error} onRetry={() => void coverage.refetch()} />}
      {coverage.isPending && (
        <SkeletonRows rows={7} widths={['16%', '11%', '11%', '11%', '11%', '11%', '11%']} />
      )}
      {data && isBare(data) && <NothingToCover />}
      {data && !isBare(data) && (
        <div data-metric="coverage coverage_demand objection_notes">
          <h2 className={classes.answer}>{coverageAnswer(data)}</h2>
          <p className={classes.evidence}>
            {coverageEvidence(data)}
            {slice.product.length + slice.language.length > 0 &&
              ' Assets are of these products and languages; demand is for any.'}
          </p>
          <ThinAndFat coverage={data} onOpen={openCell} />
          <Axes
            coverage={data}
            onAxes={look}
            onThird={(third) => change({ third, row: undefined, column: undefined })}
          />
          <CoverageMap coverage={data} open={open} onOpen={openCell} />
          {data.third === 'all' && (
            <Multiples
              slice={slice}
              coverage={data}
              onThird={(third) =>
                change({ third, row: undefined, column: undefined }, { keepsHistory: true })
              }
            />
          )}
        </div>
      )}
      {data && open && (
        <CellPanel
          slice={slice}
          terms={termsOfCell(data, open)}
          name={cellName(data, open)}
          onClose={() => change({ row: undefined, column: undefined })}
        />
      )}
    </>
  );
}

/** Two axes are never the same; the other one gives way. */
function readColumns(rows: CoverageDimension, columns: CoverageDimension | undefined): CoverageDimension {
  const preferred = columns ?? 'stage';
  return preferred === rows ? (dimensions.find((key) => key !== rows) ?? 'stage') : preferred;
}

function isBare({ cells, eligibleCount, placed }: Coverage): boolean {
  return cells.length === 0 || (eligibleCount === 0 && placed.searchCount + placed.noteCount === 0);
}

function NothingToCover() {
  return (
    <EmptyState
      title="There is nothing to compare yet"
      miniature={<MiniatureRows widths={['18%', '12%', '12%', '12%', '12%']} />}
      action={
        <LinkButton to={paths.library} variant="default">
          Go to the library
        </LinkButton>
      }
    >
      Once assets are tagged with personas, stages and objections and are 30 days old, this shows where
      several answer the same and where nothing does, with what reps search for and what buyers say laid over
      it.
    </EmptyState>
  );
}

interface AxesProps {
  coverage: Coverage;
  onAxes: (axes: { rows: CoverageDimension; columns: CoverageDimension }) => void;
  onThird: (termId: string | undefined) => void;
}

/** Which dimensions stand on the axes; the third is chosen beside them. */
function Axes({
  coverage: { rows, columns, third, thirdDimension, thirdTerms },
  onAxes,
  onThird,
}: AxesProps) {
  const options = dimensions.map((key) => ({ value: key, label: dimensionNames[key].many }));
  const choose = (axis: 'rows' | 'columns', value: string | null) => {
    const chosen = value as CoverageDimension;
    const isSwap = chosen === (axis === 'rows' ? columns : rows);
    if (axis === 'rows') onAxes({ rows: chosen, columns: isSwap ? rows : columns });
    else onAxes({ rows: isSwap ? columns : rows, columns: chosen });
  };
  return (
    <div className={classes.axes}>
      <Select
        label="Rows"
        size="xs"
        w={130}
        allowDeselect={false}
        data={options}
        value={rows}
        onChange={(value) => choose('rows', value)}
      />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconArrowsExchange size={15} stroke={1.5} aria-hidden />}
        onClick={() => onAxes({ rows: columns, columns: rows })}
      >
        Swap
      </Button>
      <Select
        label="Columns"
        size="xs"
        w={130}
        allowDeselect={false}
        data={options}
        value={columns}
        onChange={(value) => choose('columns', value)}
      />
      <Select
        label={dimensionNames[thirdDimension].one}
        size="xs"
        w={240}
        searchable
        allowDeselect={false}
        data={[
          { value: 'all', label: 'Any or none' },
          ...thirdTerms.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={third}
        onChange={(value) => onThird(value === 'all' || value === null ? undefined : value)}
      />
    </div>
  );
}

interface MapProps {
  coverage: Coverage;
  open: CoverageCell | undefined;
  onOpen: (cell: CoverageCell) => void;
}

function CoverageMap({ coverage, open, onOpen }: MapProps) {
  const isPhone = useMediaQuery('(width < 640px)', false, { getInitialValueInEffect: false });
  return (
    <ChartFrame
      title={mapTitle(coverage)}
      metrics={['coverage', 'coverage_demand', 'objection_notes']}
      asOf={coverage.asOf}
      n={coverage.eligibleCount}
      fileName={`coverage-${coverage.window.lastDay}`}
      columns={tableColumns(coverage)}
      rows={tableRows(coverage)}
    >
      <Key />
      {isPhone ? (
        <CellList coverage={coverage} onOpen={onOpen} />
      ) : (
        <Heatmap coverage={coverage} openKey={open ? keyOf(open) : null} onOpen={onOpen} />
      )}
    </ChartFrame>
  );
}
