import type { Context } from '../context.ts';
import { noteSweep } from '../settings/service.ts';
import { deleteEmailCodesBefore } from './email-code-queries.ts';
import { codesKeptMs, mailEmailCode } from './email-codes.ts';

export const viewingJobs = {
  'send-email-code': mailEmailCode,
  'sweep-email-codes': async (ctx: Context) => {
    const before = new Date(ctx.clock().getTime() - codesKeptMs);
    await noteSweep(ctx, 'codes', await deleteEmailCodesBefore(ctx.db, before));
  },
};
