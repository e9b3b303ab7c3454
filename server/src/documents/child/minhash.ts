/** So many words in a row make a shingle; where a script has no spaces, so many characters. */
const shingleLength = 5;
const fewestTokens = 20;
/** A book of a thousand pages; what follows changes a signature little. */
const mostTokens = 500_000;
const signatureLength = 128;

/**
 * A signature of the words of a text and their order: the share of equal places in two signatures is about the
 * share of shingles that the texts have in common. It is stored, so it must come out alike for ever; a change
 * here is a new method of rendering. Null when the text is too short to be told from others.
 */
export function signatureOf(text: string): number[] | null {
  const tokens = hashTokens(text);
  if (tokens.length < fewestTokens) return null;
  const lowest = new Uint32Array(signatureLength).fill(0xffffffff);
  for (const shingle of hashShingles(tokens))
    for (let place = 0; place < signatureLength; place += 1) {
      const value = Math.imul(shingle ^ (seeds[place] ?? 0), factors[place] ?? 1) >>> 0;
      if (value < (lowest[place] ?? 0)) lowest[place] = value;
    }
  return [...lowest];
}

/** Words in lower case and one form of writing; scripts without spaces give a token for each character. */
function hashTokens(text: string): number[] {
  const plain = text
    .slice(0, mostTokens * 12)
    .normalize('NFKC')
    .toLowerCase();
  const tokens: number[] = [];
  for (const [word] of plain.matchAll(
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|[\p{L}\p{M}\p{N}]+/gu,
  )) {
    tokens.push(hashWord(word));
    if (tokens.length >= mostTokens) break;
  }
  return tokens;
}

/** Each once: a line that stands on every page counts like any other. */
function hashShingles(tokens: number[]): Set<number> {
  const shingles = new Set<number>();
  for (let start = 0; start + shingleLength <= tokens.length; start += 1) {
    let hash = 0;
    for (let at = start; at < start + shingleLength; at += 1)
      hash = mix(Math.imul(hash, 31) + (tokens[at] ?? 0));
    shingles.add(hash);
  }
  return shingles;
}

/** FNV-1a over UTF-16 units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  return hash;
}

/** The last step of MurmurHash3, which spreads every bit over all others. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** One order of all shingles for each place: a number to flip bits with, and an odd one to multiply by. */
const seeds = Uint32Array.from({ length: signatureLength }, (_, place) => mix(2 * place + 1));
const factors = Uint32Array.from({ length: signatureLength }, (_, place) => mix(2 * place + 2) | 1);
