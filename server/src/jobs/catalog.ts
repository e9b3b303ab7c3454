import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { id } from '../http/contract.ts';
import { newId } from '../http/ids.ts';
import { insertQueuedRun, insertQueuedRuns } from './queries.ts';

/** Every background job and what it is told. A payload holds ids, never a secret in the clear or an e-mail address. */
export const jobs = {
  'index-asset': z.object({ assetId: id('ast') }),
  /** Tells Meilisearch of every change that waits for it; the changes are rows of their own. */
  'index-meilisearch': z.object({}),
  'rebuild-search-index': z.object({ number: z.int() }),
  /** Has an index filled that is empty, and what waits for Meilisearch taken over. */
  'check-search-index': z.object({}),
  /** Counts how much each asset is used, for the ranking. */
  'refresh-search-evidence': z.object({}),
  /** A file, by its content: pages, pictures and text. Nothing to do when that is there already. */
  'render-file': z.object({ blobHash: z.string(), mediaType: z.string(), fileName: z.string() }),
  'read-web-link': z.object({ assetVersionId: id('ver') }),
  /** Queues what was never rendered, or in an older way; newest and most used first. */
  'render-backlog': z.object({}),
  /** Asks the web links that were not asked for longest whether they still open. */
  'check-web-links': z.object({}),
  /** Forgets what was made of content that no version has any more. */
  'sweep-renditions': z.object({}),
  'run-import': z.object({ importRunId: id('imp') }),
  /** Checks a file of deals or takes it in, whichever it was told to; goes on where it was. */
  'run-deal-import': z.object({ dealImportId: id('din') }),
  /** Forgets files of deals that nobody imported. */
  'sweep-deal-imports': z.object({}),
  'send-mail': z.object({
    userId: id('usr'),
    byUserId: id('usr'),
    kind: z.enum(['invite', 'reset']),
    /** The link, sealed with the instance key. */
    sealedUrl: z.string(),
    expiresAt: z.iso.datetime(),
  }),
  /** A share link to its recipient, once it can no longer be undone. */
  'send-share-mail': z.object({ shareLinkId: id('lnk') }),
  /** To a guest, to prove that they read mail at the address that they typed. */
  'send-email-code': z.object({ emailCodeId: id('code'), sealedCode: z.string() }),
  'send-reset': z.object({ sealedEmail: z.string() }),
  /** A visit was judged: whoever sent the share link is told, where there is something to tell. */
  'notify-visit': z.object({ visitId: id('vis') }),
  /** Somebody asked in a room, or what they asked was answered or hidden. */
  'notify-question': z.object({ questionId: id('que') }),
  /** Sends what waits for this user on this channel and is due. */
  'send-notifications': z.object({ userId: id('usr'), channel: z.enum(['email', 'slack']) }),
  /** Has sent what is due and was never queued, as after a crash. */
  'send-due-notifications': z.object({}),
  /** Tells other systems of a share link, once it can no longer be undone. */
  'announce-share-link': z.object({ shareLinkId: id('lnk') }),
  'send-webhook': z.object({ webhookDeliveryId: id('whd') }),
  'sweep-sessions': z.object({}),
  'sweep-uploads': z.object({}),
  'sweep-collections': z.object({}),
  'sweep-tracking': z.object({}),
  /** Makes the tables of the months to come, and of those of which rows stand among the others. */
  'open-months': z.object({}),
  'sweep-searches': z.object({}),
  'sweep-email-codes': z.object({}),
  'sweep-notifications': z.object({}),
  /** Judges visits of the last minutes again, by what came to light after they began. */
  'settle-judgements': z.object({}),
  /** Counts how often visits with the same signals turned out to be people. */
  'calibrate-judgements': z.object({}),
  /** Judges the past again by the rules of today. */
  'rejudge-visits': z.object({ rejudgingId: id('rej') }),
  /** Counts which assets were read in deals that moved on. */
  'count-influence': z.object({}),
  /** Notes for which open deals something was read lately. */
  'count-pipeline': z.object({}),
  /** Counts what happened to the assets of each decision since. */
  'measure-decisions': z.object({}),
  /** Looks for assets of which fewer share links are read than before. */
  'find-falls': z.object({}),
  /** Counts gaps anew where there are many searches and something has changed. */
  'count-gaps': z.object({}),
  /** Has every brief sent that is due. */
  'send-briefs': z.object({}),
  'send-brief': z.object({ userId: id('usr'), weekOn: z.iso.date() }),
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]>;

