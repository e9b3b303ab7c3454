import { readFile, writeFile } from 'node:fs/promises';
import UserAgent from 'user-agents';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CorpusFigures } from '../../server/src/judging/contract.ts';
import { declaredKindOf, listCrawlerAgents } from '../../server/src/judging/declared.ts';
import { judge } from '../../server/src/judging/judge.ts';
import { describeRules, ruleVersion } from '../../server/src/judging/rules.ts';
import { corpus } from '../corpus/all.ts';
import { replay, type Verdict } from '../corpus/replay.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const people = new Set(['human-likely', 'human-confirmed']);
const machines = new Set(['scanner', 'preview', 'prefetch', 'bot', 'agent']);
const figuresFile = new URL('../../server/src/judging/corpus-figures.json', import.meta.url);

let app: TestApp;
let verdicts: Verdict[];

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1', PUBLIC_URL: 'https://offshelf.example' });
  verdicts = await replay(app, corpus);
}, 300_000);
afterAll(() => app.close());

/** What was made of one of those who came: of each visit, or of their request where there was none. */
function judgedOf({ judged, facts }: Verdict, without?: string): string[] {
  if (without === undefined && judged.length > 0) return judged;
  return facts.map((known) => judge(known, without === undefined ? {} : { without }).class);
}

function expectedOf({ actor }: Verdict): string[] {
  return Array.isArray(actor.expected) ? actor.expected : [actor.expected];
}

/** Two colleagues with the same browser behind one address can not be told apart, so each is both. */
function isAsExpected(verdict: Verdict, without?: string): boolean {
  const expected = expectedOf(verdict);
  const judged = judgedOf(verdict, without);
  return judged.length > 0 && judged.every((it, index) => it === (expected[index] ?? expected.at(-1)));
}

function count<T>(items: T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}

function figuresOf(): CorpusFigures {
  const each = verdicts.flatMap((verdict) => judgedOf(verdict).map((it) => ({ is: verdict.actor.is, it })));
  const called = each.filter(({ it }) => machines.has(it));
  const human = each.filter(({ is }) => is === 'person');
  const agents = listCrawlerAgents();
  const sample = new UserAgent();
  const browsers = Array.from({ length: 10_000 }, () => sample.random().toString());
  return {
    ruleVersion,
    situationCount: corpus.length,
    calledMachineCount: called.length,
    calledMachineRightCount: count(called, ({ is }) => is === 'machine'),
    humanCount: human.length,
    humanFoundCount: count(human, ({ it }) => people.has(it)),
    unsureCount: count(each, ({ it }) => it === 'unsure'),
    crawlerAgentCount: agents.length,
    crawlerAgentFilteredCount: count(agents, (agent) => declaredKindOf(agent) !== undefined),
    browserSampleCount: browsers.length,
    browserDroppedCount: count(browsers, (agent) => declaredKindOf(agent) !== undefined),
  };
}

test('the corpus is large, and every situation has a public source', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(120);
  expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  for (const { source } of corpus) expect(source).toMatch(/^https:\/\/\S+$/);
});

test('everybody in the corpus is judged to be what they are', () => {
  const wrong = verdicts
    .filter((verdict) => !isAsExpected(verdict))
    .map((verdict) => {
      const reasons = verdict.facts.map((known) =>
        judge(known)
          .reasons.map(({ rule }) => rule)
          .join(' '),
      );
      return `${verdict.situation}: ${verdict.who} is ${expectedOf(verdict).join(', ')}, not ${judgedOf(verdict).join(', ')} (${reasons.join(' | ')})`;
    });
  expect(wrong).toEqual([]);
});

test('hardly a person is called a machine, and hardly one is missed', async () => {
  const figures = figuresOf();
  const precision = figures.calledMachineRightCount / figures.calledMachineCount;
  const recall = figures.humanFoundCount / figures.humanCount;
  process.stdout.write(
    `${figures.situationCount.toString()} situations: precision of the machine classes ${precision.toFixed(4)} (${figures.calledMachineRightCount.toString()} of ${figures.calledMachineCount.toString()}), recall of people ${recall.toFixed(4)} (${figures.humanFoundCount.toString()} of ${figures.humanCount.toString()}), ${figures.unsureCount.toString()} left undecided\n`,
  );
  expect(precision).toBeGreaterThanOrEqual(0.98);
  expect(recall).toBeGreaterThanOrEqual(0.99);
  expect(figures.crawlerAgentFilteredCount).toBe(figures.crawlerAgentCount);
  expect(figures.browserDroppedCount).toBe(0);
  if (process.env.UPDATE_CORPUS_FIGURES)
    await writeFile(figuresFile, `${JSON.stringify(figures, null, 2)}\n`);
  // The page about the quality of measurement shows these: run again with UPDATE_CORPUS_FIGURES=1 to keep new ones.
  expect(JSON.parse(await readFile(figuresFile, 'utf8'))).toEqual(figures);
});

test.each(describeRules().map(({ name }) => name))(
  'something in the corpus depends on the rule %s',
  (name) => {
    const before = verdicts.filter((verdict) => isAsExpected(verdict));
    expect(before.length).toBeGreaterThan(100);
    expect(before.filter((verdict) => !isAsExpected(verdict, name)).length).toBeGreaterThan(0);
  },
);
