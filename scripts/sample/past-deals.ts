import {
  currencies,
  dayMs,
  industryOf,
  lossReasons,
  ownerFor,
  type SampleDeal,
  stages,
  workingTime,
} from './deals.ts';
import { planWatched } from './past-reading.ts';
import { createRandom, type Random } from './random.ts';

/** A share link of the years before, and when its recipient read all of it; null: never. */
export type PastLink = {
  account: string;
  ownerEmail: string;
  /** The file name of the asset. */
  file: string;
  sharedAt: Date;
  readAt: Date | null;
  /** Of a video, from which second to which it was played. */
  watched?: [number, number][];
};

type Helper = {
  file: string;
  isSent: (at: { stage: string; segment: string }) => number;
  /** How much likelier a deal goes on when it was read in time. */
  effect: number;
  /** Where it came to the library later than the deals: how many days it has been there. */
  days?: number;
};

/**
 * What was read while deals stood at a stage. The first does help. The second goes to large accounts, which buy more anyway,
 * so it looks helpful until like is compared with like. The third makes no difference.
 */
const helpers: Helper[] = [
  {
    file: 'Case study - Northbeck Refrigeration.pdf',
    isSent: ({ stage }) => (['Discovery', 'Evaluation', 'Proposal'].includes(stage) ? 0.4 : 0),
    effect: 0.26,
  },
  {
    file: 'Data sheet - Connect interfaces.pdf',
    isSent: ({ segment }) => (segment === 'Enterprise' ? 0.55 : 0.05),
    effect: 0,
  },
  { file: 'Case study - Lumbrecht Aufzuege.md', isSent: () => 0.22, effect: 0 },
  // Sent for a few months only: what they do is hardly to be told yet.
  {
    file: 'Tarrowby one-pager.pdf',
    isSent: sentAt(0.45, 'First contact'),
    effect: 0,
    days: 150,
  },
  { file: 'ROI calculator.xlsx', isSent: sentAt(0.45, 'Evaluation', 'Proposal'), effect: 0.01, days: 184 },
  { file: 'Security questionnaire answers.xlsx', isSent: sentAt(0.2, 'Evaluation'), effect: 0, days: 140 },
];

function sentAt(chance: number, ...at: string[]): Helper['isSent'] {
  return ({ stage }) => (at.includes(stage) ? chance : 0);
}

const segments: { name: string; share: number; amount: [number, number]; goesOn: number }[] = [
  { name: 'Enterprise', share: 0.3, amount: [70, 136], goesOn: 0.7 },
  { name: 'Mid-market', share: 0.4, amount: [30, 69], goesOn: 0.48 },
  { name: 'Small business', share: 0.3, amount: [9, 29], goesOn: 0.32 },
];

const accountCount = 170;
const dealsOfAccount = 2;
const oldestDays = 610;

/** About 340 deals of the last twenty months beside those of `planDeals`, and what was read for them. */
export function planPast(today: Date, seed = 23): { deals: SampleDeal[]; links: PastLink[] } {
  const random = createRandom(seed);
  const deals: SampleDeal[] = [];
  const links: PastLink[] = [];
  for (const { account, region } of nameAccounts(random)) {
    const segment = pickSegment(random);
    for (let count = 0; count < dealsOfAccount; count += 1) {
      const openedAt = workingTime(
        random,
        new Date(today.getTime() - random.between(12, oldestDays) * dayMs),
      );
      const ownerEmail = ownerFor(random, region);
      const course = planCourse(random, today, openedAt, segment);
      for (const { file, sharedAt, readAt } of course.reads)
        links.push({ account, ownerEmail, file, sharedAt, readAt });
      deals.push({
        externalId: `TB-${2001 + deals.length}`,
        account,
        industry: industryOf(account),
        region,
        segment: segment.name,
        amount: random.whole(...segment.amount) * 1000,
        // Nobody has said what a franc is worth, so these amounts are named and not added up.
        currency: region === 'DACH' && random.chance(0.08) ? 'CHF' : (currencies[region] ?? 'EUR'),
        ownerEmail,
        createdAt: openedAt,
        stage: course.stageHistory.at(-1)?.stage ?? stages[0],
        stageHistory: course.stageHistory,
        outcome: course.outcome,
        closedAt: course.closedAt,
        lossReason: course.outcome === 'lost' ? random.pick(lossReasons) : '',
      });
    }
  }
  links.push(
    ...planFall(random, today, deals),
    ...planPriceReads(random, today, deals),
    ...planVideo(random, today, deals),
  );
  return { deals, links };
}

type Read = Pick<PastLink, 'file' | 'sharedAt'> & { readAt: Date };
type Course = Pick<SampleDeal, 'stageHistory' | 'outcome' | 'closedAt'> & { reads: Read[] };

/** From stage to stage, as far as it got by today. */
function planCourse(
  random: Random,
  today: Date,
  openedAt: Date,
  { name, goesOn }: (typeof segments)[number],
): Course {
  const course: Course = { stageHistory: [], outcome: 'open', closedAt: null, reads: [] };
  const later = (from: Date, low: number, high: number) =>
    workingTime(random, new Date(from.getTime() + random.between(low, high) * dayMs));
  let enteredAt = openedAt;
  for (const [position, stage] of stages.entries()) {
    course.stageHistory.push({ stage, enteredAt });
    const reads = planReads(random, today, { stage, segment: name, enteredAt });
    course.reads.push(...reads);
    const chance = reads.reduce((sum, { effect }) => sum + effect, goesOn);
    const doesGoOn = random.chance(chance);
    // Who goes on late did not go on within the sixty days that are looked at.
    const isSlow = !doesGoOn && random.chance(0.35);
    const leftAt = isSlow ? later(enteredAt, 66, 110) : later(enteredAt, 18, doesGoOn ? 52 : 70);
    if (leftAt.getTime() > today.getTime() - dayMs) return course;
    if (!doesGoOn && !isSlow) return { ...course, outcome: 'lost', closedAt: leftAt };
    if (position === stages.length - 1) {
      course.stageHistory.push({ stage: 'Rollout', enteredAt: leftAt });
      return { ...course, outcome: 'won', closedAt: leftAt };
    }
    enteredAt = leftAt;
  }
  return course;
}

