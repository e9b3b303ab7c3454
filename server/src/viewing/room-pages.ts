import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { id } from '../http/contract.ts';
import { Problem } from '../http/problem.ts';
import {
  askQuestion,
  type RoomContent,
  type RoomContentItem,
  readProgress,
  wasInRoom,
} from '../rooms/service.ts';
import type { OpenedRoom } from '../shares/service.ts';
import { addressKeyOf } from '../tracking/hits.ts';
import { visitIdOf } from '../tracking/token.ts';
import type { ForwardForm } from './forward-form.ts';
import type { GuestCard } from './guest-card.ts';
import { type Html, html } from './html.ts';
import type { KnownLinks } from './known-links.ts';
import type { Audience } from './notice.ts';
import { removedItemPage, unknownPage } from './refusal-page.ts';
import { describeProgress, type RoomView, renderCalendar, roomPage } from './room-page.ts';
import type { QuestionForm } from './room-questions.ts';
import type { Page } from './send-page.ts';
import type { OpenShare } from './share-page.ts';

/** A room that may be shown to this browser. */
export interface OpenRoom {
  room: OpenedRoom;
  /** The address of the share link, without origin. */
  path: string;
  audience: Audience;
  pageToken: string | undefined;
  /** A question to the guest, if there is one. */
  card: GuestCard | undefined;
  /** Without path, for pictures of it elsewhere; undefined where it is for certain people. */
  origin: string | undefined;
}

/** An item of a room as a share of its own, with the way back and on. */
export interface OpenItem {
  share: OpenShare;
  path: string;
  inRoom: { above: Html; below: Html };
}

type AdmitToRoom = (req: Request) => Promise<OpenRoom | { refusal: Page }>;

/** What a stranger with a share link to a room can ask for, beside the items. */
export function createRoomPages(ctx: Context, known: KnownLinks, admit: AdmitToRoom) {
  async function progress(req: Request, res: Response): Promise<Page | undefined> {
    const admission = await admit(req);
    if ('refusal' in admission) return admission.refusal;
    const { shareLinkId, roomId } = admission.room;
    const { visitToken } = progressForm.parse(req.body ?? {});
    const visitId = visitIdOf(ctx, visitToken);
    const items = visitId === null ? undefined : await readProgress(ctx, { shareLinkId, roomId, visitId });
    res.set({ 'Cache-Control': 'private, no-cache', 'X-Robots-Tag': 'noindex, nofollow' });
    if (items) res.json(describeProgress(items));
    else res.status(204).end();
    return undefined;
  }

  /** Works without script: what was asked stands in the room, or the form says why it does not. */
  async function ask(req: Request, res: Response): Promise<Page | undefined> {
    const admission = await admit(req);
    if ('refusal' in admission) return admission.refusal;
    const { room, path, audience } = admission;
    const { privacy, guest } = audience;
    const { shareLinkId, roomId } = room;
    const { question: text, name, about: assetId, visit } = questionForm.parse(req.body ?? {});
    try {
      await askQuestion(ctx, {
        shareLinkId,
        roomId,
        visitId: privacy === 'told' ? visitIdOf(ctx, visit) : null,
        addressKey: addressKeyOf(ctx, req),
        name: guest?.name ?? guest?.email ?? name,
        email: guest?.email ?? null,
        text,
        assetId,
      });
    } catch (error) {
      const problem = explain(error);
      const page = await renderRoom(known, admission, {
        form: { ...formOf(admission), text, name, assetId, problem },
      });
      return error instanceof Problem && error.code === 'too_many_attempts'
        ? {
            ...page,
            status: 429,
            headers: { ...page.headers, 'Retry-After': String(error.retryAfterSeconds ?? 600) },
          }
        : page;
    }
    const query = privacy === 'private' ? '?private=1' : '';
    res.set('Cache-Control', 'no-store').redirect(303, `${path}${query}#questions`);
    return undefined;
  }

  async function calendar(req: Request, res: Response): Promise<Page | undefined> {
    const admission = await admit(req);
    if ('refusal' in admission) return admission.refusal;
    const content = await known.room(admission.room.roomId);
    const text = content && renderCalendar(content, admission.room.shareLinkId, ctx.clock());
    if (!text) return unknownPage();
    res.set({
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Disposition': 'attachment; filename="next-step.ics"',
      'Cache-Control': 'private, no-store',
      'X-Robots-Tag': 'noindex, nofollow',
    });
    res.send(text);
    return undefined;
  }

  return { progress, ask, calendar };
}

