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

/** How the rows of a file are read. */
export interface Reading {
  /** What its columns are called in the file, because that is what somebody can find there again. */
  header: string[];
  settings: DealImportSettings;
  /** The moment of a time that names no zone, given as if it were UTC. */
  atWall: (wall: number) => Date;
}

/** A deal of what the row says, or the sentence that says why it is not taken and what to do. */
export function readRow(values: string[], reading: Reading): ReadRow {
  const { header, settings } = reading;
  const value = (field: DealField): string => {
    const column = settings.columns[field];
    return column === undefined ? '' : (values[column]?.trim() ?? '');
  };
  // PostgreSQL keeps no text with a zero in it.
  const damaged = values.findIndex((text) => text.includes('\0'));
  const externalId = value('external_id').replaceAll('\0', '');
  if (damaged >= 0)
    return {
      externalId,
      detail: `${header[damaged] || `Column ${damaged + 1}`} holds a sign that is no text. Export the file again.`,
    };
  if (values.length !== header.length)
    return {
      externalId,
      detail: `There are ${values.length} values for ${header.length} columns. Check separators and quotes in this row.`,
    };
  try {
    return { externalId, ...readDeal(value, reading) };
  } catch (error) {
    if (error instanceof RowFault) return { externalId, detail: error.message };
    throw error;
  }
}

class RowFault extends Error {}

type Label = (field: DealField) => string;

