import type { Token } from '../words/tokens.ts';
import type { Lexicon, LexiconTerm } from './lexicon.ts';
import { type LibraryWords, type ReadTerm, readTerms } from './understand.ts';

/** An objection in a message, with the sentence that raises it. */
export interface ReadObjection {
  term: LexiconTerm;
  quote: string;
  /** How sure the reading of the quote is. */
  strength: number;
  /** The telling words of the sentence besides. */
  words: string[];
}

export interface Message {
  /** The strongest first. */
  objections: ReadObjection[];
  /** What the whole of it tells: the objections, who writes, and how far the deal is. */
  terms: ReadTerm[];
}

/** Shorter texts are questions, unless they greet or are signed. */
const shortestMessage = 280;
const mostSentences = 200;
const mostObjections = 6;
const mostQuoteWords = 8;
const longestQuote = 300;

const greeting = /^[^\S\n]*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n]{0,60}$/im;
const closing =
  /^[^\S\n]*(?:(?:kind|best|warm|many) +(?:regards|wishes|thanks)|regards|sincerely|cheers|thanks(?: again| so much)?|thank you|best|br|yours(?: \w+)?)[^\S\n]*(?:[,.!][^\S\n]*)?$/im;
const header = /^[^\S\n]*(?:from|sent|to|subject|cc):[^\S\n].+$/im;
const quotedHead = /^[^\S\n]*(?:>|on .{5,120} wrote:[^\S\n]*$|-{2,} *(?:original|forwarded) message)/im;
const sentenceEnd = /(?<=[.!?])\s+|\n+/;

/** Whether a text is something that a buyer wrote and not a question. */
export function isMessage(text: string): boolean {
  const isMarked = greeting.test(text) || closing.test(text) || quotedHead.test(text) || header.test(text);
  const sentences = text.split(sentenceEnd).filter((one) => one.trim().length > 15).length;
  if (isMarked && text.includes('\n')) return sentences >= 2;
  return text.length >= shortestMessage && sentences >= 3;
}

/** Takes a message apart. The history below it, the signature and legal notes raise no objection. */
export function readMessage(
  text: string,
  lexicon: Lexicon,
  library: LibraryWords,
  plainTermIds: readonly string[] = [],
): Message {
  const { body, signature } = splitMessage(plainText(text));
  const objections = new Map<string, ReadObjection>();
  const terms = new Map<string, ReadTerm>();
  const strengthOf = new Map<string, number>();
  const keep = (term: ReadTerm) => {
    if (!terms.has(term.term.id)) terms.set(term.term.id, term);
    strengthOf.set(term.term.id, (strengthOf.get(term.term.id) ?? 0) + term.strength * term.mentions);
  };
  for (const sentence of listSentences(body)) {
    const reading = readTerms(sentence, lexicon, { ...library, titles: [] }, plainTermIds);
    for (const term of reading.terms) {
      keep(term);
      if (term.term.dimensionKey !== 'objection') continue;
      const known = objections.get(term.term.id);
      const { strength } = term;
      if (known && known.strength >= strength) continue;
      objections.set(term.term.id, {
        term: term.term,
        quote: shorten(sentence),
        strength,
        words: listTellingWords(reading.rest),
      });
    }
  }
  for (const line of signature.split('\n'))
    for (const term of readTerms(line, lexicon, { ...library, titles: [] }, plainTermIds).terms)
      if (term.term.dimensionKey === 'persona') keep(term);
  const ordered = [...objections.values()].toSorted(
    (a, b) => (strengthOf.get(b.term.id) ?? 0) - (strengthOf.get(a.term.id) ?? 0),
  );
  return {
    objections: ordered.slice(0, mostObjections),
    terms: keepTelling([...terms.values()], strengthOf),
  };
}

/** Of personas and stages only the one that is said most; a message names many things by the way. */
function keepTelling(terms: ReadTerm[], strengthOf: Map<string, number>): ReadTerm[] {
  const strength = ({ term }: ReadTerm) => strengthOf.get(term.id) ?? 0;
  const strongest = (dimensionKey: string) =>
    terms
      .filter(({ term }) => term.dimensionKey === dimensionKey)
      .toSorted((a, b) => strength(b) - strength(a));
  return [
    ...strongest('persona').slice(0, 2),
    ...strongest('stage').slice(0, 1),
    ...strongest('objection').slice(0, mostObjections),
    ...strongest('product').slice(0, 2),
  ];
}

/** A paste from a mail program may be HTML. */
function plainText(text: string): string {
  if (!/<(?:p|div|br|span|html|body|table)\b[^<>]*>/i.test(text)) return text;
  return text
    .replace(/<(style|script)\b[^>]*>[^<]*(?:<(?!\/\1)[^<]*)*(?:<\/\1>|$)/gi, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&(?:#39|apos|rsquo);/gi, "'")
    .replace(/&quot;/gi, '"')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&amp;/gi, '&');
}

const notice =
  /\b(?:confidential|intended (?:only|solely)|privileged|if you (?:have|are) (?:received|not the)|unsubscribe|virus|please consider the environment|registered (?:in|office|number))\b/i;

function splitMessage(text: string): { body: string; signature: string } {
  const lines = text.split('\n');
  const own = lines.filter((line) => !/^\s*>/.test(line));
  // A message that is nothing but quoted was forwarded, so the quote is what matters.
  const read = own.join('').trim().length > 40 ? own : lines.map((line) => line.replace(/^[\s>]+/, ''));
  const history = read.findIndex(
    (line, index) =>
      index > 0 &&
      (/^\s*on .{5,120} wrote:\s*$/i.test(line) || /^\s*-{2,}\s*(?:original|forwarded) message/i.test(line)),
  );
  const recent =
    history > 0 && read.slice(0, history).join('').trim().length > 40 ? read.slice(0, history) : read;
  const kept = recent.filter((line) => !/^\s*(?:from|sent|to|cc|bcc|date):\s/i.test(line));
  const end = kept.findLastIndex(
    (line, index) => index > 0 && (closing.test(line) || /^\s*-- ?$/.test(line)),
  );
  const body = end > 0 ? kept.slice(0, end) : kept;
  const signature = end > 0 ? kept.slice(end + 1, end + 8) : [];
  return {
    body: body.filter((line) => !notice.test(line) && !greeting.test(line)).join('\n'),
    signature: signature.filter((line) => !notice.test(line)).join('\n'),
  };
}

/** A line of a mail ends where the window did; only an empty line or a list ends a thought. */
function listSentences(body: string): string[] {
  return body
    .split(/\n\s*\n|\n(?=\s*(?:[-*•–]|\d+[.)])\s)/)
    .flatMap((paragraph) => paragraph.replace(/(?<!\s)\s*\n\s*/g, ' ').split(/(?<=[.!?])\s+/))
    .map((sentence) => sentence.replace(/^[\s\-*•–]+/, '').trim())
    .filter((sentence) => sentence.length > 3)
    .slice(0, mostSentences);
}

function shorten(sentence: string): string {
  if (sentence.length <= longestQuote) return sentence;
  return `${sentence.slice(0, sentence.lastIndexOf(' ', longestQuote - 1)).trimEnd()}…`.slice(
    0,
    longestQuote,
  );
}

function listTellingWords(rest: Token[]): string[] {
  return [...new Set(rest.map(({ word }) => word).filter((word) => word.length > 3))].slice(
    0,
    mostQuoteWords,
  );
}
