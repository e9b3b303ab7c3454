import type { Request, Response } from 'express';
import { hasOpenSession, sessionHashOf } from '../auth/session.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { countUnread } from './queries.ts';

interface Stream {
  userId: string;
  sessionHash: string;
  res: Response;
}

/** Tabs of one browser share one; a browser opens no more than six to a host. */
const mostPerUser = 12;
const heartbeatMs = 15_000;
/** Several threads may change at the same moment. */
const gatherMs = 100;
/** Whoever reads nothing of what is sent gets no more. */
const mostUnsentBytes = 65_536;

/** Tells every open window of a user when something changed, whichever process changed it. */
export function createStreams(ctx: Context) {
  const { db, listener, config, log } = ctx;
  const streams = new Set<Stream>();
  const gathering = new Map<string, ReturnType<typeof setTimeout>>();

  function end(stream: Stream): void {
    streams.delete(stream);
    stream.res.end();
  }

  function write({ res }: Stream, text: string): void {
    if (res.writableLength > mostUnsentBytes) res.destroy();
    else res.write(text);
  }

  async function tell(userId: string): Promise<void> {
    gathering.delete(userId);
    const theirs = [...streams].filter((stream) => stream.userId === userId);
    if (theirs.length === 0) return;
    try {
      const text = `event: unread\ndata: ${JSON.stringify({ unreadCount: await countUnread(db, userId) })}\n\n`;
      for (const stream of theirs) write(stream, text);
    } catch (err) {
      log.warn({ event: 'notification_stream_failed', userId, err });
    }
  }

  function tellSoon(userId: string): void {
    if (gathering.has(userId) || ![...streams].some((stream) => stream.userId === userId)) return;
    gathering.set(
      userId,
      setTimeout(() => void tell(userId), gatherMs),
    );
  }

  /** A session can end without anybody saying so: by its time, or as a user is deactivated. */
  async function beat(): Promise<void> {
    watchListener();
    for (const stream of streams) {
      const isOpen = await hasOpenSession(ctx, stream.sessionHash).catch(() => true);
      if (isOpen) write(stream, ':\n\n');
      else end(stream);
    }
  }

  /** Whoever asks whether it hears everything has it find out, and that something was missed is told to us. */
  function watchListener(): void {
    if (streams.size > 0) listener.isCurrent();
  }

  const releases = [
    listener.on('notification_changed', tellSoon),
    listener.on('session_ended', (hash) => {
      for (const stream of streams) if (stream.sessionHash === hash) end(stream);
    }),
    listener.onGap(() => {
      for (const userId of new Set([...streams].map((stream) => stream.userId))) tellSoon(userId);
    }),
  ];
  const timer = setInterval(() => void beat(), heartbeatMs);
  timer.unref();

  return {
    async open(req: Request, res: Response, { userId }: Actor): Promise<void> {
      const count = [...streams].filter((stream) => stream.userId === userId).length;
      if (count >= mostPerUser)
        throw new Problem(
          'too_many_attempts',
          'Offshelf is open in many windows already. Close some of them.',
        );
      const unreadCount = await countUnread(db, userId);
      const stream: Stream = { userId, sessionHash: sessionHashOf(config, req), res };
      res.on('close', () => streams.delete(stream));
      if (res.closed) return;
      streams.add(stream);
      watchListener();
      res.status(200).set({
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        // Proxies that collect answers would hold it back.
        'X-Accel-Buffering': 'no',
      });
      res.flushHeaders();
      write(stream, `retry: 3000\nevent: unread\ndata: ${JSON.stringify({ unreadCount })}\n\n`);
    },
    close(): void {
      clearInterval(timer);
      for (const release of releases) release();
      for (const waiting of gathering.values()) clearTimeout(waiting);
      for (const stream of streams) end(stream);
    },
  };
}
