import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCsvFile } from '../../server/src/http/csv-file.ts';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { type Member, signIn } from '../support/team.ts';

const script = resolve(import.meta.dirname, '../../scripts/demo.ts');
const stories = browserStories();
let app: RunningOffshelf;
let marketing: Member;

beforeAll(async () => {
  app = await startOffshelf({ program: [script] });
  const password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
  const email = /^ {2}marketing +(\S+)/m.exec(app.output())?.[1] ?? '';
  marketing = await signIn(app.url, { email, password });
});
afterAll(() => app?.stop());

/** The five questions stand on one page; each answers in a sentence. */
async function openQuestion(ask: string): Promise<{ page: Page; question: Locator; answer: string }> {
  const page = await stories.open(app.url + paths.shelf, { as: marketing });
  const question = page.getByRole('region', { name: ask });
  const heading = question.getByRole('heading', { level: 2 });
  await expect.poll(() => heading.textContent(), { timeout: 15_000 }).not.toBe(ask);
  return { page, question, answer: (await heading.textContent()) ?? '' };
}

/** Every number opens its definition, n and when it was counted. */
async function openFigure(page: Page, figure: Locator, definition: RegExp): Promise<void> {
  await figure.click();
  const said = page.getByRole('dialog').filter({ hasText: 'As of' });
  await said.getByText(definition).waitFor();
  await expect
    .poll(() => said.getByRole('term').allInnerTexts())
    .toEqual(expect.arrayContaining(['n', 'As of']));
  await page.keyboard.press('Escape');
  await said.waitFor({ state: 'detached' });
}

/** What the words of an answer count, one click beside them. */
async function openDefinition(page: Page, question: Locator, definition: RegExp): Promise<void> {
  await question.getByRole('button', { name: 'How this is counted' }).click();
  const said = page.getByRole('dialog').filter({ has: page.getByText(definition) });
  await said.waitFor();
  await page.keyboard.press('Escape');
  await said.waitFor({ state: 'detached' });
}

async function readDownload(
  page: Page,
  start: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), start()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** What a spreadsheet would find in the cells. */
function cellsOf({ name, bytes }: { name: string; bytes: Buffer }): string[][] {
  expect(name).toMatch(/\.csv$/);
  return readCsvFile(bytes.toString('utf8'), name, 100_000).map(({ record }) => record);
}

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const saveAs = (page: Page, chart: RegExp, item: string) => async () => {
  await page.getByRole('button', { name: chart }).first().click();
  await page.getByRole('menuitem', { name: item }).click();
};

test('how much reaches buyers: the rate, where assets stop, and a review of two of them that can be taken back', async () => {
  const ask = 'How much of what we make reaches buyers?';
  const { page, question, answer } = await openQuestion(ask);
  expect(answer).toMatch(/^\d+% of your library stayed on\s*the shelf in the last 90 days\.$/);
  await openFigure(
    page,
    question.getByRole('button', { name: /^Unused rate: / }).first(),
    /1 − used assets ÷ eligible/,
  );
  await sweep(page, 'the five questions');

  await question.getByRole('link', { name: /^Begin with the \d+ / }).click();
  await page.getByRole('heading', { name: /: \d+ assets$/ }).waitFor();
  await sweep(page, 'the ladder of the demo');
  const rows = page.getByRole('table').first().getByRole('checkbox');
  await rows.nth(1).check();
  await rows.nth(2).check();
  const bar = page.getByRole('region', { name: 'Decide about the chosen assets' });
  await bar.getByText('2 assets chosen').waitFor();
  await bar.getByRole('button', { name: 'Review date' }).click();
  const form = page.getByRole('dialog').filter({ has: page.getByLabel('Why') });
  await form.getByLabel('Review by').fill(dayFromNow(20));
  await form.getByLabel('Why').fill('Opened and never sent.');
  await form.getByRole('button', { name: /^Ask/ }).click();
  await page.getByText(/^Asked for a review of 2 assets/).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back').waitFor();

  await page.goto(app.url + paths.decisions);
  const [newest] = await page.getByRole('list', { name: 'Decisions' }).getByRole('listitem').all();
  await newest?.getByText('Opened and never sent.').waitFor();
  await page.getByText('Buyers of this size ask for it in the second call.').waitFor();
  await sweep(page, 'decisions of the demo');
});

