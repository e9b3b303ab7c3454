import { describe, expect, it } from 'vitest';
import { readTokens } from '../words/tokens.ts';
import { buildLexicon, findTermByWord, type LexiconTerm } from './lexicon.ts';
import { type LibraryWords, listDoubtfulWords, readTerms } from './understand.ts';

const term = (
  id: string,
  dimensionKey: LexiconTerm['dimensionKey'],
  name: string,
  ...synonyms: string[]
): LexiconTerm => ({ id, dimensionKey, name, synonyms });

const terms = [
  term('dev', 'persona', 'Developer', 'software engineer', 'dev'),
  term('cfo', 'persona', 'Procurement & finance', 'CFO', 'purchasing'),
  term('it', 'persona', 'IT administrator', 'IT', 'sysadmin'),
  term('aware', 'stage', 'Awareness', 'prospecting', 'lead'),
  term('disco', 'stage', 'Discovery', 'first meeting'),
  term('eval', 'stage', 'Evaluation', 'trial', 'proof of concept'),
  term('nego', 'stage', 'Negotiation', 'redlines', 'closing'),
  term('won', 'stage', 'Onboarding', 'kick-off'),
  term('price', 'objection', 'Too expensive', 'it costs too much', 'no budget', 'what is the ROI'),
  term('have', 'objection', 'We already have search in our code host', 'GitHub search is enough'),
  term('build', 'objection', 'We would build it ourselves', 'open source is free'),
  term('adopt', 'objection', "Developers won't adopt it", 'shelfware', 'nobody will use it'),
  term('legal', 'objection', 'Legal & licence risk', 'GDPR', 'redlines'),
  term('card', 'content_type', 'Battlecard', 'kill sheet'),
  term('form', 'content_type', 'Template & checklist', 'template', 'form'),
  term('search', 'product', 'Code Search', 'search', 'universal code search'),
  term('own', 'product', 'Own', 'code ownership'),
  term('us', 'region', 'North America', 'US'),
];
const lexicon = buildLexicon(terms);

function libraryOf(titles: string[], known = ''): LibraryWords {
  return {
    known: new Set(known.split(' ')),
    titles: titles.map((title) => new Set(readTokens(title).map(({ stem }) => stem))),
  };
}
const empty = libraryOf([]);

const read = (text: string, library = empty, plain: string[] = []) => {
  const reading = readTerms(text, lexicon, library, plain);
  return {
    ids: reading.terms.map((one) => one.term.id),
    rest: reading.rest.map(({ word }) => word),
    terms: reading.terms,
  };
};

