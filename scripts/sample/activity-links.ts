import type { ActivityAsset, PlannedJudgement, PlannedShareLink, Rung } from './activity-plan.ts';
import {
  botAgents,
  firstNames,
  humanAgents,
  lastNames,
  messages,
  previewAgents,
  scannerAgents,
} from './activity-words.ts';
import { dayMs, type SampleDeal } from './deals.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './random.ts';

type LinkRequest = {
  random: Random;
  asset: ActivityAsset;
  wanted: Rung;
  deals: SampleDeal[];
  reps: SamplePerson[];
  rep: SamplePerson;
  /** When a link without a deal that moved is made. */
  at: Date | null;
  period: { from: Date; to: Date };
  today: Date;
};

/** Plans one share link with everything that happens to it, up to the wanted rung and never past today. */
export function planShareLink(asked: LinkRequest): PlannedShareLink | null {
  const request = withinRegions(asked);
  const { random, asset, wanted, today } = request;
  const moving = wanted === 'deal-moved' ? findMovingDeal(request) : null;
  const createdAt = moving?.sharedAt ?? request.at;
  if (!createdAt) return null;
  const deal = moving?.deal ?? findOpenDeal(request, createdAt);
  const account = deal?.account ?? quietAccount(request, createdAt);
  const link: PlannedShareLink = {
    userEmail: moving ? moving.deal.ownerEmail : request.rep.email,
    assetKey: asset.key,
    recipient: recipientAt(account, random.chance(0.7) ? 0 : 1),
    dealExternalId: deal?.externalId ?? null,
    createdAt,
    expiresAt: random.chance(0.7) ? new Date(createdAt.getTime() + random.pick([30, 60, 90]) * dayMs) : null,
    message: random.pick(messages),
    revokedAt: null,
    hits: [],
    visits: [],
  };
  addMachines(link, random, today);
  const limit = moving ? moving.movedAt : today;
  if (wanted === 'opened-by-person') addHumanVisit(link, request, limit, 1, 'glance');
  if (wanted === 'read' || wanted === 'deal-moved') addReaders(link, request, limit);
  if (wanted === 'shared' && random.chance(0.3)) revoke(link, random, today);
  link.hits.sort((left, right) => left.at.getTime() - right.at.getTime());
  link.visits.sort((left, right) => left.startedAt.getTime() - right.startedAt.getTime());
  return link;
}

/** A German page goes to German-speaking accounts, by the reps who look after them. */
function withinRegions(request: LinkRequest): LinkRequest {
  const regions = request.asset.regions ?? [];
  if (regions.length === 0 || regions.includes('Global')) return request;
  const deals = request.deals.filter((deal) => regions.includes(deal.region));
  if (deals.length === 0) return request;
  const owner = request.random.pick(deals).ownerEmail;
  return { ...request, deals, rep: request.reps.find(({ email }) => email === owner) ?? request.rep };
}

type Moving = { deal: SampleDeal; sharedAt: Date; movedAt: Date };

/** A deal that entered its next stage some days after the share link could have been made. */
function findMovingDeal({ random, asset, deals, period, reps, today }: LinkRequest): Moving | null {
  const earliest = Math.max(period.from.getTime() + 3 * dayMs, (asset.publishedAt?.getTime() ?? 0) + dayMs);
  const owners = new Set(reps.map((rep) => rep.email));
  for (const deal of random.shuffle(deals)) {
    if (!owners.has(deal.ownerEmail)) continue;
    for (const { enteredAt } of deal.stageHistory.slice(1)) {
      const sharedAt = lastWorkingDay(new Date(enteredAt.getTime() - random.between(4, 12) * dayMs));
      const isInTime = sharedAt.getTime() > earliest && sharedAt < period.to && sharedAt > deal.createdAt;
      if (isInTime && enteredAt < today) return { deal, sharedAt, movedAt: enteredAt };
    }
  }
  return null;
}

