import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenEngine, openSearchShelf, type SearchShelf } from '../support/search-shelf.ts';

/** How every engine's index has to follow the database. */
export function searchIndexSuite(name: string, openEngine: OpenEngine): void {
  describe(`the index of ${name}`, { timeout: 120_000 }, () => {
    let shelf: SearchShelf;

    beforeAll(async () => {
      shelf = await openSearchShelf(openEngine);
    }, 120_000);
    afterAll(() => shelf.close());

    it('holds published assets only', async () => {
      expect(await shelf.find('archive old times')).toEqual([]);
      expect(await shelf.find('draft that nobody may see')).toEqual([]);
    });

    it('shows nothing that was withdrawn, even before it follows', async () => {
      const assetId = await shelf.put({ title: 'Fleeting zebra' });
      await shelf.index(assetId);
      expect(await shelf.find('zebra')).toEqual([assetId]);
      for (const status of ['archived', 'draft']) {
        await shelf.change(assetId, { status });
        expect((await shelf.ask('zebra')).total).toBe(0);
        expect(await shelf.find('zebra')).toEqual([]);
        expect(await shelf.find('')).not.toContain(assetId);
      }
      await shelf.change(assetId, { status: 'published' });
      expect(await shelf.find('zebra')).toEqual([assetId]);
      await shelf.forget(assetId);
    });

    it('shows nothing to an audience that it is not for any more, even before it follows', async () => {
      const assetId = await shelf.put({ title: 'Public okapi' });
      await shelf.index(assetId);
      expect(await shelf.find('okapi', { audience: 'external' })).toEqual([assetId]);
      await shelf.change(assetId, { audience: 'internal' });
      expect(await shelf.find('okapi', { audience: 'external' })).toEqual([]);
      await shelf.forget(assetId);
    });

    it('shows titles as they are now', async () => {
      const assetId = await shelf.put({ title: 'Old heron' });
      await shelf.index(assetId);
      await shelf.change(assetId, { title: 'New heron' });
      const { hits } = await shelf.ask('heron');
      expect(hits[0]?.title).toEqual([
        { text: 'New ', isMatch: false },
        { text: 'heron', isMatch: true },
      ]);
      await shelf.forget(assetId);
    });

    it('takes in a document again without a trace of what was there before', async () => {
      const assetId = await shelf.put({ title: 'Walrus manual', pages: ['One tusk.', 'Two tusks.'] });
      await shelf.index(assetId);
      await shelf.change(assetId, { title: 'Penguin manual' });
      await shelf.index(assetId);
      await shelf.index(assetId);
      expect(await shelf.find('walrus')).toEqual([]);
      expect(await shelf.find('penguin')).toEqual([assetId]);
      expect((await shelf.ask('penguin')).total).toBe(1);
      await shelf.engine.remove([assetId]);
      expect(await shelf.find('penguin')).toEqual([]);
      expect(await shelf.find('tusks')).toEqual([]);
      await shelf.engine.remove([assetId]);
      await shelf.forget(assetId);
    });

    it('keeps the document that was read last when two writers overtake each other', async () => {
      const assetId = await shelf.put({ title: 'First ostrich' });
      const [older] = await shelf.read([assetId], shelf.tick());
      if (!older) throw new Error('The asset was not read.');
      await shelf.engine.index([{ ...older, title: 'Second ostrich', readAt: shelf.tick() }]);
      await shelf.engine.index([older]);
      expect(await shelf.find('second ostrich')).toEqual([assetId]);
      await shelf.forget(assetId);
    });

    it('takes in a text of any size', async () => {
      const words = Array.from({ length: 60_000 }, (_, number) => `${number.toString(36)}ä${number}`);
      const body = `${words.join(' ')} ${'x'.repeat(300_000)}`;
      const assetId = await shelf.put({ title: 'Endless giraffe', body });
      await shelf.index(assetId);
      expect(await shelf.find('giraffe')).toEqual([assetId]);
      await shelf.forget(assetId);
    });

    it('is rebuilt from the database, and forgets what is no longer published', async () => {
      const { find, engine, change, assetId, readAll } = shelf;
      const before = await find('pricing');
      await change(assetId('roi'), { status: 'archived' });
      await engine.rebuild(readAll());
      expect(await find('pricing')).toEqual(before);
      await change(assetId('roi'), { status: 'published' });
      expect(await find('calculator')).toEqual([]);
      await shelf.index(assetId('roi'));
      expect(await find('calculator')).toEqual(['roi']);
    });

    it('answers while it is rebuilt, never from an empty or half an index', async () => {
      const { engine, find, readAll, assetId } = shelf;
      let isDone = false;
      let searches = 0;
      async function* readSlowly() {
        for await (const documents of readAll()) {
          yield documents;
          const seen = searches;
          while (searches < seen + 6) await new Promise((next) => setTimeout(next, 5));
        }
      }
      const searching = (async () => {
        while (!isDone) {
          expect((await find('white paper backups')).concat(await find('', { limit: 50 }))).toHaveLength(7);
          searches += 1;
        }
      })();
      const rebuilding = engine.rebuild(readSlowly()).finally(() => {
        isDone = true;
      });
      await Promise.all([searching, rebuilding]);
      expect(searches).toBeGreaterThan(10);
      expect(await find('white paper backups')).toEqual(['security']);
      // A write after it goes to the index that answers now.
      await shelf.index(assetId('security'));
      expect(await find('white paper backups')).toEqual(['security']);
    });
  });
}
