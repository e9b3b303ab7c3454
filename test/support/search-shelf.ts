import type { Database } from '../../server/src/db/database.ts';
import { listDocuments } from '../../server/src/indexing/document-queries.ts';
import { type EngineQuery, type SearchEngine, wholeShelf } from '../../server/src/indexing/engine.ts';
import { createTestDatabase } from './database.ts';
import { insertShelfAsset, type ShelfAsset } from './shelf.ts';

const terms: Record<string, { dimensionKey: string; name: string; synonyms: string[] }> = {
  cfo: { dimensionKey: 'persona', name: 'Finance leader', synonyms: ['CFO', 'chief financial officer'] },
  dev: { dimensionKey: 'persona', name: 'Developer', synonyms: ['programmer'] },
  early: { dimensionKey: 'stage', name: 'Discovery', synonyms: ['first call'] },
  late: { dimensionKey: 'stage', name: 'Negotiation', synonyms: ['closing'] },
  price: { dimensionKey: 'objection', name: 'Too expensive', synonyms: ['costs too much'] },
};

const owners: Record<string, string> = {
  anna: 'usr_000000000000000000001',
  ben: 'usr_000000000000000000002',
};

const shelf: Record<string, ShelfAsset & { owner?: string }> = {
  pricing: {
    title: 'Pricing guide',
    useWhen: 'The CFO says that we are too expensive.',
    terms: ['cfo', 'late', 'price'],
    owner: 'anna',
    publishedAt: new Date('2026-01-06T00:00:00Z'),
  },
  roi: {
    title: 'Return on investment calculator',
    description: 'Works out savings per year.',
    terms: ['cfo', 'early'],
    owner: 'ben',
    publishedAt: new Date('2026-01-05T00:00:00Z'),
  },
  security: {
    title: 'Security white paper',
    description: 'How customer data is protected, encrypted and deleted.',
    pages: [
      'What this paper is about and whom to ask.',
      'Backups run nightly. The quokka protocol guards every replica. Pricing is not covered here.',
      'Certificates and audits, year by year. The auditors are named.',
    ],
    terms: ['dev', 'late'],
    owner: 'anna',
    publishedAt: new Date('2026-01-04T00:00:00Z'),
  },
  cafe: {
    title: 'Résumé für das Café',
    description: 'Überblick auf Deutsch.',
    terms: ['early'],
    publishedAt: new Date('2026-01-03T00:00:00Z'),
  },
  japanese: {
    title: 'クラウド概要 日本語',
    body: '多集群环境中的故障诊断',
    terms: ['dev'],
    publishedAt: new Date('2026-01-02T00:00:00Z'),
  },
  internal: {
    title: 'Discount approval rules',
    description: 'Pricing floors for deal desk.',
    audience: 'internal',
    terms: ['late'],
    owner: 'ben',
    publishedAt: new Date('2026-01-01T00:00:00Z'),
  },
  draft: { title: 'Pricing draft that nobody may see', status: 'draft', terms: ['cfo'] },
  archived: { title: 'Pricing archive of old times', status: 'archived', terms: ['cfo'] },
};

export type OpenEngine = (db: Database) => SearchEngine;
export type SearchShelf = Awaited<ReturnType<typeof openSearchShelf>>;

/**
 * A small library in a database of its own, filled into an engine. Ids and times are always the same, so that what is
 * said to a search server can be recorded and played again.
 */
export async function openSearchShelf(openEngine: OpenEngine) {
  const database = await createTestDatabase();
  const { db } = database;
  const engine = openEngine(db);
  const assetIds = new Map<string, string>();
  const termIds = new Map<string, string>();
  let count = 0;
  let seconds = Date.parse('2026-02-01T00:00:00Z') / 1000;

  const nextId = (kind: string) => `${kind}_${String(++count).padStart(21, '0')}`;
  /** Later with every call. */
  const tick = () => new Date(++seconds * 1000);

  for (const [name, id] of Object.entries(owners))
    await db
      .insertInto('user')
      .values({ id, email: `${name}@example.com`, name, role: 'rep', passwordHash: '-' })
      .execute();
  for (const [position, [key, term]] of Object.entries(terms).entries()) {
    const id = nextId('trm');
    termIds.set(key, id);
    await db
      .insertInto('term')
      .values({ id, position, ...term })
      .execute();
  }
  for (const [key, { owner, ...asset }] of Object.entries(shelf))
    assetIds.set(key, await put({ ...asset, ...(owner && { ownerUserId: owners[owner] }) }));
  await engine.rebuild(readAll());

  /** Into the database only. */
  async function put(asset: ShelfAsset): Promise<string> {
    const chosen = (asset.terms ?? []).map(termId);
    return insertShelfAsset(db, { id: nextId('ast'), ...asset }, chosen);
  }

  async function read(ids: string[], readAt = tick()) {
    return (await listDocuments(db, ids)).map((document) => ({ ...document, readAt }));
  }

  async function* readAll() {
    const ids = [...assetIds.values()];
    for (let from = 0; from < ids.length; from += 3) yield await read(ids.slice(from, from + 3));
  }

  function termId(key: string): string {
    return termIds.get(key) ?? '';
  }

  async function ask(words: string, query: Partial<EngineQuery> = {}) {
    const asked = { ...wholeShelf, words, ...query };
    const answer = await engine.match(asked);
    const matched = answer.candidates.map(({ assetId }) => assetId);
    return { ...answer, hits: await engine.explain(asked, matched) };
  }

  return {
    db,
    engine,
    put,
    read,
    readAll,
    tick,
    ask,
    termId,
    ownerId: (name: string) => owners[name] ?? '',
    assetId: (key: string) => assetIds.get(key) ?? '',
    index: async (...ids: string[]) => engine.index(await read(ids)),

    /** The keys of what was found, in order; an id for what is not on the shelf from the start. */
    async find(words: string, query: Partial<EngineQuery> = {}): Promise<string[]> {
      const { hits } = await ask(words, query);
      return hits.map((hit) => [...assetIds].find(([, id]) => id === hit.assetId)?.[0] ?? hit.assetId);
    },

    /** Terms of one dimension. */
    group(...keys: string[]): EngineQuery['groups'][number] {
      return { dimensionKey: terms[keys[0] ?? '']?.dimensionKey as 'persona', termIds: keys.map(termId) };
    },

    async countTerms(words: string, query: Partial<EngineQuery> = {}): Promise<Record<string, number>> {
      const { termCounts } = await ask(words, query);
      return Object.fromEntries(Object.keys(terms).map((key) => [key, termCounts.get(termId(key)) ?? 0]));
    },

    async change(assetId: string, fields: { status?: string; audience?: string; title?: string }) {
      await db.updateTable('asset').set(fields).where('id', '=', assetId).execute();
    },

    /** As if it had never been there, in the database and in the engine. */
    async forget(assetId: string) {
      await engine.remove([assetId]);
      await db.deleteFrom('asset').where('id', '=', assetId).execute();
    },

    close: () => database.close(),
  };
}
