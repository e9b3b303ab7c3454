import { createEngagement, nextSendAt, receive, restart, type Signal } from './engagement.ts';
import { enqueue, type Message, toBeat } from './outbox.ts';
import { type Signals, watchSignals } from './signals.ts';
import { nothingWatched, toSeconds, watch } from './watched.ts';

/** What one tab remembers of one share link while it is open, so that a reload goes on with the same visit. */
interface Memory {
  visitToken: string | null;
  waiting: Message[];
  /** What was counted since the last message was written; it is sent by the next load, if this one can't. */
  unsent: Message | null;
}

/** The page has to be looked at for this long before a visit begins. */
const settleMs = 1_000;
/** So much is lost at most when the tab crashes. */
const tickMs = 250;
const visitEndsMs = 30 * 60_000;
/** A beat names this many pages at most: those that were read last, because the others were told of before. */
const mostPages = 50;
/** Whoever leafs through does not send at every page. */
const pageSendGapMs = 2_000;
const retryMs = 15_000;

export interface VisitReport {
  seePage(page: number): void;
  /** There is more to read than when the visit began; asks to be allowed to tell of it. */
  renew(): void;
}

interface Subject {
  /** The page of what has only one. */
  page: number | null;
  isVideo: boolean;
  /** The visit has begun, or goes on under this token. */
  onBegun?(visitToken: string): void;
  /** The share link admits no further visitor; the sentence says so to people. */
  onRefused?(sentence: string): void;
}

