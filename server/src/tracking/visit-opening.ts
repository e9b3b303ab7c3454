import type { Request } from 'express';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { isDatabaseAway } from '../db/problems.ts';
import { networkOf } from '../http/client-address.ts';
import { newId, newToken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { requestFactsOf } from '../judging/request-facts.ts';
import { asksToBeLeftAlone, createPrivacyModeReader } from '../settings/service.ts';
import { isColleaguesBrowser, isSignedIn } from './colleague.ts';
import type { visitOpening } from './contract.ts';
import { countryOf } from './country.ts';
import { userAgentOf } from './device.ts';
import { wasErased } from './person-queries.ts';
import type { TrackingSpool } from './spool-handlers.ts';
import { readPageToken, signVisitToken, visitIdOf } from './token.ts';
import { callerOf, chooseVisitorKey } from './visitor-key.ts';
import { ensureSalt } from './visitor-queries.ts';
import { type GoingOn, getGrant, type Opening, type OpenVisit, openVisit } from './visits.ts';

/** Held against the length of the version when beats are written. */
const unknownPageCount = 10_000;

export interface OpenedVisit {
  visitToken: string;
  /** A key for the browser to keep, when it may have one and brought none. */
  newCookieKey: string | null;
  /** The share link that a browser is one of few to open, where it may keep that. */
  admittedTo: string | null;
}

/** Turns what the script of a page posts into a visit. Answers undefined for a browser that asks to be left alone. */
export function createVisitOpener(ctx: Context, spool: TrackingSpool) {
  const readPrivacyMode = createPrivacyModeReader(ctx);
  const salts = createSaltReader(ctx);

  return async (req: Request, body: z.infer<typeof visitOpening>): Promise<OpenedVisit | undefined> => {
    const now = ctx.clock();
    const page = getGrant(readPageToken(ctx.instanceKey, body.pageToken, now.getTime()));
    const privacyMode = await readPrivacyMode();
    if (asksToBeLeftAlone(req.headers, privacyMode)) return undefined;
    const { shareLinkId, assetVersionId, guest } = page;
    const { newCookieKey, ...visitor } = chooseVisitorKey(
      {
        ...callerOf(req),
        guest,
        asksNotToBeTracked: req.get('DNT') === '1',
      },
      {
        privacyMode,
        salt: await salts.read(now).catch(whenAway(null)),
        shareLinkId,
        instanceKey: ctx.instanceKey,
        newKey: newToken(),
      },
    );
    // Who was erased since they said who they are is not known by it any more.
    if (
      visitor.email !== null &&
      (await wasErased(ctx.db, visitor.hash, new Date(guest?.saidAt ?? page.issuedAt)).catch(whenAway(false)))
    )
      throw new Problem(
        'not_found',
        'You were forgotten here, as you asked. Open the link again if you like.',
      );
    const opening: Opening = {
      visitId: newId('vis'),
      shareLinkId,
      assetVersionId,
      earlierVisitId: body.visitToken === null ? null : visitIdOf(ctx, body.visitToken),
      visitor,
      userAgent: userAgentOf(req),
      network: networkOf(req.ip),
      country: countryOf(req.ip),
      isInternal: isSignedIn(ctx, req) || isColleaguesBrowser(ctx, req),
      requestFacts: requestFactsOf(req, ctx.config.shareUrl.startsWith('https:')),
      browserFacts: body.signals,
    };
    const visit = await openVisit(ctx, opening, now).catch(async (error: unknown): Promise<OpenVisit> => {
      if (!isDatabaseAway(error)) throw error;
      await spool.append('opening', { ...opening, openedAt: now.toISOString() });
      const startedAt = now.getTime();
      return { visitId: opening.visitId, startedAt, pageCount: unknownPageCount, isLimited: false };
    });
    return {
      visitToken: tokenOf(ctx, visit, assetVersionId),
      // Whoever goes on with a visit of this tab is known by that.
      newCookieKey: visit.visitId === opening.earlierVisitId ? null : newCookieKey,
      admittedTo:
        visit.isLimited && (visitor.kind === 'cookie' || newCookieKey !== null) ? shareLinkId : null,
    };
  };
}

/** The answer where the database would have to be asked, and can not be. */
function whenAway<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (!isDatabaseAway(error)) throw error;
    return answer;
  };
}

function tokenOf({ instanceKey }: Context, visit: GoingOn, assetVersionId: string | null): string {
  return signVisitToken(instanceKey, { ...visit, assetVersionId });
}

/** The salt of the day, made by whoever needs it first. */
function createSaltReader({ db }: Context) {
  let known: { day: string; salt: string } | undefined;
  return {
    async read(now: Date): Promise<string | null> {
      const day = now.toISOString().slice(0, 10);
      if (known?.day !== day) known = { day, salt: await ensureSalt(db, day, newToken()) };
      return known.salt;
    },
  };
}
