import { z } from 'zod';
import type { DealField, DealImportSettings } from './contract.ts';
import { findEndFault, findHistoryFault } from './upsert.ts';
import type { DealInput } from './write.ts';

const aliases: Record<DealField, RegExp> = {
  external_id:
    /^(external|deal|opportunity|record)?[ _-]?(id|nr|number|nummer)$|^(crm|vorgangs)[ _-]?(id|nummer)$/i,
  name: /^(deal|opportunity)?[ _-]?name$|^(deal|opportunity|verkaufschance|bezeichnung|title)$/i,
  account: /^(account|company|customer|kunde|firma|organi[sz]ation)[ _-]?(name)?$/i,
  industry: /^(industry|branche|sector)$/i,
  region: /^(region|territory|gebiet)$/i,
  segment: /^(segment|size|größe|tier)$/i,
  contact_name: /^(primary[ _-])?(contact|ansprechpartner)[ _-]?(name)?$/i,
  contact_email: /^(primary[ _-])?contact[ _-]?e?-?mail$/i,
  amount: /^(amount|value|betrag|wert|deal[ _-]value|acv|arr|umsatz)$/i,
  currency: /^(currency|währung|waehrung|iso[ _-]?code)([ _-]?code)?$/i,
  owner_email: /^(owner|deal[ _-]owner|besitzer|rep|verkäufer)([ _-]?e?-?mail)?$/i,
  created_at: /^(created|create|opened|open|angelegt|erstellt)([ _-]?(at|on|am|date|datum))?$/i,
  stage: /^(deal[ _-])?(stage|phase|stufe)$/i,
  stage_history: /^(stage[ _-]?)history$|^verlauf$/i,
  outcome: /^(outcome|status|result|ergebnis)$/i,
  closed_at: /^(closed?|abgeschlossen|abschluss)([ _-]?(at|on|am|date|datum))?$/i,
  loss_reason: /^(loss|lost|close)[ _-]?reason$|^verlustgrund$/i,
};

/** Which column is which, by their names. */
export function guessColumns(header: string[]): DealImportSettings['columns'] {
  const columns: DealImportSettings['columns'] = {};
  const taken = new Set<number>();
  for (const [field, pattern] of Object.entries(aliases) as [DealField, RegExp][]) {
    const exact = header.findIndex((name) => name.toLowerCase() === field);
    const found =
      exact >= 0 ? exact : header.findIndex((name, index) => !taken.has(index) && pattern.test(name));
    if (found < 0) continue;
    columns[field] = found;
    taken.add(found);
  }
  return columns;
}

export type ReadRow =
  | { externalId: string; detail: string }
  | { externalId: string; deal: DealInput; isSorted: boolean };

/** A deal of what the row says, or the sentence that says why it is not taken and what to do. */
export function readRow(values: string[], headerCount: number, settings: DealImportSettings): ReadRow {
  const value = (field: DealField): string => {
    const column = settings.columns[field];
    return column === undefined ? '' : (values[column]?.trim() ?? '');
  };
  const externalId = value('external_id');
  if (values.length !== headerCount)
    return {
      externalId,
      detail: `There are ${values.length} values for ${headerCount} columns. Check separators and quotes in this row.`,
    };
  try {
    return { externalId, ...readDeal(value, settings) };
  } catch (error) {
    if (error instanceof RowFault) return { externalId, detail: error.message };
    throw error;
  }
}

class RowFault extends Error {}

