import { expect, test } from 'vitest';
import { asFormErrors } from './form-errors.ts';
import { toForm } from './policy-patch.ts';
import { expiresAt, openPolicy, policyRules, type ShareForm, toPolicy, toRecipients } from './share-form.ts';

const now = new Date(2026, 10, 22, 9, 15);
const dana = {
  kind: 'person' as const,
  name: 'Dana Whitfield',
  email: ' dana@northwind.example ',
  accountName: '',
};
const form: ShareForm = {
  ...openPolicy,
  recipients: [dana],
  typed: '',
  accountName: '',
  dealId: '',
  message: 'Hi Dana',
};

test('an expiry in days lasts to the end of the last day where the sender is', () => {
  expect(expiresAt({ expiry: '7', expiryDay: '' }, now)).toEqual(new Date(2026, 10, 29, 23, 59, 59, 0));
  expect(expiresAt({ expiry: '90', expiryDay: '' }, now)).toEqual(new Date(2027, 1, 20, 23, 59, 59, 0));
});

test('a chosen day counts to its end, and only when a day is what was chosen', () => {
  expect(expiresAt({ expiry: 'day', expiryDay: '2026-12-24' }, now)).toEqual(
    new Date(2026, 11, 24, 23, 59, 59),
  );
  expect(expiresAt({ expiry: 'day', expiryDay: '' }, now)).toBeNull();
  expect(expiresAt({ expiry: 'never', expiryDay: '2026-12-24' }, now)).toBeNull();
});

test('what was left empty is not sent as an empty text', () => {
  expect(toRecipients(form)).toEqual([
    { kind: 'person', name: 'Dana Whitfield', email: 'dana@northwind.example', accountName: null },
  ]);
  expect(toPolicy(form, now)).toEqual({
    gate: 'none',
    hasWatermark: false,
    allowsDownload: true,
    isPinned: false,
    passcode: null,
    maxVisitors: null,
    startsAt: null,
    expiresAt: null,
    allowedDomains: [],
    allowedEmails: [],
  });
});

test('what is still being typed is somebody as well, and the account goes with all who bring none', () => {
  const typed = { ...form, typed: 'sam.park@fabrikam.example', accountName: ' Fabrikam ' };
  expect(toRecipients(typed)).toEqual([
    { kind: 'person', name: 'Dana Whitfield', email: 'dana@northwind.example', accountName: 'Fabrikam' },
    { kind: 'person', name: 'Sam Park', email: 'sam.park@fabrikam.example', accountName: 'Fabrikam' },
  ]);
});

test('allowed entries are told apart as domains and addresses', () => {
  const { allowedDomains, allowedEmails } = toPolicy(
    { ...form, allowed: ['@northwind.example', 'jane@other.example', ' müller.example '] },
    now,
  );
  expect(allowedDomains).toEqual(['northwind.example', 'müller.example']);
  expect(allowedEmails).toEqual(['jane@other.example']);
});

test('a policy that can not be kept is refused at its field', () => {
  expect(policyRules.passcode('abc')).toContain('4 characters');
  expect(policyRules.passcode('')).toBeNull();
  expect(policyRules.maxVisitors('0')).not.toBeNull();
  expect(policyRules.maxVisitors('many')).not.toBeNull();
  expect(policyRules.maxVisitors('3')).toBeNull();
  expect(policyRules.allowed(['northwind'], { ...form, gate: 'required' })).toContain('northwind');
  expect(policyRules.allowed(['northwind.example'], form)).toContain('Require the e-mail');
  expect(policyRules.expiryDay('', { ...form, expiry: 'day' })).not.toBeNull();
  const early = { ...form, expiry: 'day' as const, startDay: '2999-02-01' };
  expect(policyRules.expiryDay('2999-01-01', early)).toContain('before it opens');
});

test('faults of the API stand at the fields of the form', () => {
  expect(asFormErrors({ 'recipients.1.email': 'wrong', expiresAt: 'past', message: 'long' })).toEqual({
    typed: 'wrong',
    expiryDay: 'past',
  });
});

test('the form of a share link without anything special is the open one', () => {
  const link = {
    gate: 'none' as const,
    hasWatermark: false,
    allowsDownload: true,
    expiresAt: null,
    startsAt: null,
    allowedDomains: [],
    allowedEmails: [],
    pinnedVersion: null,
    maxVisitors: null,
  };
  expect(toForm(link as unknown as Parameters<typeof toForm>[0])).toEqual(openPolicy);
});
