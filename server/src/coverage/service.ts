import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { keepCounted } from '../db/kept.ts';
import { countObjections } from '../feedback/service.ts';
import { Problem } from '../http/problem.ts';
import { readFreshness } from '../rollups/service.ts';
import type { Slice } from '../slices/contract.ts';
import { nameScope, type ResolvedSlice, resolveSlice } from '../slices/service.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import {
  type Coverage,
  type CoverageCell,
  type CoverageDimension,
  coverageDimension,
  type Objections,
  type readCoverage as readCoverageEndpoint,
} from './contract.ts';
import { countCells, countPlaced, type Facts, type Places, readPlaces } from './counting.ts';
import {
  type AxisTerm,
  type FactQuestion,
  listAssetFacts,
  listAxisTerms,
  listDealFacts,
  listNoteFacts,
  listSearchFacts,
  listStageFacts,
} from './fact-queries.ts';
import { listMonthMasks } from './month-masks.ts';
import { compareFat, compareThin, enoughDemand, isFat, isThin, stateOf } from './standing.ts';
import { findBaseCurrency, listTargets, type Target } from './target-queries.ts';

const longestList = 5;

type CoverageInput = z.output<(typeof readCoverageEndpoint)['query']>;

export async function readCoverage(ctx: Context, input: CoverageInput): Promise<Coverage> {
  const { db } = ctx;
  const { rows, columns, third, ...slice } = input;
  if (rows === columns) {
    const detail = 'Rows and columns are the same. Choose another dimension for one of them.';
    throw new Problem('invalid_request', detail, [{ pointer: '/query/columns', detail }]);
  }
  const [resolved, terms, baseCurrency] = await Promise.all([
    resolveSlice(ctx, slice),
    readTerms(db, slice.persona),
    findBaseCurrency(db),
  ]);
  const thirdDimension = thirdOf(rows, columns);
  const thirdTerms = terms[thirdDimension];
  if (third !== 'all' && third !== 'each' && !thirdTerms.some(({ id }) => id === third)) {
    const detail = `This is no ${thirdDimension} in use, perhaps it was merged. Choose again.`;
    throw new Problem('invalid_request', detail, [{ pointer: '/query/third', detail }]);
  }
  const axes = [terms[rows], terms[columns]];
  if (third !== 'all') axes.push(thirdTerms.filter(({ id }) => third === 'each' || id === third));
  const [counted, stages] = await Promise.all([
    countCoverage(ctx, resolved, { terms, axes }),
    listStageFacts(db, resolved.buyerSliceIds),
  ]);
  const { cells, facts, placesOf } = counted;
  const listOf = (standing: CoverageCell['standing'], compare: typeof compareThin) =>
    cells
      .filter((cell) => cell.standing === standing)
      .toSorted(compare)
      .slice(0, longestList);
  const either = [[...placesOf(terms[rows]), ...placesOf(terms[columns])]];
  const findStage = stageFinder(terms.stage);
  return {
    asOf: counted.countedAt,
    window: resolved.window,
    rows,
    columns,
    thirdDimension,
    third,
    rowTerms: terms[rows].map(toTag),
    columnTerms: terms[columns].map(toTag),
    thirdTerms: thirdTerms.map(toTag),
    cells,
    thin: listOf('thin', compareThin),
    fat: listOf('fat', compareFat),
    isDemandEnough: counted.isDemandEnough,
    eligibleCount: sum(facts.assets.map(({ assetCount }) => assetCount)),
    untagged: coverageDimension.options.map((dimensionKey) => {
      const own = placesOf(terms[dimensionKey]);
      const without = facts.assets.filter(({ places }) => !readPlaces(places).some((it) => own.includes(it)));
      return { dimensionKey, assetCount: sum(without.map(({ assetCount }) => assetCount)) };
    }),
    stageValues: terms.stage.map(({ id }) => {
      const here = stages.filter(({ stage }) => findStage(stage) === id);
      return {
        termId: id,
        openDealCount: sum(here.map(({ dealCount }) => dealCount)),
        openValue: sum(here.map(({ openValue }) => openValue)),
        unconvertedDealCount: sum(here.map(({ unconvertedCount }) => unconvertedCount)),
      };
    }),
    baseCurrency,
    unconverted: Array.from(
      Map.groupBy(
        stages.filter(({ unconvertedCount }) => unconvertedCount > 0),
        ({ currency }) => currency,
      ),
      ([currency, deals]) => ({
        currency,
        dealCount: sum(deals.map(({ dealCount }) => dealCount)),
        amount: sum(deals.map(({ amount }) => amount)),
      }),
    ),
    named: countNamed(facts, either),
    placed: counted.placed,
  };
}

type AxisTerms = Record<CoverageDimension, AxisTerm[]>;

interface Counted {
  countedAt: Date;
  /** In the order of the axes. */
  cells: CoverageCell[];
  facts: Facts;
  placesOf: (terms: readonly { id: string }[]) => Places;
  placed: { searchCount: number; noteCount: number };
  isDemandEnough: boolean;
}

