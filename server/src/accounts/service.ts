import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import { upsertAccount, upsertContact } from './queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

/** The account of that name, made if it is new. */
export function ensureAccount(db: Database, name: string): Promise<{ id: string; name: string }> {
  return upsertAccount(db, { id: newId('acc'), name: tidy(name) });
}

interface ContactInput {
  name: string;
  email: string;
  accountId: string | null;
}

/** The contact with that address, made if it is new. The name of one that is there stays. */
export function ensureContact(db: Database, { name, email, accountId }: ContactInput) {
  return upsertContact(db, {
    id: newId('con'),
    name: tidy(name),
    email: email.trim(),
    accountId,
  });
}

function tidy(name: string): string {
  return name.trim().replace(/\s+/g, ' ');
}
