import type { Request } from 'express';
import type { Context } from '../context.ts';
import { networkOf } from './network.ts';
import { insertLinkHits, type NewLinkHit } from './queries.ts';

const gatherMs = 20;
const mostWaiting = 10_000;

export interface HitRecorder {
  /** Never throws and never waits: a reader is not disturbed by what we note. */
  record(req: Request, shareLinkId: string, status: number): void;
}

/** Notes raw requests to share links, several at a time and behind the answer. */
export function createHitRecorder({ db, clock, log }: Context): HitRecorder {
  let waiting: NewLinkHit[] = [];

  async function flush(): Promise<void> {
    const rows = waiting;
    waiting = [];
    try {
      await insertLinkHits(db, rows);
    } catch (error) {
      log.warn({ event: 'link_hits_lost', count: rows.length, err: error });
    }
  }

  return {
    record(req, shareLinkId, status) {
      if (waiting.length >= mostWaiting) return;
      if (waiting.length === 0) setTimeout(() => void flush(), gatherMs);
      waiting.push({
        shareLinkId,
        method: req.method,
        status,
        userAgent: userAgentOf(req),
        purpose: (req.get('Sec-Purpose') ?? req.get('Purpose') ?? req.get('X-Moz') ?? '').slice(0, 60),
        network: networkOf(req.ip),
        occurredAt: clock(),
      });
    },
  };
}

export function userAgentOf(req: Request): string {
  // PostgreSQL keeps no NUL in text, and nobody needs more than this of a user agent.
  return (req.get('User-Agent') ?? '').replaceAll('\0', '').slice(0, 400);
}

/** Whom a limit counts together: one IPv4 address, or the network of an IPv6 address, which one person has whole. */
export function addressKeyOf(req: Request): string {
  const address = req.ip ?? '';
  return address.includes(':') && !address.includes('.') ? networkOf(address) : address;
}
