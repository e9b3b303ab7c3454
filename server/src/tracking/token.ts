import { sign, unsign } from '../http/secrets.ts';

/** What is refused as too late: a page that was opened, or a visit that began, longer ago than this. */
export const lateMs = 24 * 60 * 60_000;

export interface PageGrant {
  shareLinkId: string;
  assetVersionId: string;
  issuedAt: number;
}

/** What a beat may say and about which visit, so that checking one needs no database. */
export interface VisitGrant {
  visitId: string;
  startedAt: number;
  pageCount: number;
}

export type Refusal = 'forged' | 'late';

/** Goes into the page: only who was shown this version through this share link can begin a visit of it. */
export function signPageToken(key: Buffer, { shareLinkId, assetVersionId, issuedAt }: PageGrant): string {
  return sign(key, 'page-token', `${shareLinkId} ${assetVersionId} ${issuedAt}`);
}

export function readPageToken(key: Buffer, token: string, now: number): PageGrant | Refusal {
  const [shareLinkId, assetVersionId, issuedAt] = unsign(key, 'page-token', token)?.split(' ') ?? [];
  if (!shareLinkId || !assetVersionId || !issuedAt) return 'forged';
  if (now - Number(issuedAt) > lateMs) return 'late';
  return { shareLinkId, assetVersionId, issuedAt: Number(issuedAt) };
}

/** The same visit always has the same token, so that a page can tell whether its visit went on. */
export function signVisitToken(key: Buffer, { visitId, startedAt, pageCount }: VisitGrant): string {
  return sign(key, 'visit-token', `${visitId} ${startedAt} ${pageCount}`);
}

export function readVisitToken(key: Buffer, token: string, now: number): VisitGrant | Refusal {
  const [visitId, startedAt, pageCount] = unsign(key, 'visit-token', token)?.split(' ') ?? [];
  if (!visitId || !startedAt || !pageCount) return 'forged';
  if (now - Number(startedAt) > lateMs) return 'late';
  return { visitId, startedAt: Number(startedAt), pageCount: Number(pageCount) };
}

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
