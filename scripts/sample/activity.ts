import { planGaps } from './activity-gaps.ts';
import { planShareLink } from './activity-links.ts';
import type { ActivityAsset, ActivityInput, ActivityPlan, PlannedSearch, Rung } from './activity-plan.ts';
import { planRecent } from './activity-recent.ts';
import { missingQueries, objectionQueries, otherQueries } from './activity-words.ts';
import { dayMs, workingTime } from './deals.ts';
import type { SamplePerson } from './people.ts';
import { createRandom, type Random } from './random.ts';

/**
 * Plans past activity of the demo as data. Each asset gets a rung for the last 90 days and another for the 90
 * before, somewhat worse; the events then lift it to that rung and no further.
 */
export function planActivity(input: ActivityInput): ActivityPlan {
  const random = createRandom(input.seed);
  const plan: ActivityPlan = { searches: [], opens: [], downloads: [], shareLinks: [], requests: [] };
  const earlier = { from: daysBefore(input.today, 183), to: daysBefore(input.today, 90), usedShare: 0.25 };
  const current = { from: daysBefore(input.today, 92), to: daysBefore(input.today, 0.05), usedShare: 0.36 };
  for (const period of [earlier, current]) planPeriod(plan, input, period, random);
  const gaps = planGaps(input.today, input.seed);
  plan.searches.push(...gaps.searches);
  plan.requests.push(...gaps.requests);
  planRecent(plan, input);
  plan.searches.sort(byTime);
  plan.opens.sort(byTime);
  plan.downloads.sort(byTime);
  plan.shareLinks.sort((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
  return plan;
}

/** Events start three days into it, which leaves room to move one off a weekend. */
type Period = { from: Date; to: Date; usedShare: number };
/** What one period's planning hands to its steps. */
type Scene = {
  plan: ActivityPlan;
  input: ActivityInput;
  period: Period;
  random: Random;
  reps: SamplePerson[];
};

function planPeriod(plan: ActivityPlan, input: ActivityInput, period: Period, random: Random) {
  const reps = input.users.filter((user) => user.role === 'rep');
  const scene: Scene = { plan, input, period, random, reps };
  const assets = input.assets.filter((asset) => asset.publishedAt !== null && asset.publishedAt < period.to);
  const rungs = assignRungs(assets, period, random);
  for (const { asset, rung, popularity } of rungs) liftAsset(scene, asset, rung, popularity);
  planSearches(
    scene,
    rungs
      .filter(({ rung }) => rung !== 'published')
      .map(({ asset, rung }) => ({ asset, canOpen: rung !== 'surfaced' })),
  );
}

type Placed = { asset: ActivityAsset; rung: Rung; popularity: number };

/**
 * Used assets are external ones that fit many situations: a few carry most of the sharing. Of the unused, some are
 * opened and not trusted, most are only seen, and a few are never found.
 */
function assignRungs(assets: ActivityAsset[], period: Period, random: Random): Placed[] {
  const eligible = assets.filter(
    (asset) => asset.publishedAt !== null && asset.publishedAt <= daysBefore(period.to, 30),
  );
  const score = new Map(
    assets.map((asset) => [
      asset.key,
      asset.objections.length * 0.5 +
        asset.stages.length * 0.4 +
        asset.personas.length * 0.2 +
        random.between(0, 2.4),
    ]),
  );
  const ranked = [...eligible].sort(
    (left, right) => (score.get(right.key) ?? 0) - (score.get(left.key) ?? 0),
  );
  const usedCount = Math.round(eligible.length * period.usedShare);
  const downloadedInternally = Math.min(2, Math.floor(usedCount / 5));
  const shared = ranked
    .filter((asset) => asset.audience === 'external')
    .slice(0, usedCount - downloadedInternally);
  const placed: Placed[] = shared.map((asset, index) => ({
    asset,
    rung: sharedRung(index, shared.length),
    popularity: Math.max(1, Math.round(13 / (index + 1.2))),
  }));
  const internal = ranked.filter((asset) => asset.audience === 'internal').slice(0, downloadedInternally);
  for (const asset of internal) placed.push({ asset, rung: 'shared', popularity: 2 });
  const rest = random.shuffle(
    assets.filter((asset) => !placed.some((entry) => entry.asset.key === asset.key)),
  );
  for (const [index, asset] of rest.entries()) {
    const position = (index + 0.5) / rest.length;
    const rung: Rung = position < 0.2 ? 'published' : position < 0.62 ? 'surfaced' : 'opened';
    placed.push({ asset, rung, popularity: 1 });
  }
  return placed;
}

function sharedRung(index: number, count: number): Rung {
  const position = (index + 0.5) / count;
  if (position < 0.34) return 'deal-moved';
  if (position < 0.6) return 'read';
  return position < 0.8 ? 'opened-by-person' : 'shared';
}

function liftAsset(scene: Scene, asset: ActivityAsset, rung: Rung, popularity: number) {
  if (rung === 'published' || rung === 'surfaced') return;
  const { plan, random } = scene;
  const openCount = rung === 'opened' ? random.whole(1, 3) : popularity + random.whole(1, 4);
  for (let count = 0; count < openCount; count += 1) {
    const at = timeFor(scene, asset);
    if (at)
      plan.opens.push({
        at,
        userEmail: pickRep(scene).email,
        assetKey: asset.key,
        via: 'browse',
        dwellMs: random.whole(3, 95) * 1000,
      });
  }
  if (rung === 'opened') return;
  if (asset.audience === 'internal') {
    for (let count = 0; count < popularity; count += 1) {
      const at = timeFor(scene, asset);
      if (at) plan.downloads.push({ at, userEmail: pickRep(scene).email, assetKey: asset.key });
    }
    return;
  }
  for (let count = 0; count < popularity; count += 1) {
    // The first link decides the rung; the others may fall short of it, as in life.
    const wanted = count === 0 ? rung : lowered(random, rung);
    const link = planShareLink({
      random,
      asset,
      wanted,
      deals: scene.input.deals,
      reps: scene.reps,
      rep: pickRep(scene),
      at: timeFor(scene, asset),
      period: scene.period,
      today: scene.input.today,
    });
    if (link) plan.shareLinks.push(link);
  }
}

function lowered(random: Random, rung: Rung): Rung {
  const order: Rung[] = ['shared', 'opened-by-person', 'read', 'deal-moved'];
  const top = order.indexOf(rung);
  return order[Math.min(top, random.pick([0, 0, 1, 2, 2, 3]))] ?? 'shared';
}

function planSearches(scene: Scene, findable: { asset: ActivityAsset; canOpen: boolean }[]) {
  const { random, plan, period } = scene;
  const openable = findable.filter(({ canOpen }) => canOpen);
  // Whatever surfaced did so at least once, so each asset has a search of its own before the random ones.
  for (const { asset, canOpen } of findable)
    addSearch(scene, findable, queryFor(random, asset), timeFor(scene, asset), asset, canOpen);
  const days = Math.round((period.to.getTime() - period.from.getTime()) / dayMs);
  for (let count = 0; count < days; count += 1) {
    const at = workingTime(
      random,
      new Date(random.between(period.from.getTime() + 3 * dayMs, period.to.getTime())),
    );
    if (at > period.to) continue;
    if (random.chance(0.12)) {
      const shownKeys = random.chance(0.5) ? [] : pickShown(random, findable, at, null).slice(0, 3);
      plan.searches.push({
        at,
        userEmail: pickRep(scene).email,
        query: random.pick(missingQueries),
        shownKeys,
        openedKeys: [],
        dwellMs: null,
      });
      continue;
    }
    // Most of what people look for they find; what is only ever passed over is looked for less.
    const { asset, canOpen } = random.pick(random.chance(0.85) ? openable : findable);
    if (asset.publishedAt && asset.publishedAt < at)
      addSearch(scene, findable, queryFor(random, asset), at, asset, canOpen && random.chance(0.85));
  }
}

function addSearch(
  scene: Scene,
  findable: { asset: ActivityAsset }[],
  query: string,
  at: Date | null,
  asset: ActivityAsset,
  opens: boolean,
) {
  if (!at) return;
  const { random, plan } = scene;
  const shownKeys = pickShown(random, findable, at, asset);
  const userEmail = pickRep(scene).email;
  const openedKeys = opens ? [asset.key] : [];
  const search: PlannedSearch = { at, userEmail, query, shownKeys, openedKeys, dwellMs: null };
  plan.searches.push(search);
  if (!opens) return;
  const openedAt = new Date(at.getTime() + random.whole(6, 40) * 1000);
  search.dwellMs = random.whole(4, 120) * 1000;
  plan.opens.push({
    at: openedAt,
    userEmail,
    assetKey: asset.key,
    via: 'search',
    dwellMs: search.dwellMs,
  });
}

function pickShown(
  random: Random,
  findable: { asset: ActivityAsset }[],
  at: Date,
  wanted: ActivityAsset | null,
): string[] {
  const similar = (asset: ActivityAsset) =>
    asset.objections.filter((term) => wanted?.objections.includes(term)).length * 2 +
    (asset.contentType === wanted?.contentType ? 1 : 0) +
    random.next();
  const others = findable
    .map(({ asset }) => asset)
    .filter((asset) => asset.key !== wanted?.key && asset.publishedAt !== null && asset.publishedAt < at)
    .map((asset) => ({ key: asset.key, weight: similar(asset) }))
    .sort((left, right) => right.weight - left.weight)
    .slice(0, random.whole(2, 8))
    .map(({ key }) => key);
  if (wanted) others.splice(random.whole(0, Math.min(3, others.length)), 0, wanted.key);
  return others;
}

function queryFor(random: Random, asset: ActivityAsset): string {
  const objection = asset.objections.length > 0 && random.chance(0.75) ? random.pick(asset.objections) : null;
  if (objection === null)
    return random.chance(0.5) ? asset.contentType.toLowerCase() : random.pick(otherQueries);
  return random.pick(objectionQueries[objection] ?? [objection.toLowerCase()]);
}

/** A working time within the period and after publication; null when the asset came too late for it. */
function timeFor({ random, period }: Scene, asset: ActivityAsset): Date | null {
  const earliest = Math.max(
    period.from.getTime() + 3 * dayMs,
    (asset.publishedAt?.getTime() ?? 0) + 3 * dayMs,
  );
  if (earliest > period.to.getTime()) return null;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const at = workingTime(random, new Date(random.between(earliest, period.to.getTime())));
    if (at <= period.to) return at;
  }
  return null;
}

function pickRep({ reps, random }: Scene): SamplePerson {
  const total = reps.reduce((sum, rep) => sum + rep.activity, 0);
  let left = random.between(0, total);
  for (const rep of reps) {
    left -= rep.activity;
    if (left <= 0) return rep;
  }
  return random.pick(reps);
}

function daysBefore(date: Date, days: number) {
  return new Date(date.getTime() - days * dayMs);
}

function byTime(left: { at: Date }, right: { at: Date }) {
  return left.at.getTime() - right.at.getTime();
}
