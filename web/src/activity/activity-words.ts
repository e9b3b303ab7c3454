import { formatDay, formatDuration, formatList, formatNumber, plural } from '../lib/format.ts';
import { keyWords, readerName } from '../ui/reader-words.ts';
import type { ActNowEntry, FollowUpKind, LinkEvent, Visit } from './api.ts';

export const followUpWords: Record<FollowUpKind, { did: string; choose: string }> = {
  mail: { did: 'Wrote a mail', choose: 'By mail' },
  call: { did: 'Called', choose: 'By phone' },
  meeting: { did: 'Met', choose: 'In a meeting' },
  other: { did: 'Followed up', choose: 'Otherwise' },
};

/** What a visit is judged to be; what was not a person is shown on demand. */
export const judgedWords: Record<Visit['judgement']['class'], { name: string; isHidden: boolean }> = {
  'human-confirmed': { name: 'A person', isHidden: false },
  'human-likely': { name: 'Probably a person', isHidden: false },
  unsure: { name: 'Not sure', isHidden: false },
  scanner: { name: 'Mail scanner', isHidden: true },
  preview: { name: 'Link preview', isHidden: true },
  prefetch: { name: 'Loaded ahead', isHidden: true },
  bot: { name: 'Bot', isHidden: true },
  agent: { name: 'AI agent', isHidden: true },
  internal: { name: 'Our own visit', isHidden: true },
};

type PolicyNote = Extract<LinkEvent, { kind: 'changed' }>['policy'];

interface Sentence {
  who: string;
  /** "read 6 of 8 pages of", before the title. */
  did: string;
  /** "for 4 min", after it. */
  howLong: string;
  /** Where the reader is not the one it was sent to. */
  sentTo: string;
}

type Read = Pick<
  ActNowEntry,
  'readers' | 'recipient' | 'readPageCount' | 'pageCount' | 'durationMs' | 'activeMs'
>;

/** Why somebody stands in the list, in parts around the title: "Dana read 6 of 8 pages of Pricing for 4 min". */
export function readSentence(entry: Read): Sentence {
  const { readers, recipient, pageCount, durationMs, activeMs } = entry;
  const [only] = readers;
  const isOne = readers.length <= 1 && only !== undefined;
  const who = isOne ? readerName(only, recipient) : `${formatNumber(readers.length)} people`;
  const readCount = Math.min(entry.readPageCount, pageCount);
  const did =
    durationMs !== null && pageCount <= 1
      ? 'watched'
      : pageCount <= 1
        ? 'read'
        : readCount === pageCount
          ? `read all ${formatNumber(pageCount)} pages of`
          : `read ${formatNumber(readCount)} of ${formatNumber(pageCount)} pages of`;
  const isRecipient = who === recipient.name || recipient.kind === 'account';
  return {
    who,
    did,
    howLong: `for ${formatDuration(activeMs)}`,
    sentTo:
      isOne && isRecipient
        ? ''
        : recipient.kind === 'channel'
          ? `by way of ${recipient.name}`
          : `sent to ${recipient.name}`,
  };
}

/** "2 readers, 1–3: 1 by the address they typed, 1 by a cookie"; for one: "known by a cookie". */
export function readersWords({ readers, readerCount }: Pick<ActNowEntry, 'readers' | 'readerCount'>): string {
  const [only] = readers;
  if (only && readers.length === 1) return `known ${keyWords[only.keyKind].short}`;
  const counts = Map.groupBy(readers, ({ keyKind }) => keyKind);
  const kinds = [...counts].map(([kind, of]) => `${formatNumber(of.length)} ${keyWords[kind].short}`);
  return `${countWords(readerCount)}: ${formatList(kinds)}`;
}

/** "2 readers, 1–3", with the interval where there is doubt; "probably 1 reader"; "perhaps 1 reader". */
export function countWords({ value, low, high }: ActNowEntry['readerCount']): string {
  if (value === 0 && high > 0) return `perhaps ${plural(high, 'reader')}`;
  if (value === 1 && low < high && high === 1) return 'probably 1 reader';
  const range = low === high ? '' : `, ${formatNumber(low)}–${formatNumber(high)}`;
  return `${plural(value, 'reader')}${range}`;
}

const countryNames = new Intl.DisplayNames(['en-GB'], { type: 'region', fallback: 'code' });

/** `GB` → United Kingdom. */
export function countryName(code: string | null): string | null {
  try {
    return code === null ? null : (countryNames.of(code) ?? code);
  } catch {
    return code;
  }
}

/** Eight o'clock of the next working day, where the person is. */
export function tomorrowMorning(now: Date): Date {
  const at = new Date(now);
  do at.setDate(at.getDate() + 1);
  while (at.getDay() === 0 || at.getDay() === 6);
  at.setHours(8, 0, 0, 0);
  return at;
}

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });

/** "tomorrow", else the day of the week. */
export function snoozeWords(until: Date, now: Date): string {
  const next = new Date(now);
  next.setDate(next.getDate() + 1);
  return next.toDateString() === until.toDateString() ? 'tomorrow' : `on ${weekday.format(until)}`;
}

export const stateWords = {
  active: 'Active',
  not_started: 'Not yet open',
  expired: 'Expired',
  revoked: 'Revoked',
};

const gateWords: Record<NonNullable<PolicyNote['gate']>, string> = {
  none: 'nothing is asked',
  ask: 'a name is asked for',
  required: 'an e-mail address is required',
  verified: 'an e-mail address has to be proven',
};

/** What holds since a policy was changed: "Opens until 22 Dec 2026, no download". */
export function policyNoteWords(policy: PolicyNote): string {
  const { gate, startsAt, expiresAt, allowedCount, maxVisitors } = policy;
  const words = [
    startsAt && `opens from ${formatDay(startsAt)}`,
    startsAt === null && 'opens at once',
    expiresAt && `opens until ${formatDay(expiresAt)}`,
    expiresAt === null && 'never expires',
    gate && gateWords[gate],
    allowedCount === 0 && 'any address is let in',
    allowedCount !== undefined && allowedCount > 0 && 'only certain addresses are let in',
    policy.hasPasscode === true && 'a new passcode',
    policy.hasPasscode === false && 'no passcode',
    policy.allowsDownload === true && 'may be downloaded',
    policy.allowsDownload === false && 'no download',
    policy.hasWatermark === true && 'with a watermark',
    policy.hasWatermark === false && 'no watermark',
    policy.isPinned === true && 'stays at this version',
    policy.isPinned === false && 'always the current version',
    maxVisitors && `at most ${plural(maxVisitors, 'visitor')}`,
    maxVisitors === null && 'any number of visitors',
  ];
  const sentence = words.filter(Boolean).join(', ');
  return `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}`;
}
