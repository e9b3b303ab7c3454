import { describe, expect, it } from 'vitest';
import { comparable, poolDifference, type Stratum } from '../../server/src/statistics/mantel-haenszel.ts';
import { readSampleSources } from './content.ts';
import { dayMs, stages } from './deals.ts';
import { publishedAtOf } from './generate.ts';
import { type PastLink, planPast } from './past-deals.ts';

const days = [
  new Date('2026-11-22T08:00:00Z'),
  new Date('2026-03-04T17:30:00Z'),
  new Date('2027-01-01T00:10:00Z'),
];
const helping = 'Case study - Northbeck Refrigeration.pdf';
const looking = 'Data sheet - Connect interfaces.pdf';

describe.each(days)('the deals of two years up to %s', (today) => {
  const { deals, links } = planPast(today);

  it('go forward, lie in the past, and end once at most', () => {
    expect(deals.length).toBeGreaterThan(300);
    expect(new Set(deals.map(({ externalId }) => externalId)).size).toBe(deals.length);
    for (const { stageHistory, createdAt, closedAt, outcome, stage } of deals) {
      const times = stageHistory.map(({ enteredAt }) => enteredAt.getTime());
      expect(times).toEqual(times.toSorted((left, right) => left - right));
      expect(times[0]).toBe(createdAt.getTime());
      expect(stageHistory.at(-1)?.stage).toBe(stage);
      expect(Math.max(...times, closedAt?.getTime() ?? 0)).toBeLessThan(today.getTime());
      expect(closedAt === null).toBe(outcome === 'open');
    }
    expect(new Set(deals.map(({ outcome }) => outcome))).toEqual(new Set(['open', 'won', 'lost']));
    expect(new Set(deals.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'GBP', 'USD', 'CHF']));
  });

  it('have share links to what was published by then, read after they were sent', () => {
    const sources = new Map(readSampleSources().map((source) => [source.file, source]));
    for (const { file, sharedAt, readAt } of links) {
      const source = sources.get(file);
      const publishedAt = source && publishedAtOf(source, today);
      expect(publishedAt?.getTime(), file).toBeLessThan(sharedAt.getTime());
      if (!readAt) continue;
      expect(readAt.getTime()).toBeGreaterThan(sharedAt.getTime());
      expect(readAt.getTime()).toBeLessThan(today.getTime());
    }
  });

  it('say clearly that one asset helped, and of another only that large accounts buy more', () => {
    const helped = compare(deals, links, helping, today);
    expect(helped.pooled.low).toBeGreaterThan(0.05);
    const looked = compare(deals, links, looking, today);
    expect(looked.raw).toBeGreaterThan(0.05);
    expect(looked.pooled.low).toBeLessThan(0);
    expect(looked.pooled.estimate).toBeLessThan(looked.raw);
  });
});

type Deals = ReturnType<typeof planPast>['deals'];

function orNever(at: Date | null | undefined): number {
  return at?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** The raw difference, and the one among deals of the same stage and segment. */
function compare(deals: Deals, links: PastLink[], file: string, today: Date) {
  const readAt = links.flatMap((link) =>
    link.file === file && link.readAt ? [{ account: link.account, ms: link.readAt.getTime() }] : [],
  );
  const strata = new Map<string, Stratum>();
  for (const { account, segment, stageHistory, closedAt } of deals)
    for (const [place, { stage, enteredAt }] of stageHistory.entries()) {
      const entered = enteredAt.getTime();
      const next = orNever(stageHistory[place + 1]?.enteredAt);
      const left = Math.min(next, orNever(closedAt));
      const isKnown = stages.some((each) => each === stage) && entered < today.getTime() - 60 * dayMs;
      if (!isKnown || left < entered + 14 * dayMs) continue;
      const isRead = readAt.some(
        (at) => at.account === account && at.ms >= entered && at.ms <= entered + 14 * dayMs,
      );
      const key = `${stage} ${segment}`;
      const stratum = strata.get(key) ?? { exposed: 0, exposedWith: 0, unexposed: 0, unexposedWith: 0 };
      const moved = next <= entered + 60 * dayMs ? 1 : 0;
      stratum[isRead ? 'exposed' : 'unexposed'] += 1;
      stratum[isRead ? 'exposedWith' : 'unexposedWith'] += moved;
      strata.set(key, stratum);
    }
  const all = [...strata.values()];
  const sum = (key: keyof Stratum) => all.reduce((total, stratum) => total + stratum[key], 0);
  const pooled = poolDifference(comparable(all));
  if (!pooled) throw new Error('There is nothing to compare.');
  return { pooled, raw: sum('exposedWith') / sum('exposed') - sum('unexposedWith') / sum('unexposed') };
}
