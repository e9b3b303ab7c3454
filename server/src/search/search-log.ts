import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import type { Question, Understanding } from './contract.ts';
import { listChoices } from './learning.ts';
import {
  deleteOvertakenSearches,
  deleteRefinedSearch,
  findOwnQuestion,
  findSameSearch,
  insertSearch,
  insertSearchResults,
  insertSearchTies,
  listRecentSearches,
  upsertTermChoices,
} from './log-queries.ts';
import { type ReadQuestion, writeClusterKey } from './question.ts';
import type { Tie } from './ties.ts';

/**
 * A search was typing on the way, not a question, when the next one goes on with its words within a minute, or
 * comes sooner than anybody reads results. A question that found nothing must stay: it is a gap.
 */
const continuedWithinMs = 60_000;
const readingTakesMs = 1_500;
/** A search that was given up for the next one was asked this long before it at most. */
const givenUpWithinMs = 5_000;

interface Logged {
  read: ReadQuestion;
  question: Question;
  refines: string | null;
  overtakes: boolean;
  offset: number;
  assetIds: string[];
  ties: Tie[];
  total: number;
  spelling: Understanding['spelling'];
  tookMs: number;
}

/** Later pages of one answer are added to its search; anything else is a search of its own. */
export function logSearch(ctx: Context, actor: Actor, logged: Logged): Promise<string> {
  const { read, refines, offset, assetIds } = logged;
  const question = { ...logged.question, query: read.query, filters: read.filters };
  return ctx.db.transaction().execute(async (trx) => {
    if (refines && offset > 0) {
      const same = await findSameSearch(trx, { searchId: refines, userId: actor.userId, question });
      if (same) {
        await insertSearchResults(trx, { searchId: same, assetIds, offset });
        return same;
      }
    }
    const searchedAt = ctx.clock();
    if (logged.overtakes) {
      const since = new Date(searchedAt.getTime() - givenUpWithinMs);
      await deleteOvertakenSearches(trx, { userId: actor.userId, query: read.query, since });
    }
    if (refines) {
      await learn(trx, actor, { read, refines, question, chosenAt: searchedAt });
      const since = new Date(searchedAt.getTime() - continuedWithinMs);
      const pausedSince = new Date(searchedAt.getTime() - readingTakesMs);
      const { query } = read;
      await deleteRefinedSearch(trx, { searchId: refines, userId: actor.userId, query, since, pausedSince });
    }
    const id = newId('srh');
    await insertSearch(trx, {
      id,
      userId: actor.userId,
      query: read.query,
      filters: read.filters,
      resultCount: logged.total,
      tookMs: logged.tookMs,
      searchedAt,
      clusterKey: writeClusterKey(read, logged.spelling),
      termIds: read.termIds,
      accountId: read.understanding.account?.id ?? null,
      question,
    });
    await insertSearchResults(trx, { searchId: id, assetIds, offset });
    if (offset === 0) await insertSearchTies(trx, id, logged.ties);
    return id;
  });
}

const recentWindowMs = 90 * 86_400_000;
/** Who asks something else sooner than this has glanced at an answer at most. */
const glanceMs = 3_000;
/** As long as a question may be in the making, with a look at its results on the way. */
const writingMs = 5 * 60_000;

/** What somebody asked lately and stayed with; half a word on the way to a question is none of it. */
export function findRecentSearches(ctx: Context, actor: Actor) {
  const since = new Date(ctx.clock().getTime() - recentWindowMs);
  return listRecentSearches(ctx.db, { userId: actor.userId, since, readingMs: glanceMs, writingMs });
}

interface Learnt {
  read: ReadQuestion;
  refines: string;
  question: Question;
  chosenAt: Date;
}

/** What the user did with the reading of the search before: chose a term for its words, or took one back. */
async function learn(
  trx: Database,
  actor: Actor,
  { read, refines, question, chosenAt }: Learnt,
): Promise<void> {
  const before = await findOwnQuestion(trx, refines, actor.userId);
  if (!before) return;
  const choices = listChoices(before, question, read);
  await upsertTermChoices(
    trx,
    choices.map((choice) => ({ ...choice, userId: actor.userId, chosenAt })),
  );
}
