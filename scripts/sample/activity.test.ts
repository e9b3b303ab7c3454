import { describe, expect, it } from 'vitest';
import { planActivity } from './activity.ts';
import type { ActivityAsset, ActivityPlan, PlannedShareLink } from './activity-plan.ts';
import { readSampleSources } from './content.ts';
import { dayMs, planDeals, type SampleDeal } from './deals.ts';
import { publishedAtOf } from './generate.ts';
import { samplePeople } from './people.ts';

// Two days of the week and two times of day, since the plan avoids weekends and nights.
const days = [new Date('2026-11-22T08:00:00Z'), new Date('2026-03-04T17:30:00Z')];

describe.each(days)('the planned activity up to %s', (today) => {
  // Keyed and ordered as the importer keeps them, since the plan's dice fall in the order of the assets.
  const assets: ActivityAsset[] = readSampleSources()
    .map((source) => ({
      key: source.file === '' ? source.url : `files/${source.file}`,
      audience: source.audience,
      publishedAt: publishedAtOf(source, today),
      contentType: source.contentType,
      personas: source.personas,
      stages: source.stages,
      objections: source.objections,
      regions: source.regions,
      pageCount: 2,
    }))
    .sort((left, right) => left.key.localeCompare(right.key, 'en'));
  const deals = planDeals(today);
  const plan = planActivity({ assets, users: samplePeople, deals, today, seed: 11 });
  const published = new Map(
    assets.map((asset) => [asset.key, asset.publishedAt?.getTime() ?? Number.POSITIVE_INFINITY]),
  );
  const now = today.getTime();

  it('is the same for the same seed and another for another', () => {
    const input = { assets, users: samplePeople, deals, today };
    expect(planActivity({ ...input, seed: 11 })).toEqual(plan);
    expect(planActivity({ ...input, seed: 12 })).not.toEqual(plan);
  });

  it('holds no event in the future and none older than about half a year', () => {
    const times = eventTimes(plan);
    expect(times.length).toBeGreaterThan(400);
    expect(Math.max(...times)).toBeLessThan(now);
    expect(Math.min(...times)).toBeGreaterThan(now - 190 * dayMs);
  });

  it('holds no event of an asset before its publication', () => {
    const tooEarly = eventsOfAssets(plan).filter(
      ({ key, at }) => at <= (published.get(key) ?? Number.POSITIVE_INFINITY),
    );
    expect(eventsOfAssets(plan).length).toBeGreaterThan(400);
    expect(tooEarly).toEqual([]);
  });

  it('lets nobody read a page past the end', () => {
    const pages = plan.shareLinks.flatMap(({ visits }) => visits.flatMap((visit) => visit.pages));
    expect(pages.length).toBeGreaterThan(100);
    expect(Math.max(...pages.map(({ page }) => page))).toBe(2);
  });

  it('shares external assets only, and nothing that happens to a share link comes before it', () => {
    const audience = new Map(assets.map((asset) => [asset.key, asset.audience]));
    expect(plan.shareLinks.length).toBeGreaterThan(40);
    for (const link of plan.shareLinks) {
      expect(audience.get(link.assetKey)).toBe('external');
      for (const { at } of link.hits) expect(at.getTime()).toBeGreaterThanOrEqual(link.createdAt.getTime());
      for (const visit of link.visits)
        expect(visit.startedAt.getTime()).toBeGreaterThanOrEqual(link.createdAt.getTime());
    }
  });

  it('leaves 60 to 70% of the eligible assets unused, and more in the 90 days before', () => {
    const current = unusedRate(plan, assets, now - 90 * dayMs, now);
    const earlier = unusedRate(plan, assets, now - 180 * dayMs, now - 90 * dayMs);
    expect(current).toBeGreaterThanOrEqual(0.6);
    expect(current).toBeLessThanOrEqual(0.7);
    expect(earlier).toBeGreaterThan(current);
    expect(earlier).toBeLessThan(0.9);
  });

  it('puts eligible assets on every rung of the usage ladder', () => {
    const eligible = assets.filter((asset) => (published.get(asset.key) ?? now) <= now - 30 * dayMs);
    const counts = new Map<string, number>();
    for (const asset of eligible) {
      const rung = rungOf(asset.key, plan, deals, now - 90 * dayMs, now);
      counts.set(rung, (counts.get(rung) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(
      [
        'deal moved',
        'opened by a person',
        'opened by a rep',
        'published',
        'read',
        'shared',
        'surfaced',
      ].sort(),
    );
  });

  it('has several reps look in vain for the same, and some of it asked for', () => {
    const hospital = plan.searches.filter(({ query }) => /ho[sp]+i?t[ia]+ls? |hospitals/.test(query));
    expect(new Set(hospital.map(({ userEmail }) => userEmail)).size).toBeGreaterThan(2);
    expect(new Set(hospital.map(({ query }) => query)).size).toBeGreaterThan(1);
    expect(new Set(plan.requests.map(({ status }) => status))).toEqual(
      new Set(['open', 'planned', 'done', 'declined']),
    );
    const emails = new Set(samplePeople.map(({ email }) => email));
    for (const { userEmail, voterEmails, at, closedAt } of plan.requests) {
      expect([userEmail, ...voterEmails].filter((email) => !emails.has(email))).toEqual([]);
      expect(at.getTime()).toBeLessThan(closedAt?.getTime() ?? now);
    }
    for (const { userEmail } of plan.searches) expect(emails.has(userEmail)).toBe(true);
  });

  it('leaves readers without an answer, among many that were answered', () => {
    const isRead = (link: PlannedShareLink) =>
      link.visits.some(
        (visit) =>
          visit.judgement.class.startsWith('human') &&
          visit.startedAt.getTime() > now - 14 * dayMs &&
          visit.pages.some(({ activeMs }) => activeMs > 5000),
      );
    const links = plan.shareLinks.flatMap((link) => [
      link,
      ...(link.forwards ?? []).map((forward) => forward.link),
    ]);
    const waiting = links.filter((link) => isRead(link) && !link.followUps);
    expect(waiting.length).toBeGreaterThanOrEqual(6);
    expect(links.filter(({ followUps }) => followUps).length).toBeGreaterThan(waiting.length);
    expect(links.filter(({ forwards }) => forwards).length).toBe(1);
    expect(new Set(links.map(({ gate }) => gate))).toEqual(
      new Set(['ask', 'required', 'verified', undefined]),
    );
    const keys = links.flatMap(({ visits }) => visits.map(({ knownBy }) => knownBy?.key ?? 'cookie'));
    expect(new Set(keys)).toEqual(new Set(['code', 'email', 'cookie', 'daily', 'visit']));
    for (const link of links)
      for (const { at } of link.followUps ?? [])
        expect(at.getTime()).toBeGreaterThan(link.createdAt.getTime());
  });

  it('is quiet at weekends', () => {
    const times = [...plan.searches, ...plan.opens, ...plan.downloads].map(({ at }) => at);
    expect(times.filter((at) => at.getUTCDay() === 0 || at.getUTCDay() === 6)).toEqual([]);
  });

  it('has share links that nobody opened, that only a machine opened, and that were read', () => {
    const isPerson = (name: string) => name.startsWith('human');
    const kinds = plan.shareLinks.map((link) => {
      const classes = link.visits.map((visit) => visit.judgement.class);
      if (classes.some(isPerson)) return 'person';
      return classes.length > 0 || link.hits.length > 0 ? 'machine' : 'nobody';
    });
    expect(new Set(kinds)).toEqual(new Set(['person', 'machine', 'nobody']));
    const judgements = new Set(
      plan.shareLinks.flatMap((link) => link.visits.map((visit) => visit.judgement.class)),
    );
    expect([...judgements].sort()).toEqual(['bot', 'human-confirmed', 'human-likely', 'scanner', 'unsure']);
  });
});

function eventTimes(plan: ActivityPlan): number[] {
  return [
    ...[...plan.searches, ...plan.opens, ...plan.downloads].map(({ at }) => at),
    ...plan.shareLinks.flatMap((link) => [
      link.createdAt,
      ...(link.revokedAt ? [link.revokedAt] : []),
      ...link.hits.map(({ at }) => at),
      ...link.visits.map(endOf),
      ...(link.followUps ?? []).map(({ at }) => at),
      ...(link.forwards ?? []).flatMap((forward) => [
        forward.link.createdAt,
        ...forward.link.visits.map(endOf),
      ]),
    ]),
  ].map((at) => at.getTime());
}

function endOf(visit: ActivityPlan['shareLinks'][number]['visits'][number]): Date {
  return new Date(visit.startedAt.getTime() + visit.pages.reduce((sum, page) => sum + page.activeMs, 0));
}

function eventsOfAssets(plan: ActivityPlan): { key: string; at: number }[] {
  return [
    ...plan.searches.flatMap(({ at, shownKeys }) => shownKeys.map((key) => ({ key, at: at.getTime() }))),
    ...[...plan.opens, ...plan.downloads].map(({ at, assetKey }) => ({ key: assetKey, at: at.getTime() })),
    ...plan.shareLinks.map(({ assetKey, createdAt }) => ({ key: assetKey, at: createdAt.getTime() })),
  ];
}

function unusedRate(plan: ActivityPlan, assets: ActivityAsset[], from: number, to: number) {
  const isInside = (at: Date) => at.getTime() >= from && at.getTime() < to;
  const used = new Set([
    ...plan.shareLinks.filter(({ createdAt }) => isInside(createdAt)).map(({ assetKey }) => assetKey),
    ...plan.downloads.filter(({ at }) => isInside(at)).map(({ assetKey }) => assetKey),
  ]);
  const eligible = assets.filter(
    ({ publishedAt }) => publishedAt !== null && publishedAt.getTime() <= to - 30 * dayMs,
  );
  expect(eligible.length).toBeGreaterThan(20);
  return eligible.filter(({ key }) => !used.has(key)).length / eligible.length;
}

function rungOf(key: string, plan: ActivityPlan, deals: SampleDeal[], from: number, to: number) {
  const isInside = (at: Date) => at.getTime() >= from && at.getTime() < to;
  const links = plan.shareLinks.filter((link) => link.assetKey === key && isInside(link.createdAt));
  const human = (link: (typeof links)[number]) =>
    link.visits.filter(({ judgement }) => judgement.class.startsWith('human'));
  const isRead = (link: (typeof links)[number]) =>
    human(link).some(({ pages }) => pages.some(({ activeMs }) => activeMs >= 40_000));
  const hasMoved = (link: (typeof links)[number]) =>
    deals
      .find(({ account }) => account === link.recipient.account)
      ?.stageHistory.some(({ enteredAt }) => human(link).some(({ startedAt }) => enteredAt > startedAt)) ??
    false;
  if (links.some((link) => isRead(link) && hasMoved(link))) return 'deal moved';
  if (links.some(isRead)) return 'read';
  if (links.some((link) => human(link).length > 0)) return 'opened by a person';
  if (links.length > 0) return 'shared';
  if (plan.opens.some(({ assetKey, at }) => assetKey === key && isInside(at))) return 'opened by a rep';
  return plan.searches.some(({ shownKeys, at }) => shownKeys.includes(key) && isInside(at))
    ? 'surfaced'
    : 'published';
}
