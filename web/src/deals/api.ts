import type { DealField, DealImport, DealImportSettings } from '@offshelf/server/contract/deals';
import * as contract from '@offshelf/server/contract/deals';
import { queryOptions } from '@tanstack/react-query';
import { call, uploadWithProgress } from '../lib/api.ts';

export type { DealField, DealImport, DealImportSettings };
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

export function uploadDealImport(file: File, onProgress: (share: number) => void): Promise<DealImport> {
  return uploadWithProgress(contract.uploadDealImport, {
    file,
    query: { fileName: file.name },
    onProgress,
    isRaw: true,
  });
}

export function checkDealImport(dealImportId: string, body: DealImportSettings): Promise<DealImport> {
  return call(contract.checkDealImport, { params: { dealImportId }, body });
}

export function startDealImport(dealImportId: string): Promise<DealImport> {
  return call(contract.startDealImport, { params: { dealImportId } });
}
