import type { Context } from '../context.ts';
import { deleteExpired } from './queries.ts';
import { windowMs } from './service.ts';
import { sendMail, sendReset } from './tickets.ts';

/** Removes what can no longer let anybody in, and tries that no longer count. */
async function sweepSessions({ db, clock, log }: Context): Promise<void> {
  const now = clock();
  const beforeWindow = new Date(now.getTime() - 4 * windowMs);
  const removed = await deleteExpired(db, { sessions: now, tickets: now, attempts: beforeWindow });
  log.info({ event: 'sessions_swept', ...removed });
}

export const authJobs = { 'send-mail': sendMail, 'send-reset': sendReset, 'sweep-sessions': sweepSessions };