function readDeal(value: (field: DealField) => string, settings: DealImportSettings) {
  const needed = (field: DealField): string =>
    short(field, value(field)) ?? fail(`${field} is empty. Fill it in.`);
  const optional = (field: DealField) => short(field, value(field));
  const externalId = needed('external_id');
  const openedAt = readMoment('created_at', needed('created_at'), settings);
  const outcome = readOutcome(value('outcome'));
  const closedText = value('closed_at');
  const closedAt =
    outcome === 'open' || closedText === '' ? null : readMoment('closed_at', closedText, settings);
  const stageOf = (stage: string) =>
    Object.hasOwn(settings.stageNames, stage) ? (settings.stageNames[stage] ?? stage) : stage;
  const stage = stageOf(needed('stage'));
  const history = readHistory(value('stage_history'), settings).map((entry) => ({
    ...entry,
    stage: stageOf(entry.stage),
  }));
  const stages = history.toSorted((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime());
  const fault = findEndFault(outcome, openedAt, closedAt) ?? findHistoryFault(stages, closedAt);
  if (fault) fail(fault.replaceAll('closedAt', 'closed_at').replaceAll('openedAt', 'created_at'));
  const email = optional('contact_email');
  if (email && !z.email().safeParse(email).success)
    fail(`contact_email “${email}” is not an e-mail address. Correct it or leave it empty.`);
  const deal: DealInput = {
    externalId,
    name: optional('name'),
    account: needed('account').replace(/\s+/g, ' '),
    industry: optional('industry'),
    region: optional('region'),
    segment: optional('segment'),
    contact: email ? { email, name: optional('contact_name') ?? email } : null,
    amount: readAmount(needed('amount'), settings.numberFormat),
    currency: readCurrency(value('currency').toUpperCase() || (settings.defaultCurrency ?? '')),
    ownerEmail: optional('owner_email'),
    openedAt,
    stage,
    stages: stages.length > 0 ? stages : [{ stage, enteredAt: openedAt }],
    outcome,
    closedAt,
    lossReason: optional('loss_reason'),
  };
  return { deal, isSorted: stages.some((entry, index) => entry !== history[index]) };
}

function fail(detail: string): never {
  throw new RowFault(detail);
}

function short(field: DealField, text: string): string | null {
  if (text.length > 300) fail(`${field} is longer than 300 signs. Shorten it.`);
  // PostgreSQL keeps no text with this sign in it.
  if (text.includes('\0')) fail(`${field} holds a sign that is no text. Export the file again.`);
  return text === '' ? null : text;
}

function readCurrency(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text;
  return fail(
    text === ''
      ? 'currency is empty. Fill it in, or choose a currency for rows without one.'
      : `currency “${text}” must be three letters like EUR.`,
  );
}

function readOutcome(text: string): DealInput['outcome'] {
  if (text === '' || /^(open|offen|in progress|ouvert)$/i.test(text)) return 'open';
  if (/^((closed )?won|gewonnen|gagné)$/i.test(text)) return 'won';
  if (/^((closed )?lost|verloren|perdu)$/i.test(text)) return 'lost';
  return fail(`outcome “${text}” must be open, won or lost.`);
}

/** 1234.56 whatever the habit of the country; where it could be two numbers, somebody has to say which. */
function readAmount(text: string, format: DealImportSettings['numberFormat']): string {
  const plain = text.replace(/[\s\u00a0\u202f'’]/g, '');
  if (!/^\d[\d.,]*$/.test(plain)) fail(`amount “${text}” must be a number without signs, like 12500.50.`);
  const comma = () =>
    /^(\d+|\d{1,3}(\.\d{3})+)(,\d{1,6})?$/.test(plain) && plain.replaceAll('.', '').replace(',', '.');
  const point = () => /^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,6})?$/.test(plain) && plain.replaceAll(',', '');
  const readings = format === 'comma' ? [comma()] : format === 'point' ? [point()] : [comma(), point()];
  const numbers = [...new Set(readings.filter((reading) => reading !== false).map(Number))];
  const [number] = numbers;
  if (numbers.length > 1)
    fail(`amount “${text}” could be ${numbers.join(' or ')}. Say what parts the decimals and check again.`);
  if (number === undefined || number >= 1e12)
    fail(`amount “${text}” cannot be read with these decimals. Correct it or choose the other way.`);
  return Number(number).toFixed(2);
}

const isoMoment = z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()]);

/** ISO always; a date like 3/4/2026 only when somebody said which of them is the month. */
function readMoment(
  field: string,
  text: string,
  { dateFormat }: Pick<DealImportSettings, 'dateFormat'>,
): Date {
  const iso = text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');
  if (isoMoment.safeParse(iso).success && !iso.startsWith('0000'))
    return new Date(/T/.test(iso) && !/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? `${iso}Z` : iso);
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!parts) return fail(`${field} “${text}” must be a date like 2026-03-31 or 2026-03-31T09:00:00Z.`);
  if (dateFormat === 'iso')
    return fail(`${field} “${text}” does not say which number is the month. Choose how dates are written.`);
  const [, one, two, year, hour = '0', minute = '0', second = '0'] = parts;
  const [dayOf, month] = dateFormat === 'dmy' ? [one, two] : [two, one];
  const at = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(dayOf), Number(hour), Number(minute), Number(second)),
  );
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(dayOf))
    return fail(`${field} “${text}” is no day of the calendar. Correct it, or choose how dates are written.`);
  return at;
}

const historyEntries = z
  .array(z.object({ stage: z.string().trim().min(1).max(300), entered_at: z.string() }))
  .min(1)
  .max(200);

function readHistory(text: string, settings: DealImportSettings): DealInput['stages'] {
  if (text === '') return [];
  let entries: z.infer<typeof historyEntries>;
  try {
    entries = historyEntries.parse(JSON.parse(text));
  } catch {
    return fail(
      'stage_history must be a JSON list like [{"stage":"Discovery","entered_at":"2026-03-31T09:00:00Z"}]. Correct it or leave it empty.',
    );
  }
  return entries.map((entry) => ({
    stage: entry.stage,
    enteredAt: readMoment('stage_history', entry.entered_at, settings),
  }));
}
