import { recipientAt } from './activity-links.ts';
import type {
  ActivityInput,
  ActivityPlan,
  PlannedJudgement,
  PlannedShareLink,
  PlannedVisit,
} from './activity-plan.ts';
import { followUpNotes, humanAgents } from './activity-words.ts';
import { dayMs, type SampleDeal } from './deals.ts';
import { createRandom, type Random } from './random.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const [desktop = '', phone = '', mac = ''] = humanAgents;

/**
 * The last days as people who sign in to the demo find them: most of what was read has been followed up, and some of it
 * waits. Times are measured back from now, so that it looks the same at any hour.
 */
export function planRecent(plan: ActivityPlan, input: ActivityInput): void {
  const random = createRandom(input.seed + 1);
  for (const link of plan.shareLinks) identify(link, random, input.deals);
  for (const link of plan.shareLinks) answer(link, random, input.today);
  plan.shareLinks.push(...planWaiting(plan, input));
}

const countries: Record<string, string[]> = {
  'UK & Ireland': ['GB', 'GB', 'IE'],
  DACH: ['DE', 'AT', 'CH'],
  'France & Benelux': ['FR', 'NL', 'BE'],
  'North America': ['US', 'US', 'CA'],
};

/** Some share links ask who is there; of the others a cookie, the day or nothing tells visitors apart. */
function identify(link: PlannedShareLink, random: Random, deals: SampleDeal[]): void {
  const region = deals.find(({ account }) => account === link.recipient.account)?.region ?? '';
  const country = random.pick(countries[region] ?? ['GB']);
  const people = link.visits.filter(isPerson);
  const hasMachines = people.length < link.visits.length;
  const { name, email } = link.recipient;
  if (people.length > 0 && !hasMachines && email !== null) {
    const asks = random.pick(['ask', 'required', 'verified', null, null, null, null] as const);
    if (asks) link.gate = asks;
  }
  const weak = random.chance(0.35) ? ('daily' as const) : null;
  for (const visit of link.visits) {
    visit.country = country;
    if (!isPerson(visit)) visit.knownBy = { key: 'visit' };
    else if (link.gate && visit.visitor === 1 && email !== null)
      visit.knownBy = { key: link.gate === 'verified' ? 'code' : 'email', email, name };
    else if (weak) visit.knownBy = { key: weak };
  }
}

/** Reps answer most readers within a day, and forget some. */
function answer(link: PlannedShareLink, random: Random, today: Date): void {
  const first = link.visits.find(
    (visit) => isPerson(visit) && visit.pages.some(({ activeMs }) => activeMs > 5000),
  );
  if (!first) return;
  const at = new Date(first.startedAt.getTime() + random.between(0.5, 22) * hourMs);
  const isRecent = first.startedAt.getTime() > today.getTime() - 14 * dayMs;
  if (at >= today || (!isRecent && !random.chance(0.7))) return;
  link.followUps = [
    {
      at,
      userEmail: link.userEmail,
      kind: random.pick(['mail', 'mail', 'call', 'call', 'meeting'] as const),
      note: random.chance(0.4) ? random.pick(followUpNotes) : '',
    },
  ];
  // Whoever came back after the answer waits again, which the story below has enough of.
  const settled = Math.max(
    at.getTime(),
    ...link.visits.filter(isPerson).map((visit) => visit.startedAt.getTime()),
  );
  if (isRecent && settled > at.getTime() && settled + hourMs < today.getTime())
    link.followUps.push({
      at: new Date(settled + 30 * minuteMs),
      userEmail: link.userEmail,
      kind: 'mail',
      note: '',
    });
}

