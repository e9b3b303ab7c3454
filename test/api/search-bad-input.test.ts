import { afterAll, beforeAll, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertShelfAsset } from '../support/shelf.ts';

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  const term = await app.make.term({ dimensionKey: 'objection', name: 'Too expensive' });
  await insertShelfAsset(app.ctx.db, { title: 'Pricing guide 多集群 руководство' }, [term.id]);
  await insertShelfAsset(app.ctx.db, { title: 'Secret pricing', status: 'draft' }, [term.id]);
  await rebuildNow(app.ctx);
});
afterAll(() => app.close());

const ask = (body: Record<string, unknown>) => rep.send('POST', '/searches', body);

const naughty = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  '\u202Eright to left',
  '\u200B\u200D\uFEFF',
  'Ω≈ç√∫˜µ≤≥÷',
  '👩‍👩‍👧‍👦 🏳️‍🌈',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗L̠̘G̘O̯',
  '１２３ ﬁ ½',
  'مرحبا بالعالم',
  'שלום עולם',
  'pricing 多集群 руководство مرحبا',
  'ﬀ ﬁ ß İ ı',
  "'; drop table asset; --",
  "' or 1=1 --",
  '%%% ___ \\ \\\\',
  '{{7*7}} <%= 7 %> #{7}',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '../../../etc/passwd',
  'null',
  'undefined',
  'NaN',
  'true',
  '[object Object]',
  '__proto__ constructor toString hasOwnProperty',
  'persona:__proto__ constructor:x toString:y',
  '<->:*&|!()',
  "'a' & !b | c:*",
  '(?:a+)+$',
  '-',
  '--',
  '- - -',
  '-""',
  '""',
  '"',
  '"""',
  '“pricing',
  'persona:',
  'persona:""',
  'persona:"',
  'persona:,,,',
  '-persona:x',
  'owner:%',
  'owner:"\'"',
  'before:9999-99-99',
  'before:0000',
  'after:-1',
  'after:1e99',
  'stage:late,early,middle',
  '!!!???...',
  'the of and a',
  'not no never',
  '>',
  '> > >',
  'From: a\nTo: b\n\n\n',
  'Hi,\n\n\n\nBest,\n',
  '\n\n\n',
  '\t\t',
  '🙂',
];

it('no text is too odd to be searched for', { timeout: 60_000 }, async () => {
  for (const query of naughty) {
    const { status, body } = await ask({ query });
    expect(status, JSON.stringify(query)).toBe(201);
    expect(body.items.every((item: { asset: { status: string } }) => item.asset.status === 'published')).toBe(
      true,
    );
  }
  expect(naughty.length).toBeGreaterThan(50);
});

it('scripts may be mixed', async () => {
  for (const query of ['多集群', 'руководство', 'pricing 多集群 руководство'])
    expect((await ask({ query })).body.total, query).toBe(1);
});

it('ten and twenty thousand characters are answered in good time, more are refused with a reason', async () => {
  const texts = [
    'x'.repeat(10_000),
    'pricing '.repeat(1250),
    '" - : '.repeat(1600),
    Array.from({ length: 2500 }, (_, index) => `"p${index}"`).join(' '),
    Array.from({ length: 2500 }, (_, index) => `-q${index}`).join(' '),
    `${'pricing '.repeat(2)}${','.repeat(11_000)}x`,
    `thanks${' '.repeat(19_000)}x`,
    `Hi,\nabcdefghijklmnop. abcdefghijklmnop.${' '.repeat(11_000)}x.`,
    `Hi,\n<div>${'<style>'.repeat(1700)} abcdefghijklmnop. abcdefghijklmnop.`,
    'persona:cfo '.repeat(830),
    `Hi,\n${'It is too expensive for us, I am afraid. '.repeat(480)}`,
    '\n'.repeat(9_000).padStart(9_500, 'a'),
    Array.from({ length: 3000 }, (_, index) => `w${index * 7919}`)
      .join(' ')
      .slice(0, 20_000),
  ];
  for (const query of texts) {
    const startedAt = performance.now();
    const { status } = await ask({ query });
    expect(status, query.slice(0, 20)).toBe(201);
    expect(performance.now() - startedAt, query.slice(0, 20)).toBeLessThan(10_000);
  }
  const { status, body } = await ask({ query: 'x'.repeat(20_001) });
  expect(status).toBe(400);
  expect(body.errors[0].detail).toBe(
    'This is too long to search for. Paste the part that says what the buyer wants.',
  );
});

it('of a question longer than a page only the beginning is read', async () => {
  const { total, understanding } = (await ask({ query: `${'pricing '.repeat(500)} before:2020` })).body;
  expect([total, understanding.operators]).toEqual([1, []]);
});

it('five hundred filters are taken, more are refused; a page past the end is empty', async () => {
  const termIds = Array.from({ length: 500 }, (_, index) => `trm_${String(index).padStart(12, '0')}`);
  expect((await ask({ query: 'pricing', filters: { termIds } })).body.total).toBe(1);
  const real = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      app.make.term({ dimensionKey: 'industry', name: `Industry ${index}` }),
    ),
  );
  const { status, body } = await ask({ query: 'pricing', filters: { termIds: real.map(({ id }) => id) } });
  expect([status, body.total]).toEqual([201, 0]);
  expect(body.nearest).toHaveLength(1);
  expect((await ask({ query: '', filters: { termIds: [...termIds, ...termIds] } })).status).toBe(400);
  for (const offset of [199, 200, 5000, 1_000_000]) {
    const past = (await ask({ query: 'pricing', offset })).body;
    expect([past.items, past.total], String(offset)).toEqual([[], 1]);
  }
  expect((await ask({ query: '', offset: -1 })).status).toBe(400);
});

it('a mistake is explained and never an error', async () => {
  const { understanding } = (await ask({ query: 'pricing objecton:expensive "open' })).body;
  expect(understanding.mistakes).toMatchObject([
    { typed: 'objecton:expensive', suggestion: 'objection:expensive' },
    { typed: '"open', suggestion: '"open"' },
  ]);
});

it('of many phrases the first thirty count, and the others are words', async () => {
  const query = Array.from({ length: 40 }, (_, index) => `"pricing guide" -w${index}`).join(' ');
  const { understanding, nearest } = (await ask({ query })).body;
  expect(understanding.operators).toHaveLength(30);
  expect(understanding.mistakes[0].says).toMatch(/^Only the first 30 phrases/);
  expect(nearest.length).toBeLessThanOrEqual(3);
});

it('half a character is no reason to fail, neither in a search nor in one that is saved', async () => {
  const { status, body } = await rep.send('POST', '/saved-searches', {
    name: 'Cut',
    query: 'pricing \ud83d',
  });
  expect([status, body.query]).toEqual([201, 'pricing \ufffd']);
});
