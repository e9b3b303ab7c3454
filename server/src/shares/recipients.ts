import { ensureAccount } from '../accounts/service.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { RecipientKind } from './contract.ts';
import { findContactByEmail, upsertRecipient } from './queries.ts';

export interface RecipientInput {
  kind: RecipientKind;
  name: string;
  email: string | null;
  accountName: string | null;
}

interface KnownRecipient {
  id: string;
  /** The name under which this address is known, where it is not the one that was typed. */
  knownAs: string | null;
}

/** Only a person has an address; one that reaches many people would be taken for one of them. */
export function refuseRecipients(recipients: RecipientInput[], field: string): void {
  const place = recipients.findIndex(({ kind, email }) => kind !== 'person' && email !== null);
  if (place < 0) return;
  const detail = 'Only a person has an e-mail address. Leave it out, or choose a person.';
  const pointer = `/body/${field === 'recipients' ? `recipients/${place}` : field}/email`;
  throw new Problem('invalid_request', detail, [{ pointer, detail }]);
}

/**
 * Finds or makes each. They are written in one order whoever asks, so that two senders of the same list never wait for
 * each other; the answer is in the order of the input.
 */
export async function ensureRecipients(
  db: Database,
  inputs: RecipientInput[],
  now: Date,
  knownAccountId: string | null = null,
): Promise<KnownRecipient[]> {
  const keyed = inputs.map((input, place) => ({ input, place, key: orderKey(input) }));
  const found: KnownRecipient[] = [];
  for (const { input, place } of keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)))
    found[place] = await ensureRecipient(db, input, now, knownAccountId);
  return found;
}

function orderKey({ accountName, email, name }: RecipientInput): string {
  return [accountName ?? '', email ?? '', name].join('\n').toLowerCase();
}

/** By e-mail address, else by kind, name and account. A contact with that address says who it is. */
async function ensureRecipient(
  db: Database,
  input: RecipientInput,
  now: Date,
  knownAccountId: string | null,
): Promise<KnownRecipient> {
  const contact = input.email === null ? undefined : await findContactByEmail(db, input.email);
  const accountName = input.kind === 'account' ? input.accountName || input.name : input.accountName;
  const account =
    !contact?.accountId && accountName?.trim() ? await ensureAccount(db, accountName) : undefined;
  const name = input.kind === 'account' && account ? account.name : input.name;
  const known = await upsertRecipient(db, {
    id: newId('rcp'),
    kind: input.kind,
    name,
    email: input.email,
    contactId: contact?.id ?? null,
    contactName: contact?.name ?? null,
    accountId: contact?.accountId ?? account?.id ?? knownAccountId,
    createdAt: now,
  });
  const isOther = input.email !== null && known.name.toLowerCase() !== name.toLowerCase();
  return { id: known.id, knownAs: isOther ? known.name : null };
}
