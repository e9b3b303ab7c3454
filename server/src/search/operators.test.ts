import { describe, expect, it } from 'vitest';
import { buildLexicon, type LexiconTerm } from './lexicon.ts';
import { listOwnerWords, readOperators } from './operators.ts';
import { readPeriod } from './period.ts';

const term = (
  id: string,
  dimensionKey: LexiconTerm['dimensionKey'],
  name: string,
  ...synonyms: string[]
) => ({
  id,
  dimensionKey,
  name,
  synonyms,
});
const lexicon = buildLexicon([
  term('lead', 'persona', 'Engineering leader', 'CTO'),
  term('cfo', 'persona', 'Procurement & finance', 'CFO'),
  term('ciso', 'persona', 'Security leader', 'CISO'),
  term('disco', 'stage', 'Discovery'),
  term('nego', 'stage', 'Negotiation'),
  term('won', 'stage', 'Onboarding'),
  term('price', 'objection', 'Too expensive'),
  term('card', 'content_type', 'Battlecard'),
]);
const now = new Date('2026-11-22T12:00:00Z');
const me = { id: 'usr_me', name: 'Mia Own', email: 'mia@example.com' };
const anna = { id: 'usr_anna', name: 'Anna Berg', email: 'a.berg@example.com' };
const read = (query: string) => readOperators(query, { lexicon, people: [me, anna], me, now });

describe('operators', () => {
  it('narrow by dimension, whatever their case, quotes and spelling', () => {
    expect(read('gitlab persona:cfo').groups).toEqual([{ dimensionKey: 'persona', termIds: ['cfo'] }]);
    expect(read('PERSONA:"Engineering leader" x')).toMatchObject({
      text: 'x',
      groups: [{ dimensionKey: 'persona', termIds: ['lead'] }],
      operators: [
        { typed: 'PERSONA:"Engineering leader"', says: 'Only persona “Engineering leader”', termId: 'lead' },
      ],
      mistakes: [],
    });
    expect(read('stage:negotation').groups).toEqual([{ dimensionKey: 'stage', termIds: ['nego'] }]);
    expect(read('stage:late').groups).toEqual([{ dimensionKey: 'stage', termIds: ['nego'] }]);
    expect(read('persona:“Engineering leader”').groups[0]?.termIds).toEqual(['lead']);
  });

  it('take several values of one dimension, and dimensions side by side', () => {
    expect(read('persona:cfo,ciso type:battlecard persona:cto').groups).toEqual([
      { dimensionKey: 'persona', termIds: ['cfo', 'ciso', 'lead'] },
      { dimensionKey: 'content_type', termIds: ['card'] },
    ]);
    expect(read('persona:"Engineering leader",cfo').groups[0]?.termIds).toEqual(['lead', 'cfo']);
  });

  it('take phrases and what must not be there out of the words', () => {
    expect(read('pricing "code host" -cloud -"air gapped" follow-up')).toMatchObject({
      phrases: ['code host'],
      excluded: ['air gapped', 'cloud'],
      mistakes: [],
    });
    expect(read('pricing "code host" -cloud').text.replace(/\s+/g, ' ')).toBe('pricing');
  });

  it('know owners by name, by address and as oneself', () => {
    expect(read('owner:me').ownerUserIds).toEqual(['usr_me']);
    expect(read('owner:ann')).toMatchObject({
      ownerUserIds: ['usr_anna'],
      operators: [{ says: 'Owned by Anna Berg' }],
    });
    expect(read('owner:a.berg').ownerUserIds).toEqual(['usr_anna']);
    expect(listOwnerWords('x owner:me,"Anna Berg" Owner:li')).toEqual(['Anna Berg', 'li']);
  });

  it('narrow by when an asset was published', () => {
    expect(read('before:2026').publishedBefore).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(read('after:"may 2026"').publishedSince).toEqual(new Date('2026-05-01T00:00:00Z'));
    expect(read('after:2026-05 after:2026-07 before:2026-09-01')).toMatchObject({
      publishedSince: new Date('2026-07-01T00:00:00Z'),
      publishedBefore: new Date('2026-09-01T00:00:00Z'),
    });
    expect(read('before:2026-05-01').operators[0]?.says).toBe('Published before 1 May 2026');
  });
});

