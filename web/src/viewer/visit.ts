import { addEarlier, createEngagement, nextSendAt, receive, restart, type Signal } from './engagement.ts';
import { enqueue, type Message, toBeat } from './outbox.ts';

/** What one tab remembers of one share link while it is open, so that a reload goes on with the same visit. */
interface Memory {
  tabKey: string;
  visitToken: string | null;
  totals: [number, number][];
  waiting: Message[];
}

/** The page has to be looked at for this long before a visit begins. */
const settleMs = 1_000;
const visitEndsMs = 30 * 60_000;
/** A beat names this many pages at most: those that were read last, because the others were told of before. */
const mostPages = 50;
/** Whoever leafs through does not send at every page. */
const pageSendGapMs = 2_000;

export interface VisitReport {
  seePage(page: number): void;
  /** There is more to read than when the visit began; asks to be allowed to tell of it. */
  renew(): void;
}

interface Subject {
  /** The page of what has only one. */
  page: number | null;
  isVideo: boolean;
}

/** Tells the sender's system of this visit: that somebody looks, for how long and at which page. */
export function reportVisit(token: string, { page, isVideo }: Subject): VisitReport {
  const memory = recall();
  const state = createEngagement(performance.now(), page, isVideo);
  let visibleSince: number | null = null;
  let sentActiveMs = 0;
  let sentAt = 0;
  let sentTrustedInput = false;
  let isVisitOpen = false;
  let isOpening = false;
  let retryAt = 0;
  let isFlushing = false;
  let hasDownloaded = false;

  function tell(signal: Signal): void {
    const before = state.activeMs;
    const pageBefore = state.page;
    const lastActive = Date.now() - (performance.now() - state.activeAt);
    receive(state, signal, performance.now());
    if (isVisitOpen && state.activeMs > before && Date.now() - lastActive > visitEndsMs) {
      isVisitOpen = false;
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
    tell({ kind: 'visible', is: isVisible });
    tell({ kind: 'focused', is: isVisible && document.hasFocus() });
  }

  function tick(): void {
    tell({ kind: 'tick' });
    const now = performance.now();
    const isSettled = visibleSince !== null && now - visibleSince >= settleMs;
    // What was read before an idle stretch is sent while there is still somebody to send it.
    if (isVisitOpen && state.activeMs > sentActiveMs && now - state.activeAt > 5_000) send();
    if (!isVisitOpen && isSettled && !isOpening && now >= retryAt) void open();
  }

  async function open(): Promise<void> {
    isOpening = true;
    await flush();
    const answer = await post('/t/visits', {
      pageToken: token,
      visitToken: memory.visitToken,
      tabKey: memory.tabKey,
    });
    isOpening = false;
    if (answer?.ok) begin(((await answer.json()) as { visitToken: string }).visitToken);
    else if (canRetry(answer)) retryAt = performance.now() + 15_000;
    else retryAt = Number.POSITIVE_INFINITY;
  }

  function begin(visitToken: string): void {
    if (visitToken === memory.visitToken) addEarlier(state, memory.totals);
    memory.visitToken = visitToken;
    memory.totals = [];
    isVisitOpen = true;
    remember();
    if (hasDownloaded) noteDownload();
  }

  function startOver(): void {
    restart(state);
    sentActiveMs = 0;
    memory.totals = [];
  }

  function write(): void {
    if (!memory.visitToken || !isVisitOpen) return;
    const hasNews = state.activeMs > sentActiveMs || state.hasTrustedInput !== sentTrustedInput;
    if (!hasNews) return;
    sentActiveMs = state.activeMs;
    sentAt = performance.now();
    sentTrustedInput = state.hasTrustedInput;
    memory.waiting = enqueue(memory.waiting, {
      visitToken: memory.visitToken,
      tabKey: memory.tabKey,
      pages: [...state.totals]
        .slice(-mostPages)
        .map(([number, ms]) => ({ page: number, activeMs: Math.floor(ms) })),
      hasTrustedInput: state.hasTrustedInput,
      at: Date.now() - (performance.now() - state.activeAt),
    });
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
      const answer = await post('/t/beats', toBeat(message, Date.now()));
      if (canRetry(answer)) break;
      const sent = message;
      memory.waiting = memory.waiting.filter((other) => other !== sent);
      if (answer?.status === 200 && sent.visitToken === memory.visitToken) {
        memory.visitToken = ((await answer.json()) as { visitToken: string }).visitToken;
        startOver();
      }
    }
    isFlushing = false;
    remember();
  }

  /** The page may never run again, so this does not wait for answers; whatever arrives twice changes nothing. */
  function leave(): void {
    write();
    const now = Date.now();
    for (const message of memory.waiting)
      navigator.sendBeacon('/t/beats', new Blob([toBeat(message, now)], { type: 'application/json' }));
  }

  function noteDownload(): void {
    hasDownloaded = true;
    if (memory.visitToken && isVisitOpen) void post('/t/downloads', { visitToken: memory.visitToken });
  }

  function remember(): void {
    const totals = isVisitOpen ? [...state.totals] : memory.totals;
    try {
      sessionStorage.setItem(memoryKey(), JSON.stringify({ ...memory, totals }));
    } catch {
      // A browser that keeps nothing only loses the visit on a reload.
    }
  }

  listen(document, ['visibilitychange'], () => {
    look();
    if (document.visibilityState === 'hidden') leave();
  });
  listen(document, ['prerenderingchange'], look);
  listen(window, ['focus', 'blur', 'pageshow'], look);
  listen(window, ['pagehide'], () => {
    tell({ kind: 'visible', is: false });
    leave();
  });
  listen(window, ['online'], () => void flush());
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
  const video = document.querySelector('video');
  if (video) {
    listen(video, ['playing'], () => tell({ kind: 'playing', is: true }));
    listen(video, ['pause', 'ended', 'waiting'], () => tell({ kind: 'playing', is: false }));
  }
  look();
  setInterval(tick, 1_000);
  return {
    seePage: (number) => tell({ kind: 'page', page: number }),
    renew() {
      // The totals of this tab go on, under a token that knows of the new pages.
      memory.totals = [];
      isVisitOpen = false;
    },
  };
}

function listen(target: EventTarget, names: string[], handler: (event: Event) => void): void {
  for (const name of names) target.addEventListener(name, handler, { passive: true, capture: true });
}

function recall(): Memory {
  try {
    const kept = sessionStorage.getItem(memoryKey());
    if (kept) return JSON.parse(kept) as Memory;
  } catch {
    // What can not be read counts as nothing.
  }
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const tabKey = Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
  return { tabKey, visitToken: null, totals: [], waiting: [] };
}

function memoryKey(): string {
  return `visit:${location.pathname}`;
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
