import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { type EngineQuery, type TermGroup, wholeShelf } from '../indexing/engine.ts';
import { trustWeights } from '../indexing/weights.ts';
import { isEveryday } from '../words/common-words.ts';
import { negation, readTokens, type Token } from '../words/tokens.ts';
import type { Question, Understanding } from './contract.ts';
import { type Knowledge, readKnowledge } from './knowledge.ts';
import { findAccountById, findAccountsByName, findPeople, listKnownWords } from './knowledge-queries.ts';
import { isMessage, type Message, readMessage } from './message.ts';
import { listOwnerWords, type OperatorReading, readOperators } from './operators.ts';
import { type LibraryWords, listDoubtfulWords, type ReadTerm, readTerms } from './understand.ts';

/** A question as it was understood, ready to be asked. */
export interface ReadQuestion {
  query: string;
  knowledge: Knowledge;
  library: LibraryWords;
  understanding: Omit<Understanding, 'spelling' | 'unknownWords'>;
  /** Terms that were read from the words. */
  read: ReadTerm[];
  /** Every term of the question, chosen, typed as an operator, or read. */
  termIds: string[];
  /** Terms that have to be met. */
  hardTermIds: string[];
  filters: Question['filters'];
  message: Message | null;
  asked: EngineQuery;
  /** The words that remain and say something. */
  restTokens: Token[];
  /** How far the reading of the words is trusted against the words themselves, from 0 to 1. */
  trust: number;
}

/** So much of a text is read: a question is hardly ever longer, and a message goes on with its history. */
const longestRead = { question: 3_000, message: 12_000 };
/** Beyond this nobody types a misspelt word that matters. */
const mostDoubtfulWords = 60;
const longestAccountName = 5;
const longestName = 120;
const mostAccountNames = 600;

export async function readQuestion(ctx: Context, actor: Actor, question: Question): Promise<ReadQuestion> {
  const query = tidy(question.query);
  const isLong = isMessage(query);
  const given = query.slice(0, longestRead[isLong ? 'message' : 'question']).toWellFormed();
  const [knowledge, people, accounts, account] = await Promise.all([
    readKnowledge(ctx.db),
    findPeople(ctx.db, isLong ? [] : listOwnerWords(given)),
    question.accountId ? [] : findAccountsByName(ctx.db, listNames(given)),
    question.accountId ? findAccountById(ctx.db, question.accountId) : undefined,
  ]);
  const { lexicon, titles } = knowledge;
  const operators = readOperators(isLong ? '' : given, {
    lexicon,
    people,
    me: { id: actor.userId, name: actor.name, email: actor.email },
    now: ctx.clock(),
  });
  const typed = isLong ? given : operators.text;
  const doubtful = listDoubtfulWords(typed, lexicon, mostDoubtfulWords);
  const library = { known: await findKnown(ctx, doubtful, accounts), titles };
  const named = account ? undefined : findLongestName(query, accounts, library.known);
  // What the library speaks of is searched for as well: a customer's name stands in the case study about them.
  const text = named && !isKnown(named.name, library.known) ? withoutName(typed, named.name) : typed;
  const message = isLong ? readMessage(text, lexicon, library, question.plainTermIds) : null;
  const reading = message
    ? { terms: message.terms, rest: [] }
    : readTerms(text, lexicon, library, question.plainTermIds);
  const selected = question.filters.termIds.flatMap((id) => knowledge.terms.get(id) ?? []);
  const hard = mergeGroups([...groupTerms(selected), ...operators.groups]);
  const hardTermIds = hard.flatMap(({ termIds }) => termIds);
  const read = reading.terms.filter(({ term }) => !hardTermIds.includes(term.id));
  const rest = message ? '' : writeRest(text, reading, operators);
  const shown = account ?? named;
  return {
    query,
    knowledge,
    library,
    message,
    read,
    restTokens: reading.rest,
    trust: message ? 1 : weighReading(text, read, reading.rest),
    hardTermIds,
    termIds: [...new Set([...hardTermIds, ...read.map(({ term }) => term.id)])].toSorted(),
    filters: { termIds: selected.map(({ id }) => id).toSorted(), audience: question.filters.audience },
    understanding: {
      terms: read.map(({ term: { id, dimensionKey, name }, typed, via, readAs }) => ({
        term: { id, dimensionKey, name },
        typed,
        via,
        readAs,
      })),
      account: shown ? { id: shown.id, name: shown.name, isRead: account === undefined } : null,
      operators: operators.operators,
      mistakes: operators.mistakes,
      rest,
    },
    asked: {
      ...wholeShelf,
      words: message ? '' : writeAsked(text, rest, reading),
      phrases: operators.phrases,
      excluded: operators.excluded,
      situation: groupTerms(read.map(({ term }) => term)),
      groups: hard,
      audience: question.filters.audience,
      ownerUserIds: operators.ownerUserIds,
      publishedSince: operators.publishedSince,
      publishedBefore: operators.publishedBefore,
    },
  };
}

/** Line ends as one kind, and nothing that no database takes. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]+/gu, ' ');
}

export function groupTerms(terms: { id: string; dimensionKey: TermGroup['dimensionKey'] }[]): TermGroup[] {
  return Array.from(
    Map.groupBy(terms, ({ dimensionKey }) => dimensionKey),
    ([dimensionKey, group]) => ({ dimensionKey, termIds: [...new Set(group.map(({ id }) => id))] }),
  );
}

/** Terms of one dimension widen, wherever each was chosen. */
function mergeGroups(groups: TermGroup[]): TermGroup[] {
  return groupTerms(
    groups.flatMap(({ dimensionKey, termIds }) => termIds.map((id) => ({ id, dimensionKey }))),
  );
}

