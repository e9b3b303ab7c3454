import { expect, test } from 'vitest';
import type { Coverage, CoverageCell } from './api.ts';
import { cellSentence, coverageAnswer, coverageEvidence, stageValueWords } from './coverage-words.ts';

const cell = (more: Partial<CoverageCell> = {}): CoverageCell => ({
  rowTermId: 'trm_cfo',
  columnTermId: 'trm_late',
  thirdTermId: null,
  state: 'empty',
  assetCount: 0,
  sharedCount: 0,
  readCount: 0,
  liftCount: 0,
  searchCount: 0,
  failedSearchCount: 0,
  noteCount: 0,
  openDealCount: 0,
  openValue: 0,
  unconvertedDealCount: 0,
  wantedCount: null,
  standing: 'even',
  ...more,
});
const coverage = (more: Partial<Coverage> = {}): Coverage =>
  ({
    rows: 'persona',
    columns: 'stage',
    rowTerms: [{ id: 'trm_cfo', dimensionKey: 'persona', name: 'CFO' }],
    columnTerms: [{ id: 'trm_late', dimensionKey: 'stage', name: 'Negotiation' }],
    thirdTerms: [],
    cells: [cell()],
    thin: [],
    fat: [],
    isDemandEnough: true,
    eligibleCount: 40,
    untagged: [
      { dimensionKey: 'persona', assetCount: 3 },
      { dimensionKey: 'stage', assetCount: 0 },
      { dimensionKey: 'objection', assetCount: 9 },
    ],
    baseCurrency: 'EUR',
    unconverted: [],
    named: { searchCount: 30, noteCount: 5 },
    placed: { searchCount: 20, noteCount: 5 },
    ...more,
  }) as Coverage;

test('a cell says what it holds, who asks and what is wanted', () => {
  const full = cell({
    state: 'shared',
    assetCount: 2,
    sharedCount: 2,
    searchCount: 14,
    failedSearchCount: 6,
    noteCount: 3,
    openDealCount: 4,
    openValue: 1_200_000,
    wantedCount: 3,
  });
  expect(cellSentence(full, 'EUR')).toBe(
    'Two assets, shared, not read. 14 searches, 6 in vain, 3 notes, €1,200,000 in 4 open deals. Target 3.',
  );
  expect(cellSentence(cell(), 'EUR')).toBe('No asset. Nobody asked for it.');
  expect(cellSentence(cell({ state: 'has', assetCount: 1, wantedCount: 0 }), null)).toBe(
    'One asset, not shared. Nobody asked for it. Meant to stay empty.',
  );
  expect(cellSentence(cell({ state: 'read', assetCount: 30, sharedCount: 9, readCount: 2 }), null)).toBe(
    '30 assets, 9 shared, 2 read. Nobody asked for it.',
  );
  expect(cellSentence(cell({ openDealCount: 2, unconvertedDealCount: 2 }), 'EUR')).toBe(
    'No asset. 2 open deals.',
  );
  expect(cellSentence(cell({ openDealCount: 2, openValue: 500, unconvertedDealCount: 1 }), 'EUR')).toContain(
    '€500 in 2 open deals (1 not converted).',
  );
});

test('the answer says where demand is and nothing', () => {
  const thin = cell({ searchCount: 4, standing: 'thin' });
  expect(coverageAnswer(coverage({ cells: [thin], thin: [thin] }))).toBe(
    'Nothing answers CFO × Negotiation: 4 searches.',
  );
  const fat = cell({ assetCount: 7, state: 'has', standing: 'fat' });
  expect(coverageAnswer(coverage({ cells: [fat], fat: [fat] }))).toBe(
    'Whatever was asked for is there; CFO × Negotiation has 7 assets that nobody asks for.',
  );
  expect(coverageAnswer(coverage({ isDemandEnough: false }))).toContain('Too little was asked for yet');
  const wanted = cell({ wantedCount: 2, standing: 'thin' });
  expect(coverageAnswer(coverage({ cells: [wanted], thin: [wanted] }))).toContain('1 cell has fewer assets');
});

test('the evidence names what is left out', () => {
  const unconverted = [{ currency: 'JPY', dealCount: 2, amount: 9 }];
  expect(coverageEvidence(coverage({ unconverted }))).toBe(
    '40 eligible assets, 3 without a persona, which stand in no cell. 20 searches and 5 objection notes name enough to stand in a cell; 10 more name too little. 2 open deals in JPY have no rate and are worth nothing here.',
  );
});

test('what waits at a stage is said apart from what is known to wait for the cell', () => {
  const stageValues = [
    { termId: 'trm_late', openDealCount: 9, openValue: 1_200_000, unconvertedDealCount: 0 },
  ];
  expect(stageValueWords(coverage({ stageValues }), cell())).toBe(
    '€1,200,000 in 9 open deals at Negotiation altogether.',
  );
  expect(stageValueWords(coverage({ stageValues: [] }), cell())).toBe('');
});
