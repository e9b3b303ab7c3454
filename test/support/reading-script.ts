/** What a reader does, step by step, and what it should add up to. */
export type Step =
  | { kind: 'read'; page: number; ms: number }
  /** Looks at another tab. */
  | { kind: 'hide'; ms: number }
  /** Leaves everything as it is and goes away. */
  | { kind: 'idle'; ms: number }
  /** Closes the lid. */
  | { kind: 'sleep'; ms: number }
  | { kind: 'reload' }
  /** To another page and back with the button of the browser. */
  | { kind: 'back' }
  /** Goes on reading without a network. */
  | { kind: 'offline'; page: number; ms: number }
  /** Opens the share link once more and goes on there. */
  | { kind: 'tab' };

export interface Script {
  name: string;
  steps: Step[];
  end: 'close' | 'crash' | 'leave';
}

export const pageCount = 6;
/** Somebody who touches nothing counts as reading for this long. */
const idleAfterMs = 60_000;

/** The same numbers for the same seed, so that a session that failed can be looked at again. */
function createRandom(seed: number) {
  let state = seed + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let round = 0; round < 5; round++) next();
  return {
    between: (low: number, high: number) => Math.round(low + next() * (high - low)),
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}

const features = ['hide', 'idle', 'sleep', 'reload', 'back', 'offline', 'tab', 'absence', 'none'] as const;

/** Each script does one special thing for sure and others by chance, so that few of them already do everything. */
export function makeScript(number: number): Script {
  const random = createRandom(number * 7_919);
  const special = features[number % features.length] ?? 'none';
  const steps: Step[] = [];
  const read = () =>
    steps.push({ kind: 'read', page: random.between(1, pageCount), ms: random.between(1_000, 40_000) });
  const count = random.between(2, 5);
  for (let index = 0; index < count; index++) {
    read();
    const feature = index === 0 ? special : random.pick(['hide', 'none', 'none'] as const);
    if (feature === 'hide') steps.push({ kind: 'hide', ms: random.between(500, 90_000) });
    if (feature === 'idle') steps.push({ kind: 'idle', ms: random.between(70_000, 900_000) });
    if (feature === 'absence') steps.push({ kind: 'hide', ms: random.between(31 * 60_000, 50 * 60_000) });
    if (feature === 'sleep') steps.push({ kind: 'sleep', ms: random.between(6_000, 1_200_000) });
    if (feature === 'offline')
      steps.push({ kind: 'offline', page: random.between(1, pageCount), ms: random.between(2_000, 50_000) });
    if (feature === 'reload' || feature === 'back' || feature === 'tab') steps.push({ kind: feature });
  }
  read();
  const end = (['close', 'leave', 'crash'] as const)[number % 3] ?? 'close';
  return { name: `${number}: ${special}, ${end}`, steps, end };
}

/** What the script says about each page, by the rules of the product and not by the code that counts. */
export function tellTruth({ steps }: Script): Map<number, number> {
  const truth = new Map<number, number>();
  let [page, sinceTouch] = [0, 0];
  const add = (ms: number) => truth.set(page, (truth.get(page) ?? 0) + ms);
  for (const step of steps) {
    if (step.kind === 'read' || step.kind === 'offline') {
      page = step.page;
      sinceTouch = step.ms;
      add(step.ms);
    }
    if (step.kind === 'idle') {
      add(Math.min(step.ms, Math.max(0, idleAfterMs - sinceTouch)));
      sinceTouch += step.ms;
    }
  }
  return truth;
}
