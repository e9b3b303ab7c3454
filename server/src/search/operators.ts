import type { DimensionKey } from '../taxonomy/contract.ts';
import { allowedEdits, editDistance } from '../words/typos.ts';
import type { Understanding } from './contract.ts';
import { findTermByWord, type Lexicon, suggestTerm } from './lexicon.ts';
import { readPeriod } from './period.ts';
import { findStageByPlace } from './stage-cues.ts';

/** Somebody who may own assets. */
export interface Person {
  id: string;
  name: string;
  email: string;
}

export interface OperatorSurroundings {
  lexicon: Lexicon;
  /** Those whose name or address holds what was typed as an owner, and the one who asks. */
  people: Person[];
  me: Person;
  now: Date;
}

/** What was typed, with the operators taken out and understood. */
export interface OperatorReading {
  /** The rest of the text, to be understood as words. */
  text: string;
  phrases: string[];
  excluded: string[];
  groups: { dimensionKey: DimensionKey; termIds: string[] }[];
  ownerUserIds: string[];
  publishedSince: Date | null;
  publishedBefore: Date | null;
  operators: Understanding['operators'];
  mistakes: Understanding['mistakes'];
}

const dimensionByKey: Record<string, DimensionKey> = {
  persona: 'persona',
  stage: 'stage',
  objection: 'objection',
  industry: 'industry',
  region: 'region',
  product: 'product',
  language: 'language',
  type: 'content_type',
};
const operatorKeys = [...Object.keys(dimensionByKey), 'owner', 'before', 'after'];

/** A query with more than that was not typed by anybody. */
const mostOperators = 40;
/** Each phrase is a condition of its own, and thousands would keep the database busy for minutes. */
const mostSequences = 30;
const longestValues = 400;
const longestValue = 80;

