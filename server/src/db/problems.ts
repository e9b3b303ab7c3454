import { Problem } from '../http/problem.ts';

/** Codes of PostgreSQL and of the driver that mean: the database can't be asked right now. */
const databaseAway = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '08000',
  '08003',
  '08006',
  '53300',
  '57P01',
  '57P02',
  '57P03',
]);

/** The disk of the database is full, broken or read-only, or its memory is used up. */
const databaseFull = new Set(['53100', '53200', '58030', '25006']);

/** A statement that has a limit of time was ended. */
const tookTooLong = '57014';

/** A moment or day outside of the calendar that PostgreSQL keeps, such as the year 0. */
const unknownMoment = new Set(['22007', '22008']);

/** PostgreSQL keeps no zero characters, neither in text nor in JSON. */
const unkeepable = new Set(['22021', '22P05']);

export function translateDatabaseError(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && unkeepable.has(code))
    return new Problem(
      'invalid_request',
      'The text holds a character that cannot be kept. Remove it and try again.',
    );
  if (code !== undefined && unknownMoment.has(code))
    return new Problem('invalid_request', 'A date lies outside of the calendar. Correct it and try again.');
  if (code !== undefined && databaseFull.has(code))
    return new Problem(
      'unavailable',
      'The database cannot write, most likely because its disk is full. Ask your admin to free some space, then try again.',
    );
  if (code === tookTooLong)
    return new Problem(
      'unavailable',
      'This took the database too long. Ask for less at once, in fewer words.',
    );
  if (code === undefined || !databaseAway.has(code)) return undefined;
  if (code === 'ENOENT' && syscall !== 'connect') return undefined;
  return new Problem(
    'unavailable',
    'The database does not answer. Nothing was changed; try again in a moment.',
  );
}

/** Whether the database could not take or answer this, so that it can be asked again later. */
export function isDatabaseAway(error: unknown): boolean {
  return translateDatabaseError(error)?.code === 'unavailable';
}

/** True when the named unique constraint or index refused a row, so that a service can say what is there already. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return isViolation(error, '23505', constraint);
}

/** True when rows still point to one that was to go, or to one that is not there. */
export function isForeignKeyViolation(error: unknown, constraint: string): boolean {
  return isViolation(error, '23503', constraint);
}

function isViolation(error: unknown, wanted: string, constraint: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, constraint_name: name } = error as Error & { code?: string; constraint_name?: string };
  return code === wanted && name === constraint;
}
