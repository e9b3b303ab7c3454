import { closeSync, openSync, writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export type Log = Logger;

/** JSON lines with an `event` and ids. No tokens, no e-mail addresses, no full IP addresses are ever passed in. */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeFault },
    },
    destination ?? process.stdout,
  );
}

/** PostgreSQL tells of the row that it refused, which may hold addresses and names. */
function describeFault(thrown: unknown) {
  if (!(thrown instanceof Error)) return thrown;
  const {
    detail: _row,
    where: _place,
    query: _sql,
    parameters: _values,
    ...rest
  } = stdSerializers.err(thrown);
  return rest;
}

/**
 * Appends to a file. A full disk, or a log that may not be written, never stops Offshelf: lines are lost until the
 * file takes them again.
 */
export function openLogFile(path: string): DestinationStream {
  let file: number | undefined;
  let isLosing = false;
  return {
    write(line) {
      try {
        file ??= openSync(path, 'a', 0o640);
        // The line that did not fit may have been begun.
        writeSync(file, isLosing ? `\n${line}` : line);
        isLosing = false;
      } catch (error) {
        if (file !== undefined) closeSync(file);
        file = undefined;
        if (isLosing) return;
        isLosing = true;
        const { code } = error as NodeJS.ErrnoException;
        process.stderr.write(`The log ${path} cannot be written (${code}). Offshelf goes on without it.\n`);
      }
    },
  };
}
