/** The parts of a KeyboardEvent that decide which shortcut was meant. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How long the second key of a sequence such as `g f` may take. */
export const sequenceMs = 1200;

/**
 * One spelling for a press: `mod+k`, `Enter`, `?`. Mod is ⌘ on a Mac and Ctrl elsewhere.
 * Shift counts only where the character does not already say it.
 */
export function spellPress(press: Press, isMac: boolean): string {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const parts: string[] = [];
  if (isMac ? press.metaKey : press.ctrlKey) parts.push('mod');
  if (isMac ? press.ctrlKey : press.metaKey) parts.push('other');
  if (press.altKey) parts.push('alt');
  const isLetter = /^\p{L}$/u.test(press.key);
  if (press.shiftKey && (press.key.length > 1 || isLetter)) parts.push('shift');
  return [...parts, key].join('+');
}

export interface SequenceState {
  pending: string;
  at: number;
}

export const noSequence: SequenceState = { pending: '', at: 0 };

/** Follows one press through the registered shortcuts: a match, a possible beginning, or neither. */
export function stepSequence(
  state: SequenceState,
  press: string,
  now: number,
  registered: readonly string[],
): { match: string | undefined; state: SequenceState } {
  const isFresh = state.pending !== '' && now - state.at <= sequenceMs;
  const candidates = isFresh ? [`${state.pending} ${press}`, press] : [press];
  for (const candidate of candidates) {
    if (registered.includes(candidate)) return { match: candidate, state: noSequence };
    if (registered.some((keys) => keys.startsWith(`${candidate} `)))
      return { match: undefined, state: { pending: candidate, at: now } };
  }
  return { match: undefined, state: noSequence };
}

const names: Record<string, string> = {
  Enter: '↵',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ' ': 'Space',
};

/** The keycaps to show for a shortcut: `mod+k` → [['⌘', 'K']], `g f` → [['G'], ['F']]. */
export function keycaps(keys: string, isMac: boolean): string[][] {
  return keys
    .split(' ')
    .map((press) => (press === '+' ? ['+'] : press.split('+')).map((part) => capOf(part, isMac)));
}

function capOf(part: string, isMac: boolean): string {
  if (part === 'mod') return isMac ? '⌘' : 'Ctrl';
  if (part === 'alt') return isMac ? '⌥' : 'Alt';
  if (part === 'shift') return isMac ? '⇧' : 'Shift';
  return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}

/** Typing into a field is not meant for shortcuts, unless it carries ⌘ or Ctrl or is Escape. */
export function isMeantForField(
  press: string,
  target: { tagName: string; isEditable: boolean; type: string | null },
): boolean {
  if (press.startsWith('mod+') || press === 'Escape') return false;
  if (target.isEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  if (target.tagName !== 'INPUT') return false;
  return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type ?? 'text');
}

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
