import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureAccount, ensureContact } from '../../server/src/accounts/service.ts';
import { importDeals, planDeals } from '../../server/src/deals/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

async function findNames(kind: 'accounts' | 'contacts', query: string): Promise<string[]> {
  const answer = await (await app.client('rep')).get(`/${kind}?query=${encodeURIComponent(query)}`);
  expect(answer.status).toBe(200);
  return answer.body.items.map((item: { name: string }) => item.name);
}

describe('looking up accounts and contacts', () => {
  test('an account is found by the start of any of its words, best matches first', async () => {
    for (const name of ['Northwind Traders', 'Great North Bank', 'Snorthy', 'Acme'])
      await ensureAccount(app.ctx.db, name);
    expect(await findNames('accounts', 'nor')).toEqual(['Northwind Traders', 'Great North Bank']);
    expect(await findNames('accounts', 'NORTH B')).toEqual(['Great North Bank']);
    expect(await findNames('accounts', 'zzz')).toEqual([]);
  });

  test('accents and punctuation do not matter', async () => {
    for (const name of ['Société Générale', 'Müller-Øst & Söhne (Zürich)'])
      await ensureAccount(app.ctx.db, name);
    expect(await findNames('accounts', 'gener')).toEqual(['Société Générale']);
    expect(await findNames('accounts', 'SOCIÉTÉ')).toEqual(['Société Générale']);
    expect(await findNames('accounts', 'muller ø')).toEqual(['Müller-Øst & Söhne (Zürich)']);
    expect(await findNames('accounts', 'zur')).toEqual(['Müller-Øst & Söhne (Zürich)']);
  });

  test('wildcards stand for themselves', async () => {
    for (const name of ['100% Juice', '1000 Islands', 'A_B Testing', 'AxB', 'Back\\slash'])
      await ensureAccount(app.ctx.db, name);
    expect(await findNames('accounts', '100%')).toEqual(['100% Juice']);
    expect(await findNames('accounts', 'a_b')).toEqual(['A_B Testing']);
    expect(await findNames('accounts', '%')).toEqual([]);
    expect(await findNames('accounts', '_')).toEqual([]);
    expect(await findNames('accounts', 'back\\')).toEqual(['Back\\slash']);
    expect(await findNames('accounts', "'; drop table account; --")).toEqual([]);
  });

  test('at most ten are answered, also without a query', async () => {
    for (let n = 0; n < 12; n += 1) await ensureAccount(app.ctx.db, `Account ${n}`);
    expect(await findNames('accounts', '')).toHaveLength(10);
    expect(await findNames('accounts', 'acc')).toHaveLength(10);
  });

  test('a contact is found by name, address or domain and says where it belongs', async () => {
    const { id: accountId } = await ensureAccount(app.ctx.db, 'Acme');
    await ensureContact(app.ctx.db, { name: 'Dana Dvořák', email: 'd.dvorak@acme.example', accountId });
    await ensureContact(app.ctx.db, { name: 'Eli', email: 'eli@other.example', accountId: null });
    for (const query of ['dvo', 'dana', 'd.dvorak@ac', 'acme', 'D.DV'])
      expect(await findNames('contacts', query)).toEqual(['Dana Dvořák']);
    const { body } = await (await app.client('rep')).get('/contacts?query=dana');
    expect(body.items[0]).toMatchObject({ email: 'd.dvorak@acme.example', accountId, accountName: 'Acme' });
    expect(await findNames('contacts', 'a_me')).toEqual([]);
  });

  test('strangers find nothing, and too long a query is refused', async () => {
    expect((await (await app.client('anonymous')).get('/accounts')).status).toBe(401);
    const long = await (await app.client('rep')).get(`/contacts?query=${'x'.repeat(121)}`);
    expect(long.status).toBe(400);
    expect(long.body.errors[0].pointer).toBe('/query/query');
  });
});

