import { samplePeople } from './people.ts';
import { createRandom, type Random } from './random.ts';

/** A synthetic deal. The accounts are invented, and a likeness to a real company is chance. */
export type SampleDeal = {
  externalId: string;
  account: string;
  industry: string;
  region: string;
  segment: string;
  amount: number;
  currency: string;
  ownerEmail: string;
  createdAt: Date;
  stage: string;
  stageHistory: { stage: string; enteredAt: Date }[];
  outcome: 'open' | 'won' | 'lost';
  closedAt: Date | null;
  lossReason: string;
};

/** About sixty deals over the fourteen months before `today`, by the demo reps. */
export function planDeals(today: Date, seed = 7): SampleDeal[] {
  const random = createRandom(seed);
  const accounts = random.shuffle(accountNames);
  const ages = accounts.map(() => 3 + 422 * random.next() ** 1.7).sort((left, right) => right - left);
  return accounts.map((account, index) => planDeal(random, today, index, account, ages[index] ?? 30));
}

export const dayMs = 86_400_000;

/** The same day, moved off the weekend and to an hour at which people work. */
export function workingTime(random: Random, at: Date): Date {
  const moved = new Date(at);
  while (moved.getUTCDay() === 0 || moved.getUTCDay() === 6) moved.setTime(moved.getTime() - dayMs);
  moved.setUTCHours(random.whole(7, 16), random.whole(0, 59), random.whole(0, 59), 0);
  return moved;
}

const accountNames = [
  [
    'Coldharbour Stores',
    'Oakmere Chillers',
    'Tidewell Facilities',
    'Brindle & Shaw Heating',
    'Castlemoor Lifts',
  ],
  [
    'Skerrow Fish Processing',
    'Penhallow Leisure',
    'Garrick Fire Systems',
    'Ashgill Hospitals Trust',
    'Larchfield Dairies',
  ],
  [
    'Westerby Schools Estate',
    'Millstone Catering',
    'Harrier Escalators',
    'Dunmarrow Distilling',
    'Fellside Refrigeration',
  ],
  [
    'Quayside Cold Storage',
    'Moorcroft Ventilation',
    'Thistle Lane Bakeries',
    'Redgate Sprinklers',
    'Abbotsway Care Homes',
  ],
  [
    'Kaltenrieder Kältetechnik',
    'Obersteiner Aufzugsdienst',
    'Wiesental Klinikverbund',
    'Huberland Molkerei',
    'Fichtner & Lang Klima',
  ],
  [
    'Steinbrück Brandschutz',
    'Alpenrand Seilbahnen',
    'Nordheide Kühlhäuser',
    'Rappold Großküchen',
    'Zellerbach Gebäudetechnik',
  ],
  [
    'Donauufer Hotels',
    'Grauwinkel Fördertechnik',
    'Tannberg Logistik',
    'Sommerauer Lüftung',
    'Birkhof Labortechnik',
  ],
  [
    'Froid des Coteaux',
    'Ascenseurs Valmorin',
    'Cuisines Hautecombe',
    'Clinique Beaurivel',
    'Sécurité Marandon',
  ],
  [
    'Brasserie du Lys Groupe',
    'Klimatech Vandersloot',
    'Zuiderpoort Koeling',
    'De Windhoek Liften',
    'Meerdonk Brandbeveiliging',
  ],
  [
    'Hotelgroep Oosterlee',
    'Logifrais Ardenne',
    'Prairie Bluff Cooling',
    'Cedar Notch Elevators',
    'Blue Heron Grocers',
  ],
  [
    'Stony Fork Mechanical',
    'Lakeshore Fire Protection',
    'Juniper Ridge Schools',
    'Harbor Mills Foods',
    'Copperline Kitchens',
  ],
  [
    'Two Rivers Hospital Group',
    'Maple Crossing Properties',
    'Great Basin Boilers',
    'Silver Birch Senior Living',
    'Tallgrass HVAC',
  ],
].flat();

