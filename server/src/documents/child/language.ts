import { eld } from 'eld/small';

/** The detector reads no more than this of a text. */
const sampleLength = 1000;
const mostSamples = 8;
/** Fewer letters could be many languages; a script with a letter for each word tells it by fewer. */
const fewestLetters = 40;
const fewestDense = 10;

/** The language that most of a text is in, ISO 639-1; null when the text is too short or the samples disagree. */
export function languageOf(text: string): string | null {
  const scores = new Map<string, number>();
  const samples = takeSamples(text).map(cleanSample).filter(isLongEnough);
  for (const sample of samples) {
    const found = eld.detect(sample);
    if (found.language !== '' && found.isReliable())
      scores.set(found.language, (scores.get(found.language) ?? 0) + 1);
  }
  const [first] = [...scores].toSorted((a, b) => b[1] - a[1]);
  return first && first[1] * 2 > samples.length ? first[0] : null;
}

/** The first and the last page of a document are often covers and addresses, so samples lie between. */
function takeSamples(text: string): string[] {
  if (text.length <= sampleLength * mostSamples) {
    const count = Math.ceil(text.length / sampleLength);
    return Array.from({ length: count }, (_, index) =>
      text.slice(index * sampleLength, (index + 1) * sampleLength),
    );
  }
  const step = text.length / (mostSamples + 1);
  return Array.from({ length: mostSamples }, (_, index) => {
    const middle = Math.floor((index + 1) * step);
    return text.slice(middle - sampleLength / 2, middle + sampleLength / 2);
  });
}

/** Addresses, numbers and names of products look like English. */
function cleanSample(sample: string): string {
  return sample
    .replace(/\S{0,100}(:\/\/|@|www\.)\S{0,200}/gi, ' ')
    .replace(/[^\p{L}\p{M}'’\s-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function isLongEnough(sample: string): boolean {
  const letters = sample.replace(/[^\p{L}]/gu, '');
  const dense = letters.replace(/[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/gu, '');
  return letters.length >= fewestLetters || dense.length >= fewestDense;
}
