/**
 * Tells whether this thread has worked for so many milliseconds since. Time on the wall would give a page up because
 * the machine is busy with something else; it is only looked at first because asking for it costs nothing.
 */
export function deadline(ms: number): () => boolean {
  const wallEnd = performance.now() + ms;
  const workEnd = workMs() + ms;
  return () => performance.now() > wallEnd && workMs() > workEnd;
}

function workMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
