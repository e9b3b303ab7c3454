import { sql } from 'kysely';
import { newId } from '../../server/src/http/ids.ts';
import type { JobName } from '../../server/src/jobs/catalog.ts';
import type { TestApp } from './app.ts';

/** As judging queues it, which judges what a test has made up otherwise. */
export async function queueNotifyVisit(app: TestApp, visitId: string): Promise<void> {
  await sql`
    with run as (
      insert into job_run (id, name, payload, max_tries)
      values (${newId('job')}, 'notify-visit', ${JSON.stringify({ visitId })}::text::jsonb, 1)
      returning id, name, payload
    ) select graphile_worker.add_job(name, json_build_object('jobRunId', id, 'payload', payload)) from run`.execute(
    app.ctx.db,
  );
}

/** As if the time had come for the queue as well, which has a clock of its own. */
export async function runWaiting(app: TestApp, only: JobName[]): Promise<void> {
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(app.ctx.db);
  await app.drain(only);
}

/** A share link to Dana Okafor that leads to four pages of Pricing, and her reading the first of them right now. */
export async function makeReading(app: TestApp, userId: string, visitor: { email?: string } = {}) {
  const asset = await app.make.asset({ title: 'Pricing' });
  await app.make.rendition({ assetVersionId: asset.versionId, pages: [50, 50, 50, 50] });
  const recipient = await app.make.recipient({ name: 'Dana <Okafor> & Sons' });
  const link = await app.make.shareLink({
    assetId: asset.id,
    recipientId: recipient.id,
    createdByUserId: userId,
  });
  const now = app.ctx.clock();
  const visit = await app.make.visit({
    shareLinkId: link.id,
    class: 'human-confirmed',
    startedAt: new Date(now.getTime() - 60_000),
    lastActiveAt: now,
  });
  if (visitor.email)
    await app.ctx.db
      .updateTable('visitor')
      .set({ email: visitor.email, keyKind: 'code' })
      .where('id', '=', visit.visitorId)
      .execute();
  return {
    shareLinkId: link.id,
    visitId: visit.id,
    recipientEmail: recipient.email ?? '',
    /** Reads one more page. */
    async readOn(pageNumber: number) {
      const at = app.ctx.clock();
      await app.ctx.db
        .insertInto('pageView')
        .values({
          visitId: visit.id,
          visitStartedAt: visit.startedAt,
          tabKey: 'tab00001',
          assetVersionId: asset.versionId,
          pageNumber,
          activeMs: 10_000,
          firstSeenAt: at,
          updatedAt: at,
        })
        .execute();
      await app.ctx.db.updateTable('visit').set({ lastActiveAt: at }).where('id', '=', visit.id).execute();
    },
  };
}
