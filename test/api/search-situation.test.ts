import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import type { SearchAnswer, SearchHit } from '../../server/src/search/contract.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertShelfAsset } from '../support/shelf.ts';

let app: TestApp;
let rep: TestClient;
let ids: Record<'cfo' | 'ciso' | 'disco' | 'nego' | 'price' | 'safe' | 'study' | 'card' | 'retired', string>;
let roi: string;
let story: string;

beforeAll(async () => {
  app = await startTestApp();
  const term = async (dimensionKey: string, name: string, ...synonyms: string[]) =>
    (await app.make.term({ dimensionKey, name, synonyms })).id;
  ids = {
    cfo: await term('persona', 'Finance leader', 'CFO'),
    ciso: await term('persona', 'Security leader', 'CISO'),
    disco: await term('stage', 'Discovery', 'first meeting'),
    nego: await term('stage', 'Negotiation', 'redlines'),
    price: await term('objection', 'Too expensive', 'it costs too much', 'no budget'),
    safe: await term('objection', 'Is our code safe with you?', 'who can see our code'),
    study: await term('content_type', 'Case study', 'customer story'),
    card: await term('content_type', 'Battlecard', 'kill sheet'),
    retired: (await app.make.term({ dimensionKey: 'persona', name: 'Webmaster', retiredAt: new Date() })).id,
  };
  const shelf = (title: string, terms: (keyof typeof ids)[], more: Record<string, unknown> = {}) =>
    insertShelfAsset(
      app.ctx.db,
      { title, ...more },
      terms.map((key) => ids[key]),
    );
  roi = await shelf('Value calculator', ['cfo', 'nego', 'price'], {
    talkTrack: 'Ask what an hour of waiting costs them.',
  });
  // It fits as well, and of two that do the newer one comes first.
  await shelf('Discount rules', ['cfo', 'nego', 'price', 'card'], { publishedAt: new Date(2025, 5, 1) });
  story = await shelf('How Acme saved a million', ['price', 'study']);
  await shelf('Security white paper', ['ciso', 'safe'], {
    pages: ['Nothing here.', 'Who can see our code? Only your own people can see it, and you decide who.'],
  });
  await shelf('Meeting agenda', ['disco']);
  await rebuildNow(app.ctx);
});
afterAll(() => app.close());
beforeEach(async () => {
  rep = await app.client('rep');
});

async function ask(query: string, more: Record<string, unknown> = {}, client = rep): Promise<SearchAnswer> {
  const { status, body } = await client.send('POST', '/searches', { query, ...more });
  expect(status, query).toBe(201);
  return body;
}
const titles = (hits: SearchHit[]) => hits.map(({ asset }) => asset.title);
const readIds = ({ understanding }: SearchAnswer) => understanding.terms.map(({ term }) => term.id);

