import { expect, test } from 'vitest';
import { expiresAt, type ShareForm, toShareLink } from './share-form.ts';

const now = new Date(2026, 10, 22, 9, 15);
const form: ShareForm = {
  recipient: { name: 'Dana Whitfield', email: ' dana@northwind.example ', accountName: '' },
  message: 'Hi Dana',
  expiry: 'never',
  expiryDay: '',
  passcode: '',
  allowsDownload: true,
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
  expect(toShareLink(form, now)).toEqual({
    recipient: { name: 'Dana Whitfield', email: 'dana@northwind.example', accountName: null },
    message: 'Hi Dana',
    passcode: null,
    allowsDownload: true,
    expiresAt: null,
  });
});
