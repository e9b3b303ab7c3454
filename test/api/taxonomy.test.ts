import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importTaxonomy, planTaxonomy } from '../../server/src/taxonomy/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let marketing: TestClient;
beforeEach(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterEach(() => app.close());

interface TermBody {
  id: string;
  name: string;
  description: string;
  synonyms: string[];
  isRetired: boolean;
  assetCount: number;
}

async function termsOf(dimensionKey: string): Promise<TermBody[]> {
  const { body } = await marketing.get('/dimensions');
  return body.items.find((item: { key: string }) => item.key === dimensionKey).terms;
}

async function namesOf(dimensionKey: string): Promise<string[]> {
  return (await termsOf(dimensionKey)).map((term) => term.name);
}

async function create(dimensionKey: string, name: string, synonyms: string[] = []): Promise<TermBody> {
  const answer = await marketing.send('POST', `/dimensions/${dimensionKey}/terms`, { name, synonyms });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function queuedAssetIds(): Promise<string[]> {
  const runs = await app.ctx.db
    .selectFrom('jobRun')
    .select('payload')
    .where('name', '=', 'index-asset')
    .execute();
  return runs.map((run) => (run.payload as { assetId: string }).assetId).toSorted();
}

describe('terms', () => {
  test('an empty instance has the eight dimensions in their order, without terms', async () => {
    const { body } = await (await app.client('rep')).get('/dimensions');
    expect(body.items.map((item: { key: string }) => item.key)).toEqual([
      'persona',
      'stage',
      'objection',
      'industry',
      'region',
      'product',
      'language',
      'content_type',
    ]);
    expect(body.items.every((item: { terms: unknown[] }) => item.terms.length === 0)).toBe(true);
  });

  test('a new term goes to the end, its synonyms tidied', async () => {
    await create('persona', 'Developer');
    const term = await create('persona', ' Platform leader ', [
      ' DevEx ',
      'devex',
      'platform LEADER',
      'tools  team',
    ]);
    expect(term).toMatchObject({
      name: 'Platform leader',
      synonyms: ['DevEx', 'tools team'],
      description: '',
      isRetired: false,
      assetCount: 0,
    });
    expect(await namesOf('persona')).toEqual(['Developer', 'Platform leader']);
  });

  test('a name is there once in its dimension, whatever its case and however many ask at once', async () => {
    await create('persona', 'Developer');
    const again = await marketing.send('POST', '/dimensions/persona/terms', { name: 'DEVELOPER' });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe('already_exists');
    expect(again.body.errors[0].pointer).toBe('/body/name');
    await create('industry', 'Developer');
    const racing = await Promise.all(
      [1, 2, 3, 4].map(() => marketing.send('POST', '/dimensions/stage/terms', { name: 'Discovery' })),
    );
    expect(racing.map((answer) => answer.status).toSorted()).toEqual([201, 409, 409, 409]);
  });

  test('terms that are made at once get places of their own', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((n) => create('region', `Region ${n}`)));
    const { body } = await marketing.get('/dimensions');
    const terms = body.items.find((item: { key: string }) => item.key === 'region').terms;
    expect(terms.map((term: { position: number }) => term.position)).toEqual([1, 2, 3, 4, 5]);
  });

  test('only assets that are not archived are counted', async () => {
    const term = await create('persona', 'Developer');
    await app.make.asset({ termIds: [term.id] });
    await app.make.asset({ termIds: [term.id], status: 'draft', publishedAt: null });
    await app.make.asset({ termIds: [term.id], status: 'archived' });
    expect((await termsOf('persona'))[0]?.assetCount).toBe(2);
  });

  test('an unknown dimension and an empty name are refused', async () => {
    expect((await marketing.send('POST', '/dimensions/colour/terms', { name: 'Red' })).status).toBe(404);
    const nameless = await marketing.send('POST', '/dimensions/persona/terms', { name: '  ' });
    expect(nameless.status).toBe(400);
    expect(nameless.body.errors[0].pointer).toBe('/body/name');
  });

  test('managers and reps read the taxonomy but do not change it', async () => {
    const term = await create('persona', 'Developer');
    for (const role of ['manager', 'rep'] as const) {
      const client = await app.client(role);
      expect((await client.get('/dimensions')).status).toBe(200);
      expect((await client.send('POST', '/dimensions/persona/terms', { name: 'X' })).status).toBe(403);
      expect((await client.send('PATCH', `/terms/${term.id}`, { name: 'X' })).status).toBe(403);
      expect((await client.send('PUT', '/dimensions/persona/order', { termIds: [] })).status).toBe(403);
    }
  });
});

