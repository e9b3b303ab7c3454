import type { z } from 'zod';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import { resolveSlice } from '../slices/service.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import { listDimensions } from '../taxonomy/service.ts';
import {
  listAssetsOfCell,
  listDealsOfCell,
  listNearAssets,
  listNotesOfCell,
  listRequestsOfTerms,
  listSearchersOfCell,
} from './cell-queries.ts';
import { type CoverageCellDetail, coverageDimension, type readCoverageCell as endpoint } from './contract.ts';
import { findBaseCurrency, listCells } from './queries.ts';
import { ask, describeCell } from './service.ts';

type CellInput = z.output<(typeof endpoint)['query']>;

/** What one cell holds, what nearly fits it, and who asks for it. */
export async function readCoverageCell(ctx: Context, input: CellInput): Promise<CoverageCellDetail> {
  const { db, clock } = ctx;
  const { cellPersona, cellStage, cellObjection, ...slice } = input;
  const asked = { persona: cellPersona, stage: cellStage, objection: cellObjection };
  const dimensions = await listDimensions(db);
  const terms = coverageDimension.options.flatMap((key): TermTag[] => {
    const termId = asked[key];
    if (termId === undefined) return [];
    const term = dimensions.find((one) => one.key === key)?.terms.find(({ id }) => id === termId);
    if (!term || term.isRetired)
      throw new Problem('not_found', `There is no such ${key} in use, perhaps it was merged.`);
    return [{ id: term.id, dimensionKey: key, name: term.name }];
  });
  const [row, column, third] = terms;
  if (!row || !column)
    throw new Problem('invalid_request', 'A cell needs two terms at least. Name a persona and a stage, say.');
  const resolved = await resolveSlice(ctx, slice);
  const termIds = terms.map(({ id }) => id);
  const question = ask(ctx, resolved, {
    rows: row.dimensionKey as 'persona',
    columns: column.dimensionKey as 'stage',
    thirdTermIds: third ? [third.id] : null,
    onlyTermIds: termIds,
  });
  const [cells, baseCurrency, assets, near, deals, notes, searchers, requests] = await Promise.all([
    listCells(db, question),
    findBaseCurrency(db),
    listAssetsOfCell(db, question),
    listNearAssets(db, question, termIds),
    listDealsOfCell(db, question),
    listNotesOfCell(db, question),
    listSearchersOfCell(db, question),
    listRequestsOfTerms(db, termIds),
  ]);
  const cell = cells[0];
  if (!cell) throw new Problem('not_found', 'There is no such cell. Reload the page.');
  return {
    asOf: clock(),
    window: resolved.window,
    terms,
    cell: describeCell(cell, false),
    baseCurrency,
    assets,
    nearAssets: near.map(({ missingTermIds, ...asset }) => ({
      ...asset,
      missing: terms.filter(({ id }) => missingTermIds.includes(id)),
    })),
    deals,
    notes,
    searchers,
    requests,
  };
}