function readDeal(value: (field: DealField) => string, { header, settings, atWall }: Reading) {
  const label: Label = (field) => {
    const column = settings.columns[field];
    return (column === undefined ? '' : header[column]) || field;
  };
  const optional = (field: DealField) => short(label(field), value(field));
  const needed = (field: DealField): string =>
    optional(field) ?? fail(`${label(field)} is empty. Fill it in.`);
  const readMoment = (field: DealField, text: string): Moment =>
    momentOf(label(field), text, settings.dateFormat, atWall);
  const externalId = needed('external_id');
  const openedAt = readMoment('created_at', needed('created_at')).at;
  const outcome = readOutcome(label('outcome'), value('outcome'));
  const stageOf = (stage: string) =>
    Object.hasOwn(settings.stageNames, stage) ? (settings.stageNames[stage] ?? stage) : stage;
  const stage = stageOf(needed('stage'));
  const history = readHistory(label('stage_history'), value('stage_history')).map((entry) => ({
    stage: stageOf(entry.stage),
    enteredAt: readMoment('stage_history', entry.entered_at).at,
  }));
  const stages = history.toSorted((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime());
  const closedText = value('closed_at');
  const closedAt =
    outcome === 'open' || closedText === ''
      ? null
      : endOf(readMoment('closed_at', closedText), [openedAt, ...stages.map((entry) => entry.enteredAt)]);
  const fault = findEndFault(outcome, openedAt, closedAt) ?? findHistoryFault(stages, outcome, closedAt);
  if (fault)
    fail(fault.replaceAll('closedAt', label('closed_at')).replaceAll('openedAt', label('created_at')));
  const email = optional('contact_email');
  if (email && !z.email().safeParse(email).success)
    fail(
      `${label('contact_email')} ${quoted(email)} is not an e-mail address. Correct it or leave it empty.`,
    );
  const deal: DealInput = {
    externalId,
    name: optional('name'),
    account: needed('account').replace(/\s+/g, ' '),
    industry: optional('industry'),
    region: optional('region'),
    segment: optional('segment'),
    contact: email ? { email, name: optional('contact_name') ?? email } : null,
    amount: readAmount(label('amount'), needed('amount'), settings.numberFormat),
    currency: readCurrency(
      label('currency'),
      value('currency').toUpperCase() || (settings.defaultCurrency ?? ''),
    ),
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

/** A day without a time is over when what happened on it has happened. */
function endOf({ at, dayEnd }: Moment, others: Date[]): Date {
  if (!dayEnd) return at;
  return others.reduce((latest, other) => (other > latest && other < dayEnd ? other : latest), at);
}

function fail(detail: string): never {
  throw new RowFault(detail);
}

/** Of a value that may be as long as a file. */
function quoted(text: string): string {
  return text.length > 80 ? `“${text.slice(0, 80)}…”` : `“${text}”`;
}

function short(name: string, text: string): string | null {
  if (text.length > 300) fail(`${name} is longer than 300 signs. Shorten it.`);
  return text === '' ? null : text;
}

function readCurrency(name: string, text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text;
  return fail(
    text === ''
      ? `${name} is empty. Fill it in, or choose a currency for rows without one.`
      : `${name} ${quoted(text)} must be three letters like EUR.`,
  );
}

function readOutcome(name: string, text: string): DealInput['outcome'] {
  if (text === '' || /^(open|offen|in progress|ouvert)$/i.test(text)) return 'open';
  if (/^((closed )?won|gewonnen|gagné)$/i.test(text)) return 'won';
  if (/^((closed )?lost|verloren|perdu)$/i.test(text)) return 'lost';
  return fail(`${name} ${quoted(text)} must be open, won or lost.`);
}

/** 1234.56 whatever the habit of the country; where it could be two numbers, somebody has to say which. */
function readAmount(name: string, text: string, format: DealImportSettings['numberFormat']): string {
  const plain = text.replace(/[\s\u00a0\u202f'’]/g, '');
  if (!/^\d[\d.,]*$/.test(plain))
    fail(`${name} ${quoted(text)} must be a number without signs, like 12500.50.`);
  const comma = () =>
    /^(\d+|\d{1,3}(\.\d{3})+)(,\d{1,6})?$/.test(plain) && plain.replaceAll('.', '').replace(',', '.');
  const point = () => /^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,6})?$/.test(plain) && plain.replaceAll(',', '');
  const readings = format === 'comma' ? [comma()] : format === 'point' ? [point()] : [comma(), point()];
  const numbers = [...new Set(readings.filter((reading) => reading !== false).map(Number))];
  const [number] = numbers;
  if (numbers.length > 1)
    fail(
      `${name} ${quoted(text)} could be ${numbers.join(' or ')}. Say what parts the decimals and check again.`,
    );
  if (number === undefined || number >= 1e12)
    fail(`${name} ${quoted(text)} cannot be read with these decimals. Correct it or choose the other way.`);
  return Number(number).toFixed(2);
}

const isoMoment = z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()]);

interface Moment {
  at: Date;
  /** Where only a day is given: when it is over. */
  dayEnd?: Date;
}

/** ISO always; a date like 3/4/2026 only when somebody said which of them is the month. */
function momentOf(
  name: string,
  text: string,
  dateFormat: DealImportSettings['dateFormat'],
  atWall: Reading['atWall'],
): Moment {
  const iso = text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');
  if (isoMoment.safeParse(iso).success && !iso.startsWith('0000')) {
    if (/T.*(Z|[+-]\d\d:?\d\d)$/.test(iso)) return { at: new Date(iso) };
    return iso.includes('T') ? { at: atWall(Date.parse(`${iso}Z`)) } : dayOf(Date.parse(iso), atWall);
  }
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!parts) return fail(`${name} ${quoted(text)} must be a date like 2026-03-31 or 2026-03-31T09:00:00Z.`);
  if (dateFormat === 'iso')
    return fail(`${name} “${text}” does not say which number is the month. Choose how dates are written.`);
  const [, one, two, year, hour, minute = '0', second = '0'] = parts;
  const [dayOfMonth, month] = dateFormat === 'dmy' ? [one, two] : [two, one];
  const day = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth));
  const read = new Date(day);
  const isDay = read.getUTCMonth() === Number(month) - 1 && read.getUTCDate() === Number(dayOfMonth);
  if (!isDay || Number(year) < 1000 || Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 59)
    return fail(`${name} “${text}” is no day of the calendar. Correct it, or choose how dates are written.`);
  if (hour === undefined) return dayOf(day, atWall);
  return { at: atWall(day + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000) };
}

function dayOf(wall: number, atWall: Reading['atWall']): Moment {
  return { at: atWall(wall), dayEnd: atWall(wall + 86_400_000) };
}

const historyEntries = z
  .array(z.object({ stage: z.string().trim().min(1).max(300), entered_at: z.string() }))
  .min(1)
  .max(200);

function readHistory(name: string, text: string): z.infer<typeof historyEntries> {
  if (text === '') return [];
  try {
    return historyEntries.parse(JSON.parse(text));
  } catch {
    return fail(
      `${name} must be a JSON list like [{"stage":"Discovery","entered_at":"2026-03-31T09:00:00Z"}]. Correct it or leave it empty.`,
    );
  }
}
