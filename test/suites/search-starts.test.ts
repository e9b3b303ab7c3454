import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SearchEngine, wholeShelf } from '../../server/src/indexing/engine.ts';
import { postgresEngine } from '../../server/src/indexing/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertShelfAsset, readInBatches } from '../support/shelf.ts';

/** How PostgreSQL takes a few letters that are a rare word and the beginning of a common one. */
describe('a short beginning', () => {
  let database: TestDatabase;
  let engine: SearchEngine;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    database = await createTestDatabase();
    const { db } = database;
    engine = postgresEngine(db);
    ids.titled = await insertShelfAsset(db, { title: 'Slack connector' }, []);
    ids.whole = await insertShelfAsset(
      db,
      { title: 'Uptime', body: 'Every plan has an SLA of four nines.' },
      [],
    );
    for (let number = 1; number <= 30; number += 1)
      ids[`said${number}`] = await insertShelfAsset(
        db,
        { title: `Note ${number}`, body: 'Ask in Slack.' },
        [],
      );
    await engine.rebuild(readInBatches(db, Object.values(ids)));
  }, 60_000);
  afterAll(() => database.close());

  async function find(words: string): Promise<[total: number, assetIds: string[]]> {
    const { total, candidates } = await engine.match({ ...wholeShelf, words, limit: 50 });
    return [total, candidates.map(({ assetId }) => assetId)];
  }

  it('is completed where headings say what it may become, and found as it stands wherever it does', async () => {
    const [total, found] = await find('sla');
    expect(total).toBe(2);
    expect(found.toSorted()).toEqual([ids.titled, ids.whole].toSorted());
  });

  it('is completed everywhere once it has four letters', async () => {
    expect((await find('slac'))[0]).toBe(31);
  });
});
