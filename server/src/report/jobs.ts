import { z } from 'zod';
import { deliverMail } from '../auth/mail.ts';
import type { Context } from '../context.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import { readSettings } from '../settings/service.ts';
import { type Slice, slice } from '../slices/contract.ts';
import { readBrief } from './brief.ts';
import { composeBriefMail } from './brief-mail.ts';
import { unsubscribeUrls } from './subscription.ts';
import {
  claimSending,
  findSubscription,
  findUserAddress,
  listDueBriefs,
  markSent,
  releaseSending,
} from './subscription-queries.ts';
import { wordsIn } from './words.ts';

export const reportJobs = { 'send-briefs': sendBriefs, 'send-brief': sendBrief };

/** Every few minutes, so that a worker that was away makes up for it within the week. */
async function sendBriefs({ db, clock, config }: Context): Promise<void> {
  if (!config.mail) return;
  const { timeZone } = await readSettings(db);
  for (const due of await listDueBriefs(db, clock(), timeZone))
    await enqueue(db, 'send-brief', due, { key: `send-brief:${due.userId}:${due.weekOn}` });
}

/**
 * Everything is ready before the week is claimed, and of two workers one claims it. A mail that the server refused is
 * tried again; after a crash between the two a week is rather missed than sent twice.
 */
async function sendBrief(ctx: Context, due: JobPayload<'send-brief'>): Promise<void> {
  const { db, clock, config, log } = ctx;
  const [subscription, user, { timeZone }] = await Promise.all([
    findSubscription(db, due.userId),
    findUserAddress(db, due.userId),
    readSettings(db),
  ]);
  if (!config.mail || !subscription || !user || user.deactivatedAt !== null || user.role === 'rep') return;
  const stop = unsubscribeUrls(ctx, due.userId);
  const brief = await readBrief(ctx, readSliceQuery(subscription.query), subscription.locale);
  const mail = composeBriefMail(brief, wordsIn(subscription.locale).moment(brief.asOf, timeZone), {
    publicUrl: config.publicUrl,
    search: subscription.query === '' ? '' : `?${subscription.query.replace(/^\?/, '')}`,
    unsubscribeUrl: stop.page,
  });
  if (!(await claimSending(db, due, clock()))) return;
  try {
    await deliverMail(config.mail, { to: user.email, ...mail, stopUrl: stop.oneClick });
  } catch (error) {
    await releaseSending(db, due);
    throw error;
  }
  await markSent(db, due, clock());
  log.info({ event: 'brief_sent', userId: due.userId, weekOn: due.weekOn });
}

/** What stands behind the question mark of an address; what it does not understand it leaves out. */
function readSliceQuery(query: string): Slice {
  const given: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = given[name];
    given[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  const read = z.safeDecode(slice, given as never);
  return read.success ? read.data : z.decode(slice, {});
}