/** Counts the cells in which these axes meet: rows, columns, and the third where it plays a part. */
export async function countCoverage(
  ctx: Context,
  resolved: ResolvedSlice,
  { terms, axes }: { terms: AxisTerms; axes: AxisTerm[][] },
): Promise<Counted> {
  const every = coverageDimension.options.flatMap((key) => terms[key]);
  const question = askFacts(resolved, every);
  const stageIds = terms.stage.map(({ id }) => id);
  const { db, clock } = ctx;
  const [{ countedAt, assets, searches, deals }, notes, targets] = await Promise.all([
    keepFacts(ctx, resolved, question, stageIds),
    listNoteFacts(db, question),
    listTargets(db),
  ]);
  const placeOf = new Map(every.map(({ id }, index) => [id, index + 1]));
  const placesOf = (of: readonly { id: string }[]) => of.flatMap(({ id }) => placeOf.get(id) ?? []);
  const findStage = stageFinder(terms.stage);
  const facts = {
    assets,
    searches,
    notes,
    deals: deals.map((deal) => ({ ...deal, stagePlace: placeOf.get(findStage(deal.stage) ?? '') ?? null })),
  };
  const places = axes.map(placesOf);
  const placed = countNamed(facts, places);
  const isDemandEnough = placed.searchCount + placed.noteCount >= enoughDemand;
  const wanted = new Map(targets.map((target) => [writeTarget(target), target.wantedCount]));
  const cells = Array.from(countCells(places, facts, clock()), ([key, counts]): CoverageCell => {
    const met = readPlaces(key).map((place) => every[place - 1] as AxisTerm);
    const target = { personaTermId: null, stageTermId: null, objectionTermId: null } as Target;
    for (const { id, dimensionKey } of met) target[`${dimensionKey}TermId`] = id;
    const cell = {
      rowTermId: met[0]?.id ?? '',
      columnTermId: met[1]?.id ?? '',
      thirdTermId: met[2]?.id ?? null,
      state: stateOf(counts),
      ...counts,
      wantedCount: wanted.get(writeTarget(target)) ?? null,
    };
    // As long as hardly anybody searched or noted anything, that nobody asks says nothing.
    const standing = isThin(cell) ? 'thin' : isDemandEnough && isFat(cell) ? 'fat' : 'even';
    return { ...cell, standing };
  });
  return { countedAt, cells, facts, placesOf, placed, isDemandEnough };
}

async function keepFacts(ctx: Context, resolved: ResolvedSlice, question: FactQuestion, stageIds: string[]) {
  const { db } = ctx;
  return keepCounted(ctx, {
    what: 'coverage',
    question: [await nameScope(ctx, resolved), question.termIds, stageIds],
    count: async () => {
      const [{ countedAt }, assets, searches, deals] = await Promise.all([
        readFreshness(db),
        listAssetFacts(db, question),
        listSearchFacts(db, question),
        listDealFacts(db, question, stageIds),
      ]);
      return { countedAt, assets, searches, deals };
    },
    sizeOf: ({ assets }) => sum(assets.map(({ assetCount }) => assetCount)),
  });
}

export function askFacts(
  { window, assetIds, buyerSliceIds }: ResolvedSlice,
  terms: readonly { id: string }[],
): FactQuestion {
  return {
    start: window.start,
    end: window.end,
    months: listMonthMasks(window.firstDay, window.lastDay),
    assetIds,
    buyerSliceIds,
    termIds: terms.map(({ id }) => id),
  };
}

function countNamed({ searches, notes }: Facts, axes: readonly Places[]) {
  return {
    searchCount: countPlaced(searches, axes, () => 1),
    noteCount: countPlaced(notes, axes, ({ noteCount }) => noteCount),
  };
}

const writeTarget = ({ personaTermId, stageTermId, objectionTermId }: Target) =>
  [personaTermId, stageTermId, objectionTermId].join(' ');

/** The term that a stage of the CRM is: called like it, or with a synonym like it. */
export function stageFinder(stages: readonly AxisTerm[]): (stage: string) => string | undefined {
  const known = new Map<string, string>();
  for (const { id, name } of stages) known.set(name.toLowerCase(), known.get(name.toLowerCase()) ?? id);
  for (const { id, synonyms } of stages)
    for (const word of synonyms) known.set(word.toLowerCase(), known.get(word.toLowerCase()) ?? id);
  return (stage) => known.get(stage.toLowerCase());
}

function thirdOf(rows: CoverageDimension, columns: CoverageDimension): CoverageDimension {
  return coverageDimension.options.find((key) => key !== rows && key !== columns) ?? 'objection';
}

/** Terms in use, in their order; of the personas only those that the slice is about. */
export async function readTerms(db: Database, personaIds: string[]): Promise<AxisTerms> {
  const terms = await listAxisTerms(db);
  const termsOf = (key: CoverageDimension) => terms.filter(({ dimensionKey }) => dimensionKey === key);
  return {
    persona: termsOf('persona').filter(({ id }) => personaIds.length === 0 || personaIds.includes(id)),
    stage: termsOf('stage'),
    objection: termsOf('objection'),
  };
}

export function toTag({ id, dimensionKey, name }: AxisTerm): TermTag {
  return { id, dimensionKey, name };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export async function readObjections(ctx: Context, slice: Slice): Promise<Objections> {
  const { window, before, buyerSliceIds } = await resolveSlice(ctx, slice);
  const [items, baseCurrency] = await Promise.all([
    countObjections(ctx.db, { window, before, buyerSliceIds }),
    findBaseCurrency(ctx.db),
  ]);
  return { asOf: ctx.clock(), window, before, items, baseCurrency };
}
