import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wholeShelf } from '../../server/src/indexing/engine.ts';
import { type OpenEngine, openSearchShelf, type SearchShelf } from '../support/search-shelf.ts';

/** What is typed into a search by accident, by mistake or out of malice. */
const naughtyTexts = [
  '!!!',
  '"',
  '"unbalanced quotes',
  '& | ! ( ) <-> :*',
  "'; drop table asset; --",
  '\\',
  'the',
  'to be or not',
  '😀',
  'a:b\u0000c',
  '-',
  '--pricing',
  '\u202Egnicirp',
  'ﷺ',
  'Ω≈ç√∫˜µ≤≥÷',
  'pricing 価格 цена τιμή سعر',
  '<script>alert(1)</script>',
  '%00 %0a \\u0000',
  '{"filter": "audience = internal"}',
  'termIds IN [x]',
  'x'.repeat(400),
  '\ud800',
  'word '.repeat(2_000),
];

/** How every engine has to find; the assets themselves are always in the database. */
export function searchSuite(name: string, openEngine: OpenEngine): void {
  describe(`search by ${name}`, () => {
    let shelf: SearchShelf;

    beforeAll(async () => {
      shelf = await openSearchShelf(openEngine);
    }, 120_000);
    afterAll(() => shelf.close());

    it('puts a match in the title before one in the text', async () => {
      expect(await shelf.find('pricing')).toEqual(['pricing', 'internal', 'security']);
    });

    it('completes the last word while it is typed', async () => {
      expect(await shelf.find('pri')).toContain('pricing');
      expect(await shelf.find('security whi')).toEqual(['security']);
      expect(await shelf.find('p')).toContain('pricing');
    });

    it('knows word forms, and finds a word as it stands', async () => {
      expect(await shelf.find('calculators')).toEqual(['roi']);
      expect(await shelf.find('protecting backup')).toEqual(['security']);
      expect((await shelf.find('saving'))[0]).toBe('roi');
    });

    it('takes no notice of accents and case', async () => {
      expect(await shelf.find('RESUME fur cafe')).toEqual(['cafe']);
      expect(await shelf.find('résumé')).toEqual(['cafe']);
      expect(await shelf.find('uberblick')).toEqual(['cafe']);
    });

    it('reads scripts without spaces', async () => {
      expect(await shelf.find('日本語')).toEqual(['japanese']);
      expect(await shelf.find('故障')).toEqual(['japanese']);
    });

    it('forgives one slip in a word, and two in a long one', async () => {
      expect((await shelf.find('pricng guide'))[0]).toBe('pricing');
      expect(await shelf.find('discuont')).toEqual(['internal']);
      expect(await shelf.find('secruity')).toEqual(['security']);
      expect(await shelf.find('calcualtor')).toEqual(['roi']);
      expect(await shelf.find('investmant calculater')).toEqual(['roi']);
      expect(await shelf.find('cerdificatos')).toEqual(['security']);
      expect(await shelf.find('xylophonist')).toEqual([]);
    });

    it('says what it took a misspelt word for', async () => {
      expect((await shelf.ask('secruity paper')).spelling).toEqual([{ typed: 'secruity', read: 'security' }]);
      expect((await shelf.ask('security pap')).spelling).toEqual([]);
      expect((await shelf.ask('xylophonist')).spelling).toEqual([]);
    });

    it('knows the words that people use for a tag', async () => {
      expect((await shelf.find('programmer')).toSorted()).toEqual(['japanese', 'security']);
      expect((await shelf.find('cfo closing'))[0]).toBe('pricing');
    });

    it('answers a sentence by what holds most of it', async () => {
      const found = await shelf.find('CFO at a bank, late in the negotiation, says we are too expensive');
      expect(found[0]).toBe('pricing');
    });

    it('finds a phrase only where its words follow each other', async () => {
      expect(await shelf.find('', { phrases: ['quokka protocol'] })).toEqual(['security']);
      expect(await shelf.find('', { phrases: ['Quokka  PROTOCOL guards'] })).toEqual(['security']);
      expect(await shelf.find('', { phrases: ['protocol quokka'] })).toEqual([]);
      expect(await shelf.find('pricing', { phrases: ['deal desk'] })).toEqual(['internal']);
      expect(await shelf.find('pricing', { phrases: ['quokka protocol', 'deal desk'] })).toEqual([]);
    });

    it('puts words that stand together before the same words apart, however often', async () => {
      const { put, index, find, forget } = shelf;
      const often = `${'The gannet flies. '.repeat(90)} ${'Here is a lantern. '.repeat(90)}`;
      const apart = await put({ title: 'Birds and lights', body: often });
      const together = await put({ title: 'Lights and birds', body: 'Take the gannet lantern with you.' });
      await index(apart, together);
      expect(await find('gannet lantern')).toEqual([together, apart]);
      await forget(apart);
      await forget(together);
    });

    it('goes on with what holds fewer of a few words when hardly anything holds enough, after what does', async () => {
      expect((await shelf.ask('pricing')).closeCount).toBeNull();
      const { hits, total, closeCount } = await shelf.ask('discount calculator');
      expect([hits.length, total, closeCount]).toEqual([2, 2, 0]);
      const wide = await shelf.ask('quokka protocol calculator');
      expect(wide.hits.map(({ assetId }) => assetId)).toEqual(['security', 'roi'].map(shelf.assetId));
      const later = await shelf.ask('quokka protocol calculator', { offset: 1 });
      expect(later.hits.map(({ assetId }) => assetId)).toEqual([shelf.assetId('roi')]);
      expect([later.total, later.closeCount]).toEqual([wide.total, wide.closeCount]);
    });

    it('names the words that nothing holds', async () => {
      expect((await shelf.ask('Zyxomma pricng unseen')).unknownWords).toEqual(['zyxomma', 'unseen']);
      expect((await shelf.ask('zyxomma', { groups: [shelf.group('late')] })).unknownWords).toEqual([
        'zyxomma',
      ]);
      expect((await shelf.ask('pricing secur')).unknownWords).toEqual([]);
    });

    it('leaves out what holds an excluded word or phrase', async () => {
      expect(await shelf.find('pricing', { excluded: ['discount'] })).toEqual(['pricing', 'security']);
      expect(await shelf.find('pricing', { excluded: ['deal desk'] })).toEqual(['pricing', 'security']);
      expect(await shelf.find('pricing', { excluded: ['desk deal'] })).toHaveLength(3);
      expect(await shelf.find('pricing', { excluded: ['discount', 'quokka'] })).toEqual(['pricing']);
      const rest = await shelf.find('', { excluded: ['pricing'] });
      expect(rest.toSorted()).toEqual(['cafe', 'japanese', 'roi']);
    });

    it('takes any text without a fault', async () => {
      for (const text of naughtyTexts) {
        expect((await shelf.ask(text)).total, text).toBeGreaterThanOrEqual(0);
        const demands = { phrases: [text], excluded: [text] };
        expect((await shelf.ask('pricing', demands)).total, text).toBeGreaterThanOrEqual(0);
      }
      expect((await shelf.ask(`${'nonesuch '.repeat(80)}`)).total).toBe(0);
    });

    it('shows the whole shelf when nothing is asked, newest first', async () => {
      const { total, hits } = await shelf.ask('');
      expect(total).toBe(6);
      expect(hits.every((hit) => hit.excerpt === null)).toBe(true);
      expect(await shelf.find('')).toEqual(['pricing', 'roi', 'security', 'cafe', 'japanese', 'internal']);
    });

    describe('within filters', () => {
      it('widens within a dimension and narrows across dimensions', async () => {
        const { find, group } = shelf;
        expect((await find('', { groups: [group('cfo')] })).toSorted()).toEqual(['pricing', 'roi']);
        expect((await find('', { groups: [group('cfo', 'dev')] })).toSorted()).toEqual([
          'japanese',
          'pricing',
          'roi',
          'security',
        ]);
        const both = [group('cfo', 'dev'), group('late')];
        expect((await find('', { groups: both })).toSorted()).toEqual(['pricing', 'security']);
        expect(await find('pricing', { groups: both })).toEqual(['pricing', 'security']);
        expect(await find('pricing', { groups: [group('late')], audience: 'internal' })).toEqual([
          'internal',
        ]);
      });

      it('narrows to owners', async () => {
        const { find, ownerId } = shelf;
        const anna = { ownerUserIds: [ownerId('anna')] };
        expect((await find('', anna)).toSorted()).toEqual(['pricing', 'security']);
        expect(await find('pricing', { ownerUserIds: [ownerId('ben')] })).toEqual(['internal']);
        const anybody = { ownerUserIds: [ownerId('anna'), ownerId('ben')] };
        expect(await find('pricing', anybody)).toEqual(['pricing', 'internal', 'security']);
        expect(await find('pricing', { ownerUserIds: ['usr_000000000000000000009'] })).toEqual([]);
      });

      it('narrows to dates, the first day included and the last one not', async () => {
        const publishedSince = new Date('2026-01-02T00:00:00Z');
        const publishedBefore = new Date('2026-01-04T00:00:00Z');
        const between = await shelf.find('', { publishedSince, publishedBefore });
        expect(between).toEqual(['cafe', 'japanese']);
        expect(await shelf.find('pricing', { publishedSince })).toEqual(['pricing', 'security']);
        expect(await shelf.find('pricing', { publishedBefore })).toEqual(['internal']);
      });

      it('takes hundreds of filters', async () => {
        const many = Array.from({ length: 500 }, (_, n) => `trm_${String(900_000 + n).padStart(21, '0')}`);
        const group = shelf.group('cfo');
        const groups = [{ ...group, termIds: [...group.termIds, ...many] }];
        expect(await shelf.find('pricing', { groups })).toEqual(['pricing']);
        expect(await shelf.find('pricing', { groups: [{ ...group, termIds: many }] })).toEqual([]);
      });

      it('counts for each term what it would show, apart from the choice in its own dimension', async () => {
        const { countTerms, group } = shelf;
        // Personas are counted among what is late, stages among what is for finance leaders, objections among both.
        const chosen = [group('cfo'), group('late')];
        expect(await countTerms('', { groups: chosen })).toEqual({
          cfo: 1,
          dev: 1,
          early: 1,
          late: 1,
          price: 1,
        });
        expect((await shelf.ask('', { groups: chosen })).total).toBe(1);
        expect(await countTerms('pricing', { groups: chosen })).toEqual({
          cfo: 1,
          dev: 1,
          early: 0,
          late: 1,
          price: 1,
        });
        expect(await countTerms('pricing')).toEqual({ cfo: 1, dev: 1, early: 0, late: 3, price: 1 });
      });
    });

    describe('for a situation', () => {
      it('ranks what meets more of it higher, and takes what meets half', async () => {
        const { find, group } = shelf;
        const situation = [group('cfo'), group('late'), group('price')];
        // Two of three: none but the pricing guide; half of two: either of them.
        expect(await find('', { situation })).toEqual(['pricing']);
        const found = await find('', { situation: [group('cfo'), group('late')] });
        expect(found[0]).toBe('pricing');
        expect(found.toSorted()).toEqual(['internal', 'pricing', 'roi', 'security']);
      });

      it('finds by words what does not meet it, after what does', async () => {
        const { find, group } = shelf;
        const found = await find('pricing', { situation: [group('dev')] });
        expect(found[0]).toBe('security');
        expect(found.toSorted()).toEqual(['internal', 'japanese', 'pricing', 'security']);
        const none = await find('xylophonist', { situation: [group('dev')] });
        expect(none.toSorted()).toEqual(['japanese', 'security']);
      });

      it('stays within the filters', async () => {
        const { find, group } = shelf;
        const query = { situation: [group('cfo')], groups: [group('late')] };
        expect(await find('', query)).toEqual(['pricing']);
        expect(await find('discount', { ...query, audience: 'internal' })).toEqual(['internal']);
        expect(await find('', { situation: [group('cfo')], excluded: ['guide'] })).toEqual(['roi']);
      });
    });

    it('pages without repeating or leaving out', async () => {
      for (const words of ['', 'pricing']) {
        const all = await shelf.find(words);
        const paged = [];
        for (let offset = 0; offset < all.length; offset += 2)
          paged.push(...(await shelf.find(words, { offset, limit: 2 })));
        expect(paged).toEqual(all);
        const past = await shelf.ask(words, { offset: 500 });
        expect({ hits: past.hits, total: past.total }).toEqual({ hits: [], total: all.length });
        expect((await shelf.ask(words, { offset: 1_000_000 })).hits).toEqual([]);
      }
    });

    it('orders by a fit between 0 and 1', async () => {
      const fits = (await shelf.ask('pricing')).candidates.map(({ fit }) => fit);
      expect(fits).toHaveLength(3);
      expect(fits).toEqual(fits.toSorted((a, b) => b - a));
      expect(fits.every((fit) => fit >= 0 && fit <= 1)).toBe(true);
    });

    it('marks what matched in the title and cuts the sentence that matched', async () => {
      const { hits } = await shelf.ask('quokka protocols');
      expect(hits[0]?.title).toEqual([{ text: 'Security white paper', isMatch: false }]);
      expect(hits[0]?.excerpt).toEqual([
        { text: 'The ', isMatch: false },
        { text: 'quokka', isMatch: true },
        { text: ' ', isMatch: false },
        { text: 'protocol', isMatch: true },
        { text: ' guards every replica.', isMatch: false },
      ]);
      const marked = async (words: string) =>
        (await shelf.ask(words)).hits[0]?.title.filter((part) => part.isMatch).map((part) => part.text);
      expect(await marked('cafe')).toEqual(['Café']);
      expect(await marked('secruity')).toEqual(['Security']);
      expect(await marked('retu')).toEqual(['Return']);
    });

    it('says which page matched, and in which fields words stand', async () => {
      const found = async (words: string) => {
        const { hits } = await shelf.ask(words);
        return hits.map(({ pageNumber, fields }) => ({ pageNumber, fields }));
      };
      expect(await found('quokka')).toEqual([{ pageNumber: 2, fields: ['page'] }]);
      expect(await found('audits')).toEqual([{ pageNumber: 3, fields: ['page'] }]);
      expect(await found('encrypted')).toEqual([{ pageNumber: null, fields: ['description'] }]);
      expect((await found('pricing expensive'))[0]).toEqual({
        pageNumber: null,
        fields: ['title', 'tag', 'use_when'],
      });
    });

    it('explains in the order it is asked, and leaves out what is gone', async () => {
      const { engine, assetId } = shelf;
      const { hits } = await shelf.ask('pricing');
      expect(hits.length).toBe(3);
      const asked = [assetId('security'), 'ast_000000000000000000999', assetId('pricing')];
      const explained = await engine.explain({ ...wholeShelf, words: 'pricing' }, asked);
      expect(explained.map((hit) => hit.assetId)).toEqual([assetId('security'), assetId('pricing')]);
    });
  });
}
