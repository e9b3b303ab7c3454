import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Context } from '../context.ts';
import { clientAddressOf, networkOf } from '../http/client-address.ts';
import { newId } from '../http/ids.ts';
import { requestFactsOf } from '../judging/request-facts.ts';
import { countryOf } from './country.ts';
import { keepable, userAgentOf } from './device.ts';
import type { SpooledHit } from './hit-queries.ts';
import { limitKeyOf } from './rate.ts';
import type { TrackingSpool } from './spool-handlers.ts';

export interface HitRecorder {
  /** Resolves when the hit outlives this process, soon in any case; never throws. A reader is not disturbed by it. */
  record(req: IncomingMessage, shareLinkId: string, status: number): Promise<void>;
}

/** Notes raw requests to share links: in a file at once, and from there in the database. */
export function createHitRecorder({ config, clock, log }: Context, spool: TrackingSpool): HitRecorder {
  const isSecure = config.shareUrl.startsWith('https:');

  function describe(req: IncomingMessage, shareLinkId: string, status: number): SpooledHit {
    const { method = 'GET', headers } = req;
    const address = clientAddressOf(req, config.trustProxy);
    const purpose = headers['sec-purpose'] ?? headers.purpose ?? headers['x-moz'] ?? '';
    return {
      id: newId('hit'),
      shareLinkId,
      method,
      status,
      userAgent: userAgentOf(req),
      purpose: keepable(String(purpose)).slice(0, 60),
      network: networkOf(address),
      country: countryOf(address),
      facts: requestFactsOf(req, isSecure),
      occurredAt: clock().toISOString(),
    };
  }

  return {
    async record(req, shareLinkId, status) {
      try {
        await spool.append('hit', describe(req, shareLinkId, status));
      } catch (err) {
        log.error({ event: 'link_hit_not_noted', err });
      }
    },
  };
}

/** For limits, which are kept for a while: with the instance key, as there are few enough addresses to try them all. */
export function addressKeyOf({ instanceKey }: Pick<Context, 'instanceKey'>, req: Request): string {
  return createHmac('sha256', instanceKey)
    .update(`address\0${limitKeyOf(req.ip)}`)
    .digest('base64url');
}