function weighReading(text: string, read: ReadTerm[], rest: Token[]): number {
  const isTelling = ({ isFiller }: Token) => !isFiller;
  const isInside = ({ start }: Token) => read.some((one) => start >= one.start && start < one.end);
  const understood = readTokens(text).filter((token) => isTelling(token) && isInside(token)).length;
  const others = rest.filter((token) => !isInside(token)).length;
  const share = understood / Math.max(1, understood + others);
  const hasObjection = read.some(({ term }) => term.dimensionKey === 'objection');
  return Math.min(1, share * trustWeights.perShare + (hasObjection ? trustWeights.objection : 0));
}

/** Without a term in it the text is asked as it stands; else the words that are left, unless none says anything. */
function writeRest(
  text: string,
  reading: { terms: ReadTerm[]; rest: Token[] },
  operators: OperatorReading,
): string {
  if (reading.terms.length === 0) {
    const isNarrowed = operators.operators.length > 0;
    return isNarrowed && readTokens(text).length === 0 ? '' : cutWords(text).trim();
  }
  return reading.rest
    .slice(0, mostAsked)
    .map(({ start, end }) => text.slice(start, end))
    .filter(isFirst)
    .join(' ');
}

/**
 * Words that an objection or a topic was read from are asked for besides, unless they are its name, so that of all
 * assets that have its tag those come first that speak in the same words. Who asks and how far they are does not
 * stand in texts.
 */
function writeAsked(text: string, rest: string, { terms }: { terms: ReadTerm[] }): string {
  const spoken = terms
    .filter(
      ({ term: { dimensionKey }, via }) =>
        dimensionKey === 'objection' || (via !== 'name' && !/^(?:persona|stage)$/.test(dimensionKey)),
    )
    .flatMap(({ start, end }) => readTokens(text.slice(start, end)))
    .filter(({ isFiller, stem }) => !isFiller && stem !== negation)
    .map(({ word }) => word);
  const asked = new Set(readTokens(rest).map(({ word }) => word));
  return [...new Set(spoken.filter((word) => !asked.has(word))), rest].join(' ').trim();
}

/** An engine is asked for so many words at most; nobody means more. */
const mostAsked = 60;

function cutWords(text: string): string {
  const last = readTokens(text)[mostAsked];
  return last ? text.slice(0, last.start) : text;
}

/** A word such as SOC2 is two tokens at one place. */
const isFirst = (word: string, index: number, all: string[]) => word !== all[index - 1];

// ── accounts ────────────────────────────────────────────────────────────────────────────────────────────

/** Every run of up to five words, as an account could be called. */
function listNames(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  const names = new Set<string>();
  for (let at = 0; at < words.length && names.size < mostAccountNames; at++)
    for (let length = 1; length <= longestAccountName; length++) {
      const run = words.slice(at, at + length).join(' ');
      // To trim a run of thousands of signs takes seconds.
      if (run.length > 2 * longestName) break;
      const name = trimName(run);
      if (isName(name)) names.add(name);
      const bare = name.replace(/['’]s$/, '');
      if (isName(bare)) names.add(bare);
    }
  return [...names];
}

function trimName(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}.!)]+$/gu, '')
    .replace(/[.,;:!?]+$/, '');
}

/** An account that is called like an everyday word is not meant by it. */
function isName(name: string): boolean {
  return name.length > 1 && name.length <= longestName && !isEveryday(name);
}

async function findKnown(
  { db }: Context,
  doubtful: string[],
  accounts: { name: string }[],
): Promise<Set<string>> {
  const words = accounts.flatMap(({ name }) => readTokens(name).map(({ word }) => word));
  return new Set(await listKnownWords(db, [...new Set([...doubtful, ...words])]));
}

function isKnown(name: string, known: ReadonlySet<string>): boolean {
  return readTokens(name).every(({ word }) => known.has(word));
}

/** A word of the library means an account only when it is written like the account's name. */
function findLongestName<Account extends { name: string }>(
  text: string,
  accounts: Account[],
  known: ReadonlySet<string>,
): Account | undefined {
  const lower = text.toLowerCase();
  return accounts
    .filter(({ name }) => (isKnown(name, known) ? text.includes(name) : lower.includes(name.toLowerCase())))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

function withoutName(text: string, name: string): string {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  return at === -1 ? text : `${text.slice(0, at)} ${text.slice(at + name.length)}`;
}

/** What searches for the same thing have in common, whatever their wording, order and spelling. */
export function writeClusterKey(
  { termIds, restTokens }: ReadQuestion,
  spelling: Understanding['spelling'],
): string {
  const readBy = new Map(spelling.map(({ typed, read }) => [typed, read]));
  const stems = restTokens
    .filter(({ stem, isFiller }) => stem !== negation && !isFiller)
    .flatMap(({ word, stem }) => {
      const read = readBy.get(word);
      return read === undefined ? [stem] : readTokens(read).map((token) => token.stem);
    });
  return [...termIds, ...[...new Set(stems)].toSorted().slice(0, 24)].join(' ');
}
