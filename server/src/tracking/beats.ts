import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context.ts';
import { isDatabaseAway, translateDatabaseError } from '../db/problems.ts';
import { clientAddressOf } from '../http/client-address.ts';
import { listFaults, Problem, toDocument } from '../http/problem.ts';
import { type Beat, beat as beatSchema } from './contract.ts';
import { type CheckedBeat, checkBeat, createBeatQueue } from './engagement.ts';
import { createJudgementQueue } from './judging-queue.ts';
import { createFactsMemory, createRateLimit, createTabLimit, limitKeyOf } from './rate.ts';
import type { TrackingSpool } from './spool-handlers.ts';
import { createGrantReader, lateMs, type VisitGrant } from './token.ts';
import { followVisit, noteBrowserFacts } from './visits.ts';

const path = '/t/beats';
const bodyLimitBytes = 16_384;
/** What the database did not take is written within this time, or given up. */
const unwrittenMs = 10 * 60_000;

/**
 * Takes `POST /t/beats` in front of Express, because beats are most of the traffic and need nothing of it. Answers
 * whether the request was one. A beat is answered when it is durable, with 204, or with 200 and a new visit token.
 */
export function createBeatHandler(
  ctx: Context,
  spool: TrackingSpool,
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const queue = createBeatQueue(ctx);
  const judgements = createJudgementQueue(ctx);
  const grants = createGrantReader(ctx.instanceKey);
  const { trustProxy } = ctx.config;
  // Each process counts for itself: to share the counts would cost a write for each beat, which is what they save. With
  // several processes somebody gets at most as many times the rate.
  const addresses = createRateLimit({ perSecond: 100, burst: 1_000 });
  const visits = createRateLimit({ perSecond: 1, burst: 30 });
  const tabs = createTabLimit();
  const facts = createFactsMemory();

  async function take(body: Buffer, res: ServerResponse): Promise<void> {
    const beat = parse(body);
    const now = ctx.clock().getTime();
    const grant = getGrant(beat, now);
    const checked = checkBeat(beat, grant, now);
    if (!checked)
      throw new Problem(
        'invalid_request',
        `This version has ${grant.pageCount} pages, and the beat names a later one.`,
      );
    if (!tabs.admits(grant.visitId, beat.tabKey))
      throw new Problem('invalid_request', 'This visit has more tabs than a reader opens.');
    try {
      if (!(await keep(res, grant, checked, beat.signals))) return;
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await keepForLater(res, checked);
      return;
    }
    res.writeHead(204).end();
    judgements.notice(checked, grant.startedAt);
  }

  /** What the token allows, if it is ours, young enough, and not used too often. */
  function getGrant(beat: Beat, now: number): VisitGrant {
    const grant = grants.read(beat.visitToken, now);
    if (grant === 'forged')
      throw new Problem('invalid_request', 'This visit token is not one that Offshelf gave.');
    if (grant === 'late') throw new Problem('ticket_expired', 'This visit began more than 24 hours ago.');
    if (beat.ageMs > lateMs) throw new Problem('ticket_expired', 'This beat is more than 24 hours old.');
    if (!visits.take(grant.visitId, now)) throw tooMany();
    return grant;
  }

  /** Whether the beat is in the database; if not, it was answered otherwise. */
  async function keep(
    res: ServerResponse,
    grant: VisitGrant,
    beat: CheckedBeat,
    signals: Beat['signals'],
  ): Promise<boolean> {
    const submitted = queue.submit(beat);
    if (!submitted)
      throw new Problem('unavailable', 'Too many beats are waiting. Send this one again in a moment.');
    if ((await submitted) === 'ended') {
      await answerNewVisit(res, grant, beat);
      return false;
    }
    if (signals && facts.isNew(grant.visitId, signals)) await noteBrowserFacts(ctx, grant.visitId, signals);
    return true;
  }

  async function answerNewVisit(res: ServerResponse, ended: VisitGrant, beat: CheckedBeat): Promise<void> {
    const visitToken = await followVisit(ctx, ended);
    if (visitToken !== undefined) {
      const body = JSON.stringify({ visitToken });
      res.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
      return;
    }
    // It may have begun while the database was away, and still be in a file.
    if (ctx.clock().getTime() - ended.startedAt > unwrittenMs)
      throw new Problem('not_found', 'This visit is not there any more.');
    await keepForLater(res, beat);
  }

  async function keepForLater(res: ServerResponse, beat: CheckedBeat): Promise<void> {
    await spool.append('beat', { ...beat, receivedAt: ctx.clock().toISOString() });
    res.writeHead(204).end();
  }

  return (req, res) => {
    if (req.url !== path) return false;
    if (req.method !== 'POST') {
      refuse(res, new Problem('method_not_allowed', 'Send a beat with POST.'), { Allow: 'POST' });
      return true;
    }
    // Before anything is read: whoever floods us costs no more than this.
    if (!addresses.take(limitKeyOf(clientAddressOf(req, trustProxy)), ctx.clock().getTime())) {
      refuse(res, crowded());
      return true;
    }
    readBody(req)
      .then((body) => take(body, res))
      .catch((error: unknown) => {
        const problem = error instanceof Problem ? error : translateDatabaseError(error);
        if (problem) return refuse(res, problem);
        ctx.log.error({ event: 'beat_failed', err: error });
        refuse(res, new Problem('unavailable', 'This beat could not be kept. Send it again in a moment.'));
      });
    return true;
  };
}

function parse(body: Buffer): Beat {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Problem('malformed_body', 'A beat is JSON.');
  }
  const result = beatSchema.safeParse(value);
  if (result.success) return result.data;
  throw new Problem('invalid_request', 'This is not a beat.', listFaults('body', result.error.issues));
}

function readBody(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    if (Number(req.headers['content-length'] ?? 0) > bodyLimitBytes) {
      reject(tooLarge());
      return;
    }
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // What follows is read and dropped, so that the refusal can still be received.
      if (size > bodyLimitBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.on('error', reject);
    req.on('close', () => {
      if (!req.complete) reject(new Problem('malformed_body', 'The beat broke off.'));
    });
  });
}

function tooLarge(): Problem {
  return new Problem('too_large', 'A beat has at most 16 kB.');
}

function crowded(): Problem {
  const problem = new Problem(
    'too_many_attempts',
    'Too many beats come from this address. Send the latest totals later.',
  );
  problem.retryAfterSeconds = 15;
  return problem;
}

function tooMany(): Problem {
  const problem = new Problem(
    'too_many_attempts',
    'A visit takes one beat a second. Send the latest totals later.',
  );
  problem.retryAfterSeconds = 5;
  return problem;
}

function refuse(res: ServerResponse, problem: Problem, headers: Record<string, string> = {}): void {
  if (res.headersSent || res.destroyed) return;
  const document = toDocument(problem, randomUUID());
  const { status, instance } = document;
  const retryAfter = problem.retryAfterSeconds ?? (status === 503 ? 5 : undefined);
  res
    .writeHead(status, {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Request-Id': instance,
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
      // A body that is still coming in is not waited for.
      ...(status === 413 && { Connection: 'close' }),
      ...headers,
    })
    .end(JSON.stringify(document));
}
