import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSampleLibrary } from '../../scripts/sample/generate.ts';
import { readLibraryFile } from '../../server/src/assets/library-file.ts';
import { sweep } from '../support/axe.ts';
import { browserStories, readClipboard } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { situations } from '../support/situations.ts';
import { foundTeam, type Member } from '../support/team.ts';

const exampleFolder = resolve(import.meta.dirname, '../../../shared/library');
const hasExample = existsSync(join(exampleFolder, 'library.csv'));
if (!hasExample)
  console.log(`The example library is not there (${exampleFolder}): the ten situations are left out.`);

const stories = browserStories();
let app: RunningOffshelf;
let rep: Member;
let marketing: Member;
let folder: string;

beforeAll(async () => {
  folder = hasExample ? exampleFolder : await mkdtemp(join(tmpdir(), 'offshelf-find-'));
  if (!hasExample) await generateSampleLibrary(folder);
  // Nobody waits here for pages: what an asset is about, and when to use it, is there without them.
  app = await startOffshelf({ env: { ROLE: 'api' } });
  ({ rep, marketing } = await foundTeam(app.url, ['rep', 'marketing']));
  await runScript('import', folder, '--published-at', '2026-03-01');
  await runScript('reindex');
}, 300_000);
afterAll(async () => {
  await app?.stop();
  if (!hasExample && folder) await rm(folder, { recursive: true, force: true });
});

