import type { Context } from '../context.ts';
import type { Attention } from './contract.ts';

/** Answers about fewer visits are found anew each time, which takes no longer than people notice. */
const fewestVisits = 20_000;
/** What is counted is less than a minute old then, too; the answer says how old it is. */
const keptMs = 30_000;
const mostKept = 40;

const keptOf = new WeakMap<Context['db'], Map<string, { until: number; answer: Attention }>>();

/** The answer to the same question about very many visits, as it was a moment ago; else it is found. */
export async function keepAnswer(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  question: unknown,
  find: () => Promise<Attention>,
): Promise<Attention> {
  const kept = keptOf.get(db) ?? new Map();
  keptOf.set(db, kept);
  const key = JSON.stringify(question);
  const now = clock().getTime();
  const known = kept.get(key);
  if (known && known.until > now) return known.answer;
  const answer = await find();
  kept.delete(key);
  if (answer.versions.reduce((sum, { visitCount }) => sum + visitCount, 0) >= fewestVisits)
    kept.set(key, { until: now + keptMs, answer });
  for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest);
  return answer;
}
