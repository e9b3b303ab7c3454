import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../server/src/db/database.ts';
import { findEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import type { DB } from '../../server/src/db/types.ts';
import { createLog } from '../../server/src/http/log.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { joinByInvite, type Member, signIn } from '../support/team.ts';

const script = resolve(import.meta.dirname, '../../scripts/demo.ts');
const stories = browserStories();
let app: RunningOffshelf;
let password: string;

beforeAll(async () => {
  app = await startOffshelf({ program: [script] });
  password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
});
afterAll(() => app?.stop());

/** One of the people that the demo printed. */
function sampleMember(role: string): Promise<Member> {
  const email = new RegExp(`^ {2}${role} +(\\S+)`, 'm').exec(app.output())?.[1] ?? '';
  return signIn(app.url, { email, password });
}

function places(page: Page): Promise<string[]> {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('listitem').allInnerTexts();
}

test('a rep signs in with what the demo printed and finds the situations, the newest and the shelf', async () => {
  const email = /^ {2}rep +(\S+)/m.exec(app.output())?.[1] ?? '';
  const page = await stories.open(`${app.url}/my-links`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await sweep(page, 'sign in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Whoever had to sign in on the way arrives where they wanted to go.
  await page.getByRole('table', { name: 'My share links' }).waitFor();

  await page.getByRole('link', { name: 'Find', exact: true }).click();
  await page.getByRole('heading', { name: 'New on the shelf' }).waitFor();
  await page.getByRole('link', { name: /Finance is at the table/ }).waitFor();
  await page.getByText(/stayed on the shelf in the last 90 days/).waitFor();
  await page.getByRole('complementary', { name: 'Sample data' }).waitFor();
  await expect
    .poll(() => places(page))
    .toEqual(['Find', 'Collections', 'My links', 'Requests', 'Shelf', 'Deals', 'Settings']);
  await sweep(page, 'find, home');
});

test('each role sees its own places and is told whose the others are', async () => {
  const manager = await stories.open(app.url, { as: await sampleMember('manager') });
  await manager.getByRole('heading', { name: 'New on the shelf' }).waitFor();
  await expect
    .poll(() => places(manager))
    .toEqual(['Find', 'Collections', 'My links', 'Requests', 'Shelf', 'Deals', 'Settings']);
  await manager.goto(`${app.url}/library`);
  await manager.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => manager.getByRole('table', { name: 'Assets' }).count()).toBe(0);
  await sweep(manager, 'not for this role');

  const marketing = await stories.open(app.url, { as: await sampleMember('marketing') });
  await marketing.getByRole('heading', { name: 'New on the shelf' }).waitFor();
  await expect
    .poll(() => places(marketing))
    .toEqual(['Find', 'Collections', 'My links', 'Requests', 'Shelf', 'Deals', 'Library', 'Settings']);
  await marketing.getByRole('link', { name: 'Library', exact: true }).click();
  await marketing.getByRole('table', { name: 'Assets' }).waitFor();
  await sweep(marketing, 'library');

  const admin = await stories.open(`${app.url}/settings/users`, { as: await sampleMember('admin') });
  await admin.getByRole('table', { name: 'Users' }).waitFor();
  await expect.poll(() => admin.getByRole('table', { name: 'Users' }).getByRole('row').count()).toBe(11);
  await sweep(admin, 'users');
  await admin.goto(`${app.url}/settings/jobs`);
  await admin.getByRole('heading', { name: 'Background jobs' }).waitFor();
  await sweep(admin, 'background jobs');
});

test('the shelf report answers in the numbers of the API', async () => {
  const marketing = await sampleMember('marketing');
  const report = await marketing.call('GET', '/report/reach');
  const { part, n } = report.unusedRate.current;
  const page = await stories.open(`${app.url}/shelf`, { as: marketing });
  await page.getByText(`Sales neither shared nor downloaded ${part} of ${n} eligible assets`).waitFor();
  await page.goto(`${app.url}/glossary`);
  await page.getByRole('heading', { name: 'Unused rate' }).waitFor();
  await sweep(page, 'glossary');
});

test('marketing tidies the terms: one goes and comes back, and a word is learned', async () => {
  const marketing = await sampleMember('marketing');
  // What the demo's people searched for differs with the hour at which it is made.
  for (const role of ['rep', 'manager'])
    await (await sampleMember(role)).call('POST', '/searches', { query: 'questionaire answers' });
  const page = await stories.open(`${app.url}/settings/terms?show=health`, { as: marketing });
  const empty = page.getByRole('region', { name: 'Terms without an asset' });
  await empty.getByRole('button', { name: 'Retire Growth' }).click();
  await page.getByText('Growth is retired. Assets keep it').waitFor();
  await empty.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await empty.getByRole('button', { name: 'Retire Growth' }).waitFor();
  const unused = page.getByRole('region', { name: 'Terms that nobody uses' });
  await unused.getByText(/in the last 90 days/).waitFor();
  await expect.poll(() => unused.getByRole('listitem').count()).toBeLessThan(10);
  await sweep(page, 'what to tidy in the demo');

  const word = page.getByRole('listitem').filter({ hasText: 'questionaire' });
  await word.getByRole('button', { name: 'It means Security document: questionaire' }).click();
  await page.getByText('“questionaire” means Security document from now on').waitFor();
  await word.waitFor({ state: 'detached' });
  const { understanding } = await marketing.call('POST', '/searches', { query: 'questionaire' });
  expect(understanding.terms).toMatchObject([{ term: { name: 'Security document' } }]);
});

test('removing the sample data leaves what a real person added', async () => {
  const owner = await joinByInvite(app.url, await sampleMember('admin'), {
    name: 'Vera Own',
    email: 'vera@offshelf.example',
    role: 'admin',
  });
  const { items: dimensions } = await owner.call('GET', '/dimensions');
  const persona = dimensions.find((dimension: { key: string }) => dimension.key === 'persona').terms[0];
  const asset = await owner.call('POST', '/assets', {
    url: 'https://own.example/page',
    title: 'Written by us',
    audience: 'external',
    status: 'published',
    termIds: [persona.id],
  });
  const [stage] = dimensions.find((dimension: { key: string }) => dimension.key === 'stage').terms;
  const request = await owner.call('POST', '/requests', { title: 'Asked by us', termIds: [stage.id] });
  const own = await owner.call('POST', `/assets/${asset.id}/share-links`, { recipient: { name: 'A Buyer' } });

  const { items: samples } = await owner.call('GET', '/assets?audience=external&status=published');
  const sample = samples.find(({ id }: { id: string }) => id !== asset.id);
  const { room } = await owner.call('POST', '/rooms', { source: { assetIds: [asset.id, sample.id] } });
  const { items: toRoom } = await owner.call('POST', '/share-links', {
    target: { roomId: room.id },
    recipients: [{ name: 'Somebody with a room' }],
  });

  expect(await listFilled()).toEqual(sampleOnly);
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--remove'], {
    env: { PATH: process.env.PATH, DATA_DIR: app.dataDir },
  });
  expect(stdout).toContain('The sample data is gone');
  // Counting what went takes the worker a moment.
  await expect.poll(listFilled, { timeout: 15_000 }).toEqual([]);

  await expect(sampleMember('rep')).rejects.toThrow('401');
  const names = async (path: string, key: string) =>
    (await owner.call('GET', path)).items.map((item: Record<string, string>) => item[key]);
  expect(await names('/users', 'name')).toEqual(['Vera Own']);
  expect(await names('/assets', 'title')).toEqual(['Written by us']);
  expect(await names('/accounts', 'name')).toEqual([]);
  expect(await names('/collections', 'name')).toEqual([]);
  expect(await names('/rooms?part=all', 'id')).toEqual([room.id]);
  const ownRoom = await owner.call('GET', `/rooms/${room.id}`);
  expect(ownRoom.items.map((item: { asset: object }) => item.asset)).toMatchObject([{ id: asset.id }]);
  const left = (await owner.call('GET', '/dimensions')).items.flatMap(
    (dimension: { terms: object[] }) => dimension.terms,
  );
  expect(left).toMatchObject([{ name: persona.name }, { name: stage.name }]);
  expect((await owner.call('GET', '/requests')).items).toMatchObject([
    { id: request.id, terms: [{ name: stage.name }] },
  ]);

  const page = await stories.open(`${app.url}/my-links`, { as: owner });
  await page
    .getByRole('table', { name: 'My share links' })
    .getByRole('row', { name: /A Buyer/ })
    .waitFor();
  await expect.poll(() => page.getByRole('complementary', { name: 'Sample data' }).count()).toBe(0);
  const prospect = await stories.open(own.url, { onPhone: true });
  await prospect.getByRole('heading', { name: 'Written by us' }).waitFor();
  await prospect.goto(toRoom[0].url);
  await prospect
    .getByRole('link', { name: /Written by us/ })
    .first()
    .waitFor();
});

/** What only the sample put there, and what was counted from it. */
const sampleOnly = [
  'assetActivity',
  'assetFall',
  'assetInfluence',
  'assetInfluenceCell',
  'assetMonth',
  'assetMove',
  'contact',
  'currencyRate',
  'deal',
  'dealRead',
  'dealStage',
  'decision',
  'decisionAsset',
  'followUp',
  'influenceCell',
  'objectionNote',
  'pageView',
  'promotedAsset',
  'reading',
  'savedView',
  'searchTie',
  'visit',
  'visitor',
  'watchedRange',
] satisfies (keyof DB)[];

async function listFilled(): Promise<string[]> {
  const url = await findEmbeddedPostgres(join(app.dataDir, 'postgres'), () => {});
  if (!url) throw new Error('Offshelf has no database.');
  const db = connectDatabase(url, { log: createLog('silent'), max: 1 });
  try {
    const filled: string[] = [];
    for (const table of sampleOnly)
      if (await db.selectFrom(table).selectAll().limit(1).executeTakeFirst()) filled.push(table);
    return filled;
  } finally {
    await db.destroy();
  }
}
