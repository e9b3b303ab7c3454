import { describe, expect, it } from 'vitest';
import { clusterSearches, keyOf } from './gap-clusters.ts';

const cfo = { id: 'trm_000000000cfo', name: 'Finance leader', synonyms: ['CFO'] };
const devops = { id: 'trm_00000devops', name: 'Platform team', synonyms: ['DevOps'] };
const terms = [cfo, devops];

function asked(query: string, clusterKey = '', termIds: string[] = []) {
  return { query, clusterKey, termIds };
}

function areTogether(first: ReturnType<typeof asked>, second: ReturnType<typeof asked>, known = terms) {
  const clusters = clusterSearches([first, second], [], known, new Set(['contract', 'contrast']));
  expect(clusters.groupOf(first)).toBeDefined();
  return clusters.groupOf(first) === clusters.groupOf(second);
}

describe('searches stand together', () => {
  it.each([
    ['kubernets pricing', 'Kubernetes price'],
    ['hosptial case study', 'hospital case study'],
    ['penetration test report', 'reports of penetration tests'],
    ['what is our uptime', 'uptime'],
    ['dora complience', 'DORA compliance'],
    ['pricing for the CFO', 'finance leader prices'],
    ['Müller café', 'muller cafe'],
  ])('%s, %s', (first, second) => {
    expect(areTogether(asked(first), asked(second))).toBe(true);
  });

  it.each([
    ['iso 27001', 'iso 27002'],
    ['soc 2', 'soc 3'],
    ['kubernetes pricing', 'terraform pricing'],
    ['contract terms', 'contrast terms'],
    ['sap', 'sad'],
    ['battery', 'lottery'],
  ])('but not %s, %s', (first, second) => {
    expect(areTogether(asked(first), asked(second))).toBe(false);
  });

  it('whether a term was chosen, read from the words, or became a synonym later', () => {
    const before = asked('k8s guide', 'guid k8s');
    const after = asked('k8s guide', `${devops.id} guid`, [devops.id]);
    expect(areTogether(before, after)).toBe(false);
    expect(areTogether(before, after, [cfo, { ...devops, synonyms: ['DevOps', 'k8s'] }])).toBe(true);
    expect(areTogether(asked('guide', '', [devops.id]), after)).toBe(true);
  });

  it('but everyday words mean a term only where the term is there', () => {
    const support = { id: 'trm_00000support', name: 'Support', synonyms: [] };
    const known = [...terms, support];
    expect(areTogether(asked('support hours'), asked('hours', '', [support.id]), known)).toBe(false);
    expect(
      areTogether(asked('support hours', '', [support.id]), asked('hours', '', [support.id]), known),
    ).toBe(true);
  });

  it('when a term in the key of one was merged away', () => {
    expect(areTogether(asked('uptime', 'trm_00000000gone uptim'), asked('uptime'))).toBe(true);
  });
});

describe('a group', () => {
  it('is not made for looking at everything', () => {
    const clusters = clusterSearches([asked('')], [], terms, new Set());
    expect(clusters.groupOf(asked(''))).toBeUndefined();
    expect(clusters.groupOf(asked('!!! …'))).toBeUndefined();
  });

  it('is made for filler words that stand alone', () => {
    const clusters = clusterSearches([asked('what about it')], [], terms, new Set());
    expect(clusters.groupOf(asked('what about it'))).toBeDefined();
  });

  it('is found by the key of a decision, in any spelling', () => {
    const search = asked('Kubernetes price');
    const clusters = clusterSearches([search], [keyOf(asked('kubernettes pricing'))], terms, new Set());
    expect(clusters.groupOfKey(keyOf(asked('kubernettes pricing')))).toBe(clusters.groupOf(search));
  });

  it('names its terms', () => {
    const search = asked('uptime for the CFO');
    const clusters = clusterSearches([search], [], terms, new Set());
    expect(clusters.termIdsOf(clusters.groupOf(search) ?? '')).toEqual([cfo.id]);
  });

  it('knows the words of the taxonomy in all forms and misspelt', () => {
    const clusters = clusterSearches([asked('finence leders')], [], terms, new Set());
    expect(['finance', 'leaders', 'finence', 'cfo'].map(clusters.isOfTaxonomy)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(clusters.isOfTaxonomy('zanzibar')).toBe(false);
  });
});

it('thousands of different searches are grouped in moments', () => {
  const syllables = ['ka', 'ro', 'mi', 'tel', 'vand', 'ops', 'lu', 'gre', 'pon', 'zi'];
  const wordOf = (number: number) =>
    [1, 7, 49, 343].map((step) => syllables[Math.floor(number / step) % 10] ?? '').join('');
  const many = Array.from({ length: 8000 }, (_, number) =>
    asked(`${wordOf(number)} ${wordOf(number * 3 + 1)}`),
  );
  const startedAt = performance.now();
  const clusters = clusterSearches(many, [], terms, new Set());
  expect(new Set(many.map(clusters.groupOf)).size).toBeGreaterThan(1000);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