/** For an asset that is read and no more, a deal that stays in its stage: else it would count as moved. */
function findOpenDeal({ random, deals, rep, wanted }: LinkRequest, at: Date): SampleDeal | null {
  const open = deals.filter(
    (deal) =>
      deal.ownerEmail === rep.email &&
      deal.createdAt < at &&
      (deal.closedAt === null || deal.closedAt > at) &&
      (wanted === 'shared' || deal.stageHistory.every(({ enteredAt }) => enteredAt <= at)),
  );
  return open.length === 0 || random.chance(0.1) ? null : random.pick(open);
}

/** An account whose deal does not move any more, for a share link outside any open deal. */
function quietAccount({ random, deals }: LinkRequest, at: Date): string {
  const quiet = deals.filter((deal) => deal.stageHistory.every(({ enteredAt }) => enteredAt <= at));
  return random.pick(quiet.length > 0 ? quiet : deals).account;
}

/** The same two contacts for an account each time, so that colleagues of a buyer look like colleagues. */
export function recipientAt(account: string, contact: number) {
  let hash = contact * 7;
  for (const letter of account) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 99_991;
  const first = firstNames[hash % firstNames.length] ?? 'Alison';
  const last = lastNames[Math.floor(hash / firstNames.length) % lastNames.length] ?? 'Holroyd';
  const ascii = (text: string) =>
    text
      .toLowerCase()
      .normalize('NFD')
      .replaceAll(/[\u0300-\u036f]/g, '');
  const domain = ascii(account)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return { name: `${first} ${last}`, email: `${ascii(first)}.${ascii(last)}@${domain}.example`, account };
}

/** Chat previews and mail filters come within minutes of the share link, before any person. */
function addMachines(link: PlannedShareLink, random: Random, today: Date) {
  const soon = (seconds: number) =>
    new Date(Math.min(link.createdAt.getTime() + seconds * 1000, today.getTime() - 60_000));
  if (random.chance(0.25)) {
    link.hits.push({ at: soon(random.whole(2, 9)), method: 'GET', userAgent: random.pick(previewAgents) });
  }
  if (random.chance(0.45)) {
    const userAgent = random.pick(scannerAgents);
    const at = random.whole(20, 240);
    link.hits.push(
      { at: soon(at), method: 'HEAD', userAgent },
      { at: soon(at + 2), method: 'GET', userAgent },
    );
    if (random.chance(0.45)) {
      link.visits.push({
        startedAt: soon(at + 3),
        userAgent,
        visitor: 90,
        pages: [{ page: 1, activeMs: random.whole(300, 1800) }],
        judgement: {
          class: 'scanner',
          probability: random.between(0.02, 0.08),
          reasons: [
            'Opened within minutes of the share link',
            'Two requests in the same second',
            'Address of a data centre',
          ],
        },
      });
    }
  }
  if (random.chance(0.1)) {
    const userAgent = random.pick(botAgents);
    const startedAt = soon(random.whole(3, 90) * 3600);
    link.hits.push({ at: startedAt, method: 'GET', userAgent });
    link.visits.push({
      startedAt,
      userAgent,
      visitor: 91,
      pages: [],
      judgement: { class: 'bot', probability: 0.01, reasons: ['Says that it is a robot'] },
    });
  }
  if (random.chance(0.08)) {
    const startedAt = soon(random.whole(300, 1500));
    link.hits.push({ at: startedAt, method: 'GET', userAgent: humanAgents[0] ?? '' });
    link.visits.push({
      startedAt,
      userAgent: humanAgents[0] ?? '',
      visitor: 92,
      pages: [{ page: 1, activeMs: random.whole(900, 2600) }],
      judgement: {
        class: 'unsure',
        probability: random.between(0.35, 0.55),
        reasons: ['Pages turned at an even pace', 'No movement seen', 'Ordinary browser'],
      },
    });
  }
}

