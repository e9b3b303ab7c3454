/**
 * How text becomes words, for the index and for the query alike. It is done here and not by the database's
 * parser, so that accents, scripts and punctuation are read the same way on every PostgreSQL, whatever its locale.
 */
interface WordSpan {
  /** The word without case and accents. */
  word: string;
  /** Where it stands in the text. */
  start: number;
  end: number;
}

/**
 * Chinese and Japanese are written without spaces: each character counts as a word. The sign that lengthens a vowel
 * belongs to both scripts, which is why a character's extensions are asked.
 */
const ideograph = String.raw`(?:(?=\p{L})[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}])`;
const tail = String.raw`(?:['’](?:s|t|re|ve|ll|d|m)(?![\p{L}\p{N}]))?`;
const mixedPattern = new RegExp(
  String.raw`${ideograph}\p{M}*|(?:(?!${ideograph})[\p{L}\p{N}\p{M}])+${tail}`,
  'giu',
);
const plainPattern = new RegExp(String.raw`[\p{L}\p{N}\p{M}]+${tail}`, 'giu');
const hasIdeographs = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u;

const contraction = /['’](?:s|t|re|ve|ll|d|m)$/i;
/** Letters that Unicode does not take apart, as people type them without a special keyboard. */
const plainLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};
/** Longer words are keys, hashes and encoded data; their beginning is enough to find them. */
const longestWord = 40;

/** Every word of a text with its place; what is not a letter or a digit only separates. */
export function* spanWords(text: string): Generator<WordSpan> {
  for (const match of text.matchAll(hasIdeographs.test(text) ? mixedPattern : plainPattern)) {
    const end = match.index + match[0].length;
    for (const word of foldWord(match[0].replace(contraction, ''))) yield { word, start: match.index, end };
  }
}

export function listWords(text: string): string[] {
  return Array.from(spanWords(text), (span) => span.word);
}

/** Usually one word. A character such as ½ falls into two, and SOC2 reads like SOC 2. */
function foldWord(raw: string): string[] {
  const lower = raw.toLowerCase();
  if (lower.length <= longestWord && isPlain.test(lower)) return [lower];
  const plain = lower
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøđðłþı]/g, (letter) => plainLetters[letter] ?? letter);
  const parts = plain.replace(/^(\p{L}{2,})(\p{N}+)$/u, '$1 $2').match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.map((word) => (word.length > longestWord ? [...word].slice(0, longestWord).join('') : word));
}

/** Most words are; they need no folding. */
const isPlain = /^[a-z]+$/;

/** Words that hold a sentence together and stand in every text; within texts they are not kept. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above after again all am an and any are as at be because been before being below between both but by can
  did do does doing don down during each few for from further had has have having he her here hers him his how i if in
  into is isn it its just me more most my no nor not now of off on once only or other our ours out over own same she
  should so some such than that the their theirs them then there these they this those through to too under until up
  very was we were what when where which while who whom why will with you your yours`.split(/\s+/),
);
