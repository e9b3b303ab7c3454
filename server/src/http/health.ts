import type { IRouter } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { anybody } from './actor.ts';
import { endpoint } from './contract.ts';
import { route } from './route.ts';

const readHealth = endpoint({
  method: 'GET',
  path: '/health',
  response: z.object({ status: z.literal('ok') }),
});

/** Answers 200 when the database answers, so that a proxy knows where to send people. */
export function mountHealth(router: IRouter, { db }: Context): void {
  route(router, readHealth, anybody, async () => {
    await db.selectFrom('dimension').select('key').limit(1).execute();
    return { status: 'ok' as const };
  });
}
