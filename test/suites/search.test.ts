import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import { type EngineQuery, type SearchEngine, wholeShelf } from '../../server/src/search/engine.ts';
import { postgresEngine } from '../../server/src/search/postgres.ts';
import { listDocuments } from '../../server/src/search/queries.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertShelfAsset, readInBatches, type ShelfAsset } from '../support/shelf.ts';

const terms: Record<string, { dimensionKey: string; name: string; synonyms: string[] }> = {
  cfo: { dimensionKey: 'persona', name: 'Finance leader', synonyms: ['CFO', 'chief financial officer'] },
  dev: { dimensionKey: 'persona', name: 'Developer', synonyms: ['programmer'] },
  early: { dimensionKey: 'stage', name: 'Discovery', synonyms: ['first call'] },
  late: { dimensionKey: 'stage', name: 'Negotiation', synonyms: ['closing'] },
  price: { dimensionKey: 'objection', name: 'Too expensive', synonyms: ['costs too much'] },
};

const shelf: Record<string, ShelfAsset> = {
  pricing: {
    title: 'Pricing guide',
    useWhen: 'The CFO says that we are too expensive.',
    terms: ['cfo', 'late', 'price'],
  },
  roi: {
    title: 'Return on investment calculator',
    description: 'Works out savings per year.',
    terms: ['cfo', 'early'],
  },
  security: {
    title: 'Security white paper',
    description: 'How customer data is protected, encrypted and deleted.',
    body: 'Backups run nightly. The quokka protocol guards every replica. Pricing is not covered here.',
    terms: ['dev', 'late'],
  },
  cafe: { title: 'Résumé für das Café', description: 'Überblick auf Deutsch.', terms: ['early'] },
  japanese: { title: 'クラウド概要 日本語', body: '多集群环境中的故障诊断', terms: ['dev'] },
  internal: {
    title: 'Discount approval rules',
    description: 'Pricing floors for deal desk.',
    audience: 'internal',
    terms: ['late'],
  },
  draft: { title: 'Pricing draft that nobody may see', status: 'draft', terms: ['cfo'] },
  archived: { title: 'Pricing archive of old times', status: 'archived', terms: ['cfo'] },
};