describe('a sentence', () => {
  it('becomes terms that can be taken back, and a query of what is left', async () => {
    const answer = await ask("CFO at a bank, late stage, says we're too expensive");
    expect(answer.understanding).toMatchObject({
      terms: [
        { term: { id: ids.cfo, name: 'Finance leader' }, typed: 'CFO', via: 'synonym' },
        { term: { id: ids.nego }, typed: 'late stage' },
        { term: { id: ids.price }, typed: 'too expensive', via: 'name' },
      ],
      rest: 'bank',
      mistakes: [],
    });
    expect(titles(answer.items).slice(0, 2).toSorted()).toEqual(['Discount rules', 'Value calculator']);
    expect(answer.items[0]?.metTermIds.toSorted()).toEqual([ids.cfo, ids.nego, ids.price].toSorted());
    const plain = await ask("CFO at a bank, late stage, says we're too expensive", {
      plainTermIds: [ids.cfo],
    });
    expect(readIds(plain)).toEqual([ids.nego, ids.price]);
    expect(plain.understanding.rest).toBe('CFO bank');
  });

  it('is answered with a best, another kind, a proof and what to say, each with its reason', async () => {
    const { answer } = await ask('CFO in negotiation: no budget');
    expect(answer?.best.asset.id).toBe(roi);
    expect(answer?.best.why[0]).toEqual({
      kind: 'situation',
      text: 'Finance leader (CFO) + Negotiation + Too expensive (no budget)',
    });
    expect(answer?.alternative?.asset.title).toBe('Discount rules');
    expect(answer?.proof?.asset.id).toBe(story);
    expect(answer?.talkTrack).toEqual({
      assetId: roi,
      assetTitle: 'Value calculator',
      text: 'Ask what an hour of waiting costs them.',
      pageNumber: null,
    });
  });

  it('without a talk track is answered by the passage of a page that speaks to it', async () => {
    const { answer } = await ask('their CISO asks who can see our code');
    expect(answer?.best.asset.title).toBe('Security white paper');
    expect(answer?.talkTrack).toMatchObject({ assetTitle: 'Security white paper', pageNumber: 2 });
    expect(answer?.talkTrack?.text).toBe(
      'Who can see our code? Only your own people can see it, and you decide who.',
    );
  });

  it('that names a term only as a filter narrows instead', async () => {
    const chosen = await ask('no budget', { filters: { termIds: [ids.price] } });
    expect(chosen.understanding.terms).toEqual([]);
    expect(chosen.items.every(({ metTermIds }) => metTermIds.includes(ids.price))).toBe(true);
    expect(chosen.answer?.best.asset.id).toBeDefined();
    expect((await ask('agenda')).answer).toBeNull();
  });

  it('is not read as a retired or merged term, and a filter by one is let go', async () => {
    expect(readIds(await ask('Webmaster'))).toEqual([]);
    const gone = await ask('agenda', { filters: { termIds: ['trm_0000000000gone'] } });
    expect(titles(gone.items)).toEqual(['Meeting agenda']);
    const retired = await ask('agenda', { filters: { termIds: [ids.retired] } });
    expect(retired.facets.find(({ dimensionKey }) => dimensionKey === 'persona')?.terms).toMatchObject([
      { id: ids.retired, isSelected: true },
    ]);
  });

  it('is understood by a new name at once', async () => {
    const marketing = await app.client('marketing');
    await marketing.send('PATCH', `/terms/${ids.disco}`, { synonyms: ['first meeting', 'coffee chat'] });
    expect(readIds(await ask('coffee chat'))).toEqual([ids.disco]);
  });
});

describe('operators', () => {
  it('narrow, and say what they do', async () => {
    const answer = await ask('persona:cfo -discount');
    expect(titles(answer.items)).toEqual(['Value calculator']);
    expect(answer.understanding.operators).toEqual([
      { typed: 'persona:cfo', says: 'Only persona “Finance leader”', termId: ids.cfo },
      { typed: '-discount', says: 'Without “discount”', termId: null },
    ]);
    expect(titles((await ask('"white paper"')).items)).toEqual(['Security white paper']);
    expect((await ask('before:2025')).total).toBe(0);
    expect((await ask('after:2025')).total).toBe(5);
  });

  it('find assets by their owner', async () => {
    const anna = await app.make.user({ name: 'Anna Bergqvist', role: 'marketing' });
    await app.ctx.db.updateTable('asset').set({ ownerUserId: anna.id }).where('id', '=', story).execute();
    expect(titles((await ask('owner:bergq')).items)).toEqual(['How Acme saved a million']);
    expect(titles((await ask('owner:me', {}, await app.clientOf(anna))).items)).toEqual([
      'How Acme saved a million',
    ]);
    expect((await ask('owner:me')).items).toEqual([]);
  });

  it('with a mistake are explained and searched for as words', async () => {
    const answer = await ask('agenda stge:discovery');
    expect(answer.understanding.mistakes).toMatchObject([
      { typed: 'stge:discovery', suggestion: 'stage:discovery' },
    ]);
    expect(titles(answer.items)).toContain('Meeting agenda');
  });

  it('that leave nothing show what comes nearest', async () => {
    const { items, nearest, total } = await ask('agenda before:2020');
    expect([items, total]).toEqual([[], 0]);
    expect(titles(nearest)).toEqual(['Meeting agenda']);
    const situation = await ask('zzyzx persona:ciso "no such words"');
    expect(situation.total).toBe(0);
    expect(titles(situation.nearest)).toEqual(['Security white paper']);
    expect((await ask('zzyzxq')).nearest).toEqual([]);
  });
});

