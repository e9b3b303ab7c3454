import { z } from 'zod';
import { Problem } from './problem.ts';

/** The place where a page of a list ended, as text that says nothing to anybody else. */
export function writeCursor(place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place again; what this list never wrote is refused. */
export function readCursor<S extends z.ZodType>(place: S, cursor: string): z.output<S> {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new Problem(
      'invalid_request',
      'This cursor does not belong to this list. Start from the first page.',
      [{ pointer: '/query/cursor', detail: 'This is not a cursor of this list.' }],
    );
  }
}

const momentPlace = z.tuple([z.string().refine((text) => !Number.isNaN(Date.parse(text))), z.string()]);

/** The place in a list that goes by moments: the moment as text to its last digit, and the id. */
export function readMomentCursor(cursor: string): [moment: string, id: string] {
  return readCursor(momentPlace, cursor);
}
