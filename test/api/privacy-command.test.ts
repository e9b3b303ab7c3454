import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { findInDump, makePerson } from '../support/person.ts';

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
  folder = await mkdtemp(join(tmpdir(), 'offshelf-person-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** As npm runs it, against the database of the app. */
function run(...args: string[]): Promise<{ code: number | null; out: string; said: string }> {
  const script = resolve(import.meta.dirname, '../../scripts/person.ts');
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: app.databaseUrl,
      DATA_DIR: folder,
      INSTANCE_KEY: app.ctx.instanceKey.toString('hex'),
      INIT_CWD: folder,
    },
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  return new Promise((done) => child.on('close', (code) => done({ code, out, said })));
}

test('a command hands out what is known, rehearses, forgets, and says when there is nothing', {
  timeout: 60_000,
}, async () => {
  const rep = await app.client('rep');
  await makePerson(app, rep, { name: 'Cora Command', email: 'cora@customer.example' });

  const exported = await run('export', 'Cora@customer.example');
  expect([exported.code, exported.said]).toEqual([0, '']);
  expect(JSON.parse(exported.out).recipients).toMatchObject([{ name: 'Cora Command' }]);

  const rehearsed = await run('erase', 'cora@customer.example', '--dry-run');
  expect(rehearsed.code).toBe(0);
  expect(rehearsed.said).toContain('  visitor: 1');
  expect(rehearsed.said).toContain('nothing was changed');
  expect(await findInDump(app, 'Cora Command')).not.toEqual([]);

  const erased = await run('erase', 'cora@customer.example', '--out', 'proof.json');
  expect(erased.said).toContain('Nothing is left.');
  expect(erased.code).toBe(0);
  const proof = JSON.parse(await readFile(join(folder, 'proof.json'), 'utf8'));
  expect(proof).toMatchObject({ kind: 'erase', requestedBy: null, proof: { left: [] } });
  expect(await findInDump(app, 'Cora Command')).toEqual([]);

  const again = await run('erase', 'cora@customer.example');
  expect(again.code).toBe(1);
  expect(again.said).toContain('It was erased on');
  const wrong = await run('erase', 'cora');
  expect([wrong.code, wrong.out]).toEqual([1, '']);
  expect(wrong.said).toContain('is not an e-mail address');
});
