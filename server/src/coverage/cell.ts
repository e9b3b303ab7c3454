import type { z } from 'zod';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import { resolveSlice } from '../slices/service.ts';
import {
  listAssetsOfCell,
  listDealsOfCell,
  listNamesOfUsers,
  listNearAssets,
  listNotesOfCell,
  listRequestsOfTerms,
} from './cell-queries.ts';
import { type CoverageCellDetail, coverageDimension, type readCoverageCell as endpoint } from './contract.ts';
import { readPlaces } from './counting.ts';
import type { AxisTerm, SearchFact } from './fact-queries.ts';
import { askFacts, countCoverage, readTerms, stageFinder, toTag } from './service.ts';
import { findBaseCurrency } from './target-queries.ts';

type CellInput = z.output<(typeof endpoint)['query']>;

/** What one cell holds, what nearly fits it, and who asks for it. */
export async function readCoverageCell(ctx: Context, input: CellInput): Promise<CoverageCellDetail> {
  const { db, clock } = ctx;
  const { cellPersona, cellStage, cellObjection, ...slice } = input;
  const asked = { persona: cellPersona, stage: cellStage, objection: cellObjection };
  const [resolved, every] = await Promise.all([resolveSlice(ctx, slice), readTerms(db, [])]);
  const terms = coverageDimension.options.flatMap((key): AxisTerm[] => {
    if (asked[key] === undefined) return [];
    const term = every[key].find(({ id }) => id === asked[key]);
    if (!term) throw new Problem('not_found', `There is no such ${key} in use, perhaps it was merged.`);
    return [term];
  });
  if (terms.length < 2)
    throw new Problem('invalid_request', 'A cell needs two terms at least. Name a persona and a stage, say.');
  const question = askFacts(resolved, terms);
  const findStage = stageFinder(every.stage);
  const stage = terms.find(({ dimensionKey }) => dimensionKey === 'stage');
  const written = stage && [stage.name, ...stage.synonyms].filter((word) => findStage(word) === stage.id);
  const [counted, baseCurrency, assets, near, deals, notes, requests] = await Promise.all([
    countCoverage(ctx, resolved, { terms: every, axes: terms.map((term) => [term]) }),
    findBaseCurrency(db),
    listAssetsOfCell(db, question),
    listNearAssets(db, question),
    listDealsOfCell(db, question, {
      cameUpIds: terms.filter((term) => term !== stage).map(({ id }) => id),
      stages: written?.map((word) => word.toLowerCase()) ?? null,
    }),
    listNotesOfCell(db, question),
    listRequestsOfTerms(db, question.termIds),
  ]);
  const cell = counted.cells[0];
  if (!cell) throw new Problem('not_found', 'There is no such cell. Reload the page.');
  const places = counted.placesOf(terms);
  return {
    asOf: clock(),
    window: resolved.window,
    terms: terms.map(toTag),
    cell,
    baseCurrency,
    assets,
    nearAssets: near.map(({ missingTermId, ...asset }) => ({
      ...asset,
      missing: terms.filter(({ id }) => id === missingTermId).map(toTag),
    })),
    deals,
    notes,
    searchers: await describeSearchers(
      ctx,
      counted.facts.searches.filter((search) =>
        places.every((place) => readPlaces(search.places).includes(place)),
      ),
    ),
    requests,
  };
}

const mostSearchers = 20;

/** Who searched most, first. */
async function describeSearchers({ db }: Context, searches: SearchFact[]) {
  const most = Array.from(
    Map.groupBy(searches, ({ userId }) => userId),
    ([userId, own]) => ({ userId, searchCount: own.length }),
  )
    .toSorted((a, b) => b.searchCount - a.searchCount || (a.userId < b.userId ? -1 : 1))
    .slice(0, mostSearchers);
  const users = await listNamesOfUsers(
    db,
    most.map(({ userId }) => userId),
  );
  const names = new Map(users.map(({ id, name }) => [id, name]));
  return most.map((one) => ({ ...one, name: names.get(one.userId) ?? '' }));
}
