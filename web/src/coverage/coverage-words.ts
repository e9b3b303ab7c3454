import { formatList, formatMoney, formatNumber, plural } from '../lib/format.ts';
import type { CellTerms, Coverage, CoverageCell, CoverageDimension, CoverageState } from './api.ts';

/** From nothing to the furthest; the letter is what is left of the colour in a grey print. */
export const stateWords: Record<CoverageState, { name: string; letter: string; step: number }> = {
  empty: { name: 'nothing', letter: '', step: 0 },
  has: { name: 'there, not shared', letter: 'H', step: 2 },
  shared: { name: 'shared', letter: 'S', step: 4 },
  read: { name: 'read by buyers', letter: 'R', step: 6 },
  lifts: { name: 'lifts deals', letter: 'L', step: 7 },
};

export const stateOrder = Object.keys(stateWords) as CoverageState[];

export const dimensionNames: Record<CoverageDimension, { one: string; many: string }> = {
  persona: { one: 'Persona', many: 'Personas' },
  stage: { one: 'Stage', many: 'Stages' },
  objection: { one: 'Objection', many: 'Objections' },
};

type Demand = Pick<
  CoverageCell,
  'searchCount' | 'failedSearchCount' | 'noteCount' | 'openDealCount' | 'openValue' | 'unconvertedDealCount'
>;

/** How often it was asked for: what the dots are as large as. */
export function askedCount({ searchCount, noteCount }: Pick<Demand, 'searchCount' | 'noteCount'>): number {
  return searchCount + noteCount;
}

/** "14 searches, 6 in vain, 3 notes, €1,200,000 in 4 open deals"; empty where nobody asks. */
export function demandWords(cell: Demand, baseCurrency: string | null): string {
  const parts = [
    cell.searchCount > 0 &&
      `${plural(cell.searchCount, 'search', 'searches')}${cell.failedSearchCount > 0 ? `, ${formatNumber(cell.failedSearchCount)} in vain` : ''}`,
    cell.noteCount > 0 && plural(cell.noteCount, 'note'),
    cell.openDealCount > 0 && dealWords(cell, baseCurrency),
  ];
  return parts.filter(Boolean).join(', ');
}

/** Amounts are left out where none could be converted; the evidence names the currencies. */
function dealWords(cell: Demand, baseCurrency: string | null): string {
  const deals = plural(cell.openDealCount, 'open deal');
  if (cell.openValue === 0 || !baseCurrency) return deals;
  const left = cell.unconvertedDealCount;
  return `${formatMoney(cell.openValue, baseCurrency)} in ${deals}${left > 0 ? ` (${formatNumber(left)} not converted)` : ''}`;
}

const numerals = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

type Holding = Pick<
  CoverageCell,
  'assetCount' | 'sharedCount' | 'readCount' | 'liftCount' | 'wantedCount' | 'state'
>;

