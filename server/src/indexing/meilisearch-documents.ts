import { setImmediate } from 'node:timers/promises';
import { stemmer } from 'stemmer';
import { spanWords } from '../words/words.ts';
import type { SearchDocument } from './engine.ts';
import { cutAtSpaces } from './vector.ts';

/**
 * What Meilisearch holds of an asset. Texts are kept as the words that `words.ts` reads from them, so that accents,
 * scripts without spaces and names like SOC2 are read as PostgreSQL's index reads them; what is shown comes from
 * the database.
 */
interface AssetDocument {
  assetId: string;
  title: string;
  tags: string[];
  useWhen: string;
  talkTrack: string;
  headings: string[];
  description: string;
  body: string;
  /** Stems of the words that differ from them, because Meilisearch knows typos but no word forms. */
  titleForms: string;
  forms: string;
  bodyForms: string;
  termIds: string[];
  audience: string;
  ownerUserId: string | null;
  publishedAt: number;
  readAt: number;
}

interface PageDocument {
  id: string;
  assetId: string;
  pageNumber: number;
  text: string;
  readAt: number;
}

export async function makeDocuments(
  document: SearchDocument,
): Promise<{ asset: AssetDocument; pages: PageDocument[] }> {
  const { assetId } = document;
  const readAt = document.readAt.getTime();
  const texts: string[] = [];
  for (const { text } of document.pages) texts.push(await foldText(text));
  const title = fold(document.title);
  const tags = document.tags.map(fold);
  const useWhen = fold(document.useWhen);
  const talkTrack = fold(document.talkTrack);
  const headings = document.pages.flatMap((page) => page.headings.map(fold));
  const description = fold(document.description);
  // Meilisearch looks at the first 65,535 words of a field; the pages have an index of their own.
  const body = texts.join('. ');
  const asset = {
    assetId,
    title,
    tags,
    useWhen,
    talkTrack,
    headings,
    description,
    body,
    titleForms: listForms(title),
    forms: listForms([...tags, useWhen, talkTrack, ...headings, description].join(' ')),
    bodyForms: listForms(body),
    termIds: document.termIds,
    audience: document.audience,
    ownerUserId: document.ownerUserId,
    publishedAt: document.publishedAt.getTime(),
    readAt,
  };
  const pages = document.pages.map(({ pageNumber }, index) => {
    const text = texts[index] ?? '';
    return {
      id: `${assetId}-${pageNumber}`,
      assetId,
      pageNumber,
      text: `${text}. ${listForms(text)}`,
      readAt,
    };
  });
  return { asset, pages };
}

/** A page can be a text of megabytes, whose words take seconds, so others get their turn in between. */
async function foldText(text: string): Promise<string> {
  const pieces: string[] = [];
  for (const piece of cutAtSpaces(text)) {
    pieces.push(fold(piece));
    await setImmediate();
  }
  return pieces.join(' ');
}

/** Words, and full stops where a thought ends: a phrase never runs across one. */
function fold(text: string): string {
  let folded = '';
  let done = 0;
  for (const { word, start, end } of spanWords(text)) {
    if (folded !== '') folded += isEndOfThought(text.slice(done, start)) ? '. ' : ' ';
    folded += word;
    done = end;
  }
  return folded;
}

/** A line that ends may just have been full, an empty line ends something. */
function isEndOfThought(between: string): boolean {
  return /[.!?;。！？]|\n\s*\n/u.test(between);
}

function listForms(folded: string): string {
  const words = new Set(folded.split(/[ .]+/));
  const stems = new Set<string>();
  for (const word of words) {
    const stem = stemmer(word);
    if (stem !== word) stems.add(stem);
  }
  return [...stems].join(' ');
}
