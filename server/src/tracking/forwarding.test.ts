import { expect, test } from 'vitest';
import { judgeForwarding, type SeenVisit } from './forwarding.ts';

const minute = 60_000;

function seen(minutes: number, known: Partial<SeenVisit> = {}): SeenVisit {
  return {
    visitorId: 'own',
    keyKind: 'cookie',
    email: null,
    device: 'Safari on iPhone',
    network: '198.51.100.0/24',
    country: 'DE',
    startedAt: new Date(minutes * minute),
    lastActiveAt: new Date((minutes + 5) * minute),
    ...known,
  };
}

const office = { visitorId: 'other', device: 'Edge on Windows', network: '203.0.113.0/24' };

test.each<[string, SeenVisit[], string | undefined]>([
  ['nobody was there', [], undefined],
  ['one person came back', [seen(0), seen(500)], undefined],
  [
    'the same phone is in another network',
    [seen(0), seen(60, { ...office, device: 'Safari on iPhone' })],
    undefined,
  ],
  [
    'the office has a second browser',
    [seen(0), seen(60, { ...office, network: '198.51.100.0/24' })],
    undefined,
  ],
  ['another device is in another network later', [seen(0), seen(600, office)], 'low'],
  ['two devices read at the same time', [seen(0), seen(2, office)], 'medium'],
  ['two are in two countries within an hour', [seen(0), seen(60, { ...office, country: 'US' })], 'medium'],
  [
    'three others came',
    [
      seen(0),
      ...[1, 2, 3].map((number) =>
        seen(number * 600, { visitorId: `o${number}`, device: `d${number}`, network: `n${number}` }),
      ),
    ],
    'high',
  ],
  ['another address was given', [seen(0), seen(60, { visitorId: 'x', email: 'x@customer.example' })], 'high'],
])('when %s it is %s', (_name, visits, likelihood) => {
  expect(judgeForwarding('petra@customer.example', visits)?.likelihood).toBe(likelihood);
});

test('the recipient is known by their address on each of their devices, also when somebody else was first', () => {
  const email = 'petra@customer.example';
  expect(judgeForwarding(email, [seen(0, { email }), seen(60, { ...office, email })])).toBeNull();
  const judged = judgeForwarding(' Petra@Customer.example', [seen(0, office), seen(600, { email })]);
  expect(judged).toEqual({ likelihood: 'low', reasons: ['Another device on another network opened it.'] });
});