describe('an account', () => {
  it('is read from the text, shows what it was sent, and gives way to the one that was chosen', async () => {
    const bank = await app.make.account({ name: 'Northbank plc' });
    const other = await app.make.account({ name: 'Southbank' });
    await app.ctx.db
      .insertInto('contact')
      .values({ id: 'con_0000000000dana', accountId: bank.id, name: 'Dana', email: 'dana@northbank.example' })
      .execute();
    const recipient = await app.make.recipient({ contactId: 'con_0000000000dana' });
    const colleague = await app.make.user({ name: 'Jo Colleague' });
    const link = { assetId: roi, recipientId: recipient.id };
    await app.make.shareLink({ ...link, createdByUserId: colleague.id, createdAt: new Date('2026-01-02') });
    const latest = await app.make.shareLink({ ...link, createdByUserId: rep.userId ?? '' });
    await app.make.visit({ shareLinkId: latest.id });

    const read = await ask("northbank PLC's CFO says no budget");
    expect(read.understanding.account).toEqual({ id: bank.id, name: 'Northbank plc', isRead: true });
    expect(read.understanding.rest).not.toContain('northbank');
    const sent = read.items.find(({ asset }) => asset.id === roi)?.sentToAccount;
    expect(sent).toMatchObject({ isOwn: true, isOlderVersion: false, humanOpenCount: 1 });
    expect(read.items.find(({ asset }) => asset.id === story)?.sentToAccount).toBeNull();

    const acme = await app.make.account({ name: 'Acme' });
    expect((await ask('saved a million at acme')).understanding.account).toBeNull();
    const customer = await ask('story of Acme, no budget');
    expect(customer.understanding).toMatchObject({ account: { id: acme.id }, rest: 'story Acme' });
    const chosen = await ask('northbank plc no budget', { accountId: other.id });
    expect(chosen.understanding.account).toMatchObject({ id: other.id, isRead: false });
    expect(chosen.items.every(({ sentToAccount }) => sentToAccount === null)).toBe(true);
    expect((await ask('no budget', { accountId: 'acc_0000000000none' })).understanding.account).toBeNull();
  });
});

describe("a buyer's message", () => {
  it('is taken apart by objection, each with what answers it', async () => {
    const { message, understanding, items } = await ask(
      'Hi Jo,\r\n\r\nhonestly, it costs too much. We have no budget. Also, our people ask who can see our code.\r\n\r\nBest regards,\r\nDana\r\nCISO',
    );
    expect(message?.objections.map(({ term, quote }) => [term.id, quote])).toEqual([
      [ids.price, 'honestly, it costs too much.'],
      [ids.safe, 'Also, our people ask who can see our code.'],
    ]);
    const [price, safe] = message?.objections ?? [];
    expect(price?.items.length).toBe(3);
    expect(titles(safe?.items ?? [])).toEqual(['Security white paper']);
    expect(understanding.terms.map(({ term }) => term.id)).toContain(ids.ciso);
    expect(items.length).toBeGreaterThan(0);
    expect((await ask('no budget')).message).toBeNull();
  });
});

describe('an asset that is not right', () => {
  it('goes to the end for the one who said so and for searches like this, until it is taken back', async () => {
    const first = await ask('CFO no budget');
    const dismissed = first.items[0]?.asset.id ?? '';
    const path = `/searches/${first.searchId}`;
    const act = { assetId: dismissed, kind: 'dismissed', reason: 'outdated', note: 'Numbers of last year' };
    expect((await rep.send('POST', `${path}/actions`, act)).status).toBe(204);
    const again = await ask('no budget, says the CFO');
    expect(again.items.at(-1)).toMatchObject({ asset: { id: dismissed }, notRight: 'outdated' });
    expect(again.answer?.best.asset.id).not.toBe(dismissed);
    expect((await ask('CFO no budget', {}, await app.client('rep'))).items[0]?.asset.id).toBe(dismissed);
    const stored = await app.ctx.db.selectFrom('searchAction').select(['reason', 'note']).executeTakeFirst();
    expect(stored).toEqual({ reason: 'outdated', note: 'Numbers of last year' });

    const other = await app.client('rep');
    expect((await other.send('DELETE', `${path}/not-right/${dismissed}`)).status).toBe(404);
    expect((await rep.send('DELETE', `/searches/${again.searchId}/not-right/${dismissed}`)).status).toBe(204);
    expect((await ask('CFO no budget')).items[0]).toMatchObject({ asset: { id: dismissed }, notRight: null });
  });
});
