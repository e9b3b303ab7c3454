import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { admins } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { countRuns, findRun, type JobRunRow, listRuns, requeueFailedRun } from './queries.ts';

/** What the admin page shows of background jobs. Payloads stay inside. */
export function mountJobs(router: IRouter, { db }: Context): void {
  route(router, contract.listJobRuns, admins, async ({ query }) => {
    const { limit, state, cursor: after } = query;
    const [rows, counts] = await Promise.all([
      listRuns(db, { limit: limit + 1, state, after }),
      countRuns(db),
    ]);
    const items = rows.slice(0, limit).map(toJobRun);
    return {
      items,
      nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null,
      counts: {
        queued: 0,
        running: 0,
        done: 0,
        failed: 0,
        ...Object.fromEntries(counts.map((row) => [row.state, row.count])),
      },
    };
  });

  route(router, contract.retryJobRun, admins, async ({ params }) => {
    const retried = await requeueFailedRun(db, params.jobRunId);
    if (retried) return toJobRun(retried);
    if (!(await findRun(db, params.jobRunId))) throw new Problem('not_found', 'There is no such job run.');
    throw new Problem(
      'conflict',
      'Only a failed job can be tried again, and only while no newer one waits for the same thing.',
    );
  });
}

function toJobRun(row: JobRunRow) {
  return { ...row, state: contract.jobRunState.parse(row.state) };
}
