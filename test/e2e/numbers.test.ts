import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricKey } from '../../server/src/analytics/contract.ts';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { collectNames, findNumbers } from '../support/numbers.ts';
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

const screens = {
  'the five questions': paths.shelf,
  'what reaches buyers': `${paths.reach}?rung=shared`,
  coverage: paths.coverage,
  'what helps deals move': paths.influence,
  'what is going off': paths.aging,
  'the team': paths.team,
  'what was decided': paths.decisions,
  'what was not found': paths.gaps,
  'which objections were heard': paths.objections,
  'the brief': paths.brief,
};

/** What stands there without a definition; whoever looks must have something to find. */
async function listBare(path: string): Promise<string[]> {
  const page = await stories.open(app.url, { as: marketing });
  const names = collectNames(page);
  await page.goto(app.url + path);
  await page.waitForLoadState('networkidle');
  const { bare, definedCount } = await findNumbers(page, [...names]);
  expect(definedCount).toBeGreaterThan(0);
  await page.locator('main').evaluate((main) => main.append('4711 of them'));
  expect((await findNumbers(page, [...names])).bare).toHaveLength(bare.length + 1);
  return bare;
}

test.each(Object.entries(screens))('every number of %s has a definition', async (_name, path) => {
  expect(await listBare(path)).toEqual([]);
});

test('every number about how an asset is read has a definition', async () => {
  const { items } = await marketing.call('GET', '/report/reach/assets?rung=moved');
  expect(await listBare(paths.attention(items[0].assetId))).toEqual([]);
});

test('a number that names no metric is found, whatever stands around it', async () => {
  const page = await stories.open(app.url, {});
  await page.setContent(`
    <main>
      <h2>17 assets</h2>
      <p>Half within <b>3 h</b></p>
      <p data-metric="made_up">5 of them</p>
      <p data-metric="reads">6 of them, which nothing opens</p>
      <p data-no-metric="">7 of them</p>
      <p>8 of “Guide 365”</p>
      <p style="position: absolute; clip-path: inset(50%)">9 for those who hear it</p>
      <p>10 in 2026-11-23</p>
      <svg><text>11%</text></svg>
    </main>`);
  const { bare, definedCount } = await findNumbers(page, ['Guide 365']);
  expect(bare.map((line) => /\d+/.exec(line)?.[0])).toEqual('17 3 5 6 7 8 9 10 11'.split(' '));
  expect(definedCount).toBe(0);
});

test('names, dates, fields, and what says its metric or why it has none are left alone', async () => {
  const page = await stories.open(app.url, {});
  await page.setContent(`
    <main>
      <button data-metric="human_opens" data-defines="human_opens">12</button>
      <figure data-metric="coverage coverage_demand"><svg><text>11%</text></svg><button data-defines="coverage coverage_demand">How it is counted</button></figure>
      <p data-no-metric="a step of the list">Step 1</p>
      <p>Guide 365, read in the last 90 days, as of 22 Nov 2026, 09:15</p>
      <time>23/11</time>
      <textarea>5</textarea>
      <p hidden>13</p>
    </main>`);
  expect(await findNumbers(page, ['Guide 365'])).toEqual({ bare: [], definedCount: 2 });
});

test('numbers stand as their reader writes them, and a file has them as every spreadsheet reads them', async () => {
  const page = await stories.open(app.url + paths.influence, { as: marketing, locale: 'de-DE' });
  await page
    .getByText(/^Of \d\.\d{3}\.\d{3}\s€ in open deals, \d{1,3}(\.\d{3})*\s€ had a confirmed reader/)
    .waitFor();
  await page
    .getByRole('button', { name: /^Open value with a confirmed reader: \d+\s%$/ })
    .first()
    .waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: /^Save: .*stands at/ })
      .click()
      .then(() => page.getByRole('menuitem', { name: 'Save as CSV' }).click()),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toMatch(/^\ufeffStage,Open deals,Value \(EUR\),/);
  expect(lines[1]).toMatch(/^[^,]+,\d+,\d+,\d+,\d+$/);
  expect(lines.find((line) => line.startsWith('As of,'))).toMatch(
    /^As of,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  );
  expect(lines.find((line) => line.startsWith('Open pipeline that is being read,'))).toContain(
    'worth in the base currency',
  );
});

test('a number opens what it means, and the glossary at its place, with the query behind it', async () => {
  const page = await stories.open(app.url + paths.reach, { as: marketing });
  await page
    .getByRole('button', { name: /^Human opens of / })
    .first()
    .click();
  const popover = page.getByRole('dialog').filter({ hasText: 'As of' });
  await popover.getByText('Visits whose latest judgement is human-likely or human-confirmed.').waitFor();
  await popover.getByRole('link', { name: 'All numbers in the glossary' }).click();
  await page.waitForURL(/\/glossary#human_opens$/);
  await expect
    .poll(() => page.getByRole('main').locator('dt', { hasText: 'In the API' }).count())
    .toBe(metricKey.options.length);
  const entry = page.getByRole('region', { name: 'Human opens' });
  await expect.poll(() => entry.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(200);
  await entry.getByText('As a query of the database').click();
  await entry.getByText('select count(*) from reading r').waitFor();
  await entry.getByText('/assets/:assetId/attention').waitFor();
  await sweep(page, 'the glossary of numbers');
});