const value = `(?:"[^"\\n]*"|[^\\s",]+)`;
/** key:value, key:value,"other value"; a minus before it is noticed, too. */
const operatorPattern = new RegExp(
  `(?<![^\\s(])(-?)(\\p{L}{3,15}):(${value}(?:,${value})*)?(?![^\\s).,;!?])`,
  'giu',
);
const phrasePattern = /(?<![^\s(])(-?)"([^"\n]*)"/g;
const exclusionPattern = /(?<!\S)-(\p{L}[^\s"]*)/gu;
/** Inches, as in 12", close nothing. */
const quoteSign = /(?<!\d)"/g;

interface Cut {
  start: number;
  end: number;
  /** What is searched for in its place. */
  left: string;
}

/** What was typed as owner, to look these people up before the operators are read. */
export function listOwnerWords(query: string): string[] {
  return [...straighten(query).matchAll(operatorPattern)]
    .filter(([, , key]) => key?.toLowerCase() === 'owner')
    .flatMap(([, , , given = '']) => splitValues(given))
    .filter((word) => word.toLowerCase() !== 'me')
    .slice(0, 10);
}

/**
 * Takes operators out of a query. Mistakes are explained; of these a name that no term has stays as words, because the
 * assets may say it, and a date, an owner or an exclusion that cannot be read is left out, because none of them would.
 */
export function readOperators(query: string, surroundings: OperatorSurroundings): OperatorReading {
  const text = straighten(query);
  const reading: OperatorReading = {
    text,
    phrases: [],
    excluded: [],
    groups: [],
    ownerUserIds: [],
    publishedSince: null,
    publishedBefore: null,
    operators: [],
    mistakes: [],
  };
  const cuts: Cut[] = [];
  const isTaken = (start: number) => cuts.some((cut) => start >= cut.start && start < cut.end);
  for (const match of [...text.matchAll(operatorPattern)].slice(0, mostOperators)) {
    const left = readOperator(match, reading, surroundings);
    if (left !== match[0]) cuts.push({ start: match.index, end: match.index + match[0].length, left });
  }
  for (const match of text.matchAll(phrasePattern)) {
    const [typed, minus, phrase = ''] = match;
    if (isTaken(match.index) || phrase.trim() === '') continue;
    if (isFull(reading)) break;
    noteSequence(reading, typed, minus === '-', phrase.trim());
    cuts.push({ start: match.index, end: match.index + typed.length, left: '' });
  }
  for (const match of text.matchAll(exclusionPattern)) {
    const [typed, word = ''] = match;
    if (isTaken(match.index) || operatorKeys.some((key) => word.toLowerCase().startsWith(`${key}:`)))
      continue;
    if (isFull(reading)) break;
    noteSequence(reading, typed, true, word);
    cuts.push({ start: match.index, end: match.index + typed.length, left: '' });
  }
  if (isFull(reading)) noteTooMany(reading);
  const left = cutOut(text, cuts);
  if ((left.match(quoteSign) ?? []).length % 2 === 1) noteOpenQuote(reading, left);
  return { ...reading, text: left };
}

/** Quotation marks of all kinds count as the one on the keyboard. */
function straighten(query: string): string {
  return query.replace(/[“”„‟«»]/g, '"');
}

function cutOut(text: string, cuts: Cut[]): string {
  let rest = '';
  let done = 0;
  for (const { start, end, left } of cuts.toSorted((a, b) => a.start - b.start)) {
    rest += `${text.slice(done, start)}${left} `;
    done = Math.max(done, end);
  }
  return (rest + text.slice(done)).trim();
}

function noteSequence(reading: OperatorReading, typed: string, isExcluded: boolean, words: string): void {
  if (isExcluded) reading.excluded.push(words);
  else reading.phrases.push(words);
  const says = isExcluded ? `Without “${words}”` : `With exactly “${words}”`;
  reading.operators.push({ typed, says, termId: null });
}

function isFull({ phrases, excluded }: OperatorReading): boolean {
  return phrases.length + excluded.length >= mostSequences;
}

function noteTooMany(reading: OperatorReading): void {
  const says = `Only the first ${mostSequences} phrases and exclusions count; what comes after them is read as words.`;
  reading.mistakes.push({ typed: '" " -', says, suggestion: null });
}

function noteOpenQuote(reading: OperatorReading, left: string): void {
  const at = left.lastIndexOf('"');
  const after = left.slice(at + 1).trim();
  reading.mistakes.push({
    typed: left.slice(at, at + 80),
    says: 'This quotation mark is not closed, so the words are searched for one by one.',
    suggestion: after === '' ? null : `"${after.slice(0, 80)}"`,
  });
}

/** What is searched for in its place: nothing when it is understood or cannot be a word of an asset. */
function readOperator(
  match: RegExpExecArray,
  reading: OperatorReading,
  around: OperatorSurroundings,
): string {
  const [typed, minus = '', rawKey = '', given = ''] = match;
  const key = rawKey.toLowerCase();
  const values = splitValues(given);
  const dimensionKey = dimensionByKey[key];
  if (!operatorKeys.includes(key)) return readUnknownKey(typed, key, given, reading);
  if (values.length === 0) return '';
  if (minus === '-')
    noteMistake(
      reading,
      typed,
      `A minus works before words and phrases, not before ${key}:, so this is left out.`,
      null,
    );
  else if (key === 'owner') readOwners(typed, values, reading, around);
  else if (key === 'before' || key === 'after') readDate(typed, key, values.join(' '), reading, around);
  else if (dimensionKey) return readTermValues(typed, key, dimensionKey, values, reading, around);
  return '';
}

function splitValues(given: string): string[] {
  return (given.slice(0, longestValues).match(/"[^"]*"|[^",]+/g) ?? [])
    .map((one) => one.replaceAll('"', '').trim())
    .filter((one) => one !== '' && one.length <= longestValue);
}

function noteMistake(reading: OperatorReading, typed: string, says: string, suggestion: string | null): void {
  if (reading.mistakes.length < 10) reading.mistakes.push({ typed: typed.slice(0, 120), says, suggestion });
}

/** Names that stand before a colon in texts and addresses, not in searches. */
const otherKeys = new Set(
  'http https ftp file mailto tel sms fwd fyi note notes todo edit update subject date sent from'.split(' '),
);

