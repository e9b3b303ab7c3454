import type { Signals } from './signals.ts';

/** One message of cumulative totals, with the time of the activity it tells of. */
export interface Message {
  visitToken: string;
  tabKey: string;
  pages: { page: number; activeMs: number }[];
  watched?: [number, number][];
  hasTrustedInput: boolean;
  /** Of the messages of this tab to this visit, so that the server sees when one is lost. */
  number: number;
  signals?: Signals;
  /** Milliseconds since 1970, because messages outlive the page that wrote them. */
  at: number;
}

/** Long silences would look like the end of the visit, so one message per this long is kept while none gets through. */
const keepEveryMs = 20 * 60_000;

/**
 * Adds a message to those that wait. Totals are cumulative, so a newer message takes the place of the last one that
 * names no other page, as long as the ones that stay are close enough together to show that the visit went on.
 */
export function enqueue(waiting: Message[], message: Message): Message[] {
  const last = waiting.at(-1);
  const beforeLast = waiting.at(-2);
  const pages = new Set(message.pages.map(({ page }) => page));
  const isSpare =
    last?.visitToken === message.visitToken &&
    beforeLast?.visitToken === message.visitToken &&
    last.tabKey === message.tabKey &&
    message.at - beforeLast.at < keepEveryMs &&
    last.pages.every(({ page }) => pages.has(page));
  // What the page said of its surroundings is said once.
  const kept = isSpare
    ? { ...(last.signals && { signals: last.signals }), ...message, number: last.number }
    : message;
  return [...(isSpare ? waiting.slice(0, -1) : waiting), kept].slice(-20);
}

/** What the server reads: the age replaces the time, because the two clocks need not agree. */
export function toBeat({ at, ...totals }: Message, now: number): string {
  return JSON.stringify({ ...totals, ageMs: Math.max(0, Math.round(now - at)) });
}
