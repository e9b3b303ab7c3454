import type { z } from 'zod';
import type { Context } from '../context.ts';
import { countObjections } from '../feedback/service.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { Slice } from '../slices/contract.ts';
import { type ResolvedSlice, resolveSlice } from '../slices/service.ts';
import type { Dimension, TermTag } from '../taxonomy/contract.ts';
import { listDimensions } from '../taxonomy/service.ts';
import {
  type Coverage,
  type CoverageCell,
  type CoverageDimension,
  coverageDimension,
  type Objections,
  type readCoverage as readCoverageEndpoint,
  type setCoverageTarget as setCoverageTargetEndpoint,
} from './contract.ts';
import type { CoverageQuestion } from './fact-queries.ts';
import { listMonthMasks } from './month-masks.ts';
import {
  type CellRow,
  countBeside,
  findBaseCurrency,
  findTarget,
  listCells,
  listStageValues,
  lockTargets,
  putTarget,
} from './queries.ts';
import { compareFat, compareThin, enoughDemand, isFat, isThin, stateOf } from './standing.ts';

const longestList = 5;

type CoverageInput = z.output<(typeof readCoverageEndpoint)['query']>;

export async function readCoverage(ctx: Context, input: CoverageInput): Promise<Coverage> {
  const { db } = ctx;
  const { rows, columns, third, ...slice } = input;
  if (rows === columns) {
    const detail = 'Rows and columns are the same. Choose another dimension for one of them.';
    throw new Problem('invalid_request', detail, [{ pointer: '/query/columns', detail }]);
  }
  const [resolved, dimensions, baseCurrency] = await Promise.all([
    resolveSlice(ctx, slice),
    listDimensions(db),
    findBaseCurrency(db),
  ]);
  const thirdDimension = thirdOf(rows, columns);
  const axes = readAxes(dimensions, slice.persona);
  const thirdTerms = axes[thirdDimension];
  if (third !== 'all' && third !== 'each' && !thirdTerms.some(({ id }) => id === third)) {
    const detail = `This is no ${thirdDimension} in use, perhaps it was merged. Choose again.`;
    throw new Problem('invalid_request', detail, [{ pointer: '/query/third', detail }]);
  }
  const question = ask(ctx, resolved, {
    rows,
    columns,
    thirdTermIds: third === 'all' ? null : third === 'each' ? [] : [third],
    personaIds: slice.persona,
  });
  const [found, beside, stageValues] = await Promise.all([
    listCells(db, question),
    countBeside(db, question),
    listStageValues(db, question),
  ]);
  const isDemandEnough = beside.placedSearchCount + beside.placedNoteCount >= enoughDemand;
  const cells = found
    .map((row) => describeCell(row, isDemandEnough))
    .toSorted(byPlace([axes[rows], axes[columns], thirdTerms]));
  const listOf = (standing: CoverageCell['standing'], compare: typeof compareThin) =>
    cells
      .filter((cell) => cell.standing === standing)
      .toSorted(compare)
      .slice(0, longestList);
  return {
    asOf: ctx.clock(),
    window: resolved.window,
    rows,
    columns,
    thirdDimension,
    third,
    rowTerms: axes[rows],
    columnTerms: axes[columns],
    thirdTerms,
    cells,
    thin: listOf('thin', compareThin),
    fat: listOf('fat', compareFat),
    isDemandEnough,
    eligibleCount: beside.eligibleCount,
    untagged: [
      { dimensionKey: 'persona', assetCount: beside.untaggedPersonaCount },
      { dimensionKey: 'stage', assetCount: beside.untaggedStageCount },
      { dimensionKey: 'objection', assetCount: beside.untaggedObjectionCount },
    ],
    stageValues: axes.stage.map(({ id }) => {
      const here = stageValues.filter(({ stageTermId }) => stageTermId === id);
      return {
        termId: id,
        openDealCount: sum(here.map(({ dealCount }) => dealCount)),
        openValue: sum(here.map(({ baseAmount }) => baseAmount)),
        unconvertedDealCount: sum(here.map(({ unconvertedDealCount }) => unconvertedDealCount)),
      };
    }),
    baseCurrency,
    unconverted: Array.from(
      Map.groupBy(
        stageValues.filter(({ unconvertedDealCount }) => unconvertedDealCount > 0),
        ({ currency }) => currency,
      ),
      ([currency, deals]) => ({
        currency,
        dealCount: sum(deals.map(({ dealCount }) => dealCount)),
        amount: sum(deals.map(({ amount }) => amount)),
      }),
    ),
    named: { searchCount: beside.namedSearchCount, noteCount: beside.namedNoteCount },
    placed: { searchCount: beside.placedSearchCount, noteCount: beside.placedNoteCount },
  };
}

