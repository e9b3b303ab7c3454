import type { PlannedRequest, PlannedSearch } from './activity-plan.ts';
import { dayMs, workingTime } from './deals.ts';
import { createRandom } from './random.ts';

type Story = {
  wordings: string[];
  /** By first name, once for each time. */
  searchers: string[];
  daysAgo: [first: number, last: number];
};

const reps: Record<string, string> = {
  Hamish: 'hamish.baird@tarrowby.example',
  Naledi: 'naledi.mokoena@tarrowby.example',
  Luis: 'luis.carrasco@tarrowby.example',
  Katharina: 'katharina.lindner@tarrowby.example',
  Mehdi: 'mehdi.benali@tarrowby.example',
  Saskia: 'saskia.de.wit@tarrowby.example',
};

/** What several reps looked for in vain in the last weeks, spelled as people spell. */
const stories: Story[] = [
  {
    wordings: ['hospital case study', 'case study hospitals', 'hosptial case study'],
    searchers: ['Hamish', 'Naledi', 'Hamish', 'Katharina', 'Naledi', 'Mehdi', 'Hamish'],
    daysAgo: [41, 2],
  },
  {
    wordings: ['tender template public sector', 'public sector tender templates'],
    searchers: ['Katharina', 'Hamish', 'Katharina', 'Luis'],
    daysAgo: [35, 4],
  },
  {
    wordings: ['dutch brochure', 'dutch brochures', 'dutch broschure'],
    searchers: ['Saskia', 'Saskia', 'Mehdi', 'Saskia'],
    daysAgo: [50, 9],
  },
  {
    wordings: ['carbon reporting refrigerant', 'refrigerant carbon report'],
    searchers: ['Luis', 'Naledi', 'Luis'],
    daysAgo: [24, 3],
  },
  { wordings: ['italian one pager'], searchers: ['Mehdi', 'Katharina'], daysAgo: [60, 44] },
  {
    wordings: ['medical equipment calibration', 'calibration medical equipments'],
    searchers: ['Naledi', 'Hamish', 'Naledi'],
    daysAgo: [70, 38],
  },
  { wordings: ['kubernetes', 'kubernets hosting'], searchers: ['Luis', 'Hamish'], daysAgo: [16, 6] },
];

/** Searches that fail in the same way, and what sales asked marketing for because of them. */
export function planGaps(
  today: Date,
  seed: number,
): { searches: PlannedSearch[]; requests: PlannedRequest[] } {
  const random = createRandom(seed);
  const daysBefore = (days: number) => workingTime(random, new Date(today.getTime() - days * dayMs));
  const searches = stories.flatMap(({ wordings, searchers, daysAgo: [first, last] }) =>
    searchers.map((name, index) => ({
      at: daysBefore(first - ((first - last) * index) / Math.max(1, searchers.length - 1)),
      userEmail: reps[name] ?? '',
      query: wordings[index % wordings.length] ?? '',
      shownKeys: [],
      openedKeys: [],
      dwellMs: null,
    })),
  );
  const request = (
    userEmail: string,
    daysAgo: number,
    given: Pick<PlannedRequest, 'title'> & Partial<PlannedRequest>,
  ): PlannedRequest => ({
    details: '',
    status: 'open',
    terms: [],
    query: null,
    dueInDays: null,
    answer: '',
    closedAt: null,
    voterEmails: [],
    ...given,
    userEmail,
    at: daysBefore(daysAgo),
  });
  const of = (...names: string[]) => names.map((name) => reps[name] ?? '');
  const requests = [
    request(of('Katharina')[0] ?? '', 12, {
      title: 'A template for public tenders',
      details: 'Cities in Austria ask for the same forty answers every time. I fill them in from old mails.',
      query: 'tender template public sector',
      terms: ['Proposal', 'Service director'],
      voterEmails: of('Katharina', 'Hamish', 'Luis'),
    }),
    request(of('Saskia')[0] ?? '', 28, {
      title: 'The brochure in Dutch',
      details: 'Dispatchers here read English, the people who sign do not want to.',
      query: 'dutch brochure',
      status: 'planned',
      dueInDays: 18,
      answer: 'With the translator. The first pages come before the fair in Utrecht.',
      voterEmails: of('Saskia', 'Mehdi'),
    }),
    request(of('Naledi')[0] ?? '', 9, {
      title: 'What to say when the works council is at the table',
      details: 'Third deal in which they ask who sees the location of a van, and when it is deleted.',
      terms: ["Technicians won't use it", 'Where does our data live?'],
      voterEmails: of('Naledi', 'Katharina', 'Saskia', 'Mehdi'),
    }),
    request(of('Hamish')[0] ?? '', 52, {
      title: 'A calculator that starts from missed appointments',
      details: 'Finance directors believe that number, because they have it.',
      status: 'done',
      terms: ['Too expensive', 'Finance director'],
      answer: 'The calculator asks for missed appointments first now.',
      voterEmails: of('Hamish', 'Luis'),
      closedAt: daysBefore(20),
    }),
    request(of('Mehdi')[0] ?? '', 43, {
      title: 'A one-pager in Italian',
      query: 'italian one pager',
      status: 'declined',
      answer: 'We do not sell in Italy before next autumn. Use the French one for Ticino until then.',
      voterEmails: of('Mehdi'),
      closedAt: daysBefore(30),
    }),
  ];
  return { searches, requests };
}