function addReaders(link: PlannedShareLink, request: LinkRequest, limit: Date) {
  const { random } = request;
  const thoroughness = random.chance(0.35) ? 'study' : 'read';
  addHumanVisit(link, request, limit, 1, thoroughness);
  if (random.chance(0.35)) addHumanVisit(link, request, limit, 1, 'glance');
  if (random.chance(0.22)) addHumanVisit(link, request, limit, 2, 'read');
}

type Depth = 'glance' | 'read' | 'study';

function addHumanVisit(
  link: PlannedShareLink,
  request: LinkRequest,
  limit: Date,
  visitor: number,
  depth: Depth,
) {
  const { random, asset } = request;
  const pages = pagesRead(random, asset.pageCount ?? 1, depth);
  const lengthMs = pages.reduce((sum, page) => sum + page.activeMs, 0) + 60_000;
  const startedAt = visitTime(random, link.createdAt, new Date(limit.getTime() - lengthMs));
  if (!startedAt) return;
  const userAgent =
    humanAgents[Math.floor(random.next() ** 1.6 * humanAgents.length)] ?? humanAgents[0] ?? '';
  link.hits.push({ at: startedAt, method: 'GET', userAgent });
  link.visits.push({ startedAt, userAgent, visitor, pages, judgement: judgePerson(random, depth) });
}

/** The first page decides whether a visit counts as reading, so it is clearly long or clearly short. */
function pagesRead(random: Random, pageCount: number, depth: Depth) {
  if (depth === 'glance') return [{ page: 1, activeMs: random.whole(1900, 2800) }];
  const last = depth === 'study' ? pageCount : Math.max(1, Math.ceil(pageCount * random.between(0.4, 0.8)));
  return Array.from({ length: last }, (_, index) => ({
    page: index + 1,
    activeMs: (index === 0 || depth === 'study' ? random.whole(50, 140) : random.whole(3, 60)) * 1000,
  }));
}

function judgePerson(random: Random, depth: Depth): PlannedJudgement {
  if (depth !== 'glance' && random.chance(0.3)) {
    return {
      class: 'human-confirmed',
      probability: 0.99,
      reasons: ['Scrolled and turned pages by hand', 'Stayed for more than a minute'],
    };
  }
  const reasons =
    depth === 'glance'
      ? ['Moved the pointer', 'Left after a moment']
      : ['Read at a human pace', 'Scrolled by hand'];
  return {
    class: 'human-likely',
    probability: random.between(depth === 'glance' ? 0.7 : 0.82, 0.95),
    reasons,
  };
}

/** Between a few minutes and about a week later, mostly at working hours, seldom at a weekend. */
function visitTime(random: Random, from: Date, limit: Date): Date | null {
  const room = limit.getTime() - from.getTime();
  if (room < 4 * 60_000) return null;
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const days = random.next() ** 2 * 7;
    const at = new Date(from.getTime() + 3 * 60_000 + days * dayMs);
    if (random.chance(0.85)) at.setUTCHours(random.whole(7, 17), random.whole(0, 59));
    else at.setUTCHours(random.whole(18, 21), random.whole(0, 59));
    const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
    const isInside = at.getTime() > from.getTime() + 2 * 60_000 && at < limit;
    if (isInside && (!isWeekend || random.chance(0.06))) return at;
  }
  return new Date(from.getTime() + 2 * 60_000 + random.next() * Math.min(room - 3 * 60_000, 2 * 3_600_000));
}

function revoke(link: PlannedShareLink, random: Random, today: Date) {
  const at = new Date(link.createdAt.getTime() + random.between(0.02, 2) * dayMs);
  const first = Math.max(
    ...link.visits.map((visit) => visit.startedAt.getTime()),
    ...link.hits.map((hit) => hit.at.getTime()),
    0,
  );
  if (at < today && at.getTime() > first) link.revokedAt = at;
}

function lastWorkingDay(at: Date) {
  const moved = new Date(at);
  while (moved.getUTCDay() === 0 || moved.getUTCDay() === 6) moved.setTime(moved.getTime() - dayMs);
  return moved;
}
