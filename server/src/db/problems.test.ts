import { expect, test } from 'vitest';
import { translateDatabaseError } from './problems.ts';

const failed = (code: string) => Object.assign(new Error('the words of PostgreSQL'), { code });

test('a full disk is said, with what to do about it', () => {
  const problem = translateDatabaseError(failed('53100'));
  expect(problem?.code).toBe('unavailable');
  expect(problem?.message).toContain('disk is full');
});

test.each(['22007', '22008'])('a date outside of the calendar (%s) is the fault of the request', (code) => {
  expect(translateDatabaseError(failed(code))?.code).toBe('invalid_request');
});

test('a statement that ran out of time is said, with what to do about it', () => {
  const problem = translateDatabaseError(failed('57014'));
  expect(problem?.code).toBe('unavailable');
  expect(problem?.message).toContain('fewer words');
});

test('anything else stays a bug', () => {
  expect(translateDatabaseError(failed('42601'))).toBeUndefined();
});
