/** Runs jobs, at most so many at a time, in the order in which they came. */
export interface Pool {
  add: (job: () => Promise<void>) => void;
}

export function createPool(atMost: number): Pool {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  const next = () => {
    if (running >= atMost) return;
    const job = waiting.shift();
    if (!job) return;
    running += 1;
    void job().finally(() => {
      running -= 1;
      next();
    });
  };
  return {
    add: (job) => {
      waiting.push(job);
      next();
    },
  };
}

let guards = 0;

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** While somebody holds a guard, the browser asks before it closes the page. Answers what lets it go. */
export function guardPage(): () => void {
  if (guards === 0) window.addEventListener('beforeunload', warn);
  guards += 1;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    guards -= 1;
    if (guards === 0) window.removeEventListener('beforeunload', warn);
  };
}