/** What waits for an answer now, one of each kind that a rep meets. */
function planWaiting(
  plan: ActivityPlan,
  { assets: library, deals, users, today }: ActivityInput,
): PlannedShareLink[] {
  const reps = users.filter(({ role }) => role === 'rep');
  const [first, second] = reps;
  if (!first || !second) return [];
  const assets = readAssets(plan, today);
  const before = (hours: number) => new Date(today.getTime() - hours * hourMs);
  const openDeals = (email: string) =>
    deals
      .filter(({ outcome, ownerEmail }) => outcome === 'open' && ownerEmail === email)
      .toSorted((a, b) => b.amount - a.amount);
  const make = (
    rep: { email: string },
    place: number,
    recipient: PlannedShareLink['recipient'] | null,
    at: Date,
    rest: Partial<PlannedShareLink>,
  ): PlannedShareLink => {
    const deal = openDeals(rep.email)[place];
    return {
      userEmail: rep.email,
      assetKey: assets[place % assets.length] ?? '',
      recipient: recipient ?? recipientAt(deal?.account ?? deals[place]?.account ?? '', 0),
      dealExternalId: recipient ? null : (deal?.externalId ?? null),
      createdAt: at,
      expiresAt: null,
      message: '',
      revokedAt: null,
      hits: [],
      ...rest,
      visits: [...(rest.visits ?? [])],
    };
  };

  // Proven by a code, two hours ago, on the confidential policy.
  const proven = make(first, 0, null, before(74), { gate: 'verified' });
  proven.visits.push(
    visitOf(before(2.1), 1, [95, 62, 41], {
      key: 'code',
      email: proven.recipient.email ?? '',
      name: proven.recipient.name,
    }),
  );
  // Passed on with the forward button, and read by a colleague of the recipient within the hour.
  const passedOn = make(first, 1, null, before(50), {});
  passedOn.hits.push({ at: before(49.99), method: 'GET', userAgent: 'Slackbot-LinkExpanding 1.0' });
  passedOn.visits.push(visitOf(before(5), 1, [48, 30], null, phone));
  const colleague = recipientAt(passedOn.recipient.account ?? '', 1);
  const forwarded = make(first, 1, colleague, before(4.8), { gate: 'ask' });
  forwarded.visits.push(
    visitOf(
      before(0.7),
      1,
      [70, 55, 20],
      { key: 'email', email: colleague.email ?? '', name: colleague.name },
      mac,
    ),
  );
  passedOn.forwards = [{ link: forwarded, byVisitor: 1 }];
  // Typed an address more than a day ago, and nobody answered.
  const late = make(first, 2, null, before(120), { gate: 'required' });
  late.visits.push(
    visitOf(before(30), 1, [66, 12, 8], {
      key: 'email',
      email: late.recipient.email ?? '',
      name: late.recipient.name,
    }),
  );
  // Two people behind one share link, of whom only the kind of browser is known, and a scanner before them.
  const shared = make(second, 0, null, before(40), {});
  shared.visits.push(
    scanned(before(39.95)),
    visitOf(before(20), 1, [44, 21], { key: 'daily' }),
    visitOf(before(18.5), 2, [31], { key: 'daily' }, phone),
  );
  // A post, where somebody said who they are.
  const post = make(second, 3, { name: 'LinkedIn post', email: null, account: null }, before(90), {
    gate: 'ask',
  });
  post.visits.push(
    visitOf(before(60), 1, [9], { key: 'daily' }, phone),
    visitOf(before(26), 2, [58, 33], {
      key: 'email',
      email: 'marit.solheim@fjordkraft.example',
      name: 'Marit Solheim',
    }),
  );
  // Answered by phone yesterday.
  const answered = make(first, 3, null, before(100), {});
  answered.visits.push(visitOf(before(52), 1, [80, 35], null, mac));
  answered.followUps = [
    {
      at: before(47),
      userEmail: first.email,
      kind: 'call',
      note: 'Wants the figures for two depots. Send on Monday.',
    },
  ];
  const planned = [proven, passedOn, late, shared, post, answered];
  const pageCounts = new Map(library.map(({ key, pageCount = 1 }) => [key, pageCount]));
  for (const link of [...planned, forwarded])
    for (const visit of link.visits) {
      link.hits.push({ at: visit.startedAt, method: 'GET', userAgent: visit.userAgent });
      visit.pages = visit.pages.slice(0, pageCounts.get(link.assetKey) ?? 1);
    }
  return planned;
}

/** Assets that a person has read already, so that the new share links lift none of them to another rung. */
function readAssets({ shareLinks }: ActivityPlan, today: Date): string[] {
  const isRecent = ({ createdAt }: PlannedShareLink) => createdAt.getTime() > today.getTime() - 85 * dayMs;
  const read = shareLinks.filter(
    (link) =>
      isRecent(link) &&
      link.visits.some((visit) => isPerson(visit) && visit.pages.some(({ activeMs }) => activeMs >= 40_000)),
  );
  const counts = new Map<string, number>();
  for (const { assetKey } of read) counts.set(assetKey, (counts.get(assetKey) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([key]) => key);
}

const confirmed: PlannedJudgement = {
  class: 'human-confirmed',
  probability: 0.99,
  reasons: ['A code that was sent to the address came back', 'Scrolled and turned pages by hand'],
};
const likely: PlannedJudgement = {
  class: 'human-likely',
  probability: 0.91,
  reasons: ['Read at a human pace', 'Scrolled by hand'],
};

function visitOf(
  startedAt: Date,
  visitor: number,
  seconds: number[],
  knownBy: PlannedVisit['knownBy'] | null = null,
  userAgent = desktop,
): PlannedVisit {
  return {
    startedAt,
    userAgent,
    visitor,
    country: 'GB',
    ...(knownBy && { knownBy }),
    pages: seconds.map((length, index) => ({ page: index + 1, activeMs: length * 1000 })),
    judgement: knownBy?.key === 'code' ? confirmed : likely,
  };
}

function scanned(startedAt: Date): PlannedVisit {
  return {
    startedAt,
    userAgent: desktop,
    visitor: 90,
    country: 'US',
    knownBy: { key: 'visit' },
    pages: [{ page: 1, activeMs: 900 }],
    judgement: {
      class: 'scanner',
      probability: 0.03,
      reasons: ['Opened within minutes of the share link', 'Address of a data centre'],
    },
  };
}

function isPerson({ judgement }: PlannedVisit): boolean {
  return judgement.class.startsWith('human');
}