describe('terms in a sentence', () => {
  it('are read from names, synonyms and a cue for the stage, and leave the rest', () => {
    const { ids, rest, terms } = read("CFO at a bank, late stage, says we're too expensive");
    expect(ids).toEqual(['cfo', 'nego', 'price']);
    expect(rest).toEqual(['bank']);
    expect(terms[0]).toMatchObject({ typed: 'CFO', via: 'synonym', readAs: null });
    expect(terms[1]).toMatchObject({ typed: 'late stage', readAs: 'Negotiation' });
  });

  it('are found in other forms, with other words between and by words of the same sense', () => {
    expect(read('two trials at once').ids).toEqual(['eval']);
    expect(read('it costs way too much').ids).toEqual(['price']);
    expect(read('far too pricey').ids).toEqual(['price']);
    expect(read('they have no money').ids).toEqual(['price']);
    expect(read('why pay when GitHub search is enough').ids).toEqual(['have']);
    expect(read('the devs will not adopt it').ids).toEqual(['adopt']);
  });

  it('are found with typos, unless the word is right as it is', () => {
    const { ids, terms } = read('in the negotation, they find us to expnsive');
    expect(ids).toEqual(['nego', 'price']);
    expect(terms[0]).toMatchObject({ typed: 'negotation', readAs: 'Negotiation' });
    expect(read('late').ids).toEqual([]);
    expect(read('the clothing industry').ids).toEqual([]);
    expect(read('a trail of events', libraryOf([], 'trail')).ids).toEqual([]);
    expect(listDoubtfulWords('a trail of events for the cfo', lexicon, 10)).toEqual(['trail']);
  });

  it('are found as two words or one, and in other sayings for the same', () => {
    expect(read('a battle card for gitlab')).toMatchObject({ ids: ['card'], rest: ['gitlab'] });
    expect(read('the price is too high').terms).toMatchObject([
      { term: { id: 'price' }, typed: 'price is too high', readAs: 'Too expensive' },
    ]);
    expect(read('kickoff next week').ids).toEqual(['won']);
    const without = buildLexicon(terms.filter(({ id }) => id !== 'price'));
    expect(readTerms('the price is too high', without, empty).terms).toEqual([]);
  });

  it('that are said twice are one, and none of it is searched for', () => {
    expect(read('too expensive, no budget, gitlab')).toMatchObject({ ids: ['price'], rest: ['gitlab'] });
  });

  it('are not read from everyday words, opposites and parts of other phrases', () => {
    expect(read('tell us how it is').ids).toEqual([]);
    expect(read('US company with its own IT department').ids).toEqual(['us', 'it']);
    expect(read('who takes the lead on their own form').ids).toEqual([]);
    expect(read('there is budget').ids).toEqual([]);
    expect(read('what is it').ids).toEqual([]);
    expect(read('a code host').ids).toEqual([]);
    expect(read('an open question about a free seat').ids).toEqual([]);
  });

  it('of two dimensions may share their words, of one they may not', () => {
    expect(read('contract full of redlines').ids.toSorted()).toEqual(['legal', 'nego']);
    expect(read('universal code search').ids).toEqual(['search']);
  });

  it('stay words when the rep took them back', () => {
    expect(read('cfo battlecard', empty, ['cfo'])).toMatchObject({ ids: ['card'], rest: ['cfo'] });
  });

  it('are learned from what people chose', () => {
    const learned = buildLexicon(terms, [{ phrase: 'sticker shock', termId: 'price' }]);
    expect(readTerms('the usual sticker shock', learned, empty).terms).toMatchObject([
      { term: { id: 'price' }, via: 'learned', typed: 'sticker shock' },
    ]);
    expect(buildLexicon(terms, [{ phrase: 'gone', termId: 'merged' }]).phrases).toHaveLength(
      lexicon.phrases.length,
    );
  });

  it('are not looked for in the words of a title', () => {
    const library = libraryOf([
      'Search query language guide',
      'Battlecard template',
      'Form and template kit',
    ]);
    expect(read('search query language guide', library).ids).toEqual([]);
    expect(read('search query lang', library).ids).toEqual([]);
    expect(read('battlecard template', library).ids).toEqual([]);
    expect(read('battlecard', library).ids).toEqual(['card']);
  });

  it('leave the query unless they stand in many titles', () => {
    expect(read('battlecard for gitlab', libraryOf(['One battlecard'])).rest).toEqual(['gitlab']);
    const many = libraryOf(['One battlecard', 'Another battlecard']);
    expect(read('battlecard for gitlab', many)).toMatchObject({
      ids: ['card'],
      rest: ['battlecard', 'gitlab'],
    });
  });

  it('take a cue for the stage only when no stage is named', () => {
    expect(read('they just started looking').ids).toEqual(['disco']);
    expect(read('late stage of the evaluation').ids).toEqual(['eval']);
    const own = buildLexicon([
      term('a', 'stage', 'One'),
      term('b', 'stage', 'Two'),
      term('c', 'stage', 'Three'),
    ]);
    expect(readTerms('late stage', own, empty).terms.map((one) => one.term.id)).toEqual(['c']);
    expect(readTerms('late stage', buildLexicon([]), empty).terms).toEqual([]);
  });

  it('are read out of any text at all', () => {
    for (const text of ['', '   ', '!!!', 'the', '¬', 'no no no', '多集群', '\ud800', 'a'.repeat(5000)])
      expect(read(text).ids, text.slice(0, 10)).toEqual([]);
  });
});

describe('a term that is named on its own', () => {
  it('is found by name, synonym, form, typo and beginning, within its dimension', () => {
    const find = (dimensionKey: LexiconTerm['dimensionKey'], typed: string) =>
      findTermByWord(lexicon, dimensionKey, typed)?.id;
    expect(find('persona', 'cfo')).toBe('cfo');
    expect(find('persona', 'DEVELOPERS')).toBe('dev');
    expect(find('persona', 'procurement')).toBe('cfo');
    expect(find('stage', 'negotation')).toBe('nego');
    expect(find('objection', 'too-expensive')).toBe('price');
    expect(find('stage', 'cfo')).toBeUndefined();
    expect(find('persona', '!!')).toBeUndefined();
  });
});