interface Asked {
  rows: CoverageDimension;
  columns: CoverageDimension;
  thirdTermIds: string[] | null;
  personaIds?: string[];
  onlyTermIds?: string[];
}

/** A question to the database about the cells of a slice. */
export function ask(
  { clock }: Context,
  { window, assetIds, buyerSliceIds }: ResolvedSlice,
  { personaIds = [], onlyTermIds, ...asked }: Asked,
): CoverageQuestion {
  return {
    ...asked,
    start: window.start,
    end: window.end,
    now: clock(),
    months: listMonthMasks(window.firstDay, window.lastDay),
    assetIds,
    buyerSliceIds,
    thirdDimension: thirdOf(asked.rows, asked.columns),
    onlyTermIds: onlyTermIds ?? null,
    personaIds,
  };
}

function thirdOf(rows: CoverageDimension, columns: CoverageDimension): CoverageDimension {
  return coverageDimension.options.find((key) => key !== rows && key !== columns) ?? 'objection';
}

/** Terms in use, in their order; of the personas only those that the slice is about. */
function readAxes(dimensions: Dimension[], personaIds: string[]): Record<CoverageDimension, TermTag[]> {
  const termsOf = (key: CoverageDimension): TermTag[] =>
    (dimensions.find((dimension) => dimension.key === key)?.terms ?? [])
      .filter(({ isRetired }) => !isRetired)
      .filter(({ id }) => key !== 'persona' || personaIds.length === 0 || personaIds.includes(id))
      .map(({ id, dimensionKey, name }) => ({ id, dimensionKey, name }));
  return { persona: termsOf('persona'), stage: termsOf('stage'), objection: termsOf('objection') };
}

export function describeCell(row: CellRow, isDemandEnough: boolean): CoverageCell {
  const cell = { ...row, state: stateOf(row) };
  // As long as hardly anybody searched or noted anything, that nobody asks says nothing.
  const standing = isThin(cell) ? 'thin' : isDemandEnough && isFat(cell) ? 'fat' : 'even';
  return { ...cell, standing };
}

function byPlace(axes: readonly (readonly TermTag[])[]) {
  const places = axes.map((terms) => new Map(terms.map(({ id }, place) => [id, place])));
  const placeOf = (axis: number, termId: string | null) => places[axis]?.get(termId ?? '') ?? -1;
  return (a: CoverageCell, b: CoverageCell) =>
    placeOf(0, a.rowTermId) - placeOf(0, b.rowTermId) ||
    placeOf(1, a.columnTermId) - placeOf(1, b.columnTermId) ||
    placeOf(2, a.thirdTermId) - placeOf(2, b.thirdTermId);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

type TargetInput = z.output<(typeof setCoverageTargetEndpoint)['body']>;

export async function setCoverageTarget(
  { db, clock }: Context,
  actor: Actor,
  { wantedCount, ...target }: TargetInput,
): Promise<{ wantedCount: number | null; beforeCount: number | null }> {
  const dimensions = await listDimensions(db);
  const isThere = (key: CoverageDimension, termId: string | null) =>
    termId === null || dimensions.some((it) => it.key === key && it.terms.some(({ id }) => id === termId));
  const given = [target.personaTermId, target.stageTermId, target.objectionTermId];
  if (given.filter((termId) => termId !== null).length < 2)
    throw new Problem('invalid_request', 'A cell needs two terms at least. Name a persona and a stage, say.');
  for (const key of coverageDimension.options)
    if (!isThere(key, target[`${key}TermId`])) {
      const detail = `This is no ${key}, perhaps it was merged. Reload the page.`;
      throw new Problem('invalid_request', detail, [{ pointer: `/body/${key}TermId`, detail }]);
    }
  return db.transaction().execute(async (trx) => {
    await lockTargets(trx);
    const beforeCount = await findTarget(trx, target);
    await putTarget(trx, target, { wantedCount, setByUserId: actor.userId, setAt: clock() });
    return { wantedCount, beforeCount };
  });
}

export async function readObjections(ctx: Context, slice: Slice): Promise<Objections> {
  const { window, before, buyerSliceIds } = await resolveSlice(ctx, slice);
  const [items, baseCurrency] = await Promise.all([
    countObjections(ctx.db, { window, before, buyerSliceIds }),
    findBaseCurrency(ctx.db),
  ]);
  return { asOf: ctx.clock(), window, before, items, baseCurrency };
}
