import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines with an `event` and ids. No tokens, no e-mail addresses, no full IP addresses are ever passed in. */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? process.stdout,
  );
}
