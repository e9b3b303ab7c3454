import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { type Member, signIn } from '../support/team.ts';

const script = resolve(import.meta.dirname, '../../scripts/demo.ts');
const stories = browserStories();
let app: RunningOffshelf;
let marketing: Member;
let rep: Member;

beforeAll(async () => {
  app = await startOffshelf({ program: [script] });
  [marketing, rep] = await Promise.all([sampleMember('marketing'), sampleMember('rep')]);
});
afterAll(() => app?.stop());

function sampleMember(role: string): Promise<Member> {
  const password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
  const email = new RegExp(`^ {2}${role} +(\\S+)`, 'm').exec(app.output())?.[1] ?? '';
  return signIn(app.url, { email, password });
}

const steps = ['Archive', 'Owner', 'Review date', 'Add tags', 'Recommend'];

/** What can be decided about what is chosen on the page. */
async function listSteps(page: Page): Promise<string[]> {
  const bar = page.getByRole('region', { name: /^(Decide about|Change) the chosen assets$/ });
  const inPanel = page.getByRole('group', { name: '1 asset chosen' });
  const labels = await bar.or(inPanel).first().getByRole('button').allInnerTexts();
  return steps.filter((step) => labels.includes(step));
}

const lists = {
  'the library': async (page: Page) => {
    await page.goto(app.url + paths.library);
    await page
      .getByRole('checkbox', { name: /^Select / })
      .first()
      .check();
  },
  'the results of a search': async (page: Page) => {
    await page.goto(`${app.url}${paths.find}?q=invoice`);
    await page.getByRole('list', { name: 'Results' }).waitFor();
    await page
      .getByRole('checkbox', { name: /^Choose / })
      .first()
      .check();
  },
  'what goes off': async (page: Page) => {
    await page.goto(app.url + paths.aging);
    await page
      .getByRole('checkbox', { name: /^Select / })
      .first()
      .check();
  },
  'a rung of the ladder': async (page: Page) => {
    await page.goto(`${app.url}${paths.reach}?rung=opened`);
    await page
      .getByRole('checkbox', { name: /^Select / })
      .first()
      .check();
  },
  'a cell of the coverage': async (page: Page) => {
    await page.goto(app.url + paths.coverage);
    await page.getByRole('gridcell', { name: /^Service director × Discovery/ }).click();
    await page
      .getByRole('checkbox', { name: /^Choose / })
      .first()
      .check();
  },
};

test.each(Object.entries(lists))('from %s all can be decided', async (_name, choose) => {
  const page = await stories.open(app.url, { as: marketing });
  await choose(page);
  await expect.poll(() => listSteps(page), { timeout: 15_000 }).toEqual(steps);
});

test('what was found can be chosen with the keyboard, and is not chosen any more when it is not found', async () => {
  const page = await stories.open(`${app.url}${paths.find}?q=invoice`, { as: marketing });
  await page.getByRole('list', { name: 'Results' }).waitFor();
  await page.getByRole('combobox').or(page.getByRole('textbox')).first().press('ArrowDown');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page
    .getByRole('region', { name: 'Decide about the chosen assets' })
    .getByText('2 assets chosen')
    .waitFor();
  await sweep(page, 'results that are chosen');
  await page.goto(`${app.url}${paths.find}?q=refrigeration`);
  await expect.poll(() => page.getByText(/assets? chosen$/).count()).toBe(0);
});

test('a decision is made with its reason, taken back, and made again on the page of decisions', async () => {
  const page = await stories.open(`${app.url}${paths.reach}?rung=opened`, { as: marketing });
  const rows = page.getByRole('checkbox', { name: /^Select (?!all)/ });
  await rows.nth(0).check();
  await rows.nth(1).check();
  const bar = page.getByRole('region', { name: 'Decide about the chosen assets' });
  await bar.getByText('2 assets chosen').waitFor();
  await bar.getByRole('button', { name: 'Review date' }).click();
  const form = page.getByRole('dialog');
  const dueOn = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel('Review by').fill(dueOn);
  await form.getByLabel('Why').fill('Nobody dares to send them.');
  await form.getByRole('button', { name: 'Ask for a review' }).click();
  await page.getByText(/^Asked for a review of 2 assets by /).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back', { exact: true }).waitFor();

  await page.goto(app.url + paths.decisions);
  const made = page.getByRole('listitem').filter({ hasText: 'Nobody dares to send them.' });
  await made.getByText(/taken back by Clara Winther/).waitFor();
  await made.getByRole('link', { name: 'where it was decided' }).click();
  await page.waitForURL(/\/shelf\/reach\?.*rung=opened/);
});

test('what came of a decision is shown beside what came of everything else, and can be looked up', async () => {
  const page = await stories.open(app.url + paths.decisions, { as: marketing });
  const promoted = page.getByRole('listitem').filter({ hasText: /^Recommended 1 asset to reps/ });
  await promoted
    .getByText(
      /^Shared .+ in the \d+ days before and .+ in the \d+ days since\. Everything else went from \d+ to \d+\./,
    )
    .waitFor();
  await promoted.getByRole('button', { name: /^Since the decision: \d+$/ }).click();
  await page.getByText(/^Share links made by users with a sales role, human opens/).waitFor();
  await page.keyboard.press('Escape');
  await sweep(page, 'decisions');

  const { items } = await marketing.call('GET', '/assets?status=published&limit=1');
  await marketing.call('POST', '/decisions', {
    action: { kind: 'archive' },
    assetIds: [items[0].id],
    note: '',
  });
  await page.reload();
  const fresh = page.getByRole('listitem').filter({ hasText: 'Archived 1 asset' });
  await fresh.getByText('Too early to say what came of it: first in 7 days.').waitFor();
  await fresh.getByRole('button', { name: 'Take back: Archived 1 asset' }).click();
  await fresh.getByText(/taken back by/).waitFor();
});

test('a rep decides nothing, and a manager sees what was decided', async () => {
  const page = await stories.open(`${app.url}${paths.find}?q=invoice`, { as: rep });
  await page.getByRole('list', { name: 'Results' }).waitFor();
  expect(await page.getByRole('checkbox', { name: /^Choose / }).count()).toBe(0);
  await page.goto(app.url + paths.decisions);
  await page.getByRole('heading', { name: 'This page is not for your role' }).waitFor();

  const manager = await sampleMember('manager');
  const theirs = await stories.open(app.url + paths.decisions, { as: manager });
  await theirs.getByRole('heading', { name: /^Recommended 1 asset to reps/ }).waitFor();
  expect(await theirs.getByRole('button', { name: /^Take back/ }).count()).toBe(0);
});
