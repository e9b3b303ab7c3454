const fieldOf: Record<string, string> = {
  recipients: 'typed',
  dealId: 'dealId',
  expiresAt: 'expiryDay',
  startsAt: 'startDay',
  passcode: 'passcode',
  maxVisitors: 'maxVisitors',
  allowedDomains: 'allowed',
  allowedEmails: 'allowed',
};

/** The API speaks of `expiresAt` and of places in lists; the form has a field for each of them. */
export function asFormErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).flatMap(([pointer, detail]) => {
      const field = fieldOf[pointer.split('.')[0] ?? ''];
      return field ? [[field, detail]] : [];
    }),
  );
}
