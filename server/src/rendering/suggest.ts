import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { DimensionKey } from '../taxonomy/contract.ts';
import {
  type Evidence,
  type Example,
  type Examples,
  gatherExamples,
  type Profile,
  profileOf,
  weighTerms,
} from './suggest-evidence.ts';
import {
  type ExampleRow,
  listExamples,
  listGivenTerms,
  type RenditionText,
  readStarts,
  type TermRow,
} from './suggest-queries.ts';
import { createPhraseFinder, listWords, type PhraseFinder } from './suggest-words.ts';

const mostSuggested = 8;
const mostReasons = 3;
const mostExamples = 600;
const examplesAtOnce = 20;
const freshMs = 30_000;
const start = { pages: 40, charactersPerPage: 4_000 };
const mostCharacters = 20_000;
const mostHeadings = 80;

export interface Reason {
  kind: 'words' | 'similar_asset' | 'file';
  text: string;
}

export interface SuggestedTerm {
  termId: string;
  name: string;
  dimensionKey: DimensionKey;
  because: Reason[];
}

interface Asked {
  fileName: string;
  mediaType: string;
  sourceKey: string;
  renditionId: string;
  language: string | null;
}

/** Terms that fit an upload by its words and by how similar assets are tagged, the best first. */
export async function suggestTerms(ctx: Context, asked: Asked): Promise<SuggestedTerm[]> {
  const { terms, finder, examples } = await readLibrary(ctx);
  const text = (await readStarts(ctx.db, [asked.renditionId], start)).get(asked.renditionId);
  const profile = profileOf(sourceOf(titleOf(asked.fileName), asked.mediaType, text), finder);
  const learned = terms.filter(({ dimensionKey }) => dimensionKey !== 'language');
  const weighed = weighTerms({ sourceKey: asked.sourceKey, profile }, examples, learned, finder);
  const byId = new Map(terms.map((term) => [term.id, term]));
  const inLanguage = findLanguageTerm(terms, asked.language);
  const suggested = weighed.flatMap((evidence) => {
    const term = byId.get(evidence.termId);
    return term ? [{ term, because: reasonsOf(evidence, asked.mediaType) }] : [];
  });
  if (inLanguage) suggested.push(inLanguage);
  const taken = new Set<string>();
  return suggested
    .filter(({ term: { dimensionKey, isMultiple } }) => {
      if (isMultiple) return true;
      if (taken.has(dimensionKey)) return false;
      taken.add(dimensionKey);
      return true;
    })
    .slice(0, mostSuggested)
    .map(({ term: { id, name, dimensionKey }, because }) => ({ termId: id, name, dimensionKey, because }));
}

function reasonsOf({ phrases, similarTitles, isByKind }: Evidence, mediaType: string): Reason[] {
  const titles = similarTitles.map((text): Reason => ({ kind: 'similar_asset', text }));
  const words = phrases.map((text): Reason => ({ kind: 'words', text }));
  const file: Reason[] = isByKind ? [{ kind: 'file', text: `The file is ${kindOf(mediaType).name}.` }] : [];
  // Both kinds of reason are told where there are both.
  return [...file, ...words.slice(0, titles.length > 0 ? 2 : mostReasons), ...titles].slice(0, mostReasons);
}

/** By its name in English or in itself, or by its code. */
function findLanguageTerm(terms: readonly TermRow[], language: string | null) {
  if (language === null) return undefined;
  const nameIn = (locale: string) => new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? '';
  const english = nameIn('en');
  const names = new Set(
    [language, english, nameIn(language)].map((name) => listWords(name.toLowerCase()).join(' ')),
  );
  const term = terms.find(
    ({ dimensionKey, name, synonyms }) =>
      dimensionKey === 'language' &&
      [name, ...synonyms].some((known) => names.has(listWords(known.toLowerCase()).join(' '))),
  );
  return term && { term, because: [{ kind: 'file', text: `The text is in ${english}.` } satisfies Reason] };
}

// ── what the library teaches ────────────────────────────────────────────────────────────────────────────

