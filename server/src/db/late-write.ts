import type { Log } from '../http/log.ts';

let containments = 0;
let containedLog: Log | undefined;

/**
 * postgres.js can write to a connection that has just closed, from setImmediate, where nobody can catch what that
 * throws. This keeps that one error from ending the process; every other error still does.
 */
export function containLateWrite(log: Log): () => void {
  containedLog = log;
  containments += 1;
  if (containments === 1) process.on('uncaughtException', onUncaught);
  return () => {
    containments -= 1;
    if (containments === 0) process.off('uncaughtException', onUncaught);
  };
}

function onUncaught(error: unknown): void {
  if (isLateWrite(error)) {
    containedLog?.warn({ event: 'database_late_write_contained' });
    return;
  }
  // With no other listener Node would have ended the process, so it still does, with the same trace.
  if (process.listenerCount('uncaughtException') === 1) throw error;
}

function isLateWrite(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.message === "Cannot read properties of null (reading 'write')" &&
    /\bnextWrite\b.*[\\/]node_modules[\\/]postgres[\\/]/.test(error.stack ?? '')
  );
}
