import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLogFile } from './log.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offshelf-log-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('a log that can not be written is said once and stops nothing, and goes on when it can be', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const path = join(folder, 'later', 'offshelf.log');
  const log = openLogFile(path);
  log.write('{"event":"lost"}\n');
  log.write('{"event":"lost too"}\n');
  expect(said).toHaveBeenCalledTimes(1);
  expect(said.mock.calls[0]?.[0]).toContain('cannot be written (ENOENT)');
  mkdirSync(join(folder, 'later'));
  log.write('{"event":"kept"}\n');
  log.write('{"event":"kept too"}\n');
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines).toEqual(['{"event":"kept"}', '{"event":"kept too"}']);
});
