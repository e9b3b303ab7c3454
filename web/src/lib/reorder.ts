/** The list with the item moved to another place; places outside the list mean its ends. */
export function moveItem<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const place = Math.max(0, Math.min(items.length - 1, to));
  const moved = items[from];
  if (moved === undefined || from === place) return [...items];
  const others = items.filter((_, index) => index !== from);
  return [...others.slice(0, place), moved, ...others.slice(place)];
}

/** Where an item that is dragged to this height belongs: as many places down as rows whose middle is above it. */
export function placeAt(middles: readonly number[], y: number): number {
  return middles.filter((middle) => middle < y).length;
}
