import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { addToRoom, createRoom, orderRoom, removeFromRoom, updateRoom, updateRoomItem } from './edit.ts';
import { listRoomQuestions, updateRoomQuestion } from './questions.ts';
import { listRooms, readRoom } from './read-room.ts';

export function mountRooms(router: IRouter, ctx: Context): void {
  route(router, contract.listRooms, everyUser, ({ query, actor }) => listRooms(ctx, actor, query));

  route(router, contract.createRoom, everyUser, ({ body, actor }) => createRoom(ctx, actor, body));

  route(router, contract.readRoom, everyUser, ({ params, actor }) => readRoom(ctx, actor, params.roomId));

  route(router, contract.updateRoom, everyUser, ({ params, body, actor }) =>
    updateRoom(ctx, actor, params.roomId, body),
  );

  route(router, contract.addToRoom, everyUser, ({ params, body, actor }) =>
    addToRoom(ctx, actor, params.roomId, params.assetId, body),
  );

  route(router, contract.updateRoomItem, everyUser, ({ params, body, actor }) =>
    updateRoomItem(ctx, actor, params.roomId, params.assetId, body),
  );

  route(router, contract.removeFromRoom, everyUser, ({ params, actor }) =>
    removeFromRoom(ctx, actor, params.roomId, params.assetId),
  );

  route(router, contract.orderRoom, everyUser, ({ params, body, actor }) =>
    orderRoom(ctx, actor, params.roomId, body.assetIds),
  );

  route(router, contract.listRoomQuestions, everyUser, ({ actor }) => listRoomQuestions(ctx, actor));

  route(router, contract.updateRoomQuestion, everyUser, ({ params, body, actor }) =>
    updateRoomQuestion(ctx, actor, params.questionId, body),
  );
}
