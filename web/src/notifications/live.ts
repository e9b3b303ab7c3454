import { z } from 'zod';
import { queryClient } from '../lib/query-client.ts';
import { pollMs, readLatest, refreshWhatTells, streamPath, unreadQuery } from './api.ts';
import { showOnDesktop } from './desktop.ts';

const lockName = 'offshelf-notifications';
/** For so long a connection may be made again before others are asked instead. */
const silentMs = 5_000;

/** What the tab that listens tells the others. */
const message = z.object({ isHeard: z.boolean(), unreadCount: z.int().nullable() });
type Message = z.infer<typeof message>;

const unread = z.object({ unreadCount: z.int() });

/** Whether changes come by themselves; else they are asked for. */
let isHeard = false;
const listeners = new Set<() => void>();

export function listenToHearing(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function isHearing(): boolean {
  return isHeard;
}

/**
 * Hears at once what happens, until told to stop. Browsers open few connections to a host, so one tab listens and tells
 * the others; where tabs can't agree on one, as without https, all of them ask from time to time instead.
 */
export function listenForNews(): () => void {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks || typeof BroadcastChannel === 'undefined') return () => undefined;
  const channel = new BroadcastChannel(lockName);
  const stopping = new AbortController();
  let isListening = false;
  channel.onmessage = ({ data }) => {
    const heard = message.safeParse(data);
    if (heard.success) take(heard.data);
    else if (isListening) channel.postMessage({ isHeard, unreadCount: null } satisfies Message);
  };
  channel.postMessage('Does anybody listen?');
  locks
    .request(lockName, { signal: stopping.signal }, () => {
      isListening = true;
      return listen(stopping.signal, (told) => {
        take(told);
        channel.postMessage(told);
      });
    })
    // A tab that is closed or left stops waiting for its turn.
    .catch(() => undefined);
  return () => {
    stopping.abort();
    channel.close();
    hear(false);
  };
}

function hear(next: boolean): void {
  if (next === isHeard) return;
  isHeard = next;
  for (const listener of listeners) listener();
}

function take({ isHeard: next, unreadCount }: Message): void {
  hear(next);
  if (unreadCount === null) return;
  const before = queryClient.getQueryData(unreadQuery.queryKey);
  queryClient.setQueryData(unreadQuery.queryKey, unreadCount);
  if (before !== undefined) refreshWhatTells();
}

/** For as long as this tab is the one that listens. */
async function listen(signal: AbortSignal, tell: (told: Message) => void): Promise<void> {
  while (!signal.aborted) {
    await streamUntilRefused(signal, tell);
    if (signal.aborted) return;
    // Whoever asks is told why, as when the session has ended.
    void queryClient.invalidateQueries({ queryKey: unreadQuery.queryKey });
    await pause(signal);
  }
}

/** A connection that is lost is made again by the browser; after a refusal it gives up. */
function streamUntilRefused(signal: AbortSignal, tell: (told: Message) => void): Promise<void> {
  return new Promise((done) => {
    const stream = new EventSource(streamPath);
    let silence: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      signal.removeEventListener('abort', end);
      clearTimeout(silence);
      stream.close();
      done();
    };
    signal.addEventListener('abort', end);
    let count: number | undefined;
    stream.addEventListener('unread', ({ data }: MessageEvent<string>) => {
      clearTimeout(silence);
      const { unreadCount } = unread.parse(JSON.parse(data));
      tell({ isHeard: true, unreadCount });
      if (count !== undefined && unreadCount > count) void showNews();
      count = unreadCount;
    });
    stream.onerror = () => {
      const stopHearing = () => tell({ isHeard: false, unreadCount: null });
      clearTimeout(silence);
      // The server ends it at signing out, too, when nobody has anything to ask any more.
      silence = setTimeout(stopHearing, silentMs);
      if (stream.readyState !== EventSource.CLOSED) return;
      stopHearing();
      end();
    };
  });
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, pollMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}

async function showNews(): Promise<void> {
  const latest = await readLatest().catch(() => undefined);
  if (latest && !latest.isRead) showOnDesktop(latest);
}
