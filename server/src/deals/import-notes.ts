import type { DealImport } from './contract.ts';
import type { Known } from './import-queries.ts';
import type { DealInput } from './write.ts';

/** As it is kept while the rows go by. */
export interface ImportNotes {
  unknownStages: Record<string, number>;
  unknownOwners: Record<string, number>;
  unratedCurrencies: Record<string, number>;
  backwards: number;
  sorted: number;
}

export const noNotes: ImportNotes = {
  unknownStages: {},
  unknownOwners: {},
  unratedCurrencies: {},
  backwards: 0,
  sorted: 0,
};

/** More than these different ones say that a column is mapped wrongly, and nobody reads them. */
const mostNames = 50;

/** Adds what is worth knowing about a deal that is taken all the same. */
export function noteDeal(notes: ImportNotes, known: Known, deal: DealInput, isSorted: boolean): void {
  for (const stage of new Set([deal.stage, ...deal.stages.map((entry) => entry.stage)]))
    if (!known.stages.has(stage.toLowerCase())) add(notes.unknownStages, stage);
  if (deal.ownerEmail && !known.owners.has(deal.ownerEmail.toLowerCase()))
    add(notes.unknownOwners, deal.ownerEmail);
  if (!known.ratedCurrencies.has(deal.currency)) add(notes.unratedCurrencies, deal.currency);
  const places = deal.stages.map((entry) => known.stages.get(entry.stage.toLowerCase()) ?? 0);
  if (places.some((place, index) => place > 0 && place < (places[index - 1] ?? 0))) notes.backwards += 1;
  if (isSorted) notes.sorted += 1;
}

function add(counts: Record<string, number>, name: string): void {
  if (Object.hasOwn(counts, name) || Object.keys(counts).length < mostNames)
    counts[name] = (counts[name] ?? 0) + 1;
}

export function showNotes({ backwards, sorted, ...names }: ImportNotes): DealImport['notes'] {
  const show = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => ({ name, count }))
      .toSorted((a, b) => b.count - a.count);
  return {
    unknownStages: show(names.unknownStages),
    unknownOwners: show(names.unknownOwners),
    unratedCurrencies: show(names.unratedCurrencies),
    backwards,
    sorted,
  };
}
