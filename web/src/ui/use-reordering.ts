import { type ComponentPropsWithoutRef, type RefObject, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { inOrder, moveItem, placeAt, scrollStep } from '../lib/reorder.ts';

export type HandleProps = Pick<ComponentPropsWithoutRef<'button'>, 'onKeyDown' | 'onPointerDown'>;

interface ReorderingInput<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  nameOf: (item: Item) => string;
  /** Dragged is further than one key goes, and worth an undo. It never rejects; until it is over the items stand as they were moved. */
  onMove: (moved: Item[], item: Item, how: 'dragged' | 'stepped') => Promise<void>;
}

/** After a longer one the page does not jump to where it would be. */
const longestFrameMs = 250;

interface Reordering<Item> {
  /** The list whose children are the rows, each with the item's key as `data-row`. */
  list: RefObject<(HTMLUListElement & HTMLOListElement) | null>;
  /** The items as they stand while one is dragged, or was moved and that is not yet saved. */
  shown: readonly Item[];
  draggedKey: string | undefined;
  /** What a screen reader is told after a move; belongs into a `role="status"`. */
  said: string;
  handleOf: (item: Item, index: number) => HandleProps;
}

/** Rows that change places: a row's handle moves it by dragging, or by the arrow keys while it has the focus. */
export function useReordering<Item>({
  items: saved,
  keyOf,
  nameOf,
  onMove,
}: ReorderingInput<Item>): Reordering<Item> {
  const list = useRef<HTMLUListElement & HTMLOListElement>(null);
  const [dragged, setDragged] = useState<{ key: string; place: number }>();
  const [said, setSaid] = useState('');
  const [ahead, setAhead] = useState<readonly string[]>();
  const saving = useRef(Promise.resolve());
  const items = ahead ? inOrder(saved, keyOf, ahead) : saved;
  const indexOf = (key: string) => items.findIndex((item) => keyOf(item) === key);

  const move = (item: Item, to: number, how: 'dragged' | 'stepped') => {
    const index = indexOf(keyOf(item));
    const moved = moveItem(items, index, to);
    const place = moved.findIndex((other) => keyOf(other) === keyOf(item));
    if (index < 0 || place === index) return;
    setSaid(`${nameOf(item)} is now ${(place + 1).toString()} of ${items.length.toString()}`);
    setAhead(moved.map(keyOf));
    // One after the other, so that the last order is the one that stays.
    const mine = saving.current.then(() => onMove(moved, item, how));
    saving.current = mine;
    void mine.finally(() => saving.current === mine && setAhead(undefined));
  };
  const placeOf = (y: number, key: string): number => {
    const rows = [...(list.current?.children ?? [])].filter(
      (row): row is HTMLElement => row instanceof HTMLElement && row.dataset.row !== key,
    );
    return placeAt(
      rows.map((row) => row.offsetTop + row.offsetHeight / 2),
      y - (list.current?.getBoundingClientRect().top ?? 0),
    );
  };
  /** The row changes its place in the page while it is dragged and would lose the pointer, so the window follows it. */
  const drag = (item: Item, start: number) => {
    const key = keyOf(item);
    let place = start;
    const listening = new AbortController();
    const { signal } = listening;
    let pointer: number | undefined;
    const follow = (y: number) => {
      pointer = y;
      place = placeOf(y, key);
      setDragged({ key, place });
    };
    /** A list is often longer than the window: at its edge the page goes on, and the row with it. */
    let scrolledAt = performance.now();
    const scroll = (now: number) => {
      const elapsedMs = Math.max(0, Math.min(longestFrameMs, now - scrolledAt));
      scrolledAt = now;
      const step = pointer === undefined ? 0 : scrollStep(pointer, window.innerHeight, elapsedMs);
      const before = window.scrollY;
      window.scrollBy({ top: step, behavior: 'instant' });
      if (pointer !== undefined && window.scrollY !== before) follow(pointer);
      frame = requestAnimationFrame(scroll);
    };
    let frame = requestAnimationFrame(scroll);
    const end = (isMeant: boolean) => {
      listening.abort();
      cancelAnimationFrame(frame);
      setDragged(undefined);
      if (isMeant) move(item, place, 'dragged');
    };
    setDragged({ key, place });
    window.addEventListener('pointermove', (event) => follow(event.clientY), { signal });
    window.addEventListener('pointerup', () => end(true), { signal });
    window.addEventListener('pointercancel', () => end(false), { signal });
    window.addEventListener('keydown', (event) => event.key === 'Escape' && end(false), { signal });
  };
  return {
    list,
    said,
    draggedKey: dragged?.key,
    shown: dragged ? moveItem(items, indexOf(dragged.key), dragged.place) : items,
    handleOf: (item, index) => ({
      onKeyDown: (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const handle = event.currentTarget;
        // A row that changes its place loses the focus on the way, and the next key may come at once.
        flushSync(() => move(item, index + step, 'stepped'));
        handle.focus();
      },
      onPointerDown: (event) => {
        if (event.button === 0) drag(item, index);
      },
    }),
  };
}
