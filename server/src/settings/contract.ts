import { z } from 'zod';
import { endpoint } from '../http/contract.ts';

/**
 * What an instance keeps of prospects: `standard` recognises a browser by a first-party cookie and shows a private view
 * to those that send Global Privacy Control; `strict` sets no cookie at all and treats Do Not Track like it, too.
 */
export const privacyMode = z.enum(['standard', 'strict']);
export type PrivacyMode = z.infer<typeof privacyMode>;

/** A name of the time zone database, such as "Europe/Berlin". */
const timeZone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null && /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}, 'Choose a time zone from the list.');

const keptDays = z.int().min(1).max(3_650);

/** What an admin decides for the whole instance. */
export const settings = z.object({
  privacyMode,
  /** By whose clock the days of reports begin. */
  timeZone,
  /** Raw requests to share links. */
  hitsKeptDays: keptDays,
  /** Visits with their pages and judgements. */
  visitsKeptDays: keptDays,
  /** What somebody searched for. */
  searchesKeptDays: keptDays,
  /** Notifications, and what was sent to other systems. */
  notificationsKeptDays: keptDays,
});
export type Settings = z.infer<typeof settings>;

/** The kinds of rows that are kept for a time; addresses and salts have a time of their own, which nobody changes. */
export const keptKind = z.enum(['hits', 'visits', 'searches', 'notifications', 'codes', 'salts']);
export type KeptKind = z.infer<typeof keptKind>;

export const readSettings = endpoint({ method: 'GET', path: '/settings', response: settings });

export const changeSettings = endpoint({
  method: 'PATCH',
  path: '/settings',
  body: settings.partial(),
  response: settings,
});