/** What every engine has to do; the assets themselves are always in the database. */
function searchSuite(name: string, openEngine: (db: Database) => SearchEngine) {
  describe(`search by ${name}`, () => {
    let database: TestDatabase;
    let engine: SearchEngine;
    const assetIds = new Map<string, string>();
    const termIds = new Map<string, string>();

    beforeAll(async () => {
      database = await createTestDatabase();
      engine = openEngine(database.db);
      let position = 0;
      for (const [key, term] of Object.entries(terms)) {
        termIds.set(key, newId('trm'));
        await database.db
          .insertInto('term')
          .values({ id: idOf(termIds, key), position: position++, ...term })
          .execute();
      }
      for (const [key, asset] of Object.entries(shelf)) assetIds.set(key, await putAsset(database.db, asset));
      await index(...assetIds.values());
    });
    afterAll(() => database.close());

    function idOf(ids: Map<string, string>, key: string): string {
      return ids.get(key) ?? '';
    }

    async function putAsset(db: Database, asset: ShelfAsset): Promise<string> {
      const chosen = (asset.terms ?? []).map((key) => idOf(termIds, key));
      return insertShelfAsset(db, asset, chosen);
    }

    async function index(...ids: string[]) {
      const documents = await listDocuments(database.db, ids);
      await engine.index(documents.map((document) => ({ ...document, readAt: new Date() })));
    }

    async function ask(words: string, query: Partial<EngineQuery> = {}) {
      const asked = { ...wholeShelf, words, ...query };
      const answer = await engine.match(asked);
      const assetIds = answer.candidates.map(({ assetId }) => assetId);
      return { ...answer, hits: await engine.explain(asked, assetIds) };
    }

    async function find(text: string, query: Partial<EngineQuery> = {}): Promise<string[]> {
      const { hits } = await ask(text, query);
      return hits.map((hit) => [...assetIds].find(([, id]) => id === hit.assetId)?.[0] ?? hit.assetId);
    }

    function group(...keys: string[]): EngineQuery['groups'][number] {
      return {
        dimensionKey: terms[keys[0] ?? '']?.dimensionKey as 'persona',
        termIds: keys.map((key) => idOf(termIds, key)),
      };
    }

    it('puts a match in the title before one in the text', async () => {
      expect(await find('pricing')).toEqual(['pricing', 'internal', 'security']);
    });

    it('shows published assets only, whatever was indexed once', async () => {
      expect(await find('archive old times')).toEqual([]);
      const assetId = await putAsset(database.db, { title: 'Fleeting zebra' });
      await index(assetId);
      expect(await find('zebra')).toEqual([assetId]);
      await database.db.updateTable('asset').set({ status: 'archived' }).where('id', '=', assetId).execute();
      expect((await ask('zebra')).total).toBe(0);
      await database.db.deleteFrom('asset').where('id', '=', assetId).execute();
    });

    it('completes the last word while it is typed', async () => {
      expect(await find('pri')).toContain('pricing');
      expect(await find('security whi')).toEqual(['security']);
      expect(await find('p')).toContain('pricing');
    });

    it('knows word forms, and finds a word as it stands', async () => {
      expect(await find('calculators')).toEqual(['roi']);
      expect(await find('protecting backup')).toEqual(['security']);
      expect((await find('saving'))[0]).toBe('roi');
    });

    it('takes no notice of accents and case', async () => {
      expect(await find('RESUME fur cafe')).toEqual(['cafe']);
      expect(await find('résumé')).toEqual(['cafe']);
      expect(await find('uberblick')).toEqual(['cafe']);
    });

    it('reads scripts without spaces', async () => {
      expect(await find('日本語')).toEqual(['japanese']);
      expect(await find('故障')).toEqual(['japanese']);
    });

    it('forgives a slip in a word that it does not have', async () => {
      expect(await find('secruity')).toEqual(['security']);
      expect((await find('pricng guide'))[0]).toBe('pricing');
      expect(await find('calcualtor')).toEqual(['roi']);
      expect(await find('xylophonist')).toEqual([]);
    });

    it('knows the words that people use for a tag', async () => {
      expect((await find('programmer')).toSorted()).toEqual(['japanese', 'security']);
      expect(await find('cfo closing')).toEqual(['pricing']);
    });

    it('answers a sentence by what holds most of it', async () => {
      expect((await find('CFO at a bank, late in the negotiation, says we are too expensive'))[0]).toBe(
        'pricing',
      );
    });

    it('takes any text without a fault', async () => {
      const texts = [
        '!!!',
        '"',
        '& | ! ( ) <-> :*',
        "'; drop table asset; --",
        '\\',
        'the',
        'to be or not',
        '😀',
        'a:b\u0000c',
        '-',
        'x'.repeat(400),
      ];
      for (const text of texts) expect((await ask(text)).total, text).toBeGreaterThanOrEqual(0);
      expect((await ask(`${'word '.repeat(80)}`)).total).toBe(0);
    });

    it('shows the whole shelf when nothing is asked, newest first', async () => {
      const { total, hits } = await ask('');
      expect(total).toBe(6);
      expect(hits.every((hit) => hit.excerpt === null)).toBe(true);
      const assetId = await putAsset(database.db, { title: 'Brand new', publishedAt: new Date() });
      expect((await find(''))[0]).toBe(assetId);
      await database.db.deleteFrom('asset').where('id', '=', assetId).execute();
    });

    it('widens within a dimension and narrows across dimensions', async () => {
      expect((await find('', { groups: [group('cfo')] })).toSorted()).toEqual(['pricing', 'roi']);
      expect((await find('', { groups: [group('cfo', 'dev')] })).toSorted()).toEqual([
        'japanese',
        'pricing',
        'roi',
        'security',
      ]);
      expect((await find('', { groups: [group('cfo', 'dev'), group('late')] })).toSorted()).toEqual([
        'pricing',
        'security',
      ]);
      expect(await find('pricing', { groups: [group('late')], audience: 'internal' })).toEqual(['internal']);
    });

    it('counts for each term what it would show, apart from the choice in its own dimension', async () => {
      const { termCounts, total } = await ask('', { groups: [group('cfo'), group('late')] });
      expect(total).toBe(1);
      const counts = Object.fromEntries(
        Object.keys(terms).map((key) => [key, termCounts.get(idOf(termIds, key)) ?? 0]),
      );
      // Personas are counted among what is late, stages among what is for finance leaders, objections among both.
      expect(counts).toEqual({ cfo: 1, dev: 1, early: 1, late: 1, price: 1 });
    });

    it('pages without repeating or leaving out', async () => {
      const all = await find('');
      const paged = [];
      for (let offset = 0; offset < 6; offset += 2) paged.push(...(await find('', { offset, limit: 2 })));
      expect(paged).toEqual(all);
      expect((await ask('pricing', { offset: 500 })).hits).toEqual([]);
      expect((await ask('pricing', { offset: 500 })).total).toBe(3);
    });

    it('marks what matched in the title and cuts the sentence that matched', async () => {
      const { hits } = await ask('quokka protocols');
      expect(hits[0]?.title).toEqual([{ text: 'Security white paper', isMatch: false }]);
      expect(hits[0]?.excerpt).toEqual([
        { text: 'The ', isMatch: false },
        { text: 'quokka', isMatch: true },
        { text: ' ', isMatch: false },
        { text: 'protocol', isMatch: true },
        { text: ' guards every replica.', isMatch: false },
      ]);
      expect((await ask('cafe')).hits[0]?.title.filter((part) => part.isMatch)).toEqual([
        { text: 'Café', isMatch: true },
      ]);
    });

    it('indexes again without a trace of what was there before', async () => {
      const assetId = await putAsset(database.db, { title: 'Walrus manual' });
      await index(assetId);
      await database.db
        .updateTable('asset')
        .set({ title: 'Penguin manual' })
        .where('id', '=', assetId)
        .execute();
      await index(assetId);
      await index(assetId);
      expect(await find('walrus')).toEqual([]);
      expect(await find('penguin')).toEqual([assetId]);
      await engine.remove([assetId]);
      expect(await find('penguin')).toEqual([]);
      await database.db.deleteFrom('asset').where('id', '=', assetId).execute();
    });

    it('keeps the document that was read last when two writers overtake each other', async () => {
      const assetId = await putAsset(database.db, { title: 'First ostrich' });
      const [older] = await listDocuments(database.db, [assetId]);
      if (!older) throw new Error('The asset was not read.');
      await engine.index([{ ...older, title: 'Second ostrich', readAt: new Date(2_000) }]);
      await engine.index([{ ...older, readAt: new Date(1_000) }]);
      expect(await find('second ostrich')).toEqual([assetId]);
      await database.db.deleteFrom('asset').where('id', '=', assetId).execute();
    });

    it('takes in a text of any size', async () => {
      const body = Array.from({ length: 60_000 }, (_, number) => `${number.toString(36)}ä${number}`).join(
        ' ',
      );
      const assetId = await putAsset(database.db, {
        title: 'Endless giraffe',
        body: `${body} ${'x'.repeat(300_000)}`,
      });
      await index(assetId);
      expect(await find('giraffe')).toEqual([assetId]);
      await database.db.deleteFrom('asset').where('id', '=', assetId).execute();
    });

    it('is rebuilt from the database, and forgets what is no longer published', async () => {
      const before = await find('pricing');
      await database.db
        .updateTable('asset')
        .set({ status: 'archived' })
        .where('id', '=', idOf(assetIds, 'roi'))
        .execute();
      await engine.rebuild(readInBatches(database.db, [...assetIds.values()]));
      expect(await find('pricing')).toEqual(before);
      await database.db
        .updateTable('asset')
        .set({ status: 'published' })
        .where('id', '=', idOf(assetIds, 'roi'))
        .execute();
      expect(await find('calculator')).toEqual([]);
      await index(idOf(assetIds, 'roi'));
      expect(await find('calculator')).toEqual(['roi']);
    });
  });
}

searchSuite('PostgreSQL', postgresEngine);
