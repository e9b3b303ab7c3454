import * as contract from '@offshelf/server/contract/rooms';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { changeInTurn, queryClient } from '../lib/query-client.ts';
import { inOrder } from '../lib/reorder.ts';

export type {
  NextStep,
  Room,
  RoomCard,
  RoomHolder,
  RoomItem,
  RoomQuestion,
} from '@offshelf/server/contract/rooms';
export type NextStepInput = NonNullable<typeof contract.updateRoom.body._output>['nextStep'];

export function roomsQuery(part: 'own' | 'all') {
  return infiniteQueryOptions({
    queryKey: ['rooms', 'list', part],
    queryFn: ({ pageParam, signal }) =>
      call(contract.listRooms, {
        query: { part, limit: 40, ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Prospects read and ask while it is looked at. */
const followMs = 30_000;

export function roomQuery(roomId: string) {
  return queryOptions({
    queryKey: ['rooms', 'one', roomId],
    queryFn: ({ signal }) => call(contract.readRoom, { params: { roomId }, signal }),
    refetchInterval: followMs,
  });
}

export const roomQuestionsQuery = queryOptions({
  queryKey: ['rooms', 'questions'],
  queryFn: ({ signal }) => call(contract.listRoomQuestions, { signal }),
  refetchInterval: followMs,
});

function renew(): void {
  // What is added and answered stands in the story of each share link to the room.
  for (const key of ['rooms', 'link-timeline']) void queryClient.invalidateQueries({ queryKey: [key] });
}

export async function makeRoom(
  source: { collectionId: string } | { assetIds: string[] },
): Promise<{ room: contract.Room; leftOut: contract.LeftOut[] }> {
  const made = await call(contract.createRoom, { body: { source } });
  queryClient.setQueryData(roomQuery(made.room.id).queryKey, made.room);
  renew();
  return made;
}

export async function editRoom(
  roomId: string,
  body: { name?: string; note?: string; nextStep?: NextStepInput },
): Promise<void> {
  const { nextStep, ...words } = body;
  await changeEarly(
    roomId,
    (room) => ({
      ...room,
      ...words,
      ...(nextStep !== undefined && {
        nextStep: nextStep && { url: null, at: null, ...nextStep },
      }),
    }),
    () => call(contract.updateRoom, { params: { roomId }, body }),
  );
}

export async function addToRoom(
  roomId: string,
  assetId: string,
  body: { note?: string; place?: number } = {},
): Promise<void> {
  await call(contract.addToRoom, { params: { roomId, assetId }, body });
  renew();
}

export async function removeFromRoom(roomId: string, assetId: string): Promise<void> {
  await changeEarly(
    roomId,
    (room) => ({ ...room, items: room.items.filter(({ asset }) => asset.id !== assetId) }),
    () => call(contract.removeFromRoom, { params: { roomId, assetId } }),
  );
}

export async function editRoomItem(
  roomId: string,
  assetId: string,
  body: { note?: string; isPinned?: boolean },
): Promise<void> {
  const { note } = body;
  await changeEarly(
    roomId,
    (room) => ({
      ...room,
      items: room.items.map((item) =>
        item.asset.id === assetId && note !== undefined ? { ...item, note } : item,
      ),
    }),
    () => call(contract.updateRoomItem, { params: { roomId, assetId }, body }),
  );
}

export async function orderRoom(roomId: string, assetIds: string[]): Promise<void> {
  await changeEarly(
    roomId,
    (room) => ({ ...room, items: inOrder(room.items, ({ asset }) => asset.id, assetIds) }),
    () => call(contract.orderRoom, { params: { roomId }, body: { assetIds } }),
  );
}

export async function editQuestion(
  questionId: string,
  body: { answer?: string; isForAll?: boolean; isHidden?: boolean },
): Promise<void> {
  await call(contract.updateRoomQuestion, { params: { questionId }, body });
  renew();
}

function changeEarly(
  roomId: string,
  change: (data: contract.Room) => contract.Room,
  send: () => Promise<unknown>,
): Promise<void> {
  return changeInTurn<contract.Room>(roomQuery(roomId).queryKey, { change, send, onSettled: renew });
}
