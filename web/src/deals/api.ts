import type {
  DealField,
  DealImport,
  DealImportSettings,
  DealListItem,
} from '@offshelf/server/contract/deals';
import * as contract from '@offshelf/server/contract/deals';
import type { Caller } from '@offshelf/server/contract/http';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, uploadWithProgress } from '../lib/api.ts';

export type { DealField, DealImport, DealImportSettings, DealListItem };
export const { dealFields, neededDealFields } = contract;

export const currenciesQuery = queryOptions({
  queryKey: ['currencies'],
  queryFn: ({ signal }) => call(contract.readCurrencies, { signal }),
});

export function changeCurrencies(body: { base: string; rates: { currency: string; rate: number }[] }) {
  return call(contract.changeCurrencies, { body });
}

export const dealImportsQuery = queryOptions({
  queryKey: ['deal-imports'],
  queryFn: ({ signal }) => call(contract.listDealImports, { signal }),
});

export function isAtWork({ state }: DealImport): boolean {
  return state === 'checking' || state === 'importing';
}

export const dealImportQuery = (dealImportId: string) =>
  queryOptions({
    queryKey: ['deal-imports', dealImportId],
    queryFn: ({ signal }) => call(contract.readDealImport, { params: { dealImportId }, signal }),
    refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? 1_000 : false),
  });

export const dealImportErrorsQuery = (dealImportId: string, state: DealImport['state']) =>
  queryOptions({
    queryKey: ['deal-imports', dealImportId, 'errors', state],
    queryFn: ({ signal }) => call(contract.listDealImportErrors, { params: { dealImportId }, signal }),
  });

export function readAllErrors(dealImportId: string) {
  return call(contract.listDealImportErrors, { params: { dealImportId }, query: { limit: 10_000 } });
}

export function uploadDealImport(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<DealImport> {
  return uploadWithProgress(contract.uploadDealImport, {
    file,
    query: { fileName: file.name },
    onProgress,
    signal,
    isRaw: true,
  });
}

export function checkDealImport(dealImportId: string, body: DealImportSettings): Promise<DealImport> {
  return call(contract.checkDealImport, { params: { dealImportId }, body });
}

export function startDealImport(dealImportId: string): Promise<DealImport> {
  return call(contract.startDealImport, { params: { dealImportId } });
}

export function stopDealImport(dealImportId: string): Promise<DealImport> {
  return call(contract.stopDealImport, { params: { dealImportId } });
}

type DealSearch = Omit<Caller<typeof contract.listDeals.query>, 'cursor' | 'limit'>;

export function dealsQuery(search: DealSearch) {
  return infiniteQueryOptions({
    queryKey: ['deals', 'list', search],
    queryFn: ({ pageParam, signal }) =>
      call(contract.listDeals, { query: { ...search, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
  });
}

/** The open deals of an account, by its id or its whole name, the largest first. */
export function openDealsQuery(of: { accountId: string } | { accountName: string }) {
  return queryOptions({
    queryKey: ['deals', 'open', of],
    queryFn: async ({ signal }) =>
      (await call(contract.listDeals, { query: { ...of, sort: 'amount', limit: 50 }, signal })).items,
    staleTime: 30_000,
  });
}

/** What a deal is called: not every CRM gives deals names. */
export function nameOfDeal({ name, accountName }: Pick<DealListItem, 'name' | 'accountName'>): string {
  return name || `Deal with ${accountName}`;
}

/** Whole days since an open deal entered the stage that it stands at; undefined where nobody knows or it is closed. */
export function daysInStage(
  { outcome, stageEnteredAt }: Pick<DealListItem, 'outcome' | 'stageEnteredAt'>,
  now: Date,
): number | undefined {
  if (outcome !== 'open' || !stageEnteredAt) return undefined;
  return Math.max(0, Math.floor((now.getTime() - stageEnteredAt.getTime()) / 86_400_000));
}