/** A command of the product, beside the running program. */
async function runScript(name: string, ...words: string[]): Promise<void> {
  const script = resolve(import.meta.dirname, `../../scripts/${name}.ts`);
  const child = spawn(process.execPath, [script, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, DATA_DIR: app.dataDir, PORT: String(app.port), LOG_LEVEL: 'warn' },
  });
  const said: string[] = [];
  child.stdout.on('data', (chunk) => said.push(String(chunk)));
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${said.join('')}`);
}

const box = (page: Page) => page.getByRole('textbox', { name: 'What are you facing?' });
const cards = (page: Page) => page.locator('[data-hit]');

/** Asks and waits until what is shown is the answer to this, and all of it: the first cards come before the rest. */
async function ask(page: Page, said: string): Promise<void> {
  await box(page).fill(said);
  const heard = said.replace(/\s+/g, ' ').trim().slice(0, 60);
  await page
    .getByRole('status')
    .filter({ hasText: `for ${heard}` })
    .waitFor();
  const unfinished = page.locator('[data-stale], [aria-busy="true"]');
  await expect.poll(() => unfinished.count(), { message: said, timeout: 15_000 }).toBe(0);
}

test.runIf(hasExample)(
  'of ten situations in a rep’s words, nine find a fitting asset among the first three',
  {
    timeout: 240_000,
  },
  async () => {
    const { rows } = readLibraryFile(readFileSync(join(exampleFolder, 'library.csv'), 'utf8'), new Date());
    const tagsOf = new Map(rows.map(({ title, terms }) => [title, Object.values(terms).flat()]));
    expect(situations).toHaveLength(10);
    const page = await stories.open(app.url, { as: rep });
    const missed: string[] = [];
    for (const { said, tags, titles = [] } of situations) {
      await ask(page, said);
      const first = (await cards(page).allTextContents()).slice(0, 3);
      expect(first.length, said).toBeGreaterThan(0);
      const fits = first.some(
        (title) => titles.includes(title) || tagsOf.get(title)?.some((tag) => tags.includes(tag)),
      );
      if (!fits) missed.push(`${said.slice(0, 80)}: ${first.join(' · ')}`);
    }
    if (missed.length > 0) console.log('Missed:', missed);
    expect(missed.length).toBeLessThanOrEqual(1);
  },
);

test('a rep finds by keyboard alone, takes back what was understood, and saves the question', {
  timeout: 240_000,
}, async () => {
  const page = await stories.open(app.url, { as: rep });
  await sweep(page, 'find, nothing asked');
  await page.keyboard.press('Tab');
  await page.keyboard.press('/');
  await page.keyboard.type('price persona:');
  await page.getByRole('listbox').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => box(page).inputValue()).toMatch(/^price persona:\S/);
  await page.getByRole('list', { name: 'What was understood' }).getByText('Persona').waitFor();
  await sweep(page, 'find with an operator');

  const [dimension] = (await rep.call('GET', '/dimensions')).items.filter(
    ({ key }: { key: string }) => key === 'objection',
  );
  const objection: string = dimension.terms[0].name;
  await ask(page, `their buyer says ${objection.toLowerCase()}`);
  const understood = page.getByRole('list', { name: 'What was understood' });
  await understood.getByText(objection, { exact: true }).waitFor();
  await page.getByText('Best answer').waitFor();
  await sweep(page, 'find, an answer to a situation');
  const address = page.url();
  await understood
    .getByRole('button', { name: /as words, not as/ })
    .first()
    .click();
  await understood.getByRole('button', { name: /is read as words/ }).click();
  await understood.getByText(objection, { exact: true }).waitFor();

  const colleague = await stories.open(address, { as: marketing });
  await colleague.getByText('Best answer').waitFor();
  await expect
    .poll(() => cards(colleague).first().textContent())
    .toBe(await cards(page).first().textContent());

  await box(page).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-hit'))).toBe(true);
  await page.keyboard.press('Enter');
  const title = (await cards(page).first().textContent()) ?? '';
  await page.getByRole('complementary').getByRole('heading', { name: title }).waitFor();
  await sweep(page, 'find with a preview');
  await page.keyboard.press('Escape');

  await page
    .getByRole('button', { name: /^Copy message for / })
    .first()
    .click();
  await expect.poll(() => readClipboard(page)).not.toBe('');

  await page.getByRole('button', { name: 'Save search' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Price talk');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await rep.call('GET', '/saved-searches')).items.length).toBe(1);
  await page.goto(app.url);
  await page.getByRole('link', { name: /Price talk/ }).click();
  await page.getByText('Best answer').waitFor();
});

test.runIf(hasExample)('a badge of a result says what it means when the pointer rests on it', async () => {
  const page = await stories.open(app.url, { as: rep });
  await ask(page, 'pricing and packaging principles');
  await page.getByText('Internal only', { exact: true }).first().hover();
  await page.getByText('For you, not for buyers. It cannot be shared.').waitFor();
});

test('an answer that comes late never replaces a newer one', { timeout: 120_000 }, async () => {
  const page = await stories.open(app.url, { as: rep });
  let slowed = 0;
  const held = Promise.withResolvers<void>();
  await page.route('**/api/searches', async (route) => {
    if ((route.request().postDataJSON() as { query: string }).query === 'security') {
      slowed += 1;
      await held.promise;
    }
    await route.continue().catch(() => undefined);
  });
  await box(page).fill('security');
  await expect.poll(() => slowed).toBe(1);
  await ask(page, 'pricing');
  const shown = await cards(page).allTextContents();
  held.resolve();
  await page.waitForTimeout(1_000);
  await expect.poll(() => cards(page).allTextContents()).toEqual(shown);
  await expect.poll(() => box(page).inputValue()).toBe('pricing');
});

test('what is not right steps back, can be taken back, and what is missing can be asked for', {
  timeout: 180_000,
}, async () => {
  const page = await stories.open(app.url, { as: rep });
  await ask(page, 'security questionnaire');
  const title = (await cards(page).first().textContent()) ?? '';
  await page
    .getByRole('button', { name: `${title} is not right` })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Out of date' }).click();
  await page.getByRole('button', { name: `Undo for ${title}` }).press('Enter');
  await expect.poll(() => cards(page).first().textContent()).toBe(title);
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(title);
  await page.getByText(`“${title}” is put aside`).waitFor({ state: 'detached' });

  await ask(page, 'zebra stampede');
  await page.getByRole('heading', { name: /^Nothing on the shelf answers/ }).waitFor();
  await sweep(page, 'find, nothing found');
  await page.getByRole('button', { name: 'Request it' }).click();
  const sheet = page.getByRole('dialog', { name: 'Ask for something' });
  await expect.poll(() => sheet.getByLabel('What is missing?').inputValue()).toBe('zebra stampede');
  await sheet.getByRole('button', { name: 'Send the request' }).click();
  await page.getByText('Marketing sees your request').waitFor();
  const { items } = await rep.call('GET', '/requests');
  expect(items.map(({ title: asked }: { title: string }) => asked)).toEqual(['zebra stampede']);
});
