import { z } from 'zod';
import { endpoint, id } from '../http/contract.ts';

export const account = z.object({
  id: id('acc'),
  name: z.string(),
  industry: z.string().nullable(),
  region: z.string().nullable(),
  openDealCount: z.int(),
});

export const contact = z.object({
  id: id('con'),
  name: z.string(),
  email: z.string(),
  accountId: id('acc').nullable(),
  accountName: z.string().nullable(),
});

const lookup = z.object({ query: z.string().max(120).default('') });

/** At most ten accounts or contacts whose name or address starts like the query, for a form that completes. */
export const findAccounts = endpoint({
  method: 'GET',
  path: '/accounts',
  query: lookup,
  response: z.object({ items: z.array(account) }),
});

export const findContacts = endpoint({
  method: 'GET',
  path: '/contacts',
  query: lookup,
  response: z.object({ items: z.array(contact) }),
});