describe('accounts and contacts that a share brings along', () => {
  test('the same name and the same address are the same account and contact, also at once', async () => {
    const accounts = await Promise.all(
      ['Acme Corp', ' acme  corp ', 'ACME CORP'].map((name) => ensureAccount(app.ctx.db, name)),
    );
    expect(new Set(accounts.map((account) => account.id)).size).toBe(1);
    const contacts = await Promise.all(
      ['d@acme.example', 'D@ACME.example'].map((email) =>
        ensureContact(app.ctx.db, { name: 'Dana', email, accountId: null }),
      ),
    );
    expect(new Set(contacts.map((contact) => contact.id)).size).toBe(1);
  });

  test('a contact keeps its name and its account, and gets an account if it had none', async () => {
    const [acme, other] = [await ensureAccount(app.ctx.db, 'Acme'), await ensureAccount(app.ctx.db, 'Other')];
    const email = 'd@acme.example';
    await ensureContact(app.ctx.db, { name: 'Dana', email, accountId: null });
    expect(await ensureContact(app.ctx.db, { name: 'D.', email, accountId: acme.id })).toMatchObject({
      name: 'Dana',
      accountId: acme.id,
    });
    expect((await ensureContact(app.ctx.db, { name: 'Dana', email, accountId: other.id })).accountId).toBe(
      acme.id,
    );
  });
});

const header =
  'external_id,account,industry,region,amount,currency,owner_email,created_at,stage,stage_history,outcome,closed_at,loss_reason,extra';

function history(...entries: [string, string][]): string {
  const json = JSON.stringify(entries.map(([stage, entered_at]) => ({ stage, entered_at })));
  return `"${json.replaceAll('"', '""')}"`;
}

const stages = history(['Discovery', '2026-01-05T09:00:00Z'], ['Proposal', '2026-02-01T09:00:00Z']);
const open = `D-1,Acme,Retail,EMEA,1000,EUR,rep@example.com,2026-01-05T09:00:00Z,Proposal,${stages},open,,,whatever`;
const won = `D-2,"Bee, Ltd",,APAC,2500.50,USD,,2026-01-01,Proposal,,won,2026-03-01T12:00:00+02:00,,x`;

