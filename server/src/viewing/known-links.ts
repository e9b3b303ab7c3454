import { deserialize, serialize } from 'node:v8';
import type { Context } from '../context.ts';
import { isDatabaseAway } from '../db/problems.ts';
import { findPageImage, findShareContent, type ImageSize, listShareLayers } from '../rendering/service.ts';
import { findRoomContent, listShownQuestions } from '../rooms/service.ts';
import { type OpenedShareLink, openShareLink, stateOfOpened } from '../shares/service.ts';
import { createKept } from './kept.ts';

/** How long a reader waits for a database that may answer yet, where there is something to show without it. */
const patienceMs = 1_000;
/** How long a database that did not answer is left alone, except by one reader who tries. */
const awayMs = 1_000;
const defaultMostBytes = 64 * 1_048_576;

export type KnownLinks = ReturnType<typeof createKnownLinks>;

/**
 * Asks the database for what share pages show and remembers the answers for when it is away: who has been let in
 * once gets in again, unless the share link is known to have been changed or revoked.
 */
export function createKnownLinks(ctx: Context, mostBytes = defaultMostBytes) {
  // As bytes: whoever changes what it gets changes nothing here.
  const known = createKept<Buffer>(mostBytes, ({ length }) => length);
  let isAway = false;
  let triedAt = 0;
  let changeCount = 0;

  ctx.listener.on('share_changed', (changed) => {
    changeCount += 1;
    known.forgetDependents(changed);
  });

  /** The answer of the database, else what it answered last. What depends on undefined is not worth remembering. */
  async function ask<T>(
    key: string,
    read: () => Promise<T>,
    dependsOn: (value: T) => string[] | undefined = () => [],
  ): Promise<T> {
    const now = performance.now();
    const last = known.get(key);
    if (last && isAway && now - triedAt < awayMs) return deserialize(last);
    triedAt = now;
    const changesBefore = changeCount;
    const reading = read().then((value) => {
      isAway = false;
      const ids = dependsOn(value);
      // What changed in the meantime may be in the answer or not.
      if (ids && changeCount === changesBefore) known.keep(key, serialize(value), ids);
      return value;
    });
    if (!last) return reading;
    try {
      return await within(patienceMs, reading);
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      const found = known.get(key);
      if (!found) return reading;
      if (!isAway) ctx.log.warn({ event: 'share_pages_from_memory', err: error });
      isAway = true;
      return deserialize(found);
    }
  }

  return {
    async open(token: string): Promise<OpenedShareLink> {
      const opened = await ask(
        `link ${token}`,
        () => openShareLink(ctx, token),
        (found) => (found.state === 'unknown' ? undefined : dependenciesOf(found)),
      );
      return opened.state === 'unknown' ? opened : { ...opened, state: stateOfOpened(opened, ctx.clock()) };
    },
    room: (roomId: string) =>
      ask(
        `room ${roomId}`,
        () => findRoomContent(ctx.db, roomId),
        () => [roomId],
      ),
    questions: (roomId: string, shareLinkId: string) =>
      ask(
        `questions ${shareLinkId}`,
        () => listShownQuestions(ctx.db, roomId, shareLinkId),
        () => [roomId],
      ),
    content: (versionId: string) => ask(`content ${versionId}`, () => findShareContent(ctx.db, versionId)),
    layers: (versionId: string, range: { first: number; last: number }) =>
      ask(`layers ${versionId} ${range.first} ${range.last}`, () =>
        listShareLayers(ctx.db, versionId, range),
      ),
    image: (versionId: string, pageNumber: number, size: ImageSize) =>
      ask(`image ${versionId} ${pageNumber} ${size}`, () =>
        findPageImage(ctx.db, versionId, pageNumber, size),
      ),
  };
}

function dependenciesOf(opened: Exclude<OpenedShareLink, { state: 'unknown' }>): string[] {
  const { shareLinkId } = opened;
  return opened.roomId === null && opened.blobHash !== null ? [shareLinkId, opened.blobHash] : [shareLinkId];
}

const tooSlow = new Error('The database did not answer in time.');

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooSlow), milliseconds);
  // What comes after that is remembered, and nobody's fault when it fails.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isUnanswered(error: unknown): boolean {
  return error === tooSlow || isDatabaseAway(error);
}