/** "Two assets, one shared, not read." */
export function holdingWords(cell: Holding): string {
  const { assetCount, sharedCount, readCount, liftCount } = cell;
  if (assetCount === 0) return 'No asset.';
  const all = (count: number) => (count === assetCount ? '' : `${formatNumber(count)} `);
  const parts = [
    `${numerals[assetCount] ?? formatNumber(assetCount)} ${assetCount === 1 ? 'asset' : 'assets'}`,
    sharedCount > 0 ? `${all(sharedCount)}shared` : 'not shared',
    ...(readCount > 0 ? [`${all(readCount)}read`] : sharedCount > 0 ? ['not read'] : []),
    ...(liftCount > 0 ? [`${formatNumber(liftCount)} lifting`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** Everything that a cell says, in a sentence or three. */
export function cellSentence(cell: Holding & Demand, baseCurrency: string | null): string {
  const demand = demandWords(cell, baseCurrency);
  return [
    holdingWords(cell),
    demand ? `${demand}.` : 'Nobody asked for it.',
    cell.wantedCount === 0
      ? 'Meant to stay empty.'
      : cell.wantedCount === null
        ? ''
        : `Target ${formatNumber(cell.wantedCount)}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function termsOfCell(
  { rows, columns, thirdDimension }: Pick<Coverage, 'rows' | 'columns' | 'thirdDimension'>,
  cell: Pick<CoverageCell, 'rowTermId' | 'columnTermId' | 'thirdTermId'>,
): CellTerms {
  return {
    [rows]: cell.rowTermId,
    [columns]: cell.columnTermId,
    ...(cell.thirdTermId !== null && { [thirdDimension]: cell.thirdTermId }),
  };
}

export function nameOf(coverage: Coverage, termId: string | null): string {
  const terms = [...coverage.rowTerms, ...coverage.columnTerms, ...coverage.thirdTerms];
  return terms.find(({ id }) => id === termId)?.name ?? '';
}

/** "Security leader at Negotiation" */
export function cellName(coverage: Coverage, cell: CoverageCell): string {
  return [cell.rowTermId, cell.columnTermId, cell.thirdTermId]
    .map((termId) => nameOf(coverage, termId))
    .filter(Boolean)
    .join(' × ');
}

/** Where is demand and nothing, in one sentence. */
export function coverageAnswer(coverage: Coverage): string {
  const asked = coverage.thin.filter((cell) => askedCount(cell) + cell.openDealCount > 0);
  const [first, ...others] = asked;
  const waiting = coverage.cells.filter(({ standing }) => standing === 'thin').length;
  if (coverage.cells.length === 0) return 'There is nothing to compare: a dimension has no terms yet.';
  if (first) {
    const where = cellName(coverage, first);
    const demand = demandWords(first, coverage.baseCurrency);
    if (first.state === 'empty') return `Nothing answers ${where}: ${demand}.`;
    return `${where} is asked for and nothing of it was shared: ${demand}${others.length > 0 ? `, and ${plural(waiting - 1, 'more cell')} like it` : ''}.`;
  }
  if (waiting > 0)
    return `${plural(waiting, 'cell')} ${waiting === 1 ? 'has' : 'have'} fewer assets than you want; nobody asked for ${waiting === 1 ? 'it' : 'them'} in these days.`;
  const [fat] = coverage.fat;
  if (fat)
    return `Whatever was asked for is there; ${cellName(coverage, fat)} has ${plural(fat.assetCount, 'asset')} that nobody asks for.`;
  if (!coverage.isDemandEnough) return 'Too little was asked for yet to say where you are thin or fat.';
  return 'Whatever was asked for is there and was shared.';
}

/** What the answer rests on, and what it leaves out. */
export function coverageEvidence(coverage: Coverage): string {
  const { placed, named, eligibleCount, untagged, unconverted } = coverage;
  const axes = [coverage.rows, coverage.columns];
  const without = untagged
    .filter(({ dimensionKey, assetCount }) => axes.includes(dimensionKey) && assetCount > 0)
    .map(
      ({ dimensionKey, assetCount }) =>
        `${formatNumber(assetCount)} without ${dimensionKey === 'objection' ? 'an' : 'a'} ${dimensionKey}`,
    );
  const outside = named.searchCount + named.noteCount - placed.searchCount - placed.noteCount;
  return [
    `${plural(eligibleCount, 'eligible asset')}${without.length > 0 ? `, ${formatList(without)}, which stand in no cell` : ''}.`,
    `${plural(placed.searchCount, 'search', 'searches')} and ${plural(placed.noteCount, 'objection note')} name enough to stand in a cell${outside > 0 ? `; ${formatNumber(outside)} more name too little` : ''}.`,
    unconverted.length > 0 &&
      `${formatList(unconverted.map(({ currency, dealCount }) => `${plural(dealCount, 'open deal')} in ${currency}`))} ${unconverted.length > 1 || unconverted[0]?.dealCount !== 1 ? 'have' : 'has'} no rate and ${unconverted.length > 1 || unconverted[0]?.dealCount !== 1 ? 'are' : 'is'} worth nothing here.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What all open deals of the cell's stage are worth, whatever came up in them; empty where that says nothing. */
export function stageValueWords(coverage: Coverage, cell: CoverageCell): string {
  const termIds = [cell.rowTermId, cell.columnTermId, cell.thirdTermId];
  const stage = coverage.stageValues.find(({ termId }) => termIds.includes(termId));
  if (!stage || stage.openDealCount === 0) return '';
  const deals = plural(stage.openDealCount, 'open deal');
  return stage.openValue > 0 && coverage.baseCurrency
    ? `${formatMoney(stage.openValue, coverage.baseCurrency)} in ${deals} at ${nameOf(coverage, stage.termId)} altogether.`
    : `${deals} at ${nameOf(coverage, stage.termId)} altogether.`;
}

/** What the picture shows, as a finding. */
export function mapTitle({ cells }: Coverage): string {
  const held = cells.filter(({ assetCount }) => assetCount > 0).length;
  const thin = cells.filter(({ standing }) => standing === 'thin').length;
  const all = plural(cells.length, 'cell');
  return `${formatNumber(held)} of ${all} ${held === 1 ? 'holds' : 'hold'} an asset; ${formatNumber(thin)} ${thin === 1 ? 'is' : 'are'} thin`;
}
