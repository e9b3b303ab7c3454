import type { z } from 'zod';
import { listSearchSessions } from '../analytics/service.ts';
import type { Context } from '../context.ts';
import { keepCounted } from '../db/kept.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { readFreshness } from '../rollups/service.ts';
import type { Slice, Window } from '../slices/contract.ts';
import { resolveSlice } from '../slices/service.ts';
import { quantile } from '../statistics/quantiles.ts';
import { findCoaching } from './coaching.ts';
import type { Quartiles, Rate, Rep, readTeams as readTeamsEndpoint, Team } from './contract.ts';
import {
  countSharesByUser,
  findTeam,
  listAnsweredReads,
  listReps,
  listTeamSettings,
  type RepRow,
  upsertTeamSetting,
} from './queries.ts';

const hourMs = 3_600_000;
/** Below that a rate or a median says more about chance than about anybody. */
const fewestForRate = 5;

/** What each seller did in a window, before it is put together by team. */
interface Doing {
  rep: RepRow;
  shareCount: number;
  previousShareCount: number;
  sessions: { hasSucceeded: boolean }[];
  /** Hours until each read was answered; null for those that were not. */
  answers: (number | null)[];
}

const everything = {
  persona: [],
  product: [],
  language: [],
  industry: [],
  region: [],
  segment: [],
};

export async function readTeams(
  ctx: Context,
  actor: Actor,
  period: Pick<Slice, 'days' | 'from' | 'to'>,
): Promise<z.output<(typeof readTeamsEndpoint)['response']>> {
  const { window, before } = await resolveSlice(ctx, { ...everything, ...period });
  const [{ doings, countedAt }, settings, ownTeam] = await Promise.all([
    listDoings(ctx, window, before),
    listTeamSettings(ctx.db),
    findTeam(ctx.db, actor.userId),
  ]);
  const ranking = new Set(settings.filter((each) => each.showsRanking).map(({ team }) => team));
  const shown = actor.role === 'rep' ? doings.filter(({ rep }) => rep.team === ownTeam) : doings;
  const teams = [...Map.groupBy(shown, ({ rep }) => rep.team)]
    .map(([name, members]) => ({
      ...toTeam(name, members),
      showsRanking: ranking.has(name ?? ''),
      mayRank: mayRank(actor, ownTeam, name),
    }))
    .toSorted((a, b) => (a.name ?? '￿').localeCompare(b.name ?? '￿'));
  const visible = doings.filter(({ rep }) => maySee(actor, ownTeam, rep));
  return { window, teams, reps: orderReps(visible.map(toRep), ranking), asOf: countedAt };
}

/** Numbers of individuals are for those who lead them, and for themselves. */
function maySee(actor: Actor, ownTeam: string | null, rep: RepRow): boolean {
  if (actor.role === 'admin') return true;
  if (actor.role === 'manager') return rep.team === ownTeam;
  return rep.userId === actor.userId;
}

function mayRank(actor: Actor, ownTeam: string | null, team: string | null): boolean {
  return actor.role === 'admin' || (actor.role === 'manager' && team === ownTeam);
}

async function listDoings(
  ctx: Context,
  window: Window,
  before: Window,
): Promise<{ doings: Doing[]; countedAt: Date }> {
  const [reps, { countedAt, shares, previous, sessions, reads }] = await Promise.all([
    listReps(ctx.db),
    keepCounted(ctx, {
      what: 'teams',
      question: [window.start, window.lastDay, before.start],
      count: () => countDoings(ctx, window, before),
      // Much sharing and searching takes as long as a large shelf.
      sizeOf: ({ shares: counted, sessions: made }) =>
        made.length + counted.reduce((sum, { shareCount }) => sum + shareCount, 0),
    }),
  ]);
  const countOf = (rows: typeof shares) => new Map(rows.map((row) => [row.userId, row.shareCount]));
  const [now, then] = [countOf(shares), countOf(previous)];
  const sessionsOf = Map.groupBy(sessions, ({ userId }) => userId);
  const readsOf = Map.groupBy(reads, ({ userId }) => userId);
  const doings = reps.map((rep) => ({
    rep,
    shareCount: now.get(rep.userId) ?? 0,
    previousShareCount: then.get(rep.userId) ?? 0,
    sessions: sessionsOf.get(rep.userId) ?? [],
    answers: (readsOf.get(rep.userId) ?? []).map(({ firstReadAt, followedUpAt }) =>
      followedUpAt === null ? null : (followedUpAt.getTime() - firstReadAt.getTime()) / hourMs,
    ),
  }));
  return { doings, countedAt };
}

