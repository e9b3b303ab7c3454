import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import { foldAddress, hashAddress } from '../db/address.ts';
import { plainAddressOf } from '../http/client-address.ts';
import { listCookies } from '../http/cookies.ts';
import { hashToken } from '../http/ids.ts';
import type { PrivacyMode } from '../settings/contract.ts';
import type { VisitorKeyKind } from './contract.ts';
import { userAgentOf } from './device.ts';
import type { Guest } from './token.ts';

/** What a request tells of who sent it; none of it is kept as it is. */
export interface Caller {
  guest: Guest | null;
  /** The key that our cookie brought back. */
  cookieKey: string | null;
  /** Whole, and only ever hashed. */
  address: string;
  userAgent: string;
  asksNotToBeTracked: boolean;
}

export interface VisitorKey {
  kind: VisitorKeyKind;
  hash: string;
  email: string | null;
  name: string | null;
}

/** What a request says of who sent it, before anybody said who they are. */
export function callerOf(req: Request): Pick<Caller, 'cookieKey' | 'address' | 'userAgent'> {
  return {
    cookieKey: listCookies(req, visitorCookie).find((key) => /^[\w-]{32}$/.test(key)) ?? null,
    address: plainAddressOf(req.ip),
    userAgent: userAgentOf(req),
  };
}

export const visitorCookie = 'offshelf_visitor';

/** By which key somebody is known, from the surest to the weakest. */
const ranks: Record<VisitorKeyKind, number> = { code: 4, email: 3, cookie: 2, daily: 1, visit: 0 };

/**
 * The best key there is: a verified address, a typed one, our cookie where the instance and the browser allow one, a
 * hash of today, or only this visit. `newCookieKey` is for a browser that may have a cookie and brings none.
 */
export function chooseVisitorKey(
  { guest, cookieKey, address, userAgent, asksNotToBeTracked }: Caller,
  known: {
    privacyMode: PrivacyMode;
    /** Null while it can not be read. */
    salt: string | null;
    shareLinkId: string;
    instanceKey: Buffer;
    /** Random; for whoever brings nothing to be known by. */
    newKey: string;
  },
): VisitorKey & { newCookieKey: string | null } {
  const { instanceKey, shareLinkId, salt, newKey } = known;
  const name = guest?.name ?? null;
  if (guest?.email) {
    const email = foldAddress(guest.email);
    const hash = hashAddress(instanceKey, email);
    return { kind: guest.isVerified ? 'code' : 'email', hash, email, name, newCookieKey: null };
  }
  const nameless = { email: null, name, newCookieKey: null };
  if (known.privacyMode === 'standard' && !asksNotToBeTracked)
    // Until it comes back once, nobody knows whether this browser keeps cookies.
    return cookieKey === null
      ? { ...nameless, kind: 'visit', hash: hashToken(newKey), newCookieKey: newKey }
      : { ...nameless, kind: 'cookie', hash: hashToken(cookieKey) };
  if (salt === null || address === '') return { ...nameless, kind: 'visit', hash: hashToken(newKey) };
  const today = createHmac('sha256', salt).update([address, userAgent, shareLinkId].join('\0'));
  return { ...nameless, kind: 'daily', hash: today.digest('base64url') };
}

/**
 * What becomes of a visit when somebody goes on with it: it stays whose it was, it moves up because they are known better
 * now, or another begins, because two addresses are two people.
 */
export function goOnAs(
  before: { keyKind: VisitorKeyKind; email: string | null },
  now: Pick<VisitorKey, 'kind' | 'email'>,
): 'stay' | 'move' | 'begin' {
  if (before.email !== null && now.email !== null && before.email !== now.email) return 'begin';
  return ranks[now.kind] > ranks[before.keyKind] ? 'move' : 'stay';
}