/** What was sent at once and read before the fortnight was over that is looked at. */
function planReads(
  random: Random,
  today: Date,
  { enteredAt, ...at }: { stage: string; segment: string; enteredAt: Date },
): (Read & { effect: number })[] {
  return helpers.flatMap(({ file, isSent, effect, days = oldestDays }) => {
    const isThere = enteredAt.getTime() > today.getTime() - days * dayMs;
    if (!isThere || !random.chance(isSent(at))) return [];
    const sharedAt = new Date(enteredAt.getTime() + random.between(0.1, 3) * dayMs);
    const readAt = new Date(sharedAt.getTime() + random.between(0.1, 8) * dayMs);
    return readAt.getTime() > today.getTime() - dayMs ? [] : [{ file, sharedAt, readAt, effect }];
  });
}

const fallingFile = 'Case study - Vexley Fire and Safety.docx';
const weeksOfFall = 26;
const linksOfWeek = 3;

/** Three share links a week, of which most were read until nine weeks ago and few since. */
function planFall(random: Random, today: Date, deals: SampleDeal[]): PastLink[] {
  const links: PastLink[] = [];
  for (let week = weeksOfFall; week > 0; week -= 1)
    for (let count = 0; count < linksOfWeek; count += 1) {
      const { account, ownerEmail } = random.pick(deals);
      const sharedAt = workingTime(random, new Date(today.getTime() - (week * 7 - count) * dayMs));
      const readAt = new Date(sharedAt.getTime() + random.between(0.1, 5) * dayMs);
      const isRead = random.chance(week > 9 ? 0.85 : 0.2) && readAt.getTime() < today.getTime() - dayMs;
      links.push({ account, ownerEmail, file: fallingFile, sharedAt, readAt: isRead ? readAt : null });
    }
  return links;
}

/** Read while the list of before was the current one. */
function planPriceReads(random: Random, today: Date, deals: SampleDeal[]): PastLink[] {
  return random
    .shuffle(deals.filter(({ outcome }) => outcome === 'open'))
    .slice(0, 9)
    .map(({ account, ownerEmail }) => {
      const sharedAt = workingTime(random, new Date(today.getTime() - random.between(14, 70) * dayMs));
      const readAt = new Date(sharedAt.getTime() + random.between(0.1, 6) * dayMs);
      return { account, ownerEmail, file: 'Price list for customers.pdf', sharedAt, readAt };
    });
}

const videoSeconds = 20;

/** Sent with first mails of the last weeks, and played by most. */
function planVideo(random: Random, today: Date, deals: SampleDeal[]): PastLink[] {
  return random
    .shuffle(deals)
    .slice(0, 34)
    .map(({ account, ownerEmail }) => {
      const sharedAt = workingTime(random, new Date(today.getTime() - random.between(9, 80) * dayMs));
      const readAt = random.chance(0.8)
        ? new Date(sharedAt.getTime() + random.between(0.1, 6) * dayMs)
        : null;
      const watched = planWatched(random, videoSeconds);
      return { account, ownerEmail, file: 'Tarrowby in twenty seconds.mp4', sharedAt, readAt, watched };
    });
}

function pickSegment(random: Random) {
  let left = random.next();
  for (const segment of segments) {
    left -= segment.share;
    if (left <= 0) return segment;
  }
  return segments[0] ?? { name: '', share: 1, amount: [9, 29] as [number, number], goesOn: 0.5 };
}

/** Invented; a likeness to a real company is chance. */
const names: { region: string; share: number; places: string[]; trades: string[] }[] = [
  {
    region: 'UK & Ireland',
    share: 0.4,
    places:
      'Alderwick,Bramhope,Carrowmore,Dunhallow,Eastlea,Foxcombe,Glenmorar,Hartsbridge,Inverlan,Kilgarvan,Lowther Vale,Merrivale'.split(
        ',',
      ),
    trades: 'Cold Stores,Lift Services,Fire Protection,Catering Supply,Heating,Care Homes'.split(','),
  },
  {
    region: 'DACH',
    share: 0.25,
    places: 'Altenbrunn,Bernried,Dornfeld,Eichwald,Gletschertal,Hohenau,Kirchsee,Lindach'.split(','),
    trades: 'Kältetechnik,Aufzüge,Brandschutz,Großküchen,Klima,Kliniken'.split(','),
  },
  {
    region: 'France & Benelux',
    share: 0.2,
    places: 'Aubrive,Beaulac,Clairval,Duinzicht,Elsbeek,Fontmarie,Groenhoek'.split(','),
    trades: 'Froid,Ascenseurs,Sécurité,Cuisines,Klimatechniek,Clinique'.split(','),
  },
  {
    region: 'North America',
    share: 0.15,
    places: 'Aspen Flats,Bear Hollow,Cottonwood,Dry Creek,Elk Prairie,Fort Larkin'.split(','),
    trades: 'Refrigeration,Elevators,Fire Systems,Kitchens,HVAC,Hospital Group'.split(','),
  },
];

function nameAccounts(random: Random): { account: string; region: string }[] {
  return names.flatMap(({ region, share, places, trades }) => {
    const all = places.flatMap((place) => trades.map((trade) => ({ account: `${place} ${trade}`, region })));
    return random.shuffle(all).slice(0, Math.round(share * accountCount));
  });
}
