import { useForm } from '@mantine/form';

export type Expiry = 'never' | '7' | '30' | '90' | 'day';

/** What the sheet asks, in the shape in which it asks. */
export interface ShareForm {
  recipient: Recipient;
  message: string;
  expiry: Expiry;
  /** `2026-12-24`, when the expiry is a day of its own. */
  expiryDay: string;
  passcode: string;
  allowsDownload: boolean;
}

export interface Recipient {
  name: string;
  email: string;
  accountName: string;
}

const nobody: Recipient = { name: '', email: '', accountName: '' };
const empty: ShareForm = {
  recipient: nobody,
  message: '',
  expiry: 'never',
  expiryDay: '',
  passcode: '',
  allowsDownload: true,
};

const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function useShareForm(userId: string) {
  const form = useForm<ShareForm>({
    initialValues: empty,
    validateInputOnBlur: false,
    clearInputErrorOnChange: true,
    validate: {
      recipient: {
        name: (name) => (name.trim() ? null : 'Say who this is for.'),
        email: (email) =>
          email.trim() === '' || emailShape.test(email.trim())
            ? null
            : 'This is not an e-mail address. Correct it, or leave it empty.',
      },
      passcode: (passcode) =>
        passcode.trim() === '' || passcode.trim().length >= 4 ? null : 'Use at least 4 characters.',
      expiryDay: (day, { expiry }) => {
        if (expiry !== 'day') return null;
        if (!day) return 'Choose the last day on which it opens.';
        return endOfDay(day) > new Date() ? null : 'This day has passed. Choose a later one.';
      },
    },
  });
  const start = (values: ShareForm) => {
    form.setValues(values);
    form.clearErrors();
  };
  return Object.assign(form, {
    /** A new share link for the recipient of the last one, so that a series needs no typing. */
    begin: () => start({ ...empty, recipient: readRecipient(userId) }),
    /** The same message and policy for somebody else. */
    beginAgain: () => start({ ...form.values, recipient: { ...nobody } }),
  });
}

export type ShareFormState = ReturnType<typeof useShareForm>;

/** What the API takes. */
export function toShareLink(
  { recipient, message, passcode, allowsDownload, ...expiry }: ShareForm,
  now: Date,
) {
  return {
    recipient: {
      name: recipient.name,
      email: recipient.email.trim() || null,
      accountName: recipient.accountName.trim() || null,
    },
    message,
    passcode: passcode.trim() || null,
    allowsDownload,
    expiresAt: expiresAt(expiry, now),
  };
}

/** When the share link stops to open; a day counts to its end where the sender is. */
export function expiresAt(
  { expiry, expiryDay }: Pick<ShareForm, 'expiry' | 'expiryDay'>,
  now: Date,
): Date | null {
  if (expiry === 'never') return null;
  if (expiry === 'day') return expiryDay ? endOfDay(expiryDay) : null;
  const end = new Date(now);
  end.setDate(end.getDate() + Number(expiry));
  end.setHours(23, 59, 59, 0);
  return end;
}

function endOfDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 23, 59, 59);
}

/** Kept for this tab only and per user: who a rep talks to is nobody else's business. */
const recipientKey = (userId: string) => `offshelf-recipient-${userId}`;

export function rememberRecipient(userId: string, recipient: Recipient): void {
  sessionStorage.setItem(recipientKey(userId), JSON.stringify(recipient));
}

function readRecipient(userId: string): Recipient {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(recipientKey(userId)) ?? 'null');
    return { ...nobody, ...(kept as Partial<Recipient> | null) };
  } catch {
    return { ...nobody };
  }
}
