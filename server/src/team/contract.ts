import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';
import { slice, window } from '../slices/contract.ts';

/** Null below the minimum n. */
const rate = z.object({ value: z.number().nullable(), part: z.int(), n: z.int() });
export type Rate = z.infer<typeof rate>;

const quartiles = z.object({ median: z.number().nullable(), low: z.number(), high: z.number(), n: z.int() });
export type Quartiles = z.infer<typeof quartiles>;

/** From the first read of a share link to what its sender noted as followed up; in hours. */
const followUp = z.object({ hours: quartiles, answered: rate });

export const rep = z.object({
  userId: id('usr'),
  name: z.string(),
  team: z.string().nullable(),
  shareCount: z.int(),
  previousShareCount: z.int(),
  search: rate,
  followUp,
  /** The one thing to talk about, if there is one. */
  coaching: z.string().nullable(),
});
export type Rep = z.infer<typeof rep>;

export const team = z.object({
  /** Null: those without a team. */
  name: z.string().nullable(),
  repCount: z.int(),
  /** How many of them shared anything. */
  sharing: rate,
  previousSharing: rate,
  sharesPerRep: quartiles,
  search: rate,
  followUp,
  showsRanking: z.boolean(),
  /** Whether whoever asks may turn it on or off. */
  mayRank: z.boolean(),
});
export type Team = z.infer<typeof team>;

export const readTeams = endpoint({
  method: 'GET',
  path: '/report/teams',
  query: slice.pick({ days: true, from: true, to: true }),
  response: z.object({
    window,
    teams: z.array(team),
    /**
     * Managers see those of their team, reps themselves, admins everybody and marketing nobody; by name, or by how much
     * they share where their team wants that.
     */
    reps: z.array(rep),
    asOf: instant,
  }),
});

/** A team's manager says whether its members are put in order. */
export const changeTeam = endpoint({
  method: 'PATCH',
  path: '/teams',
  body: z.object({ team: z.string().max(80).nullable(), showsRanking: z.boolean() }),
  response: z.object({ showsRanking: z.boolean() }),
});
