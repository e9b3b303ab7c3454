import type { SearchAnswer, SearchHit } from './api.ts';

/** Every hit of an answer, wherever it stands. */
export function hitsOf(answer: SearchAnswer): SearchHit[] {
  const found: SearchHit[] = [];
  mapHits(answer, (hit) => {
    found.push(hit);
    return hit;
  });
  return found;
}

/** The answer with every hit changed; the place tells apart where an asset stands. */
export function mapHits(
  answer: SearchAnswer,
  change: (hit: SearchHit, place: string) => SearchHit,
): SearchAnswer {
  const changeIn = (place: string) => (hit: SearchHit) => change(hit, place);
  const inAnswer = changeIn('answer');
  return {
    ...answer,
    nearest: answer.nearest.map(changeIn('nearest')),
    message: answer.message && {
      objections: answer.message.objections.map((objection) => ({
        ...objection,
        items: objection.items.map(changeIn(objection.term.id)),
      })),
    },
    answer: answer.answer && {
      ...answer.answer,
      best: inAnswer(answer.answer.best),
      alternative: answer.answer.alternative && inAnswer(answer.answer.alternative),
      proof: answer.answer.proof && inAnswer(answer.answer.proof),
    },
    items: answer.items.map(changeIn('items')),
  };
}

/** What the answer before held, by place and asset. */
let hitsBefore = new Map<string, SearchHit>();
let assetsBefore = new Map<string, SearchHit['asset']>();

/**
 * The answer with the very objects of the one before wherever both say the same: from one letter to the next most of
 * an answer does, and the same object is not drawn anew.
 */
export function keepWhatIsSame(answer: SearchAnswer): SearchAnswer {
  const hits = new Map<string, SearchHit>();
  const assets = new Map<string, SearchHit['asset']>();
  const kept = mapHits(answer, (hit, place) => {
    const { id } = hit.asset;
    const asset = sameOf(assetsBefore.get(id), hit.asset);
    const same = sameOf(hitsBefore.get(`${place} ${id}`), { ...hit, asset });
    assets.set(id, asset);
    hits.set(`${place} ${id}`, same);
    return same;
  });
  hitsBefore = hits;
  assetsBefore = assets;
  return kept;
}

function sameOf<T>(before: T | undefined, now: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
