import * as contract from '@offshelf/server/contract/deals';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';

export const currenciesQuery = queryOptions({
  queryKey: ['currencies'],
  queryFn: ({ signal }) => call(contract.readCurrencies, { signal }),
});

export function changeCurrencies(body: { base: string; rates: { currency: string; rate: number }[] }) {
  return call(contract.changeCurrencies, { body });
}
