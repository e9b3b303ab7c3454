import type { MessageAnswer, SearchAnswer, SearchHit } from './api.ts';

/** `best` leads the answer to a situation, `side` stands beside it, `line` answers an objection, `row` is one of the list. */
export type CardShape = 'best' | 'side' | 'line' | 'row';

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
  const answer = first.answer && objections.length === 0 ? listAnswer(first.answer, hits, current) : [];
  const leading = new Set(answer.map(({ key }) => key));
  const rest = hits
    .filter((hit) => !leading.has(hit.asset.id))
    .map((hit, index) => ({
      key: hit.asset.id,
      hit,
      shape: 'row' as const,
      ...(answer[0]?.shape === 'best' && index === 0 && { part: 'More that fits' }),
    }));
  const list = [...answer, ...rest];
  return { objections, list, all: [...objections.flatMap(({ entries }) => entries), ...list] };
}

/** In place of a best answer that was put aside the next best steps up; what was put aside follows as a line. */
function listAnswer(
  { best, alternative, proof }: NonNullable<SearchAnswer['answer']>,
  hits: readonly SearchHit[],
  current: (hit: SearchHit) => SearchHit,
): Entry[] {
  const given = [best, alternative, proof].filter((hit) => hit !== null);
  const [right, aside] = [given.filter(isRight), given.filter((hit) => !isRight(hit))];
  const next =
    right.find((hit) => hit !== proof) ?? hits.find((hit) => isRight(hit) && !given.some(isSame(hit)));
  const lead = next ?? right[0];
  const nameOf = (hit: SearchHit) => {
    if (hit === proof) return 'A proof';
    return hit.asset.audience === 'internal' && lead?.asset.audience === 'external'
      ? 'To read yourself'
      : 'An alternative';
  };
  const entry = (hit: SearchHit) => ({ key: hit.asset.id, hit: current(hit) });
  return [
    ...(lead ? [{ ...entry(lead), shape: 'best' as const, part: 'Best answer' }] : []),
    ...right
      .filter((hit) => hit !== lead)
      .map((hit) => ({ ...entry(hit), shape: 'side' as const, part: nameOf(hit) })),
    ...aside.map((hit) => ({ ...entry(hit), shape: 'row' as const })),
  ];
}

const isRight = (hit: SearchHit) => hit.notRight === null;
const isSame = (hit: SearchHit) => (other: SearchHit) => other.asset.id === hit.asset.id;
