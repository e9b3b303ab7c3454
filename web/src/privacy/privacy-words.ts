import { formatNumber, plural } from '../lib/format.ts';
import type { KeptKind, PrivacyMode, Proof, Settings } from './api.ts';

export const modeWords: Record<PrivacyMode, { name: string; says: string }> = {
  standard: {
    name: 'Standard',
    says: 'A browser is recognised by a cookie of this site only. Do Not Track means no cookie, Global Privacy Control means that nothing is recorded.',
  },
  strict: {
    name: 'Strict',
    says: 'No cookie is ever set: a browser is somebody new every day. Do Not Track and Global Privacy Control both mean that nothing is recorded.',
  },
};

type DaysKey = Exclude<keyof Settings, 'privacyMode'>;

export const keptWords: { key: DaysKey; kind: KeptKind; name: string; says: string }[] = [
  {
    key: 'hitsKeptDays',
    kind: 'hits',
    name: 'Raw requests',
    says: 'Every request to a share link, with a shortened network and the browser. Visits are judged by them.',
  },
  {
    key: 'visitsKeptDays',
    kind: 'visits',
    name: 'Visits',
    says: 'Who read what for how long, page by page, with its judgements. What the shelf report counted stays: which pages were read through which share link, and when.',
  },
  {
    key: 'searchesKeptDays',
    kind: 'searches',
    name: 'Searches',
    says: 'What your team searched for and what came of it. “Not found” and the ranking rest on it.',
  },
  {
    key: 'notificationsKeptDays',
    kind: 'notifications',
    name: 'Notifications',
    says: 'What your team was told of, and what was sent to other systems.',
  },
];

export const fixedWords: { kind: KeptKind; name: string; says: string }[] = [
  { kind: 'codes', name: 'Codes sent to an address', says: 'A day.' },
  {
    kind: 'salts',
    name: 'Keys of visitors without a cookie',
    says: 'Until the day after; then nobody can be recognised by them.',
  },
];

const tableWords: Record<string, [one: string, many: string]> = {
  contact: ['contact', 'contacts'],
  recipient: ['recipient', 'recipients'],
  share_link: ['share link', 'share links'],
  visitor: ['visitor', 'visitors'],
  visit: ['visit', 'visits'],
  link_hit: ['raw request', 'raw requests'],
  email_code: ['e-mail code', 'e-mail codes'],
  room: ['room', 'rooms'],
  room_item: ['note in a room', 'notes in rooms'],
  room_question: ['question in a room', 'questions in rooms'],
  follow_up: ['follow-up', 'follow-ups'],
  search: ['search', 'searches'],
  saved_search: ['saved search', 'saved searches'],
  search_action: ['note on a result', 'notes on results'],
  term_choice: ['learned word', 'learned words'],
  request: ['request', 'requests'],
  collection: ['collection', 'collections'],
  collection_item: ['note in a collection', 'notes in collections'],
  deal: ['owner of a deal', 'owners of deals'],
  import_run: ['import', 'imports'],
  import_row: ['row of an import', 'rows of imports'],
  job_run: ['background job', 'background jobs'],
};

/** "1 contact, 2 visits and 14 raw requests", what matters most first. */
export function countsSentence(counts: Record<string, number>): string {
  const tables = Object.keys(tableWords);
  const order = (table: string) => (tables.includes(table) ? tables.indexOf(table) : tables.length);
  const parts = Object.entries(counts)
    .toSorted(([a], [b]) => order(a) - order(b))
    .map(([table, count]) =>
      plural(count, ...(tableWords[table] ?? ([`row of ${table}`, `rows of ${table}`] as const))),
    );
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);
}

export function isClean({ left, unchecked, waitingFileCount }: Proof): boolean {
  return left.length === 0 && unchecked.length === 0 && waitingFileCount === 0;
}

export function proofSentence(proof: Proof): string {
  const looked = `${formatNumber(proof.columnCount)} columns of ${formatNumber(proof.tableCount)} tables were looked through`;
  if (isClean(proof)) return `Nothing is left: ${looked}.`;
  const places = proof.left.map(({ table, column, count }) => `${table}.${column} (${formatNumber(count)})`);
  const faults = [
    ...(places.length > 0
      ? [
          `The address still stands in ${places.join(', ')}: text that your company wrote or published. Change it there.`,
        ]
      : []),
    ...(proof.unchecked.length > 0
      ? [`There was no time to look through ${proof.unchecked.join(', ')}.`]
      : []),
    ...(proof.waitingFileCount > 0
      ? ['It stands in files that wait to be written; whoever was erased is left out of them then.']
      : []),
  ];
  return `${faults.join(' ')} In all, ${looked}.`;
}