async function countDoings(ctx: Context, window: Window, before: Window) {
  const [{ countedAt }, shares, previous, sessions, reads] = await Promise.all([
    readFreshness(ctx.db),
    countSharesByUser(ctx.db, window),
    countSharesByUser(ctx.db, before),
    listSearchSessions(ctx, window),
    listAnsweredReads(ctx.db, window),
  ]);
  return { countedAt, shares, previous, sessions, reads };
}

function toTeam(name: string | null, members: Doing[]): Omit<Team, 'showsRanking' | 'mayRank'> {
  const sharing = members.filter(({ shareCount }) => shareCount > 0).length;
  const before = members.filter(({ previousShareCount }) => previousShareCount > 0).length;
  return {
    name,
    repCount: members.length,
    sharing: rateOf(sharing, members.length, 1),
    previousSharing: rateOf(before, members.length, 1),
    sharesPerRep: quartilesOf(
      members.map(({ shareCount }) => shareCount),
      1,
    ),
    ...toDoing(members),
  };
}

function toRep(doing: Doing): Rep {
  const { rep, shareCount, previousShareCount } = doing;
  const numbers = { shareCount, ...toDoing([doing]) };
  return { ...rep, previousShareCount, ...numbers, coaching: findCoaching(numbers) };
}

function toDoing(doings: Doing[]): Pick<Rep, 'search' | 'followUp'> {
  const sessions = doings.flatMap((doing) => doing.sessions);
  const answers = doings.flatMap((doing) => doing.answers);
  const given = answers.filter((hours) => hours !== null);
  return {
    search: rateOf(sessions.filter(({ hasSucceeded }) => hasSucceeded).length, sessions.length),
    followUp: { hours: quartilesOf(given), answered: rateOf(given.length, answers.length) },
  };
}

function rateOf(part: number, n: number, fewest = fewestForRate): Rate {
  return { value: n >= fewest ? part / n : null, part, n };
}

function quartilesOf(values: number[], fewest = fewestForRate): Quartiles {
  const n = values.length;
  if (n === 0) return { median: null, low: 0, high: 0, n };
  const [low = 0, median = 0, high = 0] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return { median: n >= fewest ? median : null, low, high, n };
}

/** By name; those of a team that wants it by how much they share. */
function orderReps(reps: Rep[], ranking: ReadonlySet<string>): Rep[] {
  return reps.toSorted((a, b) => {
    const isRanked = a.team === b.team && ranking.has(a.team ?? '');
    return (isRanked && b.shareCount - a.shareCount) || a.name.localeCompare(b.name);
  });
}

export async function changeTeam(
  { db, clock, log }: Context,
  actor: Actor,
  { team, showsRanking }: { team: string | null; showsRanking: boolean },
): Promise<{ showsRanking: boolean }> {
  if (!mayRank(actor, await findTeam(db, actor.userId), team))
    throw new Problem('forbidden', 'Only the manager of a team or an admin decides this.');
  await upsertTeamSetting(db, {
    team: team ?? '',
    showsRanking,
    changedByUserId: actor.userId,
    changedAt: clock(),
  });
  log.info({ event: 'team_ranking_changed', showsRanking, userId: actor.userId });
  return { showsRanking };
}
