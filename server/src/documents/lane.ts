/** Lets so many through at the same time; the others wait in the order in which they came. */
export interface Lane {
  /** Resolves to the function that makes room again. Rejects when the signal fires while it waits. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

export function createLane(size: number): Lane {
  let free = size;
  const waiting: (() => void)[] = [];

  function leaveOnce(): () => void {
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    };
  }

  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return leaveOnce();
      }
      await new Promise<void>((go, fail) => {
        const giveUp = () => {
          waiting.splice(waiting.indexOf(start), 1);
          fail(signal?.reason);
        };
        const start = () => {
          signal?.removeEventListener('abort', giveUp);
          go();
        };
        waiting.push(start);
        signal?.addEventListener('abort', giveUp, { once: true });
      });
      return leaveOnce();
    },
  };
}