/** Tells the sender's system of this visit: that somebody looks, for how long and at which page. */
export function reportVisit(token: string, { page, isVideo, onBegun, onRefused }: Subject): VisitReport {
  const memory = recall();
  // Each load counts for itself from nothing, and the server adds them up: so nothing is told twice, also by a tab that
  // was duplicated with all it remembers.
  const tabKey = newTabKey();
  const state = createEngagement(performance.now(), page, isVideo);
  const signals = watchSignals();
  const media = document.querySelector<HTMLMediaElement>('video, audio');
  const watched = nothingWatched();
  let visibleSince: number | null = null;
  let sentActiveMs = 0;
  let sentAt = 0;
  let sentTrustedInput = false;
  let lastNumber = 0;
  let saidSignals = '';
  let hasNewRange = false;
  let isVisitOpen = false;
  /** The visit that what this load has counted belongs to. */
  let reportedToken: string | null = null;
  let isOpening = false;
  let retryAt = 0;
  let isFlushing = false;
  let hasDownloaded = false;

  function tell(signal: Signal): void {
    const before = state.activeMs;
    const pageBefore = state.page;
    const activeBefore = state.activeAt;
    receive(state, signal, performance.now());
    if (isVisitOpen && state.activeMs > before && state.activeAt - activeBefore > visitEndsMs) {
      isVisitOpen = false;
      reportedToken = null;
      startOver();
    }
    const hasTurned = state.page !== pageBefore && performance.now() - sentAt > pageSendGapMs;
    if (isVisitOpen && (hasTurned || state.activeMs >= nextSendAt(sentActiveMs))) send();
  }

  function look(): void {
    const isVisible =
      document.visibilityState === 'visible' && !(document as { prerendering?: boolean }).prerendering;
    if (!isVisible) visibleSince = null;
    else visibleSince ??= performance.now();
    follow();
    tell({ kind: 'visible', is: isVisible });
    tell({ kind: 'focused', is: isVisible && document.hasFocus() });
  }

  /** Where the video or sound stands. A sound is heard in a hidden tab, too. */
  function follow(): void {
    if (!media) return;
    const isSeen = visibleSince !== null || media instanceof HTMLAudioElement;
    if (watch(watched, media.currentTime, isSeen && state.isPlaying && !media.seeking)) hasNewRange = true;
  }

  function tick(): void {
    follow();
    tell({ kind: 'tick' });
    const now = performance.now();
    const isSettled = visibleSince !== null && now - visibleSince >= settleMs;
    // What was read before an idle stretch is sent while there is still somebody to send it.
    if (isVisitOpen && hasNews() && now - state.activeAt > 5_000) send();
    else if (isVisitOpen && hasNews()) keepUnsent();
    if (!isVisitOpen && isSettled && !isOpening && now >= retryAt) void open();
  }

  async function open(): Promise<void> {
    isOpening = true;
    await flush();
    const { visitToken } = memory;
    const said = signals.read();
    const answer = await post('/t/visits', { pageToken: token, visitToken, tabKey, signals: said });
    isOpening = false;
    retryAt = Number.POSITIVE_INFINITY;
    if (answer?.status === 201) {
      saidSignals = JSON.stringify(said);
      begin(((await answer.json()) as { visitToken: string }).visitToken);
    } else if (canRetry(answer)) retryAt = performance.now() + retryMs;
    else if (answer?.status === 403) onRefused?.(((await answer.json()) as { detail: string }).detail);
  }

  function begin(visitToken: string): void {
    if (reportedToken !== null && reportedToken !== visitToken) startOver();
    reportedToken = visitToken;
    memory.visitToken = visitToken;
    isVisitOpen = true;
    retryAt = 0;
    remember();
    onBegun?.(visitToken);
    if (hasDownloaded) noteDownload();
  }

  function startOver(): void {
    restart(state);
    sentActiveMs = 0;
    lastNumber = 0;
    watched.ranges = [];
  }

  function hasNews(): boolean {
    return state.activeMs > sentActiveMs || state.hasTrustedInput !== sentTrustedInput || hasNewRange;
  }

  function compose(visitToken: string): Message {
    const told: Signals = signals.read();
    const asText = JSON.stringify(told);
    return {
      visitToken,
      tabKey,
      pages: [...state.totals]
        .slice(-mostPages)
        .map(([number, ms]) => ({ page: number, activeMs: Math.round(ms) })),
      ...(media && { watched: toSeconds(watched) }),
      hasTrustedInput: state.hasTrustedInput,
      number: lastNumber + 1,
      ...(asText !== saidSignals && { signals: told }),
      at: performance.timeOrigin + state.activeAt,
    };
  }

  function write(): void {
    if (!memory.visitToken || !isVisitOpen || !hasNews()) return;
    const message = compose(memory.visitToken);
    if (message.signals) saidSignals = JSON.stringify(message.signals);
    sentActiveMs = state.activeMs;
    sentAt = performance.now();
    sentTrustedInput = state.hasTrustedInput;
    hasNewRange = false;
    memory.waiting = enqueue(memory.waiting, message);
    // Less where it took the place of one that waited.
    lastNumber = memory.waiting.at(-1)?.number ?? 0;
    memory.unsent = null;
    remember();
  }

  /** For the case that this page ends without a word. */
  function keepUnsent(): void {
    if (!memory.visitToken) return;
    memory.unsent = compose(memory.visitToken);
    remember();
  }

  function send(): void {
    write();
    void flush();
  }

  /** Oldest first, one at a time; what gets no answer waits for the next occasion, and in the end for a reload. */
  async function flush(): Promise<void> {
    if (isFlushing) return;
    isFlushing = true;
    for (let message = memory.waiting[0]; message; message = memory.waiting[0]) {
      const answer = await post('/t/beats', toBeat(message, now()));
      if (canRetry(answer)) break;
      const sent = message;
      memory.waiting = memory.waiting.filter((other) => other !== sent);
      if (sent.visitToken !== memory.visitToken) continue;
      if (answer?.status === 200) {
        memory.visitToken = ((await answer.json()) as { visitToken: string }).visitToken;
        reportedToken = memory.visitToken;
        startOver();
        // Withdrawn, expired, or a day old: a new visit may begin, or opening it says that none may.
      } else if (answer && answer.status >= 400) isVisitOpen = false;
    }
    isFlushing = false;
    remember();
  }

  /** The page may never run again, so this does not wait for answers; whatever arrives twice changes nothing. */
  function leave(): void {
    write();
    for (const message of memory.waiting)
      navigator.sendBeacon('/t/beats', new Blob([toBeat(message, now())], { type: 'application/json' }));
  }

  function noteDownload(): void {
    hasDownloaded = true;
    if (memory.visitToken && isVisitOpen) void post('/t/downloads', { visitToken: memory.visitToken });
  }

  function remember(): void {
    try {
      sessionStorage.setItem(memoryKey(), JSON.stringify(memory));
    } catch {
      // A browser that keeps nothing only loses the visit on a reload.
    }
  }

  listen(document, ['visibilitychange', 'freeze'], () => {
    look();
    if (document.visibilityState === 'hidden') leave();
  });
  listen(document, ['prerenderingchange', 'resume'], look);
  listen(window, ['focus', 'blur', 'pageshow'], look);
  listen(window, ['pagehide'], () => {
    tell({ kind: 'visible', is: false });
    leave();
  });
  listen(window, ['online', 'pageshow'], () => void flush());
  listen(document, ['pointerdown', 'keydown', 'wheel', 'touchstart'], ({ isTrusted }) =>
    tell({ kind: 'input', isTrusted }),
  );
  listen(document, ['pointermove'], (event) => {
    const { isTrusted, movementX, movementY } = event as PointerEvent;
    if (movementX !== 0 || movementY !== 0) tell({ kind: 'input', isTrusted });
  });
  // A browser that restores the place of a reload scrolls by itself, so scrolling is no proof of a person.
  listen(document, ['scroll'], () => tell({ kind: 'input', isTrusted: false }));
  listen(document, ['click'], ({ target, isTrusted }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (!link || !isTrusted) return;
    if (link.hasAttribute('download')) noteDownload();
    send();
  });
  if (media) {
    const play = (is: boolean) => () => {
      follow();
      tell({ kind: 'playing', is });
      follow();
    };
    listen(media, ['playing'], play(true));
    listen(media, ['pause', 'ended', 'waiting', 'emptied'], play(false));
    listen(media, ['seeking', 'seeked'], follow);
  }
  if (memory.unsent) {
    memory.waiting = enqueue(memory.waiting, memory.unsent);
    memory.unsent = null;
  }
  void flush();
  look();
  setInterval(tick, tickMs);
  return {
    seePage: (number) => tell({ kind: 'page', page: number }),
    renew() {
      // The totals of this tab go on, under a token that knows of the new pages.
      reportedToken = null;
      isVisitOpen = false;
      retryAt = 0;
    },
  };
}

/** Runs on evenly whatever somebody does to the clock of the device; only between two loads that can be felt. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function listen(target: EventTarget, names: string[], handler: (event: Event) => void): void {
  for (const name of names) target.addEventListener(name, handler, { passive: true, capture: true });
}

function newTabKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}

function recall(): Memory {
  try {
    const kept = sessionStorage.getItem(memoryKey());
    if (kept) return JSON.parse(kept) as Memory;
  } catch {
    // What can not be read counts as nothing.
  }
  return { visitToken: null, waiting: [], unsent: null };
}

/** A room and its items are one share link, and one visit. */
function memoryKey(): string {
  return `visit:${location.pathname.split('/', 3).join('/')}`;
}

/** Answers undefined when nobody answered. */
async function post(path: string, body: unknown): Promise<Response | undefined> {
  try {
    return await fetch(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
      keepalive: true,
    });
  } catch {
    return undefined;
  }
}

function canRetry(answer: Response | undefined): boolean {
  return !answer || answer.status === 429 || answer.status >= 500;
}
