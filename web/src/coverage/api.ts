import * as contract from '@offshelf/server/contract/coverage';
import type { Caller } from '@offshelf/server/contract/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';

export type {
  Coverage,
  CoverageCell,
  CoverageCellDetail,
  CoverageDimension,
  CoverageState,
  Objections,
} from '@offshelf/server/contract/coverage';

export interface CoverageView {
  rows: contract.CoverageDimension;
  columns: contract.CoverageDimension;
  /** `all`, or a term of the third dimension. */
  third: string;
}

export const defaultView: CoverageView = { rows: 'persona', columns: 'stage', third: 'all' };

export function coverageQuery(slice: SliceState, view: CoverageView) {
  const query = { ...sliceQuery(slice), ...view };
  return queryOptions({
    queryKey: ['coverage', query],
    queryFn: ({ signal }) => call(contract.readCoverage, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Terms of a cell by their dimension; two or three of them. */
export type CellTerms = Partial<Record<contract.CoverageDimension, string>>;

export function coverageCellQuery(slice: SliceState, cell: CellTerms) {
  const query = {
    ...sliceQuery(slice),
    ...(cell.persona && { cellPersona: cell.persona }),
    ...(cell.stage && { cellStage: cell.stage }),
    ...(cell.objection && { cellObjection: cell.objection }),
  };
  return queryOptions({
    queryKey: ['coverage', 'cell', query],
    queryFn: ({ signal }) => call(contract.readCoverageCell, { query, signal }),
  });
}

export function objectionsQuery(slice: SliceState) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['objections', query],
    queryFn: ({ signal }) => call(contract.readObjections, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export async function setTarget(cell: CellTerms, wantedCount: number | null) {
  const body: Caller<typeof contract.setCoverageTarget.body> = {
    personaTermId: cell.persona ?? null,
    stageTermId: cell.stage ?? null,
    objectionTermId: cell.objection ?? null,
    wantedCount,
  };
  const set = await call(contract.setCoverageTarget, { body });
  await queryClient.invalidateQueries({ queryKey: ['coverage'] });
  return set;
}