/**
 * One handler for each job. Handlers are idempotent: a job may run again after a crash. The signal fires when the
 * worker is asked to stop; what takes long gives up then and leaves the rest to the next start.
 */
export type JobHandlers<C> = {
  [N in JobName]: (ctx: C, payload: JobPayload<N>, stopping: AbortSignal) => Promise<void>;
};

/** When jobs without a payload run by themselves, in cron notation and UTC. */
export type JobSchedule = readonly { name: JobName; cron: string }[];

export interface EnqueueOptions {
  /** Of the runs that wait under one key there is only ever one; it takes the newest payload. */
  key?: string;
  runAt?: Date;
  maxTries?: number;
  /** Runs of one queue go one after the other. */
  queue?: string;
  /** Jobs of a lower number go first; 0 unless something else is said. */
  priority?: number;
}

const defaultMaxTries = 6;

type SubjectJob =
  | 'index-asset'
  | 'index-meilisearch'
  | 'check-search-index'
  | 'render-file'
  | 'read-web-link'
  | 'render-backlog'
  | 'open-months'
  | 'run-import'
  | 'run-deal-import'
  | 'find-falls'
  | 'count-influence'
  | 'count-pipeline';

/** What a run is about, for jobs of which a second one that waits would do the same. Queries look for these keys. */
const subjects: { [N in SubjectJob]: (payload: JobPayload<N>) => string } = {
  'index-asset': ({ assetId }) => assetId,
  'index-meilisearch': () => 'all',
  'check-search-index': () => 'all',
  'render-file': ({ blobHash, mediaType }) => `${blobHash} ${mediaType}`,
  'read-web-link': ({ assetVersionId }) => assetVersionId,
  'render-backlog': () => 'all',
  'open-months': () => 'all',
  'run-import': ({ importRunId }) => importRunId,
  'run-deal-import': ({ dealImportId }) => dealImportId,
  'find-falls': () => 'all',
  'count-influence': () => 'all',
  'count-pipeline': () => 'all',
};

/** Queues a job unless one about the same waits already, which then takes these options. */
export async function enqueueOnce<N extends SubjectJob>(
  db: Database,
  name: N,
  payload: JobPayload<N>,
  options: Omit<EnqueueOptions, 'key'> = {},
): Promise<string> {
  return enqueue(db, name, payload, { ...options, key: `${name}:${subjects[name](payload)}` });
}

/** Queues a job in the caller's transaction: it exists exactly when the rest of the transaction does. */
export async function enqueue<N extends JobName>(
  db: Database,
  name: N,
  payload: JobPayload<N>,
  { key, runAt, maxTries = defaultMaxTries, queue, priority = 0 }: EnqueueOptions = {},
): Promise<string> {
  const checked = jobs[name].parse(payload);
  const id = newId('job');
  return insertQueuedRun(db, { id, name, payload: checked, key, runAt, maxTries, queue, priority });
}

/** Queues one job for each of these, in one question; those that wait under the same key are taken over. */
export async function enqueueMany<N extends JobName>(
  db: Database,
  name: N,
  runs: { payload: JobPayload<N>; key: string }[],
): Promise<void> {
  if (runs.length === 0) return;
  await insertQueuedRuns(
    db,
    { name, maxTries: defaultMaxTries },
    runs.map(({ payload, key }) => ({ id: newId('job'), payload: jobs[name].parse(payload), key })),
  );
}
