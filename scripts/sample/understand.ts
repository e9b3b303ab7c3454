import type { Context } from '../../server/src/context.ts';
import type { Actor } from '../../server/src/http/actor.ts';
import { readQuestion, writeClusterKey } from '../../server/src/search/question.ts';

export type Understood = Map<string, { termIds: string[]; clusterKey: string }>;

/** What the log would have kept of these searches. */
export async function understand(ctx: Context, queries: string[], userId: string): Promise<Understood> {
  const actor: Actor = { userId, role: 'rep', name: '', email: '' };
  const understood: Understood = new Map();
  for (const query of new Set(queries)) {
    const filters = { termIds: [], audience: null };
    const read = await readQuestion(ctx, actor, { query, filters, plainTermIds: [], accountId: null });
    understood.set(query, { termIds: read.termIds, clusterKey: writeClusterKey(read, []) });
  }
  return understood;
}
