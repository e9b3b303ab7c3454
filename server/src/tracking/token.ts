import type { Context } from '../context.ts';
import { sign, unsign } from '../http/secrets.ts';

/** What is refused as too late: a page that was opened, or a visit that began, longer ago than this. */
export const lateMs = 24 * 60 * 60_000;

/** Who said, or proved, who they are before they were shown the page. */
export interface Guest {
  email: string | null;
  name: string | null;
  /** A code that was sent to the address came back. */
  isVerified: boolean;
  /** When, where they said it on an earlier page. */
  saidAt?: number;
}

export interface PageGrant {
  shareLinkId: string;
  /** Null on the page of a room, where no item is open yet. */
  assetVersionId: string | null;
  issuedAt: number;
  guest: Guest | null;
}

/** What a beat may say and about which visit, so that checking one needs no database. */
export interface VisitGrant {
  visitId: string;
  assetVersionId: string | null;
  startedAt: number;
  pageCount: number;
}

export type Refusal = 'forged' | 'late';

/** Goes into the page: only who was shown this version through this share link can begin a visit of it. */
export function signPageToken(
  key: Buffer,
  { shareLinkId, assetVersionId, issuedAt, guest }: PageGrant,
): string {
  return sign(key, 'page-token', JSON.stringify([shareLinkId, assetVersionId, issuedAt, guest]));
}

export function readPageToken(key: Buffer, token: string, now: number): PageGrant | Refusal {
  const payload = unsign(key, 'page-token', token);
  if (payload === undefined) return 'forged';
  const [shareLinkId, assetVersionId, issuedAt, guest] = JSON.parse(payload) as PagePayload;
  return now - issuedAt > lateMs ? 'late' : { shareLinkId, assetVersionId, issuedAt, guest };
}

type PagePayload = [string, string | null, number, Guest | null];

/** The same visit always has the same token for a version, so that a page can tell whether its visit went on. */
export function signVisitToken(
  key: Buffer,
  { visitId, assetVersionId, startedAt, pageCount }: VisitGrant,
): string {
  return sign(key, 'visit-token', JSON.stringify([visitId, assetVersionId, startedAt, pageCount]));
}

export function readVisitToken(key: Buffer, token: string, now: number): VisitGrant | Refusal {
  const payload = unsign(key, 'visit-token', token);
  if (payload === undefined) return 'forged';
  const [visitId, assetVersionId, startedAt, pageCount] = JSON.parse(payload) as VisitPayload;
  return now - startedAt > lateMs ? 'late' : { visitId, assetVersionId, startedAt, pageCount };
}

/** The visit of a token that we gave and that is not too old. */
export function visitIdOf({ instanceKey, clock }: Pick<Context, 'instanceKey' | 'clock'>, token: string) {
  const grant = readVisitToken(instanceKey, token, clock().getTime());
  return typeof grant === 'string' ? null : grant.visitId;
}

type VisitPayload = [string, string | null, number, number];

const mostRemembered = 20_000;

/** Reads visit tokens and remembers those that were ours, because every visit sends its token many times. */
export function createGrantReader(key: Buffer) {
  let known = new Map<string, VisitGrant>();
  return {
    read(token: string, now: number): VisitGrant | Refusal {
      const seen = known.get(token);
      if (seen) return now - seen.startedAt > lateMs ? 'late' : seen;
      const grant = readVisitToken(key, token, now);
      if (typeof grant === 'string') return grant;
      if (known.size >= mostRemembered) known = new Map();
      known.set(token, grant);
      return grant;
    },
  };
}