describe('changing terms', () => {
  test('a renamed term keeps its assets, which are indexed again', async () => {
    const term = await create('persona', 'Dev', ['Developer', 'programmer']);
    const asset = await app.make.asset({ termIds: [term.id] });
    await app.make.asset();
    const answer = await marketing.send('PATCH', `/terms/${term.id}`, { name: 'Developer' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: 'Developer', synonyms: ['programmer'], assetCount: 1 });
    expect(await queuedAssetIds()).toEqual([asset.id]);
  });

  test('a description alone changes nothing that is searched', async () => {
    const term = await create('persona', 'Developer');
    await app.make.asset({ termIds: [term.id] });
    const answer = await marketing.send('PATCH', `/terms/${term.id}`, { description: 'Writes code.' });
    expect(answer.body.description).toBe('Writes code.');
    expect(await queuedAssetIds()).toEqual([]);
  });

  test('a term can not take the name of another', async () => {
    await create('persona', 'Developer');
    const other = await create('persona', 'Programmer');
    const answer = await marketing.send('PATCH', `/terms/${other.id}`, { name: 'developer' });
    expect(answer.body.code).toBe('already_exists');
    expect(await namesOf('persona')).toEqual(['Developer', 'Programmer']);
  });

  test('a retired term stays on its assets and comes back', async () => {
    const term = await create('persona', 'Developer');
    await app.make.asset({ termIds: [term.id] });
    const retired = await marketing.send('PATCH', `/terms/${term.id}`, { isRetired: true });
    expect(retired.body).toMatchObject({ isRetired: true, assetCount: 1 });
    const back = await marketing.send('PATCH', `/terms/${term.id}`, { isRetired: false });
    expect(back.body.isRetired).toBe(false);
  });

  test('the order is as given; terms that are not named follow in theirs', async () => {
    const [a, b, c, d] = [
      await create('stage', 'A'),
      await create('stage', 'B'),
      await create('stage', 'C'),
      await create('stage', 'D'),
    ];
    const answer = await marketing.send('PUT', '/dimensions/stage/order', { termIds: [d.id, b.id] });
    expect(answer.status).toBe(200);
    expect(answer.body.terms.map((term: TermBody) => term.name)).toEqual(['D', 'B', 'A', 'C']);
    expect(await namesOf('stage')).toEqual(['D', 'B', 'A', 'C']);

    const foreign = await create('persona', 'Developer');
    for (const termIds of [
      [a.id, foreign.id],
      [c.id, c.id],
    ]) {
      const refused = await marketing.send('PUT', '/dimensions/stage/order', { termIds });
      expect(refused.status).toBe(400);
      expect(refused.body.errors[0].pointer).toBe('/body/termIds');
    }
    expect(await namesOf('stage')).toEqual(['D', 'B', 'A', 'C']);
  });

  test('a term that is not there is not found', async () => {
    const answer = await marketing.send('PATCH', '/terms/trm_000000000000000000000', { name: 'X' });
    expect(answer.status).toBe(404);
  });
});