describe('importing deals', () => {
  test('deals come with their account and stage history, and a second run changes nothing', async () => {
    const text = `\uFEFF${header}\r\n${open}\r\n\r\n${won}\r\n`;
    expect(await planDeals(app.ctx.db, text)).toEqual({ created: 2, updated: 0, unchanged: 0, errors: [] });
    expect(await app.ctx.db.selectFrom('deal').selectAll().execute()).toEqual([]);
    expect(await importDeals(app.ctx, text)).toEqual({ created: 2, updated: 0, unchanged: 0, errors: [] });

    const deals = await app.ctx.db.selectFrom('deal').selectAll().orderBy('externalId').execute();
    expect(deals).toMatchObject([
      {
        externalId: 'D-1',
        amount: '1000.00',
        currency: 'EUR',
        stage: 'Proposal',
        outcome: 'open',
        closedAt: null,
      },
      { externalId: 'D-2', amount: '2500.50', ownerEmail: null, closedAt: new Date('2026-03-01T10:00:00Z') },
    ]);
    const history = await app.ctx.db
      .selectFrom('dealStage')
      .selectAll()
      .orderBy('dealId')
      .orderBy('position')
      .execute();
    expect(history.filter((row) => row.dealId === deals[0]?.id).map((row) => row.stage)).toEqual([
      'Discovery',
      'Proposal',
    ]);
    expect(history.filter((row) => row.dealId === deals[1]?.id)).toMatchObject([
      { stage: 'Proposal', enteredAt: new Date('2026-01-01T00:00:00Z') },
    ]);
    const accounts = (await (await app.client('rep')).get('/accounts')).body.items;
    expect(accounts).toMatchObject([
      { name: 'Acme', industry: 'Retail', region: 'EMEA', openDealCount: 1 },
      { name: 'Bee, Ltd', industry: null, region: 'APAC', openDealCount: 0 },
    ]);
    expect(await importDeals(app.ctx, text)).toEqual({ created: 0, updated: 0, unchanged: 2, errors: [] });
  });

  test('a deal that moved is updated with its history, under the same id', async () => {
    await importDeals(app.ctx, `${header}\n${open}\n${won}`);
    const before = await app.ctx.db
      .selectFrom('deal')
      .select(['id', 'externalId'])
      .orderBy('externalId')
      .execute();
    const moved = open
      .replace(
        stages,
        history(
          ['Discovery', '2026-01-05T09:00:00Z'],
          ['Proposal', '2026-02-01T09:00:00Z'],
          ['Negotiation', '2026-03-01T09:00:00Z'],
        ),
      )
      .replace(',Proposal,', ',Negotiation,');
    const text = `${header}\n${moved}\n${won}`;
    expect(await planDeals(app.ctx.db, text)).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
    expect(await importDeals(app.ctx, text)).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
    const after = await app.ctx.db
      .selectFrom('deal')
      .select(['id', 'externalId'])
      .orderBy('externalId')
      .execute();
    expect(after).toEqual(before);
    const rows = await app.ctx.db
      .selectFrom('dealStage')
      .select('stage')
      .where('dealId', '=', before[0]?.id ?? '')
      .orderBy('position')
      .execute();
    expect(rows.map((row) => row.stage)).toEqual(['Discovery', 'Proposal', 'Negotiation']);
  });

  test('accounts that differ in case only are one', async () => {
    const text = `${header}\n${open}\n${open.replace('D-1', 'D-3').replace('Acme', 'ACME').replace('Retail', '')}`;
    expect(await importDeals(app.ctx, text)).toMatchObject({ created: 2, errors: [] });
    expect(await app.ctx.db.selectFrom('account').select('industry').execute()).toEqual([
      { industry: 'Retail' },
    ]);
    expect(await importDeals(app.ctx, text)).toMatchObject({ created: 0, unchanged: 2 });
  });

  test('rows that can not be taken are left out; the others are taken', async () => {
    const text = [header, open, open.replace('D-1', 'D-3').replace(',EUR,', ',€,'), won].join('\n');
    expect(await importDeals(app.ctx, text)).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
      errors: [{ line: 3, detail: 'currency must be three capital letters like EUR.' }],
    });
  });

  test('a file that is not CSV changes nothing', async () => {
    const refusal = importDeals(app.ctx, `${header}\n${open}\nD-9,"Acme`);
    await expect(refusal).rejects.toMatchObject({ code: 'refused_import' });
    expect(await app.ctx.db.selectFrom('account').selectAll().execute()).toEqual([]);
  });

  test('two imports at once make each deal once', async () => {
    const text = `${header}\n${open}\n${won}`;
    const plans = await Promise.all([importDeals(app.ctx, text), importDeals(app.ctx, text)]);
    expect(plans.map((plan) => plan.created).toSorted()).toEqual([0, 2]);
    expect(await app.ctx.db.selectFrom('dealStage').selectAll().execute()).toHaveLength(3);
  });

  test('sample deals are labelled as such', async () => {
    await importDeals(app.ctx, `${header}\n${open}`, true);
    expect(await app.ctx.db.selectFrom('deal').select('isSample').execute()).toEqual([{ isSample: true }]);
    expect(await app.ctx.db.selectFrom('account').select('isSample').execute()).toEqual([{ isSample: true }]);
  });

  const shared = resolve(import.meta.dirname, '../../../shared/library/deals.csv');
  test.runIf(existsSync(shared))('the 400 real deals come in within seconds, and only once', async () => {
    const text = readFileSync(shared, 'utf8');
    const started = performance.now();
    expect(await importDeals(app.ctx, text)).toEqual({
      created: 400,
      updated: 0,
      unchanged: 0,
      errors: [],
    });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await importDeals(app.ctx, text)).toMatchObject({ created: 0, updated: 0, unchanged: 400 });
    expect(await app.ctx.db.selectFrom('account').select('id').execute()).toHaveLength(292);
  });
});
