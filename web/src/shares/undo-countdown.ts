import { undoMs } from '@offshelf/server/contract/shares';
import { useEffect, useState } from 'react';

/** What a request may take to get there; an offer that the server then refuses is worse than a short one. */
const travelMs = 1500;

export function undoUntil(madeAt: number): number {
  return madeAt + undoMs - travelMs;
}

/** Whole seconds that are left to undo, down to 0. */
export function useSecondsLeft(until: number): number {
  const [left, setLeft] = useState(() => secondsLeft(until));
  useEffect(() => {
    setLeft(secondsLeft(until));
    const timer = setInterval(() => {
      const now = secondsLeft(until);
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

function secondsLeft(until: number): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
