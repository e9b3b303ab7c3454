import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';

/** Fewer things than these are counted anew each time, which takes no longer than people notice. */
const fewestKept = 5_000;
/** What is counted is less than a minute old then, too; an answer says how old it is. */
const keptMs = 30_000;
/** What was searched for in a year is some megabytes. */
const mostKept = 20;

interface Kept {
  /** Something that was counted before was about so many things. */
  isLarge: boolean;
  answers: Map<string, { until: number; found: Promise<unknown> }>;
}

const keptOf = new WeakMap<Context['db'], Kept>();

/**
 * What is counted where there is much: as it was a moment ago, and once for everybody who asks at the same time. `question` names
 * all that the answer depends on and that has to be seen at once when it changes.
 */
export async function keepCounted<Answer>(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  question: unknown,
  count: () => Promise<Answer>,
  sizeOf: (answer: Answer) => number,
): Promise<Answer> {
  const kept = keptOf.get(db) ?? { isLarge: false, answers: new Map() };
  keptOf.set(db, kept);
  const { answers } = kept;
  const key = createHash('sha256').update(JSON.stringify(question)).digest('base64');
  const now = clock().getTime();
  const known = answers.get(key);
  if (known && known.until > now) return known.found as Promise<Answer>;
  const found = count();
  const entry = { until: now + keptMs, found };
  answers.delete(key);
  if (kept.isLarge) answers.set(key, entry);
  try {
    const answer = await found;
    kept.isLarge ||= sizeOf(answer) >= fewestKept;
    if (kept.isLarge) answers.set(key, entry);
    return answer;
  } catch (error) {
    answers.delete(key);
    throw error;
  } finally {
    for (const [oldest, { until }] of answers)
      if (until <= now || answers.size > mostKept) answers.delete(oldest);
  }
}
