import { shareableFrom } from '../indexing/weights.ts';

/** What the shape of an answer is chosen by. */
export interface AnswerCandidate {
  assetId: string;
  title: string;
  score: number;
  contentTypeIds: string[];
  /** The names of its content types, with their synonyms. */
  contentTypeWords: string;
  hasTalkTrack: boolean;
  /** May be sent to a buyer. */
  isShareable: boolean;
  isRefused: boolean;
}

export interface AnswerShape {
  bestId: string;
  alternativeId: string | null;
  proofId: string | null;
  /** The best of the first answers that says what to say. */
  talkTrackId: string | null;
}

const proofWords =
  /\b(?:case stud(?:y|ies)|customer stor(?:y|ies)|success stor(?:y|ies)|reference|references|testimonials?|proof(?! of concept)|proof points?|roi|return on investment)\b/i;
/** Another kind of content may be so much weaker and still be an alternative. */
const alternativeShare = 0.6;
const proofShare = 0.35;
const talkTrackAmong = 5;

/**
 * Best, an alternative of another kind, and a proof, in the order in which they were ranked, where what may be sent
 * goes before what may not. When none of them proves anything, what was looked for as a proof apart from them does.
 */
export function shapeAnswer(
  ranked: readonly AnswerCandidate[],
  otherProofId: string | null = null,
): AnswerShape | null {
  const fitting = ranked.filter(({ isRefused }) => !isRefused);
  const [first] = fitting;
  const best = preferShareable(fitting);
  if (!first || !best) return null;
  const others = fitting.filter((one) => one !== best);
  const proof = preferShareable(others.filter((one) => isProof(one) && one.score >= best.score * proofShare));
  const proofId = isProof(best) ? null : (proof?.assetId ?? otherProofId);
  // What gave way to something that can be sent is still worth reading.
  const gaveWay = first !== best && first.assetId !== proofId ? first : undefined;
  const alternatives = others.filter(
    (one) =>
      one.assetId !== proofId &&
      one.score >= best.score * alternativeShare &&
      !one.contentTypeIds.some((id) => best.contentTypeIds.includes(id)) &&
      !isNearlySame(one.title, best.title),
  );
  const alternative = gaveWay ?? preferShareable(alternatives);
  const talkTrack = fitting.slice(0, talkTrackAmong).find(({ hasTalkTrack }) => hasTalkTrack);
  return {
    bestId: best.assetId,
    alternativeId: alternative?.assetId ?? null,
    proofId,
    talkTrackId: talkTrack?.assetId ?? null,
  };
}

/** The first, unless something that may be sent fits nearly as well. */
function preferShareable(ranked: readonly AnswerCandidate[]): AnswerCandidate | undefined {
  const [first] = ranked;
  return ranked.find((one) => one.isShareable && one.score >= (first?.score ?? 0) * shareableFrom) ?? first;
}

export function isProof({
  title,
  contentTypeWords,
}: Pick<AnswerCandidate, 'title' | 'contentTypeWords'>): boolean {
  return proofWords.test(title) || proofWords.test(contentTypeWords);
}

/** Titles that share nearly all their words are two editions of one thing. */
function isNearlySame(a: string, b: string): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / Math.max(1, Math.min(one.size, other.size)) > 0.8;
}

function wordsOf(title: string): Set<string> {
  return new Set(title.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

const passageLength = 420;
const shortestPassage = 60;

/**
 * What a page says from a sentence on, to the end of a sentence: the sentence that holds the words is often the
 * question, and what follows answers it.
 */
export function cutPassageFrom(page: string, sentence: string): string | null {
  const text = plainWords(page);
  const start = text.indexOf(plainWords(sentence).replace(/^…|…$/g, '').slice(0, 40).trim());
  if (start === -1) return null;
  const stretch = text.slice(start, start + passageLength);
  const end = start + passageLength >= text.length ? stretch.length : stretch.search(/[.!?](?=[^.!?]*$)/) + 1;
  const passage = end > shortestPassage ? stretch.slice(0, end) : stretch.replace(/\s+\S*$/, '…');
  return passage.length < shortestPassage ? null : passage.trim();
}

/** Without the signs of headings, lists and emphasis, which say nothing when they are read aloud. */
function plainWords(text: string): string {
  return text
    .replace(/^[^\S\n]*(?:[>#*+\-•–|]+|\d+[.)])[^\S\n]+/gm, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
