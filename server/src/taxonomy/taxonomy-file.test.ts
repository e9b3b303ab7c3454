import { expect, test } from 'vitest';
import { readTaxonomyFile, tidySynonyms } from './taxonomy-file.ts';

const withKey = (key: string) => JSON.stringify({ dimensions: [{ key, terms: [{ name: 'A' }] }] });

test.each([
  ['content_type', 'content_type'],
  ['contentType', 'content_type'],
  ['Content type', 'content_type'],
  ['content-types', 'content_type'],
  ['Personas', 'persona'],
  ['industries', 'industry'],
])('a dimension that is spelled %s is understood', (spelling, key) => {
  expect(readTaxonomyFile(withKey(spelling)).map((dimension) => dimension.key)).toEqual([key]);
});

test('terms come by their order; those without one follow as they stand', () => {
  const terms = [{ name: 'x' }, { name: 'b', order: 2 }, { name: 'y' }, { name: 'a', order: 1 }];
  const [dimension] = readTaxonomyFile(JSON.stringify({ dimensions: [{ key: 'stage', terms }] }));
  expect(dimension?.terms.map((term) => term.name)).toEqual(['a', 'b', 'x', 'y']);
});

test('a byte order mark does not matter', () => {
  expect(readTaxonomyFile(`\uFEFF${withKey('stage')}`)).toHaveLength(1);
});

test.each([
  ['{"dimensions": [', 'not valid JSON'],
  ['[]', 'the top level'],
  ['{"dimensions": []}', 'dimensions'],
  ['{"dimensions":[{"key":"colour","terms":[]}]}', '"colour" is no dimension'],
  ['{"dimensions":[{"key":"persona","terms":[{"name":""}]}]}', 'dimensions[0].terms[0].name'],
  ['{"dimensions":[{"key":"persona","terms":[{"name":"A","synonyms":"b"}]}]}', 'terms[0].synonyms'],
  ['{"dimensions":[{"key":"persona","terms":[{"name":"A"},{"name":"a"}]}]}', '"a" is there twice'],
  ['{"dimensions":[{"key":"persona","terms":[]},{"key":"personas","terms":[]}]}', 'is there twice'],
])('%s is refused with the place of the fault', (text, reason) => {
  expect(() => readTaxonomyFile(text)).toThrow(
    expect.objectContaining({ code: 'refused_import', message: expect.stringContaining(reason) }),
  );
});

test('every fault is listed with a pointer', () => {
  const text = '{"dimensions":[{"key":"persona","terms":[{"name":""},{"name":"B","synonyms":[1]}]}]}';
  expect(() => readTaxonomyFile(text)).toThrow(
    expect.objectContaining({
      errors: [
        { pointer: '/taxonomyJson/dimensions/0/terms/0/name', detail: expect.any(String) },
        { pointer: '/taxonomyJson/dimensions/0/terms/1/synonyms/0', detail: expect.any(String) },
      ],
    }),
  );
});

test('synonyms are trimmed, each once, and never the name itself', () => {
  expect(tidySynonyms('DevOps', [' dev ', 'DEV', 'devops', '', 'site  reliability'])).toEqual([
    'dev',
    'site reliability',
  ]);
});
