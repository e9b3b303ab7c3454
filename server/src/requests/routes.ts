import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import {
  createRequest,
  deleteRequest,
  listRequests,
  updateRequest,
  voteForRequest,
  withdrawVote,
} from './service.ts';

export function mountRequests(router: IRouter, ctx: Context): void {
  route(router, contract.listRequests, everyUser, ({ query, actor }) => listRequests(ctx, actor, query));
  route(router, contract.createRequest, everyUser, ({ body, actor }) => createRequest(ctx, actor, body));
  route(router, contract.updateRequest, curators, ({ params, body, actor }) =>
    updateRequest(ctx, actor, params.requestId, body),
  );
  route(router, contract.deleteRequest, everyUser, ({ params, actor }) =>
    deleteRequest(ctx, actor, params.requestId),
  );
  route(router, contract.voteForRequest, everyUser, ({ params, actor }) =>
    voteForRequest(ctx, actor, params.requestId),
  );
  route(router, contract.withdrawVote, everyUser, ({ params, actor }) =>
    withdrawVote(ctx, actor, params.requestId),
  );
}
