import { expect, test } from 'vitest';
import {
  corpusSentence,
  freshSentence,
  hiddenSentence,
  lostSentence,
  silentSentence,
} from './measurement-words.ts';

const visits = (classes: [string, number][]) =>
  ({
    classes: classes.map(([name, count]) => ({ class: name, count })),
    overruledCount: 0,
    confirmedCount: 0,
  }) as Parameters<typeof hiddenSentence>[0];

test('what is hidden is said with what counts', () => {
  expect(hiddenSentence(visits([]))).toMatch(/^Nobody has visited/);
  expect(
    hiddenSentence(
      visits([
        ['human-likely', 10],
        ['human-confirmed', 1],
        ['scanner', 5],
        ['bot', 2],
        ['unsure', 1],
        ['internal', 3],
      ]),
    ),
  ).toBe(
    'Of 22 visits in 30 days, 11 count as people’s, 1 is undecided, and 7 by machines and 3 of your own are hidden.',
  );
});

test('what was lost is a share of what was sent', () => {
  expect(lostSentence({ sentCount: 200, receivedCount: 196 })).toMatch(/^Of 200 .*, 4 \(2%\) were lost\.$/);
  expect(lostSentence({ sentCount: 10, receivedCount: 9 })).toMatch(/1 \(10%\) was lost\.$/);
  expect(lostSentence({ sentCount: 7, receivedCount: 7 })).toMatch(/^Of 7 messages .* none/);
  expect(lostSentence({ sentCount: 0, receivedCount: 0 })).toMatch(/^No message/);
});

test('visits that told nothing are a share of those that may be people', () => {
  expect(silentSentence({ count: 200, silentCount: 3 })).toMatch(/^3 of 200 visits .* \(2%\)/);
  expect(silentSentence({ count: 7, silentCount: 0 })).toMatch(/^All 7 visits/);
  expect(silentSentence({ count: 0, silentCount: 0 })).toBe('');
});

test('the figures of the corpus are told with their totals', () => {
  const figures = {
    ruleVersion: 2,
    situationCount: 164,
    calledMachineCount: 91,
    calledMachineRightCount: 91,
    humanCount: 86,
    humanFoundCount: 86,
    unsureCount: 10,
    crawlerAgentCount: 2118,
    crawlerAgentFilteredCount: 2118,
    browserSampleCount: 10_000,
    browserDroppedCount: 0,
  };
  expect(corpusSentence(figures)).toMatch(/164 recorded situations .* 86 of 86 people.* they drop none\.$/);
});

test('how fresh it is says what still waits', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const ages = { latestActivityAt: now, latestRollupAt: null, waitingCount: 1 };
  expect(freshSentence({ ...ages, latestJudgementAt: null }, now)).toBe('Nothing has been judged yet.');
  expect(freshSentence({ ...ages, latestJudgementAt: now }, now)).toMatch(/1 visit waits to be judged\.$/);
});
