import { expect, test } from 'vitest';
import { readDealsFile } from './deals-file.ts';

const header =
  'external_id,account,industry,region,amount,currency,owner_email,created_at,stage,stage_history,outcome,closed_at,loss_reason';
const history =
  '"[{""stage"":""Proposal"",""entered_at"":""2026-02-01T09:00:00Z""},{""stage"":""Discovery"",""entered_at"":""2026-01-05T09:00:00Z""}]"';
const open = `D-1,Acme,Retail,EMEA,1000,EUR,rep@example.com,2026-01-05T09:00:00Z,Proposal,${history},open,,`;
const won = 'D-2,"Bee, Ltd",,APAC,2500.50,USD,,2026-01-01,Proposal,,won,2026-03-01T12:00:00+02:00,';

test('a row becomes a deal, its stages in the order in which they were entered', () => {
  expect(readDealsFile(`${header}\n${open}`)).toEqual({
    deals: [
      {
        externalId: 'D-1',
        account: 'Acme',
        industry: 'Retail',
        region: 'EMEA',
        segment: null,
        amount: '1000.00',
        currency: 'EUR',
        ownerEmail: 'rep@example.com',
        openedAt: new Date('2026-01-05T09:00:00Z'),
        stage: 'Proposal',
        stages: [
          { stage: 'Discovery', enteredAt: new Date('2026-01-05T09:00:00Z') },
          { stage: 'Proposal', enteredAt: new Date('2026-02-01T09:00:00Z') },
        ],
        outcome: 'open',
        closedAt: null,
        lossReason: null,
      },
    ],
    errors: [],
  });
});

test('a deal without a history has been in its stage since it began', () => {
  expect(readDealsFile(`${header}\n${won}`).deals[0]?.stages).toEqual([
    { stage: 'Proposal', enteredAt: new Date('2026-01-01T00:00:00Z') },
  ]);
});

test('columns may come in any order, in any case, with others between', () => {
  const text = `Outcome,Stage,NOTE,created_at,currency,amount,account,external_id\nopen,Discovery,hello,2026-01-01,EUR,5,Acme,D-9`;
  expect(readDealsFile(text)).toMatchObject({ deals: [{ externalId: 'D-9', amount: '5.00' }], errors: [] });
});

test('every row that can not be taken is named with the line it begins on', () => {
  const text = [
    header,
    open,
    open.replace('D-1', ''),
    open.replace('D-1', 'D-3').replace(',1000,', ',1.000,'),
    open.replace('D-1', 'D-4').replace(',EUR,', ',€,'),
    `D-5,"Two\nlines",,,1,EUR,,2026-01-05T09:00:00Z,Proposal,,maybe,,`,
    '',
    open.replace('D-1', 'D-6').replace(history, '"{"'),
    open.replace('D-1', 'D-7').replace(',open,', ',lost,'),
    open.replace('D-1', 'D-8').replace('2026-01-05T09:00:00Z,Proposal', 'yesterday,Proposal'),
    open,
    `${open.replace('D-1', 'D-9')},too,many`,
    won.replace('2026-03-01T12:00:00+02:00', '2025-03-01'),
  ].join('\r\n');
  const { deals, errors } = readDealsFile(text);
  expect(deals.map((deal) => deal.externalId)).toEqual(['D-1']);
  expect(errors).toEqual([
    { line: 3, detail: 'external_id is empty.' },
    { line: 4, detail: expect.stringContaining('amount must be a plain number') },
    { line: 5, detail: expect.stringContaining('three capital letters') },
    { line: 6, detail: 'outcome must be open, won or lost.' },
    { line: 9, detail: expect.stringContaining('stage_history must be a JSON list') },
    { line: 10, detail: 'closed_at is empty, but the deal is lost.' },
    { line: 11, detail: expect.stringContaining('created_at must be a time') },
    { line: 12, detail: 'external_id "D-1" is on line 2 already.' },
    { line: 13, detail: 'There are 15 values for 13 columns. Check commas and quotes.' },
    { line: 14, detail: 'closed_at is before created_at.' },
  ]);
});

test.each([
  ['', 'lacks the columns external_id'],
  ['external_id,account,amount,currency,created_at,stage\n', 'lacks the column outcome'],
  [`${header}\nD-1,"Ac"me,`, 'not valid CSV'],
  [`${header}\nD-1,"Acme`, 'not valid CSV'],
])('a file like %j is refused whole', (text, reason) => {
  expect(() => readDealsFile(text)).toThrow(
    expect.objectContaining({ code: 'refused_import', message: expect.stringContaining(reason) }),
  );
});
