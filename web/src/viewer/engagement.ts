/**
 * How long a person is really with a page, as a state machine over signals with explicit times: no DOM, no clock.
 * Times are milliseconds of a monotonic clock. Totals only grow, because the server keeps the greatest.
 */
export interface Engagement {
  /** The page that time counts for; null where there is nothing to read in the browser, or not yet. */
  page: number | null;
  /** A page that has come into view and not been there long enough, with the time that waits for it. */
  coming: { page: number; since: number; ms: number } | null;
  /** A video counts while it plays, whoever touches what. */
  isVideo: boolean;
  isVisible: boolean;
  isFocused: boolean;
  isPlaying: boolean;
  hasTrustedInput: boolean;
  /** The last sign of a person. */
  touchedAt: number;
  /** Up to here every moment has been decided. */
  countedTo: number;
  /** When time last counted. */
  activeAt: number;
  totals: Map<number, number>;
  /** Active time of the whole visit, also without a page. */
  activeMs: number;
}

export type Signal =
  | { kind: 'tick' }
  | { kind: 'visible'; is: boolean }
  | { kind: 'focused'; is: boolean }
  | { kind: 'playing'; is: boolean }
  | { kind: 'input'; isTrusted: boolean }
  | { kind: 'page'; page: number };

/** A person who reads touches something at least this often; what goes beyond is left out. */
const idleMs = 60_000;
/** A window beside the focused one counts this long after a touch. */
const unfocusedMs = 30_000;
/** A page that is only passed on the way to another is in view for less than this. */
const settleMs = 700;
/** Ticks come several times a second. A longer silence means that the machine slept, and nobody knows what happened. */
const longestGapMs = 5_000;

export function createEngagement(now: number, page: number | null, isVideo: boolean): Engagement {
  return {
    page,
    coming: null,
    isVideo,
    isVisible: false,
    isFocused: false,
    isPlaying: false,
    hasTrustedInput: false,
    touchedAt: now,
    countedTo: now,
    activeAt: now,
    totals: new Map(),
    activeMs: 0,
  };
}

/** First counts the time that has passed under the old state, then takes the signal in. */
export function receive(state: Engagement, signal: Signal, now: number): void {
  count(state, now);
  settle(state, now);
  switch (signal.kind) {
    case 'visible':
      state.isVisible = signal.is;
      break;
    case 'focused':
      state.isFocused = signal.is;
      if (signal.is) state.touchedAt = now;
      break;
    case 'playing':
      state.isPlaying = signal.is;
      break;
    case 'input':
      state.touchedAt = now;
      if (signal.isTrusted) state.hasTrustedInput = true;
      break;
    case 'page':
      if (signal.page === (state.coming?.page ?? state.page)) break;
      state.coming = signal.page === state.page ? null : { page: signal.page, since: now, ms: 0 };
      break;
  }
}

/** From the moment at which it came into view, time belongs to a page that stayed; else to no page. */
function settle(state: Engagement, now: number): void {
  const { coming } = state;
  if (!coming || now - coming.since < settleMs) return;
  state.page = coming.page;
  state.coming = null;
  if (coming.ms > 0) credit(state, coming.page, coming.ms);
}

/** The page that was read last stands last. */
function credit(state: Engagement, page: number, ms: number): void {
  const total = (state.totals.get(page) ?? 0) + ms;
  state.totals.delete(page);
  state.totals.set(page, total);
}

function count(state: Engagement, now: number): void {
  const from = state.countedTo;
  if (now <= from) return;
  state.countedTo = now;
  if (now - from > longestGapMs || !state.isVisible) return;
  const until = Math.min(now, activeUntil(state));
  const passed = until - from;
  if (passed <= 0) return;
  state.activeAt = until;
  state.activeMs += passed;
  if (state.coming) state.coming.ms += passed;
  else if (state.page !== null) credit(state, state.page, passed);
}

/** The moment at which the present state stops being a person who reads. */
function activeUntil(state: Engagement): number {
  if (state.isVideo) return state.isPlaying ? Number.POSITIVE_INFINITY : 0;
  return state.touchedAt + (state.isFocused ? idleMs : unfocusedMs);
}

/** When the next message is due, in active time: after 5, 15 and 30 s, then every 15 s. */
export function nextSendAt(activeMs: number): number {
  if (activeMs < 5_000) return 5_000;
  return (Math.floor(activeMs / 15_000) + 1) * 15_000;
}

/** Begins again from nothing, for a new visit; who looks and how stays. */
export function restart(state: Engagement): void {
  state.totals = new Map();
  state.activeMs = 0;
  if (state.coming) state.coming.ms = 0;
}
