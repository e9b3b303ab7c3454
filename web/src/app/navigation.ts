import {
  type Icon,
  IconBriefcase,
  IconFolders,
  IconLink,
  IconSearch,
  IconSettings,
  IconSpeakerphone,
  IconStack2,
} from '@tabler/icons-react';
import type { Role } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { ShelfIcon } from './shelf-icon.tsx';

export const everyRole: readonly Role[] = ['admin', 'marketing', 'manager', 'rep'];
export const curators: readonly Role[] = ['admin', 'marketing'];
export const admins: readonly Role[] = ['admin'];
/** Those whom it concerns what sales looked for in vain. */
export const gapReaders: readonly Role[] = ['admin', 'marketing', 'manager'];

export interface Place {
  path: string;
  label: string;
  /** What it is called where there is room for more than a word. */
  name: string;
  roles: readonly Role[];
  /** The second key after `g`. */
  key: string;
  keywords: string;
}

export interface MainPlace extends Place {
  icon: Icon | typeof ShelfIcon;
}

/** The rail on a wide screen and the bar on a phone, which has room for the first five; the account menu has the others there. */
export const mainPlaces: readonly MainPlace[] = [
  {
    path: paths.find,
    label: 'Find',
    name: 'Find',
    icon: IconSearch,
    roles: everyRole,
    key: 'f',
    keywords: 'search home assets',
  },
  {
    path: paths.collections,
    label: 'Collections',
    name: 'Collections',
    icon: IconStack2,
    roles: everyRole,
    key: 'c',
    keywords: 'playbook pinned sets notes order',
  },
  {
    path: paths.myLinks,
    label: 'My links',
    name: 'My links',
    icon: IconLink,
    roles: everyRole,
    key: 'm',
    keywords: 'share links sent recipients visits',
  },
  {
    path: paths.requests,
    label: 'Requests',
    name: 'Requests',
    icon: IconSpeakerphone,
    roles: everyRole,
    key: 'q',
    keywords: 'ask marketing wish missing content vote',
  },
  {
    path: paths.shelf,
    label: 'Shelf',
    name: 'Shelf report',
    icon: ShelfIcon,
    roles: everyRole,
    key: 's',
    keywords: 'unused rate usage ladder analytics report',
  },
  {
    path: paths.deals,
    label: 'Deals',
    name: 'Deals',
    icon: IconBriefcase,
    roles: everyRole,
    key: '4',
    keywords: 'pipeline crm opportunities amount stage',
  },
  {
    path: paths.library,
    label: 'Library',
    name: 'Library',
    icon: IconFolders,
    roles: curators,
    key: 'l',
    keywords: 'assets upload edit',
  },
  {
    path: paths.settings,
    label: 'Settings',
    name: 'Settings',
    icon: IconSettings,
    roles: everyRole,
    key: ',',
    keywords: 'profile users jobs',
  },
];

/** More names than these do not fit beside each other on a phone. */
export const barPlaces = 5;

