import { useEffect, useRef, useSyncExternalStore } from 'react';
import { isMac, isMeantForField, noSequence, spellPress, stepSequence } from './keyboard.ts';

export interface Shortcut {
  /** `mod+k`, `/`, `g f`, `shift+j`; see `lib/keyboard.ts`. */
  keys: string;
  /** What it does, as the sheet lists it: "Go to Find". */
  label: string;
  /** Heading in the sheet. */
  group: string;
}

let entries: readonly Binding[] = [];
const listeners = new Set<() => void>();
let sequence = noSequence;

function change(next: readonly Binding[]): void {
  entries = next;
  for (const listener of listeners) listener();
}

export interface Binding extends Shortcut {
  run: (event: KeyboardEvent) => void;
}

/**
 * Binds shortcuts for as long as the component is there and lists them in the sheet. The latest one to
 * register a key wins, so a panel may take a key from its page.
 */
export function useShortcutList(bindings: readonly Binding[]): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  const signature = bindings
    .map(({ keys, label, group }) => `${keys}\u0000${label}\u0000${group}`)
    .join('\u0001');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature says when the bindings differ.
  useEffect(() => {
    const added: readonly Binding[] = latest.current.map(({ keys, label, group }) => ({
      keys,
      label,
      group,
      run: (event) => latest.current.find((binding) => binding.keys === keys)?.run(event),
    }));
    change([...entries, ...added]);
    return () => change(entries.filter((entry) => !added.includes(entry)));
  }, [signature]);
}

/** Binds one shortcut; `isOn: false` unbinds it. */
export function useShortcut(
  keys: string,
  label: string,
  run: (event: KeyboardEvent) => void,
  { group = 'This page', isOn = true }: { group?: string; isOn?: boolean } = {},
): void {
  useShortcutList(isOn ? [{ keys, label, group, run }] : []);
}

/** Every shortcut that works right now, one per key. */
export function useShortcuts(): readonly Shortcut[] {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );
  return [...new Map(current.map((entry) => [entry.keys, entry])).values()];
}

/** Called once, by the frame. */
export function listenToKeyboard(): () => void {
  document.addEventListener('keydown', handle);
  return () => document.removeEventListener('keydown', handle);
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key))
    return;
  const press = spellPress(event, isMac);
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (
    isMeantForField(press, {
      tagName: target.tagName,
      isEditable: target.isContentEditable,
      type: target.getAttribute('type'),
    })
  )
    return;
  // A dialog owns the keyboard while it is open; only command keys pass.
  if (!press.startsWith('mod+') && target.closest('[aria-modal="true"]')) return;
  const step = stepSequence(
    sequence,
    press,
    event.timeStamp,
    entries.map((entry) => entry.keys),
  );
  sequence = step.state;
  if (!step.match) return;
  const entry = entries.findLast((candidate) => candidate.keys === step.match);
  if (!entry) return;
  event.preventDefault();
  entry.run(event);
}