describe('a mistake in an operator', () => {
  it('is explained with what to type instead', () => {
    expect(read('personna:cfo x')).toMatchObject({
      mistakes: [{ typed: 'personna:cfo', suggestion: 'persona:cfo' }],
    });
    expect(read('persona:chief')).toMatchObject({
      groups: [],
      mistakes: [{ typed: 'persona:chief', says: 'No persona is called “chief”.' }],
    });
    expect(read('before:2026-13').mistakes[0]).toMatchObject({ suggestion: 'before:2026-11' });
    expect(read('after:soon').mistakes).toHaveLength(1);
    expect(read('owner:zoe').mistakes[0]?.says).toContain('Nobody here is called “zoe”');
    expect(read('-persona:cfo').mistakes[0]?.says).toContain('A minus works before words');
    expect(read('pricing "code host').mistakes[0]).toMatchObject({
      typed: '"code host',
      suggestion: '"code host"',
    });
  });

  it('leaves words to search for only where assets may say them', () => {
    const left = (query: string) => read(query).text.replace(/\s+/g, ' ');
    expect(left('pricing before:2026-13-45 guide')).toBe('pricing guide');
    expect(left('owner:zoe pricing')).toBe('pricing');
    expect(left('-persona:cfo pricing')).toBe('pricing');
    expect(left('persona:chief,"head of legal" pricing')).toBe('chief head of legal pricing');
    expect(left('personna:cfo pricing')).toBe('cfo pricing');
    expect(left('colour:red pricing')).toBe('colour:red pricing');
  });

  it('keeps what could be read of several values', () => {
    const { groups, mistakes } = read('persona:cfo,zzzzzz');
    expect(groups).toEqual([{ dimensionKey: 'persona', termIds: ['cfo'] }]);
    expect(mistakes).toHaveLength(1);
  });

  it('is nothing that only looks like one', () => {
    for (const text of [
      'https://example.com/a?b=c:d',
      'call at 10:30',
      'great :) or :-D',
      're: hello',
      'Re: your offer',
      'note: call back',
      'C:\\path',
      'std::vector',
      'a 12" screen',
      'ratio 3:1',
      'persona:',
      '"quoted"',
      '-',
      '--',
      'e-mail',
      'x - y',
    ])
      expect(read(text).mistakes, text).toEqual([]);
  });

  it('never throws and stays short', () => {
    for (const text of [
      '"'.repeat(9999),
      'persona:'.repeat(2000),
      'foo:bar '.repeat(1000),
      ':',
      '-"',
      'persona:"',
    ])
      expect(read(text).mistakes.length).toBeLessThanOrEqual(11);
  });
});

describe('a period', () => {
  it('is a year, a month, a day or so long ago', () => {
    const iso = (typed: string) => readPeriod(typed, now)?.toISOString().slice(0, 10) ?? null;
    expect(iso('2026')).toBe('2026-01-01');
    expect(iso('2026-5')).toBe('2026-05-01');
    expect(iso('2024-02-29')).toBe('2024-02-29');
    expect(iso('2026-02-30')).toBeNull();
    expect(iso('3 May 2026')).toBe('2026-05-03');
    expect(iso('may')).toBe('2026-05-01');
    expect(iso('december')).toBe('2025-12-01');
    expect(iso('2w')).toBe('2026-11-08');
    expect(iso('yesterday')).toBe('2026-11-21');
    for (const typed of ['', 'soon', '99999', '2026-00', 'ma', '0000', '1e3'])
      expect(iso(typed), typed).toBeNull();
  });
});