/** A misspelt operator is no word of an asset, and what it was to narrow to may be one. */
function readUnknownKey(typed: string, key: string, given: string, reading: OperatorReading): string {
  if (otherKeys.has(key) || !/^["\p{L}\d]/u.test(given)) return typed;
  if (/^\d/.test(given) || given.includes(':')) return typed;
  const near = operatorKeys
    .map((known) => ({ known, distance: editDistance(key, known) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  const isNear = near !== undefined && near.distance <= Math.max(1, allowedEdits(key));
  noteMistake(
    reading,
    typed,
    `There is no ${key}: to search by. These work: ${operatorKeys.map((known) => `${known}:`).join(' ')}`,
    isNear ? `${near.known}:${given}` : null,
  );
  return isNear ? splitValues(given).join(' ') : typed;
}

function readTermValues(
  typed: string,
  key: string,
  dimensionKey: DimensionKey,
  values: string[],
  reading: OperatorReading,
  { lexicon }: OperatorSurroundings,
): string {
  const found = values.map((word) => ({
    word,
    term:
      findTermByWord(lexicon, dimensionKey, word) ??
      (dimensionKey === 'stage' ? findStageByPlace(lexicon, word.toLowerCase()) : undefined),
  }));
  for (const { word, term } of found)
    if (!term) {
      const near = suggestTerm(lexicon, dimensionKey, word);
      noteMistake(
        reading,
        typed,
        near ? `No ${key} is called “${word}”.` : `There is no ${key} to choose from yet.`,
        near ? `${key}:${quoteWords(near.name)}` : null,
      );
    }
  const terms = found.flatMap(({ term }) => term ?? []);
  if (terms.length === 0) return values.join(' ');
  const group = reading.groups.find((one) => one.dimensionKey === dimensionKey);
  const termIds = [...new Set([...(group?.termIds ?? []), ...terms.map(({ id }) => id)])];
  if (group) group.termIds = termIds;
  else reading.groups.push({ dimensionKey, termIds });
  for (const term of new Set(terms))
    reading.operators.push({ typed, says: `Only ${nameOf(key)} “${term.name}”`, termId: term.id });
  return '';
}

function nameOf(key: string): string {
  return key === 'type' ? 'content type' : key;
}

function quoteWords(name: string): string {
  return /^\p{L}+$/u.test(name) ? name.toLowerCase() : `"${name}"`;
}

function readOwners(
  typed: string,
  values: string[],
  reading: OperatorReading,
  { people, me }: OperatorSurroundings,
): void {
  const found = values.flatMap((word) => {
    const wanted = word.toLowerCase();
    if (wanted === 'me') return me;
    const named = people.filter(
      ({ name, email }) => name.toLowerCase().includes(wanted) || email.toLowerCase().startsWith(wanted),
    );
    if (named.length === 0)
      noteMistake(
        reading,
        typed,
        `Nobody here is called “${word}”, so this is left out. Type a part of the name, or owner:me.`,
        null,
      );
    return named;
  });
  if (found.length === 0) return;
  const ids = [...new Set(found.map(({ id }) => id))];
  reading.ownerUserIds = [...new Set([...reading.ownerUserIds, ...ids])];
  const names = [...new Set(found.map(({ id, name }) => (id === me.id ? 'you' : name)))];
  reading.operators.push({ typed, says: `Owned by ${names.slice(0, 3).join(' or ')}`, termId: null });
}

function readDate(
  typed: string,
  key: 'before' | 'after',
  given: string,
  reading: OperatorReading,
  { now }: OperatorSurroundings,
): void {
  const from = readPeriod(given, now);
  if (!from) {
    const says = `“${given}” is no date, so this is left out. Type a year, a month or a day, such as ${key}:2026-05 or ${key}:3m.`;
    noteMistake(reading, typed, says, `${key}:${now.toISOString().slice(0, 7)}`);
    return;
  }
  const day = from.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  if (key === 'before') reading.publishedBefore = earlier(reading.publishedBefore, from);
  else reading.publishedSince = later(reading.publishedSince, from);
  const says = key === 'before' ? `Published before ${day}` : `Published on ${day} or later`;
  reading.operators.push({ typed, says, termId: null });
}

const earlier = (known: Date | null, other: Date) => (known && known < other ? known : other);
const later = (known: Date | null, other: Date) => (known && known > other ? known : other);
