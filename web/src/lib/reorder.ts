/** The list with the item moved to another place; places outside the list mean its ends. */
export function moveItem<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const place = Math.max(0, Math.min(items.length - 1, to));
  const moved = items[from];
  if (moved === undefined || from === place) return [...items];
  const others = items.filter((_, index) => index !== from);
  return [...others.slice(0, place), moved, ...others.slice(place)];
}

/** The items in the order of these keys; those that are not among them come last. */
export function inOrder<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  keys: readonly string[],
): Item[] {
  const placeOf = new Map(keys.map((key, place) => [key, place]));
  const place = (item: Item) => placeOf.get(keyOf(item)) ?? keys.length;
  return items.toSorted((a, b) => place(a) - place(b));
}

/** Where an item that is dragged to this height belongs: as many places down as rows whose middle is above it. */
export function placeAt(middles: readonly number[], y: number): number {
  return middles.filter((middle) => middle < y).length;
}

/** So near to the edge of the window, and below bars that lie there, what is dragged wants to go further. */
const edge = 88;
/** Pixels in a millisecond, so that it takes as long on every screen and however busy the computer is. */
const fastest = 1;

/** How far a window of this height scrolls in so many milliseconds while something is dragged at this place of it. */
export function scrollStep(y: number, height: number, elapsedMs: number): number {
  const reach = Math.min(edge, height / 4);
  const beyond = y < reach ? y - reach : Math.max(0, y - (height - reach));
  return Math.round(Math.max(-1, Math.min(1, beyond / reach)) * fastest * elapsedMs);
}
