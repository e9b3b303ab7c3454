import type { MessageAnswer, SearchAnswer, SearchHit } from './api.ts';
import type { CardShape } from './hit-card.tsx';

/** A result in its place. */
export interface Entry {
  /** Tells apart the places of an asset that answers two objections. */
  key: string;
  hit: SearchHit;
  shape: CardShape;
  part?: string;
}

export interface AnswerParts {
  objections: { objection: MessageAnswer['objections'][number]; entries: Entry[] }[];
  /** The answer to a situation stands before the rest, each asset once. */
  list: Entry[];
  /** All of them in the order in which the keys walk them. */
  all: Entry[];
}

/** Lays an answer out: the objections of a message, then the answer to a situation, then everything else. */
export function layOut(first: SearchAnswer, hits: readonly SearchHit[]): AnswerParts {
  const live = new Map(hits.map((hit) => [hit.asset.id, hit]));
  const current = (hit: SearchHit): SearchHit => {
    const asset = live.get(hit.asset.id)?.asset;
    return asset ? { ...hit, asset } : hit;
  };
  const objections = (first.message?.objections ?? []).map((objection) => ({
    objection,
    entries: objection.items.map((hit) => ({
      key: `${objection.term.id} ${hit.asset.id}`,
      hit: current(hit),
      shape: 'line' as const,
    })),
  }));
  // A message is answered objection by objection.
  const answer: Entry[] =
    first.answer && objections.length === 0
      ? [
          { hit: first.answer.best, shape: 'best' as const, part: 'Best answer' },
          { hit: first.answer.alternative, shape: 'side' as const, part: 'An alternative' },
          { hit: first.answer.proof, shape: 'side' as const, part: 'A proof' },
        ].flatMap(({ hit, ...rest }) => (hit ? { ...rest, hit: current(hit), key: hit.asset.id } : []))
      : [];
  const leading = new Set(answer.map(({ key }) => key));
  const rest = hits
    .filter((hit) => !leading.has(hit.asset.id))
    .map((hit, index) => ({
      key: hit.asset.id,
      hit,
      shape: 'row' as const,
      ...(answer.length > 0 && index === 0 && { part: 'More that fits' }),
    }));
  const list = [...answer, ...rest];
  return { objections, list, all: [...objections.flatMap(({ entries }) => entries), ...list] };
}
