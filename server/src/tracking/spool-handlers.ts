import type { Context } from '../context.ts';
import { insertLinkHits, type SpooledHit } from './hit-queries.ts';
import {
  replayBeats,
  replayDownloads,
  replayOpenings,
  type SpooledBeat,
  type SpooledDownload,
  type SpooledOpening,
} from './replay.ts';
import { openSpool, type Spool } from './spool.ts';

/** What is kept in a file first, by its kind. */
type TrackingRecords = {
  hit: SpooledHit;
  opening: SpooledOpening;
  beat: SpooledBeat;
  download: SpooledDownload;
};

export type TrackingSpool = Spool<TrackingRecords>;

export function openTrackingSpool(ctx: Context): TrackingSpool {
  return openSpool<TrackingRecords>(ctx, {
    async hit(records) {
      await insertLinkHits(ctx.db, records);
      return undefined;
    },
    async opening(records) {
      await replayOpenings(ctx, records);
      return undefined;
    },
    beat: (records) => replayBeats(ctx, records),
    download: (records) => replayDownloads(ctx, records),
  });
}
