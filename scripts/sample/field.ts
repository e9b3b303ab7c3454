import type { ActivityPlan, PlannedSearch } from './activity-plan.ts';
import { dayMs, workingTime } from './deals.ts';
import { samplePeople } from './people.ts';
import { createRandom, type Random } from './random.ts';

/** A situation that reps look up again and again, in these words: so often in the last weeks, and a little less before. */
const situations: { words: string[]; count: number; isAnswered: number }[] = [
  {
    words: ['finance director too expensive negotiation', 'too expensive, finance director, before signing'],
    count: 26,
    isAnswered: 0.6,
  },
  {
    words: ['it manager where does our data live evaluation', 'it manager data location evaluation'],
    count: 28,
    isAnswered: 0.7,
  },
  {
    words: ['field technician no signal on site rollout', 'technician no signal rollout'],
    count: 21,
    isAnswered: 0.2,
  },
  {
    words: ['service director last system failed proposal', 'last system failed service director proposal'],
    count: 23,
    isAnswered: 0.5,
  },
  {
    words: ['dispatcher spreadsheets work fine discovery', 'planner spreadsheets discovery'],
    count: 22,
    isAnswered: 0.55,
  },
  {
    words: ['finance director rollout invoices first month', 'rollout what finance director sees'],
    count: 25,
    isAnswered: 0.1,
  },
  {
    words: ['health safety quality lead rollout audit', 'safety lead rollout certificates'],
    count: 22,
    isAnswered: 0.05,
  },
  { words: ['it manager locked in to a vendor negotiation'], count: 20, isAnswered: 0.3 },
];

/** Days ago, and how often compared with the last of them. */
const spans = [
  { first: 84, last: 1.5, share: 1 },
  { first: 172, last: 92, share: 0.7 },
];

/** Searches for situations, and the opens that came of them. Only assets that surfaced anyway are shown. */
export function planDemand(
  plan: ActivityPlan,
  today: Date,
  seed = 41,
): Pick<ActivityPlan, 'searches' | 'opens'> {
  const random = createRandom(seed);
  const agoOf = (at: Date) => (today.getTime() - at.getTime()) / dayMs;
  const searches: PlannedSearch[] = [];
  const opens: ActivityPlan['opens'] = [];
  for (const { first, last, share } of spans) {
    const known = [
      ...new Set(
        plan.opens.filter(({ at }) => agoOf(at) > last && agoOf(at) < first).map(({ assetKey }) => assetKey),
      ),
    ];
    for (const { words, count, isAnswered } of situations)
      for (let index = 0; index < Math.round(count * share); index += 1) {
        const at = workingTime(random, new Date(today.getTime() - random.between(last, first) * dayMs));
        const search = planSearch(random, { at, words, isAnswered, known });
        searches.push(search);
        const [opened] = search.openedKeys;
        if (opened && search.dwellMs)
          opens.push({
            at: new Date(at.getTime() + 9_000),
            userEmail: search.userEmail,
            assetKey: opened,
            via: 'search',
            dwellMs: search.dwellMs,
          });
      }
  }
  return { searches, opens };
}

const reps = samplePeople.filter(({ role }) => role === 'rep');

function planSearch(
  random: Random,
  asked: { at: Date; words: string[]; isAnswered: number; known: string[] },
): PlannedSearch {
  const userEmail = random.pick(reps).email;
  const shownKeys = random.shuffle(asked.known).slice(0, random.whole(2, 5));
  const isTie = random.chance(0.6);
  // What stands first is opened more, even where chance put it there.
  const [before, after] = shownKeys;
  const choice = isTie && random.chance(0.34) ? after : before;
  const opened = random.chance(asked.isAnswered) ? choice : undefined;
  const dwellMs = opened ? random.whole(14, 140) * 1000 : null;
  const openedKeys = opened ? [opened] : [];
  return { at: asked.at, userEmail, query: random.pick(asked.words), shownKeys, isTie, openedKeys, dwellMs };
}

export type FieldNote = {
  text: string;
  objection: string;
  persona: string;
  /** Where the deal stood. */
  stage: string;
  /** Where in the list of reps. */
  by: number;
  daysAgo: number;
};

/** What reps heard, as they heard it. One objection comes up far more than it did. */
export const fieldNotes: FieldNote[] = [
  note('“Call us in February. Nobody opens a new system in the heating season.”', busy(), 0, 3),
  note(
    '“My planners leave at six as it is. When would they learn this?”',
    busy('Dispatcher & planner'),
    1,
    6,
  ),
  note('“We just moved the depot. Not this quarter.”', busy(), 2, 8),
  note(
    '“Two people are off sick and the board is full until Christmas.”',
    busy('Dispatcher & planner'),
    3,
    11,
  ),
  note('“I believe you, but not before the audit in spring.”', busy(), 0, 17),
  note('“Who is going to type in four thousand customers in December?”', busy('Dispatcher & planner'), 4, 22),
  note('“After the fleet renewal, please.”', busy(), 5, 31),
  note('“Not while we change payroll.”', busy('Finance director'), 1, 44),
  note('“Ask again after the summer.”', busy(), 3, 118),
  note('“We have no time for a project now.”', busy(), 0, 150),
  note('“A third of this buys me a job app.”', about('Too expensive', 'Finance director'), 2, 14),
  note(
    '“What does it cost when we grow to two hundred vans?”',
    about('Too expensive', 'Finance director'),
    0,
    52,
  ),
  note('“Your price is fine, the set-up is not.”', about('Too expensive', 'Finance director'), 4, 121),
  note(
    '“And if you raise prices, how do I get out?”',
    about('Locked in to a vendor', 'IT manager', 'Negotiation'),
    3,
    27,
  ),
  note('“Half our sites are in cellars.”', about('No signal on site', 'Field technician', 'Rollout'), 1, 39),
];

function busy(persona = 'Service director') {
  return about('Too busy to switch now', persona);
}

function about(objection: string, persona: string, stage = 'Proposal') {
  return { objection, persona, stage };
}

function note(
  text: string,
  tied: Pick<FieldNote, 'objection' | 'persona' | 'stage'>,
  by: number,
  daysAgo: number,
): FieldNote {
  return { text, ...tied, by, daysAgo };
}
