import type { EngineAnswer, EngineQuery } from './engine.ts';

/** A few words that fewer assets than these hold are asked again, for what holds some of them. */
export const handful = 5;

type Found = Omit<EngineAnswer, 'spelling' | 'unknownWords' | 'closeCount'>;
type Ask = (query: EngineQuery) => Promise<Found>;

interface Widening {
  /** What holds enough of the words. */
  askClose: Ask;
  /** That and what holds fewer of them. */
  askWide: Ask;
  /** So many have to hold enough; else what holds fewer follows them. */
  wanted: number;
}

/** What holds enough of the words comes first, page by page, whatever the rest would rank as. */
export async function askWidening(
  query: EngineQuery,
  { askClose, askWide, wanted }: Widening,
): Promise<Found & Pick<EngineAnswer, 'closeCount'>> {
  const close = await askClose(query);
  if (close.total >= wanted) return { ...close, closeCount: null };
  const { offset, limit } = query;
  const wide = await askWide({ ...query, offset: 0, limit: offset + limit });
  if (wide.total <= close.total) return { ...close, closeCount: null };
  const isWhole = offset === 0 && close.total <= limit;
  const first = isWhole ? close : await askClose({ ...query, countedKeys: [], offset: 0, limit: wanted });
  const firstIds = new Set(first.candidates.map(({ assetId }) => assetId));
  const others = wide.candidates.filter(({ assetId }) => !firstIds.has(assetId));
  return {
    ...wide,
    candidates: [...first.candidates, ...others].slice(offset, offset + limit),
    closeCount: close.total,
  };
}
