import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';

/** Fewer things than these are counted anew each time, which takes no longer than people notice. */
const fewestKept = 5_000;
/** What is counted is less than a minute old then, too; an answer says how old it is. */
const keptMs = 30_000;
/** What was searched for in a year is some megabytes. */
const mostKept = 40;

interface Kept {
  /** Of what was counted before and was much. */
  large: Set<string>;
  answers: Map<string, { until: number; found: Promise<unknown> }>;
}

interface Counted<Answer> {
  /** What is counted, such as the ladder: once there was much of it, all answers about it are kept. */
  what: string;
  /** All that the answer depends on and that has to be seen at once when it changes. */
  question: unknown;
  count: () => Promise<Answer>;
  sizeOf: (answer: Answer) => number;
}

const keptOf = new WeakMap<Context['db'], Kept>();

/** What is counted where there is much: as it was a moment ago, and once for everybody who asks at the same time. */
export async function keepCounted<Answer>(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  { what, question, count, sizeOf }: Counted<Answer>,
): Promise<Answer> {
  const { large, answers } = keptOf.get(db) ?? { large: new Set(), answers: new Map() };
  keptOf.set(db, { large, answers });
  const key = createHash('sha256')
    .update(JSON.stringify([what, question]))
    .digest('base64');
  const now = clock().getTime();
  const known = answers.get(key);
  if (known && known.until > now) return known.found as Promise<Answer>;
  const found = count();
  const entry = { until: now + keptMs, found };
  answers.delete(key);
  if (large.has(what)) answers.set(key, entry);
  try {
    const answer = await found;
    if (sizeOf(answer) >= fewestKept) large.add(what);
    if (large.has(what)) answers.set(key, entry);
    return answer;
  } catch (error) {
    answers.delete(key);
    throw error;
  } finally {
    for (const [oldest, { until }] of answers)
      if (until <= now || answers.size > mostKept) answers.delete(oldest);
  }
}
