import type { Dimension, DimensionKey } from '@offshelf/server/contract/taxonomy';

export interface Operator {
  key: string;
  /** What it does, as the help says it. */
  says: string;
  example: string;
  dimensionKey?: DimensionKey;
}

/** What can be typed to narrow a search, in the order in which people need it. */
export const operators: readonly Operator[] = [
  { key: 'persona', says: 'Who you talk to', example: 'persona:developer', dimensionKey: 'persona' },
  { key: 'stage', says: 'Where the deal is', example: 'stage:evaluation', dimensionKey: 'stage' },
  {
    key: 'objection',
    says: 'What they say',
    example: 'objection:"too expensive"',
    dimensionKey: 'objection',
  },
  { key: 'type', says: 'The kind of content', example: 'type:"case study"', dimensionKey: 'content_type' },
  { key: 'owner', says: 'Who looks after it', example: 'owner:me' },
  { key: 'before', says: 'Published before a day, a month or a year', example: 'before:2026-06' },
  { key: 'after', says: 'Published since then, or in the last so many months', example: 'after:3m' },
  { key: 'industry', says: 'Their industry', example: 'industry:banking', dimensionKey: 'industry' },
  { key: 'region', says: 'Where they are', example: 'region:europe', dimensionKey: 'region' },
  { key: 'product', says: 'Which product', example: 'product:cloud', dimensionKey: 'product' },
  { key: 'language', says: 'In which language', example: 'language:german', dimensionKey: 'language' },
];

/** An operator that somebody is typing: which one, what of its value is there, and where the value stands. */
export interface Typing {
  operator: Operator;
  part: string;
  start: number;
  end: number;
}

export interface Suggestion {
  label: string;
  /** What is put in, with quotation marks where it has spaces. */
  value: string;
  hint: string;
}

/** The operator whose value is being typed at this place of the text, if any. */
export function findTyping(text: string, caret: number): Typing | undefined {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(])(\p{L}{3,15}):((?:"[^"\n]*"|[^\s",])*,)?("[^"\n]*|[^\s",]*)$/iu.exec(before);
  if (!match) return undefined;
  const operator = operators.find(({ key }) => key === match[1]?.toLowerCase());
  if (!operator) return undefined;
  const part = match[3] ?? '';
  const rest = /^[^\s",]*"?/.exec(text.slice(caret))?.[0] ?? '';
  return { operator, part: part.replace('"', ''), start: caret - part.length, end: caret + rest.length };
}

interface Known {
  dimensions: readonly Dimension[];
  people: readonly { name: string; email: string }[];
  now: Date;
}

const mostSuggestions = 8;

/** What may stand after the operator, those first whose words begin with what is typed. */
export function suggestValues({ operator, part }: Typing, known: Known): Suggestion[] {
  const wanted = fold(part);
  return allValues(operator, known)
    .map((suggestion) => ({ suggestion, rank: rankOf(suggestion, wanted) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, mostSuggestions)
    .map(({ suggestion: { label, value, hint } }) => ({ label, value, hint }));
}

/** The text with the value put in, and where the caret goes on. */
export function complete(text: string, typing: Typing, value: string): { text: string; caret: number } {
  const after = text.slice(typing.end).replace(/^ /, '');
  const head = `${text.slice(0, typing.start)}${value} `;
  return { text: head + after, caret: head.length };
}

type Findable = Suggestion & { words: string };

function allValues(operator: Operator, { dimensions, people, now }: Known): Findable[] {
  if (operator.key === 'owner')
    return [
      { label: 'me', value: 'me', hint: 'Yours', words: 'me' },
      ...people.map(({ name, email }) => ({
        label: name,
        value: quoted(name),
        hint: email,
        words: `${name} ${email}`,
      })),
    ];
  if (operator.key === 'before' || operator.key === 'after') return datesFrom(now);
  const terms = dimensions.find(({ key }) => key === operator.dimensionKey)?.terms ?? [];
  return terms
    .filter((term) => !term.isRetired)
    .map((term) => ({
      label: term.name,
      value: quoted(term.name),
      hint: `${term.assetCount.toString()} ${term.assetCount === 1 ? 'asset' : 'assets'}`,
      words: [term.name, ...term.synonyms].join(' '),
    }));
}

/** Examples, so that nobody has to guess how a date is written. */
function datesFrom(now: Date): Findable[] {
  const year = now.getFullYear();
  const month = `${year.toString()}-${(now.getMonth() + 1).toString().padStart(2, '0')}`;
  const dates = [
    [month, 'This month'],
    [year.toString(), 'This year'],
    [(year - 1).toString(), 'Last year'],
    ['3m', 'Three months ago'],
    ['2w', 'Two weeks ago'],
    [`${month}-01`, 'A day'],
  ];
  return dates.map(([value = '', hint = '']) => ({ label: value, value, hint, words: value }));
}

function quoted(name: string): string {
  return /^[\p{L}\p{N}&-]+$/u.test(name) ? name : `"${name.replaceAll('"', '')}"`;
}

function rankOf({ label, words }: Findable, wanted: string): number {
  if (wanted === '') return 1;
  const name = fold(label);
  if (name.startsWith(wanted)) return 4;
  if (` ${name}`.includes(` ${wanted}`)) return 3;
  if (` ${fold(words)}`.includes(` ${wanted}`)) return 2;
  return name.includes(wanted) ? 1 : 0;
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
