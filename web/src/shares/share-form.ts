import { useForm } from '@mantine/form';
import type { Gate } from '@offshelf/server/contract/shares';
import { addRecipients, isEmail, type PickedRecipient, readPeople } from './recipients.ts';

export type Expiry = 'never' | '7' | '30' | '90' | 'day';

/** The policy, in the shape in which it is asked for. */
export interface PolicyForm {
  gate: Gate;
  hasWatermark: boolean;
  allowsDownload: boolean;
  expiry: Expiry;
  /** `2026-12-24`, when the expiry is a day of its own. */
  expiryDay: string;
  /** The first day on which it opens; empty: at once. */
  startDay: string;
  passcode: string;
  /** Domains and addresses, one beside the other. */
  allowed: string[];
  isPinned: boolean;
  /** Empty: as many as come. */
  maxVisitors: string;
}

/** What the sheet asks, in the shape in which it asks. */
export interface ShareForm extends PolicyForm {
  recipients: PickedRecipient[];
  /** What stands in the field and is no chip yet. */
  typed: string;
  /** Of everybody who brings none along. */
  accountName: string;
  /** Empty: whichever deals of theirs are open. */
  dealId: string;
  message: string;
}

export const openPolicy: PolicyForm = {
  gate: 'none',
  hasWatermark: false,
  allowsDownload: true,
  expiry: 'never',
  expiryDay: '',
  startDay: '',
  passcode: '',
  allowed: [],
  isPinned: false,
  maxVisitors: '',
};

const empty: ShareForm = {
  ...openPolicy,
  recipients: [],
  typed: '',
  accountName: '',
  dealId: '',
  message: '',
};

/** Why a policy can't be sent off, by field. */
export const policyRules = {
  passcode: (passcode: string) =>
    passcode.trim() === '' || passcode.trim().length >= 4 ? null : 'Use at least 4 characters.',
  expiryDay: (day: string, { expiry, startDay }: PolicyForm) => {
    if (expiry !== 'day') return null;
    if (!day) return 'Choose the last day on which it opens.';
    if (endOfDay(day) <= new Date()) return 'This day has passed. Choose a later one.';
    return startDay && day < startDay ? 'This is before it opens. Choose a later day.' : null;
  },
  maxVisitors: (text: string) =>
    text.trim() === '' || (/^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 10_000)
      ? null
      : 'Give a number from 1 to 10,000, or leave it empty.',
  allowed: (allowed: string[], { gate }: PolicyForm) => {
    const wrong = allowed.find((entry) => !isEmail(entry) && !isDomain(entry));
    if (wrong) return `“${wrong}” is neither a domain nor an e-mail address.`;
    return allowed.length > 0 && gate !== 'required' && gate !== 'verified'
      ? 'Require the e-mail as well: without it nobody can be told apart.'
      : null;
  },
};

function isDomain(text: string): boolean {
  return /^@?[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(text.trim());
}

export function useShareForm(userId: string) {
  const form = useForm<ShareForm>({
    initialValues: empty,
    validateInputOnBlur: false,
    clearInputErrorOnChange: true,
    validate: {
      typed: (_typed, values) => {
        const everybody = allRecipients(values);
        if (everybody.length === 0) return 'Say who this is for.';
        const wrong = everybody.find(({ email }) => email !== '' && !isEmail(email));
        return wrong ? `“${wrong.email}” is not an e-mail address. Correct it, or leave it out.` : null;
      },
      ...policyRules,
    },
  });
  const start = (values: ShareForm) => {
    form.setValues(values);
    form.clearErrors();
  };
  return Object.assign(form, {
    /** For those of the last share link, so that a series needs no typing. */
    begin: () => start({ ...empty, ...readRecipients(userId) }),
    /** The same message and policy for somebody else. */
    beginAgain: () => start({ ...form.values, recipients: [], typed: '', accountName: '', dealId: '' }),
  });
}

export type ShareFormState = ReturnType<typeof useShareForm>;

/** The chips and what is still being typed. */
export function allRecipients({ recipients, typed }: Pick<ShareForm, 'recipients' | 'typed'>) {
  return addRecipients(recipients, readPeople(typed));
}

/** As the API takes them. */
export function toRecipients(values: Pick<ShareForm, 'recipients' | 'typed' | 'accountName'>) {
  return allRecipients(values).map(({ kind, name, email, accountName }) => ({
    kind,
    name,
    email: email.trim() || null,
    accountName: kind === 'person' ? accountName.trim() || values.accountName.trim() || null : null,
  }));
}

/** The account at which all of them are; empty where there is none, or another one for some. */
export function accountOfAll(values: Pick<ShareForm, 'recipients' | 'typed' | 'accountName'>): string {
  const names = toRecipients(values).map(({ kind, name, accountName }) =>
    kind === 'account' ? name : (accountName ?? ''),
  );
  const [first = ''] = names;
  return names.every((name) => name.toLowerCase() === first.toLowerCase()) ? first : '';
}

export function toPolicy(values: PolicyForm, now: Date) {
  const { gate, hasWatermark, allowsDownload, passcode, isPinned, maxVisitors, startDay } = values;
  const allowed = values.allowed.map((entry) => entry.trim().replace(/^@/, ''));
  return {
    gate,
    hasWatermark,
    allowsDownload,
    isPinned,
    passcode: passcode.trim() || null,
    maxVisitors: maxVisitors.trim() ? Number(maxVisitors) : null,
    startsAt: startDay ? startOfDay(startDay) : null,
    expiresAt: expiresAt(values, now),
    allowedDomains: allowed.filter((entry) => !entry.includes('@')),
    allowedEmails: allowed.filter((entry) => entry.includes('@')),
  };
}

/** When the share link stops to open; a day counts to its end where the sender is. */
export function expiresAt(
  { expiry, expiryDay }: Pick<PolicyForm, 'expiry' | 'expiryDay'>,
  now: Date,
): Date | null {
  if (expiry === 'never') return null;
  if (expiry === 'day') return expiryDay ? endOfDay(expiryDay) : null;
  const end = new Date(now);
  end.setDate(end.getDate() + Number(expiry));
  end.setHours(23, 59, 59, 0);
  return end;
}

export function startOfDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
}

function endOfDay(day: string): Date {
  const end = startOfDay(day);
  end.setHours(23, 59, 59, 0);
  return end;
}

/** `2026-12-24`, where the user is. */
export function dayOf(date: Date): string {
  const pad = (value: number) => value.toString().padStart(2, '0');
  return `${date.getFullYear().toString()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Kept for this tab only and per user: who a rep talks to is nobody else's business. */
const recipientsKey = (userId: string) => `offshelf-recipients-${userId}`;

export function rememberRecipients(userId: string, values: ShareForm): void {
  const kept = { recipients: allRecipients(values), accountName: values.accountName };
  sessionStorage.setItem(recipientsKey(userId), JSON.stringify(kept));
}

function readRecipients(userId: string): Pick<ShareForm, 'recipients' | 'accountName'> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(recipientsKey(userId)) ?? 'null');
    return { recipients: [], accountName: '', ...(kept as Partial<ShareForm> | null) };
  } catch {
    return { recipients: [], accountName: '' };
  }
}