interface Library {
  readAt: number;
  /** Terms with their words; other words mean that every text has to be looked through again. */
  key: string;
  terms: TermRow[];
  finder: PhraseFinder;
  profiles: Map<string, Profile>;
  examples: Examples;
}

/** Per database, so that two apps in one process do not learn from each other. */
const libraries = new WeakMap<Database, Promise<Library>>();

/** What is known of the library; only what is new in it is read. Terms are as they stand, the rest half a minute old. */
async function readLibrary(ctx: Context): Promise<Library> {
  const terms = await listGivenTerms(ctx.db);
  const key = JSON.stringify(terms);
  const known = libraries.get(ctx.db);
  const before = await known?.catch(() => undefined);
  if (before?.key === key && Math.abs(ctx.clock().getTime() - before.readAt) < freshMs) return before;
  const current = libraries.get(ctx.db);
  if (current && current !== known) {
    // Somebody else began to read while this waited.
    const library = await current;
    if (library.key === key) return library;
  }
  const reading = learn(ctx, terms, key, before);
  libraries.set(ctx.db, reading);
  return reading;
}

async function learn(
  { db, clock }: Context,
  terms: TermRow[],
  key: string,
  before: Library | undefined,
): Promise<Library> {
  const readAt = clock().getTime();
  const isSame = before?.key === key;
  const finder = isSame ? before.finder : createPhraseFinder(terms);
  const known = isSame ? before.profiles : new Map<string, Profile>();
  const rows = await listExamples(db, mostExamples);
  const profiles = new Map<string, Profile>();
  for (const row of rows) {
    const profile = known.get(keyOf(row));
    if (profile) profiles.set(keyOf(row), profile);
  }
  const unread = rows.filter((row) => !profiles.has(keyOf(row)));
  for (let from = 0; from < unread.length; from += examplesAtOnce) {
    const batch = unread.slice(from, from + examplesAtOnce);
    const texts = await readStarts(
      db,
      batch.flatMap(({ renditionId }) => renditionId ?? []),
      start,
    );
    for (const row of batch) {
      const text = texts.get(row.renditionId ?? '');
      profiles.set(keyOf(row), profileOf(sourceOf(exampleTitle(row), row.mediaType, text), finder));
      await setImmediate();
    }
  }
  const examples = rows.flatMap(({ sourceKey, title, termIds, ...row }): Example[] => {
    const profile = profiles.get(keyOf({ sourceKey, title, ...row }));
    return profile ? [{ sourceKey, title, termIds: new Set(termIds), profile }] : [];
  });
  return { readAt, key, terms, finder, profiles, examples: gatherExamples(examples) };
}

type Keyed = Pick<ExampleRow, 'assetId' | 'title' | 'sourceKey' | 'renditionId'>;

function keyOf({ assetId, title, sourceKey, renditionId }: Keyed): string {
  return JSON.stringify([assetId, title, sourceKey, renditionId]);
}

function exampleTitle({ title, fileName }: ExampleRow): string {
  return fileName === null ? title : `${title} | ${titleOf(fileName)}`;
}

function titleOf(fileName: string): string {
  return fileName.replace(/\.[A-Za-z0-9]{1,8}$/, '').replaceAll('_', ' ');
}

function sourceOf(title: string, mediaType: string, text: RenditionText | undefined) {
  return {
    title,
    kind: kindOf(mediaType).words,
    headings: text?.headings.slice(0, mostHeadings) ?? [],
    text: text?.text.slice(0, mostCharacters) ?? '',
  };
}

const kinds: [pattern: RegExp, name: string, words: string][] = [
  [/presentation|powerpoint/, 'a presentation', 'presentation, slides'],
  [/spreadsheet|excel|csv/, 'a spreadsheet', 'spreadsheet'],
  [/^video\//, 'a video', 'video'],
  [/^image\//, 'a picture', 'picture, image'],
];

function kindOf(mediaType: string): { name: string; words: string } {
  const [, name = 'a document', words = ''] = kinds.find(([pattern]) => pattern.test(mediaType)) ?? [];
  return { name, words };
}
