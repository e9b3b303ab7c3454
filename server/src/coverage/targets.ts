import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { listDimensions } from '../taxonomy/service.ts';
import {
  type CoverageDimension,
  coverageDimension,
  type setCoverageTarget as setCoverageTargetEndpoint,
} from './contract.ts';
import { findTarget, lockTargets, putTarget } from './target-queries.ts';

type TargetInput = z.output<(typeof setCoverageTargetEndpoint)['body']>;

export async function setCoverageTarget(
  { db, clock }: Context,
  actor: Actor,
  { wantedCount, ...target }: TargetInput,
): Promise<{ wantedCount: number | null; beforeCount: number | null }> {
  const dimensions = await listDimensions(db);
  const isThere = (key: CoverageDimension, termId: string | null) =>
    termId === null || dimensions.some((it) => it.key === key && it.terms.some(({ id }) => id === termId));
  const given = [target.personaTermId, target.stageTermId, target.objectionTermId];
  if (given.filter((termId) => termId !== null).length < 2)
    throw new Problem('invalid_request', 'A cell needs two terms at least. Name a persona and a stage, say.');
  for (const key of coverageDimension.options)
    if (!isThere(key, target[`${key}TermId`])) {
      const detail = `This is no ${key}, perhaps it was merged. Reload the page.`;
      throw new Problem('invalid_request', detail, [{ pointer: `/body/${key}TermId`, detail }]);
    }
  return db.transaction().execute(async (trx) => {
    await lockTargets(trx);
    const beforeCount = await findTarget(trx, target);
    await putTarget(trx, target, { wantedCount, setByUserId: actor.userId, setAt: clock() });
    return { wantedCount, beforeCount };
  });
}
