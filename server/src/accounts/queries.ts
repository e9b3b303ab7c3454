import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** Text and query are folded alike: lower case, without accents, words parted by one sign each. */
const wordSigns = "-.,/&'@+()";

function fold(text: ReturnType<typeof sql.ref<string>>) {
  // Most names are ASCII, and for those taking accents away would be most of the work.
  const plain = sql`case when octet_length(${text}) = char_length(${text}) then lower(${text})
    else regexp_replace(normalize(lower(${text}), NFKD), '[\u0300-\u036f]', '', 'g') end`;
  return sql<string>`' ' || translate(${plain}, ${wordSigns}, ${' '.repeat(wordSigns.length)})`;
}

function foldQuery(query: string): string {
  const plain = query
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '');
  return [...plain]
    .map((sign) => (wordSigns.includes(sign) ? ' ' : sign))
    .join('')
    .trim();
}

/** A pattern in which the query's own % and _ stand for themselves. */
function literally(query: string): string {
  return query.replace(/[\\%_]/g, '\\$&');
}

const lookupLimit = 10;

export function findAccountRows(db: Database, query: string) {
  const wanted = literally(foldQuery(query));
  const name = fold(sql.ref<string>('account.name'));
  return db
    .selectFrom('account')
    .select(['id', 'name', 'industry', 'region'])
    .select((eb) =>
      eb
        .selectFrom('deal')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('deal.accountId', '=', 'account.id')
        .where('deal.outcome', '=', 'open')
        .where('deal.removedAt', 'is', null)
        .as('openDealCount'),
    )
    .$if(wanted !== '', (rows) =>
      rows
        .where(name, 'like', `% ${wanted}%`)
        .orderBy(sql`case when ${name} like ${` ${wanted}%`} then 0 else 1 end`),
    )
    .orderBy(sql`lower(account.name)`)
    .limit(lookupLimit)
    .execute();
}

export function findContactRows(db: Database, query: string) {
  const wanted = literally(foldQuery(query));
  const name = fold(sql.ref<string>('contact.name'));
  const email = fold(sql.ref<string>('contact.email'));
  return db
    .selectFrom('contact')
    .leftJoin('account', 'account.id', 'contact.accountId')
    .select([
      'contact.id',
      'contact.name',
      'contact.email',
      'contact.accountId',
      'account.name as accountName',
    ])
    .$if(wanted !== '', (rows) =>
      rows
        .where((eb) => eb.or([eb(name, 'like', `% ${wanted}%`), eb(email, 'like', `% ${wanted}%`)]))
        .orderBy(sql`case when ${name} like ${` ${wanted}%`} then 0 else 1 end`),
    )
    .orderBy(sql`lower(contact.name)`)
    .orderBy('contact.id')
    .limit(lookupLimit)
    .execute();
}

interface NewAccount {
  id: string;
  name: string;
}

/** The account of that name, whatever its case, made if it is new. */
export function upsertAccount(db: Database, row: NewAccount) {
  return db
    .insertInto('account')
    .values(row)
    .onConflict((conflict) => conflict.expression(sql`lower(name)`).doUpdateSet({ name: sql`account.name` }))
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow();
}

interface NewContact {
  id: string;
  name: string;
  email: string;
  accountId: string | null;
}

/** The contact with that address, made if it is new; an account is filled in where there was none. */
export function upsertContact(db: Database, row: NewContact) {
  return db
    .insertInto('contact')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .expression(sql`lower(email)`)
        .doUpdateSet({ accountId: sql`coalesce(contact.account_id, excluded.account_id)` }),
    )
    .returning(['id', 'name', 'email', 'accountId'])
    .executeTakeFirstOrThrow();
}