/** Pages within a place, reached from it and from the palette. */
export const morePlaces: readonly Place[] = [
  {
    path: paths.notifications,
    label: 'News',
    name: 'Notifications',
    roles: everyRole,
    key: 'b',
    keywords: 'bell alerts who read unread news',
  },
  {
    path: paths.rooms,
    label: 'Rooms',
    name: 'Rooms',
    roles: everyRole,
    key: 'o',
    keywords: 'deal room share collection prospect questions next step',
  },
  {
    path: paths.gaps,
    label: 'Not found',
    name: 'Asked for and not found',
    roles: gapReaders,
    key: 'n',
    keywords: 'gaps failed searches missing no result synonyms',
  },
  {
    path: paths.objections,
    label: 'Objections',
    name: 'Objections heard',
    roles: everyRole,
    key: 'z',
    keywords: 'notes field buyers said pushback rising',
  },
  {
    path: paths.importLibrary,
    label: 'Import',
    name: 'Import a library',
    roles: curators,
    key: 'i',
    keywords: 'csv upload folder',
  },
  {
    path: paths.importDeals,
    label: 'Import deals',
    name: 'Import deals',
    roles: gapReaders,
    key: '1',
    keywords: 'crm csv upload pipeline opportunities',
  },
  {
    path: paths.similarAssets,
    label: 'Similar assets',
    name: 'Similar assets',
    roles: curators,
    key: 'd',
    keywords: 'duplicates near copies tidy versions',
  },
  {
    path: paths.reach,
    label: 'Reach',
    name: 'What reaches buyers',
    roles: everyRole,
    key: 'k',
    keywords: 'shelf report usage ladder rungs unused assets drill',
  },
  {
    path: paths.coverage,
    label: 'Coverage',
    name: 'Coverage: thin and fat',
    roles: gapReaders,
    key: 'a',
    keywords: 'heatmap persona stage objection matrix gaps thin fat targets demand',
  },
  {
    path: paths.influence,
    label: 'Influence',
    name: 'Influence: what helps deals move',
    roles: gapReaders,
    key: 'g',
    keywords: 'forest plot deals lift works evidence strata experiment',
  },
  {
    path: paths.aging,
    label: 'Going off',
    name: 'What is going off',
    roles: gapReaders,
    key: '5',
    keywords: 'stale expiring falling reads old versions flags wrong outdated review',
  },
  {
    path: paths.team,
    label: 'Team',
    name: 'Team: how sellers use the library',
    roles: everyRole,
    key: '7',
    keywords: 'adoption coaching reps managers follow up searches shares',
  },
  {
    path: paths.decisions,
    label: 'Decisions',
    name: 'Decisions and their effect',
    roles: gapReaders,
    key: '8',
    keywords: 'bulk archive assign tag recommend undo effect',
  },
  {
    path: paths.brief,
    label: 'Brief',
    name: 'Brief to print',
    roles: gapReaders,
    key: '6',
    keywords: 'print pdf one page summary weekly mail boss',
  },
  {
    path: paths.glossary,
    label: 'Glossary',
    name: 'Glossary of numbers',
    roles: everyRole,
    key: 'y',
    keywords: 'metrics definitions unused rate',
  },
];

export const settingsPlaces: readonly Place[] = [
  {
    path: paths.profile,
    label: 'Profile',
    name: 'Your profile',
    roles: everyRole,
    key: 'p',
    keywords: 'name password',
  },
  {
    path: paths.notificationSettings,
    label: 'Notifications',
    name: 'How you are told',
    roles: everyRole,
    key: 'h',
    keywords: 'notifications bell mail slack quiet hours digest mute desktop',
  },
  {
    path: paths.taxonomy,
    label: 'Terms',
    name: 'Terms',
    roles: curators,
    key: 't',
    keywords: 'taxonomy persona stage objection tags',
  },
  {
    path: paths.rendering,
    label: 'Rendering',
    name: 'Rendering of the library',
    roles: curators,
    key: 'r',
    keywords: 'pages thumbnails failed files progress convert',
  },
  {
    path: paths.searchIndex,
    label: 'Search',
    name: 'Search engines and index',
    roles: curators,
    key: 'x',
    keywords: 'index engine meilisearch postgresql rebuild reindex',
  },
  {
    path: paths.measurement,
    label: 'Measurement',
    name: 'Quality of measurement',
    roles: curators,
    key: 'e',
    keywords: 'scanners bots visits judgement rules corpus hidden quality',
  },
  {
    path: paths.users,
    label: 'Users',
    name: 'Users',
    roles: admins,
    key: 'u',
    keywords: 'people invite roles',
  },
  {
    path: paths.privacy,
    label: 'Privacy',
    name: 'Privacy',
    roles: admins,
    key: 'v',
    keywords: 'retention days erase export gdpr person cookie consent strict',
  },
  {
    path: paths.counting,
    label: 'Counting',
    name: 'Counting of reports',
    roles: admins,
    key: '.',
    keywords: 'time zone days fresh as of rollup count anew reports',
  },
  {
    path: paths.currencies,
    label: 'Currencies',
    name: 'Currencies',
    roles: admins,
    key: '2',
    keywords: 'rates base convert money exchange deals',
  },
  {
    path: paths.webhooks,
    label: 'Webhooks',
    name: 'Webhooks',
    roles: admins,
    key: 'w',
    keywords: 'integration events signed deliveries secret other systems crm',
  },
  {
    path: paths.jobs,
    label: 'Background jobs',
    name: 'Background jobs',
    roles: admins,
    key: 'j',
    keywords: 'queue failed retry',
  },
];

export function placesFor<P extends Place>(places: readonly P[], role: Role): P[] {
  return places.filter((place) => place.roles.includes(role));
}
