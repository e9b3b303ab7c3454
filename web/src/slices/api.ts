import * as contract from '@offshelf/server/contract/slices';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { z } from 'zod';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { stringifySearch } from '../lib/url-state.ts';

export type SavedView = contract.SavedView;
export type SliceSummary = typeof contract.readSlice.response._output;

/** In an address a name that stands once is a text, and one that stands twice a list. */
const texts = z
  .union([
    z.array(z.string().min(1)),
    z
      .string()
      .min(1)
      .transform((text) => [text]),
  ])
  .default([])
  .catch([]);
const termIds = texts.transform((ids) => ids.filter((id) => /^trm_[0-9a-z]{10,40}$/.test(id)));

/** The slice as the address of every page of the report holds it. The bar that changes it stands in the report's frame. */
export const sliceState = z.object({
  days: z.enum(['30', '90', '180', '365']).optional().catch(undefined),
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
  persona: termIds,
  product: termIds,
  language: termIds,
  industry: texts,
  region: texts,
  segment: texts,
});
export type SliceState = z.output<typeof sliceState>;

/** The last 90 days, every asset and everybody. */
export const wholeSlice: SliceState = sliceState.parse({});

/** What narrows a slice, in the order in which pages speak of it: assets by their terms, then buyers by their account. */
export const sliceKeys = ['persona', 'product', 'language', 'industry', 'region', 'segment'] as const;
export type SliceKey = (typeof sliceKeys)[number];

/** The slice that the page's address asks for. */
export function useSlice(): SliceState {
  return sliceState.parse(useSearch({ strict: false }));
}

/** As endpoints take it: `call(endpoint, { query: sliceQuery(slice) })`; also the part of a query key that differs by slice. */
export function sliceQuery({ days, from, to, ...chosen }: SliceState) {
  return {
    ...(days && { days: Number(days) as 30 | 90 | 180 | 365 }),
    ...(from && { from }),
    ...(to && { to }),
    ...(Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0)) as Partial<
      Pick<SliceState, SliceKey>
    >),
  };
}

/** The path of another page of the report, of the same slice. */
export function withSlice(path: string, slice: SliceState): string {
  return `${path}${stringifySearch(sliceQuery(slice))}`;
}

/** Whether the slice asks for certain buyers, so that what happens before anybody knows for whom can't be counted. */
export function isOfSomeBuyers({ industry, region, segment }: SliceState): boolean {
  return industry.length + region.length + segment.length > 0;
}

export function isOfSomeAssets({ persona, product, language }: SliceState): boolean {
  return persona.length + product.length + language.length > 0;
}

/** The slice in words: its days, those it is compared with, and how many assets and accounts are in it. */
export function sliceSummaryQuery(slice: SliceState) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['slice', query],
    queryFn: ({ signal }) => call(contract.readSlice, { query, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export const sliceChoicesQuery = queryOptions({
  queryKey: ['slice-choices'],
  queryFn: ({ signal }) => call(contract.listSliceChoices, { signal }),
  staleTime: 5 * 60_000,
});

export const savedViewsQuery = queryOptions({
  queryKey: ['saved-views'],
  queryFn: ({ signal }) => call(contract.listSavedViews, { signal }),
});

interface ViewInput {
  name: string;
  isForTeam: boolean;
  path: string;
  query: string;
}

export const saveView = (body: ViewInput) => readAnew(call(contract.saveView, { body }));

export const changeView = (savedViewId: string, body: Partial<Omit<ViewInput, 'path'>>) =>
  readAnew(call(contract.changeView, { params: { savedViewId }, body }));

export const deleteView = (savedViewId: string) =>
  readAnew(call(contract.deleteView, { params: { savedViewId } }));

export const restoreView = (savedViewId: string) =>
  readAnew(call(contract.restoreView, { params: { savedViewId } }));

async function readAnew<T>(answer: Promise<T>): Promise<T> {
  const done = await answer;
  await queryClient.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
  return done;
}
