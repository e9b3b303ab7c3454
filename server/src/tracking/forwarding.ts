import { foldAddress } from '../db/address.ts';
import type { Forwarding, VisitorKeyKind } from './contract.ts';

/** A visit of a person, as far as it tells one person from another. */
export interface SeenVisit {
  visitorId: string;
  keyKind: VisitorKeyKind;
  email: string | null;
  /** Such as "Safari on iPhone". */
  device: string;
  network: string;
  country: string | null;
  startedAt: Date;
  lastActiveAt: Date;
}

/** Nobody gets from one country to another faster than this, but a phone may leave its network at once. */
const journeyMs = 2 * 3_600_000;

/**
 * Whether a share link that was made for one person is read by others: visits of other visitors, held against the first
 * one. The same person has a phone and an office, so another device or another network alone says little.
 */
export function judgeForwarding(recipientEmail: string | null, visits: SeenVisit[]): Forwarding | null {
  const ordered = visits.toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
  const own = recipientEmail === null ? null : foldAddress(recipientEmail);
  const first = ordered.find(({ email }) => own !== null && email === own) ?? ordered[0];
  if (!first) return null;
  const isOwn = (visit: SeenVisit) =>
    visit.visitorId === first.visitorId || (own !== null && visit.email === own);
  const others = Map.groupBy(
    ordered.filter((visit) => !isOwn(visit)),
    ({ visitorId }) => visitorId,
  );
  const ours = ordered.filter(isOwn);
  const reasons = new Map<string, number>();
  const note = (reason: string, weight: number) => reasons.set(reason, weight);

  const strangers = new Set(
    ordered.flatMap(({ email }) => (email !== null && own !== null && email !== own ? [email] : [])),
  );
  if (strangers.size > 0)
    note(`${strangers.size === 1 ? 'Somebody' : `${strangers.size} people`} gave another e-mail address.`, 3);

  const elsewhere = [...others.values()].filter((theirs) => theirs.every((visit) => differs(visit, ours)));
  if (elsewhere.length > 0)
    note(
      elsewhere.length === 1
        ? 'Another device on another network opened it.'
        : `${elsewhere.length} other devices on other networks opened it.`,
      Math.min(3, elsewhere.length),
    );
  const theirs = elsewhere.flat();
  if (theirs.some((visit) => ours.some((known) => overlaps(visit, known))))
    note('Two of them read at the same time.', 1);
  if (theirs.some((visit) => ours.some((known) => isTooFar(visit, known))))
    note('They were in two countries within two hours.', 1);
  const sum = [...reasons.values()].reduce((total, weight) => total + weight, 0);
  if (sum === 0) return null;
  return { likelihood: sum >= 3 ? 'high' : sum === 2 ? 'medium' : 'low', reasons: [...reasons.keys()] };
}

/** Neither a device nor a network that the recipient was seen with. */
function differs(visit: SeenVisit, ours: SeenVisit[]): boolean {
  return ours.every(({ device, network }) => device !== visit.device && network !== visit.network);
}

function overlaps(a: SeenVisit, b: SeenVisit): boolean {
  return a.startedAt < b.lastActiveAt && b.startedAt < a.lastActiveAt;
}

function isTooFar(a: SeenVisit, b: SeenVisit): boolean {
  if (a.country === null || b.country === null || a.country === b.country) return false;
  const gap = Math.max(
    a.startedAt.getTime() - b.lastActiveAt.getTime(),
    b.startedAt.getTime() - a.lastActiveAt.getTime(),
  );
  return gap < journeyMs;
}
