import { z } from 'zod';
import { readCsvFile } from '../http/csv-file.ts';
import { Problem } from '../http/problem.ts';

export interface FileDeal {
  externalId: string;
  account: string;
  industry: string | null;
  region: string | null;
  segment: string | null;
  /** A decimal number with two places, as the database keeps it. */
  amount: string;
  currency: string;
  ownerEmail: string | null;
  openedAt: Date;
  stage: string;
  stages: { stage: string; enteredAt: Date }[];
  outcome: 'open' | 'won' | 'lost';
  closedAt: Date | null;
  lossReason: string | null;
}

export interface RowError {
  line: number;
  detail: string;
}

/** A larger file is split, so that no import fills the memory or holds up everybody else. */
const mostRows = 100_000;

const required = ['external_id', 'account', 'amount', 'currency', 'created_at', 'stage', 'outcome'];

/** Reads a deals.csv: rows that can be taken, and a sentence for each that can not. Extra columns are ignored. */
export function readDealsFile(csvText: string): { deals: FileDeal[]; errors: RowError[] } {
  const [header, ...records] = readCsvFile(csvText, 'deals.csv', mostRows);
  const columns = header?.record.map((name) => name.trim().toLowerCase()) ?? [];
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new Problem(
      'refused_import',
      `deals.csv lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}. The first line must name them.`,
    );
  const deals: FileDeal[] = [];
  const errors: RowError[] = [];
  const lineOf = new Map<string, number>();
  for (const { record, line } of records) {
    const result = readRow(columns, record);
    if ('detail' in result) {
      errors.push({ line, detail: result.detail });
      continue;
    }
    const earlier = lineOf.get(result.externalId);
    if (earlier === undefined) {
      lineOf.set(result.externalId, line);
      deals.push(result);
    } else errors.push({ line, detail: `external_id "${result.externalId}" is on line ${earlier} already.` });
  }
  return { deals, errors };
}

const filled = (name: string) => z.string().min(1, `${name} is empty.`).max(300, `${name} is too long.`);
const optional = z
  .string()
  .max(300, 'A value is too long.')
  .default('')
  .transform((text) => (text === '' ? null : text));
const moment = (name: string) =>
  z
    .union(
      [z.iso.datetime({ offset: true }), z.iso.date()],
      `${name} must be a time like 2026-03-31T09:00:00Z.`,
    )
    .refine((text) => !text.startsWith('0000'), `${name} lies outside of the calendar.`)
    .transform((text) => new Date(text));
const optionalMoment = (name: string) =>
  z.union([z.literal('').transform(() => null), moment(name)], {
    error: `${name} must be empty or a time like 2026-03-31T09:00:00Z.`,
  });

const row = z.object({
  external_id: filled('external_id'),
  account: filled('account'),
  industry: optional,
  region: optional,
  segment: optional,
  amount: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, 'amount must be a plain number like 12500 or 12500.50.')
    .transform((text) => Number(text).toFixed(2)),
  currency: z.string().regex(/^[A-Z]{3}$/, 'currency must be three capital letters like EUR.'),
  owner_email: optional,
  created_at: moment('created_at'),
  stage: filled('stage'),
  stage_history: z.string().default(''),
  outcome: z.enum(['open', 'won', 'lost'], 'outcome must be open, won or lost.'),
  closed_at: optionalMoment('closed_at').default(null),
  loss_reason: optional,
});

const history = z
  .array(z.object({ stage: z.string().trim().min(1).max(300), entered_at: moment('entered_at') }))
  .min(1)
  .max(200);

function readRow(columns: string[], record: string[]): FileDeal | { detail: string } {
  if (record.length !== columns.length)
    return {
      detail: `There are ${record.length} values for ${columns.length} columns. Check commas and quotes.`,
    };
  const result = row.safeParse(
    Object.fromEntries(columns.map((name, index) => [name, record[index]?.trim()])),
  );
  if (!result.success) return { detail: result.error.issues.map((issue) => issue.message).join(' ') };
  const deal = result.data;
  if (deal.outcome !== 'open' && deal.closed_at === null)
    return { detail: `closed_at is empty, but the deal is ${deal.outcome}.` };
  if (deal.closed_at !== null && deal.closed_at < deal.created_at)
    return { detail: 'closed_at is before created_at.' };
  const stages = readHistory(deal.stage_history);
  if (stages === undefined)
    return {
      detail:
        'stage_history must be a JSON list like [{"stage":"Discovery","entered_at":"2026-03-31T09:00:00Z"}].',
    };
  return {
    externalId: deal.external_id,
    account: deal.account.replace(/\s+/g, ' '),
    industry: deal.industry,
    region: deal.region,
    segment: deal.segment,
    amount: deal.amount,
    currency: deal.currency,
    ownerEmail: deal.owner_email,
    openedAt: deal.created_at,
    stage: deal.stage,
    stages: stages.length > 0 ? stages : [{ stage: deal.stage, enteredAt: deal.created_at }],
    outcome: deal.outcome,
    closedAt: deal.outcome === 'open' ? null : deal.closed_at,
    lossReason: deal.loss_reason,
  };
}

/** In the order in which the stages were entered; empty without a history, undefined when it can not be read. */
function readHistory(text: string): FileDeal['stages'] | undefined {
  if (text === '') return [];
  try {
    const entries = history.parse(JSON.parse(text));
    return entries
      .map((entry) => ({ stage: entry.stage, enteredAt: entry.entered_at }))
      .toSorted((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime());
  } catch {
    return undefined;
  }
}
