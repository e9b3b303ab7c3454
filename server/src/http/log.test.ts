import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('says what the database refused, and nothing of the row', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  const err = Object.assign(new Error('duplicate key value violates unique constraint "contact_email_key"'), {
    code: '23505',
    detail: 'Key (email)=(ada@customer.example) already exists.',
    where: 'COPY contact, line 1: "ada@customer.example"',
  });
  log.error({ event: 'broke', err });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('contact_email_key');
  expect(lines[0]).toContain('23505');
  expect(lines[0]).not.toContain('ada@');
});

it('takes whatever was thrown', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  for (const err of ['text', undefined, null, { code: 7 }]) log.warn({ event: 'odd', err });
  expect(lines).toHaveLength(4);
});
