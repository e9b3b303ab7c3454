import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { type Access, curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { answerFlags, listFlagAnswers, readAging, takeAnswerBack } from './service.ts';

/** Names of buyers and of those who said what is wrong are in it. */
const readers = [...curators, 'manager'] as const satisfies Access;

export function mountAging(router: IRouter, ctx: Context): void {
  route(router, contract.readAging, readers, ({ query }) => readAging(ctx, query));
  route(router, contract.answerFlags, everyUser, ({ params, body, actor }) =>
    answerFlags(ctx, actor, params.assetId, body),
  );
  route(router, contract.takeAnswerBack, everyUser, ({ params, actor }) =>
    takeAnswerBack(ctx, actor, params.answerId),
  );
  route(router, contract.listFlagAnswers, everyUser, ({ params, actor }) =>
    listFlagAnswers(ctx, actor, params.assetId),
  );
}