test('where we are thin: the map names an empty cell, which gets a target and a request', async () => {
  const { page, question, answer } = await openQuestion('Where are we thin or fat?');
  expect(answer).toMatch(/^Nothing answers Finance director\s*× Rollout: \d+ searches, \d+ in vain\.$/);
  await openDefinition(page, question, /^A cell is where a persona, a stage and an objection meet/);
  await question.getByRole('link', { name: 'Fill the thinnest cell' }).click();
  const panel = page.getByRole('complementary', { name: 'Finance director × Rollout' });
  await panel.getByLabel('Assets wanted here').fill('1');
  await panel.getByRole('button', { name: 'Set the target' }).click();
  await page.getByText('Target set to 1 asset').waitFor();
  await panel.getByRole('button', { name: 'Ask for it', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Ask for something' });
  await sheet.getByText('Finance director', { exact: true }).waitFor();
  await sheet.getByRole('button', { name: 'Send the request' }).click();
  await page.getByText('Marketing sees your request').waitFor();
  const { items } = await marketing.call('GET', '/requests');
  expect(items[0].terms.map(({ name }: { name: string }) => name).sort()).toEqual([
    'Finance director',
    'Rollout',
  ]);

  await page.goto(app.url + paths.coverage);
  await page.getByRole('gridcell', { name: /^Finance director × Rollout: No asset\..* Target 1/ }).waitFor();
  const cells = cellsOf(await readDownload(page, saveAs(page, /^Save: /, 'Save as CSV')));
  expect(cells.flat()).toEqual(expect.arrayContaining(['As of', 'Coverage']));
  const picture = await readDownload(page, saveAs(page, /^Save: /, 'Save as picture'));
  expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.bytes.length).toBeGreaterThan(10_000);
  await sweep(page, 'the map of the demo');
});

test('what helps deals move: one asset stands clear, one only looked helpful, and the first is recommended', async () => {
  const { page, question, answer } = await openQuestion('What helps deals move?');
  expect(answer).toMatch(
    /^Deals that read “Northbeck .* moved on \d+ points\s*more often than deals like them\.$/s,
  );
  await openDefinition(page, question, /It is an association, not a cause\.$/);
  await question.getByRole('link', { name: 'Compare the assets' }).click();
  await page.getByRole('heading', { name: /^Cannot tell yet: \d+ assets$/ }).waitFor();
  await openFigure(
    page,
    page.getByRole('button', { name: /^Stages of deals compared: / }),
    /^Among deals that stood at the same stage/,
  );
  await page.getByRole('heading', { name: 'What is not taken into account' }).waitFor();
  await page.getByText(/had a confirmed reader in the last 14 days\.$/).waitFor();
  await page
    .getByText(/of \d+ searches/)
    .first()
    .waitFor();
  await sweep(page, 'what helps in the demo');

  const forest = page.getByRole('group', { name: 'Difference for each asset' });
  await forest.getByRole('button', { name: /^Data sheet: Connect interfaces/ }).click();
  const data = page.getByRole('complementary', { name: 'Data sheet: Connect interfaces' });
  await data
    .getByRole('row', { name: /Enterprise/ })
    .first()
    .waitFor();
  await page.keyboard.press('Escape');

  await forest.getByRole('button', { name: /^Northbeck/ }).click();
  const panel = page.getByRole('complementary', { name: /^Northbeck/ });
  await panel.getByRole('button', { name: 'Recommend' }).click();
  const form = page.getByRole('dialog').filter({ has: page.getByLabel('Why') });
  await form.getByLabel('Until').fill(dayFromNow(60));
  await form.getByRole('button', { name: /^Recommend/ }).click();
  await page.getByText(/^Recommended 1 asset to reps/).waitFor();
});

test('what sales did not find: a gap with its pipeline becomes a request', async () => {
  const { page, question, answer } = await openQuestion('What did sales ask for and not find?');
  expect(answer).toMatch(/of open deals\s*behind it/);
  await question
    .getByText(/^Rising: noted \d+ times, before \d+/)
    .first()
    .waitFor();
  await openDefinition(page, question, /^Failed search sessions of the last 90 days/);
  await question.getByRole('link', { name: /^Decide about \d+ gaps?$/ }).click();
  const gap = page.getByRole('listitem').filter({ hasText: '“medical equipment calibration”' });
  await gap.getByText(/in \d+ open deals/).waitFor();
  await gap.getByRole('button', { name: 'Request it: medical equipment calibration' }).click();
  await gap.getByText('It closes by itself when a search like it succeeds.').waitFor();
  await sweep(page, 'what was not found in the demo');
  await gap.getByRole('link').first().click();
  const asked = page.getByRole('complementary');
  await asked.getByLabel('Due').fill(dayFromNow(30));
  await asked.getByRole('button', { name: 'Save the answer' }).click();
  await page.getByText('Answer saved').waitFor();
});

test('what goes off: a flag is answered, and who holds old prices is named with what to do', async () => {
  const { page, question, answer } = await openQuestion('What is going off?');
  expect(answer).toMatch(/called wrong and\s*nobody answered/);
  await openDefinition(page, question, /^Published assets that somebody called wrong or outdated/);
  await question.getByRole('link', { name: 'Look after them' }).click();
  await openFigure(
    page,
    page.getByRole('button', { name: /^Old versions with buyers: / }),
    /^Share links that can still be opened and keep a version older/,
  );
  const flags = page.getByRole('region', { name: 'Unanswered flags' });
  await flags.getByRole('button', { name: 'Answer about ROI calculator' }).click();
  const form = page.getByRole('dialog', { name: 'Answer about ROI calculator' });
  await form.getByLabel('In a sentence').fill('The new figures are in since this morning.');
  await form.getByRole('button', { name: 'Answer' }).click();
  await expect.poll(() => flags.getByText(/set-up package/).count(), { timeout: 15_000 }).toBe(0);
  await page.getByText(/Vexley Fire & Safety.*: read less per share/).waitFor();
  await page
    .getByText(/holds version 1 of 2/)
    .first()
    .waitFor();
  const held = await readDownload(page, () =>
    page.getByRole('button', { name: 'CSV: Old versions with buyers' }).click(),
  );
  expect(cellsOf(held).flat()).toContain('Price list for customers');
  await sweep(page, 'what goes off in the demo');
});

test('the page to hand on holds all five answers on one sheet', async () => {
  const page = await stories.open(app.url + paths.brief, { as: marketing });
  await page.getByRole('button', { name: 'Print' }).waitFor();
  const sheet = page.getByRole('article', { name: 'Shelf brief' });
  await expect
    .poll(() => sheet.getByRole('heading', { level: 2 }).count(), { timeout: 15_000 })
    .toBeGreaterThan(4);
  await sweep(page, 'the brief of the demo');
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBe(1);
});
