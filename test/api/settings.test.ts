import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test('what nobody decided has its default, and what an admin changes changes nothing else', async () => {
  const admin = await app.client('admin');
  const before = (await admin.get('/settings')).body;
  expect(before).toMatchObject({ privacyMode: 'standard', hitsKeptDays: 90 });
  expect((await admin.send('PATCH', '/settings', { hitsKeptDays: 7 })).body.hitsKeptDays).toBe(7);
  const changed = (await admin.send('PATCH', '/settings', { privacyMode: 'strict' })).body;
  expect(changed).toEqual({ ...before, hitsKeptDays: 7, privacyMode: 'strict' });
  expect((await admin.send('PATCH', '/settings', { hitsKeptDays: 0 })).status).toBe(400);
});

test('every process hears of a change at once', async () => {
  const heard: string[] = [];
  const stop = app.ctx.listener.on('share_changed', (payload) => heard.push(payload));
  await expect.poll(() => app.ctx.listener.isCurrent()).toBe(true);
  await (await app.client('admin')).send('PATCH', '/settings', { visitsKeptDays: 30 });
  await expect.poll(() => heard).toContain('visitsKeptDays');
  stop();
});