export async function renderRoom(
  known: KnownLinks,
  open: OpenRoom,
  typed: { form?: QuestionForm; forward?: ForwardForm } = {},
): Promise<Page> {
  const { room, path, audience, pageToken, card, origin } = open;
  const [content, questions] = await Promise.all([
    known.room(room.roomId),
    known.questions(room.roomId, room.shareLinkId),
  ]);
  if (!content) return unknownPage();
  const view: RoomView = {
    share: room,
    content,
    questions,
    path,
    audience,
    pageToken,
    card,
    origin,
    form: typed.form ?? formOf(open),
    forward: typed.forward,
  };
  return roomPage(view);
}

function formOf({ audience }: OpenRoom): QuestionForm {
  return { text: '', name: '', assetId: '', isKnown: audience.guest !== null };
}

/** An item of the room, or the page that says that it is not there any more. */
export async function openItem(
  { db }: Context,
  known: KnownLinks,
  { room, path, isPrivate }: { room: OpenedRoom; path: string; isPrivate: boolean },
  assetId: string,
): Promise<OpenItem | { refusal: Page }> {
  const content = await known.room(room.roomId);
  const index = content?.items.findIndex((item) => item.assetId === assetId) ?? -1;
  const item = content?.items[index];
  const query = isPrivate ? '?private=1' : '';
  if (!content || !item)
    return {
      refusal:
        isAssetId.safeParse(assetId).success && (await wasInRoom(db, room.roomId, assetId))
          ? removedItemPage(room.senderName, `${path}${query}`)
          : unknownPage(),
    };
  const { roomName: _, roomId: __, ...link } = room;
  const {
    note,
    addedAt: ___,
    hasThumbnail: ____,
    expectedMs: _____,
    readablePages,
    durationMs,
    ...file
  } = item;
  return {
    share: { ...link, ...file, roomId: null, message: note },
    path: `${path}/items/${assetId}`,
    inRoom: {
      above: renderWayBack(content, index, `${path}${query}`),
      below: renderNeighbours(content, index, path, query),
    },
  };
}

function renderWayBack({ name, items }: RoomContent, index: number, address: string): Html {
  return html`<nav class="meta" aria-label="Room"><a href="${address}">Back to ${name}</a>, ${index + 1} of ${items.length}</nav>`;
}

function renderNeighbours({ items }: RoomContent, index: number, path: string, query: string): Html {
  const [before, after] = [items[index - 1], items[index + 1]];
  const link = (word: string, item: RoomContentItem | undefined, rel: string) =>
    item &&
    html`<p><a rel="${rel}" href="${path}/items/${item.assetId}${query}">${word}: ${item.assetTitle}</a></p>`;
  return html`<nav class="on" aria-label="More in this room">${link('Next', after, 'next')}${link('Before this', before, 'prev')}<p><a href="${path}${query}">Back to the room</a></p></nav>`;
}

function explain(error: unknown): string {
  if (!(error instanceof Problem)) throw error;
  if (error.code === 'too_many_attempts')
    return 'You have asked a lot in a short time. Wait a while, then ask again; what you wrote is still here.';
  if (error.code !== 'invalid_request' && error.code !== 'conflict') throw error;
  return error.message;
}

const isAssetId = id('ast');

const progressForm = z.object({ visitToken: z.string().max(2_000).catch('') });

const questionForm = z.object({
  question: z.string().catch(''),
  name: z.string().max(500).catch(''),
  about: z.string().max(60).catch(''),
  visit: z.string().max(2_000).catch(''),
});
