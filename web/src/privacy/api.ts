import * as contract from '@offshelf/server/contract/privacy';
import * as settings from '@offshelf/server/contract/settings';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type { LookUp, PrivacyRequest, Proof } from '@offshelf/server/contract/privacy';
export type { KeptKind, PrivacyMode, Settings } from '@offshelf/server/contract/settings';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call(settings.readSettings, { signal }),
});

export const privacyQuery = queryOptions({
  queryKey: ['privacy'],
  queryFn: ({ signal }) => call(contract.readPrivacy, { signal }),
  refetchInterval: 10_000,
});

export async function changeSettings(changes: Partial<settings.Settings>): Promise<void> {
  const changed = await call(settings.changeSettings, { body: changes });
  queryClient.setQueryData(settingsQuery.queryKey, changed);
}

export async function sweepNow(): Promise<void> {
  await call(contract.sweepNow);
}

export function lookUpPerson(email: string): Promise<contract.LookUp> {
  return call(contract.lookUpPerson, { body: { email } });
}

export async function exportPerson(email: string): Promise<Record<string, unknown>> {
  const person = await call(contract.exportPerson, { body: { email } });
  await queryClient.invalidateQueries({ queryKey: ['privacy'] });
  return person;
}

/** What was shown of the person anywhere is not right any more. */
export async function erasePerson(email: string): Promise<contract.PrivacyRequest> {
  const request = await call(contract.erasePerson, { body: { email } });
  await queryClient.invalidateQueries();
  return request;
}

export function saveAsFile(name: string, content: object): void {
  const blob = new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: 'application/json' });
  const url = URL.createObjectURL(blob);
  const anchor = Object.assign(document.createElement('a'), { href: url, download: name });
  anchor.click();
  URL.revokeObjectURL(url);
}