describe('merging', () => {
  test('the assets follow, and the words of the first become synonyms of the second', async () => {
    const from = await create('objection', 'Too costly', ['expensive', 'over budget']);
    const into = await create('objection', 'Price', ['Expensive']);
    const both = await app.make.asset({ termIds: [from.id, into.id] });
    const one = await app.make.asset({ termIds: [from.id] });
    const answer = await marketing.send('POST', `/terms/${from.id}/merge`, { intoTermId: into.id });
    expect(answer.status).toBe(200);
    expect(answer.body.movedCount).toBe(2);
    expect(answer.body.term).toMatchObject({
      name: 'Price',
      synonyms: ['Expensive', 'Too costly', 'over budget'],
      assetCount: 2,
    });
    expect(await namesOf('objection')).toEqual(['Price']);
    const tags = await app.ctx.db.selectFrom('assetTerm').selectAll().execute();
    expect(tags.map((tag) => tag.assetId).toSorted()).toEqual([both.id, one.id].toSorted());
    expect(await queuedAssetIds()).toEqual([both.id, one.id].toSorted());
  });

  test('requests, saved searches, learned words and decisions about gaps follow, too', async () => {
    const [from, into] = [await create('objection', 'Too costly'), await create('objection', 'Price')];
    const rep = await app.client('rep');
    const ask = (title: string, termIds: string[]) => rep.send('POST', '/requests', { title, termIds });
    const asked = [await ask('A calculator', [from.id]), await ask('A price list', [from.id, into.id])];
    const filters = { termIds: [from.id] };
    await rep.send('POST', '/saved-searches', { name: 'Prices', query: 'roi', filters });
    const { id: userId } = await app.make.user();
    await app.make.termChoice({ phrase: 'pricey', termId: from.id, userId });
    await app.make.termChoice({ phrase: 'dear', termId: from.id, userId });
    await app.make.termChoice({ phrase: 'dear', termId: into.id, userId });
    await app.ctx.db
      .insertInto('gapDecision')
      .values({
        clusterKey: 'pricey',
        kind: 'synonym',
        termId: from.id,
        word: 'pricey',
        decidedByUserId: userId,
        decidedAt: app.ctx.clock(),
      })
      .execute();

    const answer = await marketing.send('POST', `/terms/${from.id}/merge`, { intoTermId: into.id });
    expect(answer.status).toBe(200);
    const requests = (await rep.get('/requests')).body.items;
    expect(requests).toHaveLength(asked.length);
    for (const { terms } of requests) expect(terms.map(({ id }: { id: string }) => id)).toEqual([into.id]);
    const saved = (await rep.get('/saved-searches')).body.items;
    expect(saved.map((search: { filters: unknown }) => search.filters)).toEqual([
      { termIds: [into.id], audience: null },
    ]);
    const choices = await app.ctx.db.selectFrom('termChoice').select(['phrase', 'termId']).execute();
    expect(choices.toSorted((a, b) => a.phrase.localeCompare(b.phrase))).toEqual([
      { phrase: 'dear', termId: into.id },
      { phrase: 'pricey', termId: into.id },
    ]);
    const decisions = await app.ctx.db.selectFrom('gapDecision').select(['termId', 'word']).execute();
    expect(decisions).toEqual([{ termId: into.id, word: 'pricey' }]);
  });

  test('it is refused across dimensions, into itself, into a retired term and into nothing', async () => {
    const from = await create('objection', 'Too costly');
    const elsewhere = await create('persona', 'Developer');
    const retired = await create('objection', 'Price');
    await marketing.send('PATCH', `/terms/${retired.id}`, { isRetired: true });
    for (const intoTermId of [elsewhere.id, from.id, retired.id, 'trm_000000000000000000000']) {
      const answer = await marketing.send('POST', `/terms/${from.id}/merge`, { intoTermId });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].pointer).toBe('/body/intoTermId');
    }
    expect(await namesOf('objection')).toEqual(['Too costly', 'Price']);
  });

  test('two terms that are merged into each other at once leave one', async () => {
    const [a, b] = [await create('region', 'A'), await create('region', 'B')];
    const asset = await app.make.asset({ termIds: [a.id, b.id] });
    const answers = await Promise.all([
      marketing.send('POST', `/terms/${a.id}/merge`, { intoTermId: b.id }),
      marketing.send('POST', `/terms/${b.id}/merge`, { intoTermId: a.id }),
    ]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await namesOf('region')).toHaveLength(1);
    const tags = await app.ctx.db.selectFrom('assetTerm').select('assetId').execute();
    expect(tags).toEqual([{ assetId: asset.id }]);
  });
});

