import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import {
  createObjectionNote,
  deleteObjectionNote,
  listNotableDeals,
  listObjectionNotes,
  suggestObjectionTerms,
  updateObjectionNote,
} from './service.ts';

export function mountFeedback(router: IRouter, ctx: Context): void {
  route(router, contract.listObjectionNotes, everyUser, ({ query, actor }) =>
    listObjectionNotes(ctx, actor, query),
  );
  route(router, contract.createObjectionNote, everyUser, ({ body, actor }) =>
    createObjectionNote(ctx, actor, body),
  );
  route(router, contract.suggestObjectionTerms, everyUser, ({ body, actor }) =>
    suggestObjectionTerms(ctx, actor, body.text),
  );
  route(router, contract.listNotableDeals, everyUser, ({ query, actor }) =>
    listNotableDeals(ctx, actor, query),
  );
  route(router, contract.updateObjectionNote, everyUser, ({ params, body, actor }) =>
    updateObjectionNote(ctx, actor, params.objectionNoteId, body),
  );
  route(router, contract.deleteObjectionNote, everyUser, ({ params, actor }) =>
    deleteObjectionNote(ctx, actor, params.objectionNoteId),
  );
}