export const stages = ['First contact', 'Discovery', 'Evaluation', 'Proposal', 'Negotiation'] as const;
/** Typical days in each stage before the next. */
const daysInStage = [14, 32, 56, 34, 36];
export const lossReasons = [
  'No decision',
  'Chose ERP module',
  'Price',
  'Peak season, postponed',
  'Chose another vendor',
  'Sponsor left',
];

export const currencies: Record<string, string> = { 'UK & Ireland': 'GBP', 'North America': 'USD' };

const industries: [RegExp, string][] = [
  [/cold|chill|kält|froid|koel|cool|refriger|kühl|logi|fish/i, 'Refrigeration'],
  [/lift|elevator|aufzug|ascens|escal|förder|seilbahn/i, 'Lifts & escalators'],
  [/fire|brand|sprink|sécur/i, 'Fire & security'],
  [/cater|kitchen|küchen|cuisine|hotel|brasserie|baker/i, 'Commercial kitchens'],
  [/heat|hvac|klima|vent|lüft|boiler|mechanical|gebäude/i, 'Heating & ventilation'],
  [/hospital|klinik|clinique|care|labor|living/i, 'Healthcare estates'],
];

export function industryOf(account: string): string {
  return industries.find(([pattern]) => pattern.test(account))?.[1] ?? 'Facilities & estates';
}

/** By what a deal is worth, as sales talks of its accounts. */
function segmentOf(amount: number): string {
  if (amount >= 70_000) return 'Enterprise';
  return amount >= 30_000 ? 'Mid-market' : 'Small business';
}

function planDeal(random: Random, today: Date, index: number, account: string, ageDays: number): SampleDeal {
  const region = regionOf(account);
  const createdAt = workingTime(random, new Date(today.getTime() - ageDays * dayMs - dayMs));
  const history = [{ stage: 'First contact', enteredAt: createdAt }];
  let at = createdAt;
  let outcome: SampleDeal['outcome'] = 'open';
  let closedAt: Date | null = null;
  for (const [position, typical] of daysInStage.entries()) {
    const next = workingTime(
      random,
      new Date(at.getTime() + typical * random.between(0.5, 2.1) * dayMs + dayMs),
    );
    if (next.getTime() > today.getTime() - dayMs) break;
    if (random.chance(position < 2 ? 0.11 : 0.15)) {
      outcome = 'lost';
      closedAt = next;
      break;
    }
    at = next;
    const stage = stages[position + 1];
    if (stage === undefined) {
      outcome = 'won';
      closedAt = next;
      history.push({ stage: 'Rollout', enteredAt: next });
      break;
    }
    history.push({ stage, enteredAt: next });
  }
  if (outcome === 'won' && closedAt) {
    const growth = workingTime(random, new Date(closedAt.getTime() + random.between(60, 160) * dayMs));
    if (growth < today) history.push({ stage: 'Growth', enteredAt: growth });
  }
  const amount = Math.round(random.between(9, 34) * random.between(1, 4)) * 1000;
  return {
    externalId: `TB-${1001 + index}`,
    account,
    industry: industryOf(account),
    region,
    segment: segmentOf(amount),
    amount,
    currency: currencies[region] ?? 'EUR',
    ownerEmail: ownerFor(random, region),
    createdAt,
    stage: history.at(-1)?.stage ?? 'First contact',
    stageHistory: history,
    outcome,
    closedAt,
    lossReason: outcome === 'lost' ? random.pick(lossReasons) : '',
  };
}

function regionOf(account: string) {
  const at = accountNames.indexOf(account);
  if (at < 20) return 'UK & Ireland';
  if (at < 35) return 'DACH';
  return at < 47 ? 'France & Benelux' : 'North America';
}

export function ownerFor(random: Random, region: string) {
  const cities: Record<string, string[]> = {
    'UK & Ireland': ['Leeds'],
    DACH: ['Vienna'],
    'France & Benelux': ['Lyon', 'Utrecht'],
    'North America': ['Kansas City'],
  };
  const owners = samplePeople.filter((person) => cities[region]?.some((city) => person.title.endsWith(city)));
  return random.pick(owners).email;
}