describe('importing a taxonomy', () => {
  const file = JSON.stringify({
    dimensions: [
      {
        key: 'contentType',
        terms: [
          {
            order: 2,
            name: 'Case study',
            description: 'A customer tells.',
            synonyms: ['reference', 'Reference'],
          },
          { order: 1, name: 'Deck' },
        ],
      },
      { key: 'Personas', terms: [{ name: 'Developer', description: 'Writes code.', synonyms: ['dev'] }] },
    ],
  });

  test('a dry run says what would change and changes nothing', async () => {
    const plan = await planTaxonomy(app.ctx.db, file);
    expect(plan).toEqual({
      changes: [
        { action: 'create', dimensionKey: 'content_type', name: 'Deck', detail: '' },
        { action: 'create', dimensionKey: 'content_type', name: 'Case study', detail: '' },
        { action: 'create', dimensionKey: 'persona', name: 'Developer', detail: '' },
      ],
      unchangedCount: 0,
    });
    expect(await namesOf('persona')).toEqual([]);
  });

  test('the terms come in the order of the file, and a second run changes nothing', async () => {
    expect((await importTaxonomy(app.ctx.db, file)).changes).toHaveLength(3);
    expect(await namesOf('content_type')).toEqual(['Deck', 'Case study']);
    expect((await termsOf('content_type'))[1]?.synonyms).toEqual(['reference']);
    expect(await importTaxonomy(app.ctx.db, file)).toEqual({ changes: [], unchangedCount: 3 });
  });

  test('what a person wrote stays; what is missing is filled in', async () => {
    const developer = await create('persona', 'DEVELOPER', ['coder']);
    const asset = await app.make.asset({ termIds: [developer.id] });
    const study = await create('content_type', 'Case study');
    await marketing.send('PATCH', `/terms/${study.id}`, { description: 'Ours.', synonyms: ['REFERENCE'] });
    const { changes } = await importTaxonomy(app.ctx.db, file);
    expect(changes).toEqual([
      { action: 'create', dimensionKey: 'content_type', name: 'Deck', detail: '' },
      { action: 'update', dimensionKey: 'persona', name: 'DEVELOPER', detail: 'a description and 1 synonym' },
    ]);
    expect((await termsOf('persona'))[0]).toMatchObject({
      name: 'DEVELOPER',
      description: 'Writes code.',
      synonyms: ['coder', 'dev'],
    });
    const studyAfter = (await termsOf('content_type')).find((term) => term.id === study.id);
    expect(studyAfter).toMatchObject({ description: 'Ours.', synonyms: ['REFERENCE'] });
    expect(await queuedAssetIds()).toEqual([asset.id]);
  });

  test('a term that was merged away does not come back', async () => {
    await importTaxonomy(app.ctx.db, file);
    const [deck, study] = await termsOf('content_type');
    await marketing.send('POST', `/terms/${deck?.id}/merge`, { intoTermId: study?.id });
    expect((await importTaxonomy(app.ctx.db, file)).changes).toEqual([]);
    expect(await namesOf('content_type')).toEqual(['Case study']);
  });

  test('two imports at once make each term once', async () => {
    const plans = await Promise.all([importTaxonomy(app.ctx.db, file), importTaxonomy(app.ctx.db, file)]);
    expect(plans.map((plan) => plan.changes.length).toSorted()).toEqual([0, 3]);
  });

  const shared = resolve(import.meta.dirname, '../../../shared/library/taxonomy.json');
  test.runIf(existsSync(shared))('the real taxonomy is read whole', async () => {
    const text = readFileSync(shared, 'utf8');
    const { changes } = await importTaxonomy(app.ctx.db, text);
    expect(changes).toHaveLength(67);
    expect(await namesOf('stage')).toHaveLength(7);
    expect(await importTaxonomy(app.ctx.db, text)).toEqual({ changes: [], unchangedCount: 67 });
  });
});
