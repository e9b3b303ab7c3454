import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member, signIn } from '../support/team.ts';

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

/** One of the people that the demo printed. */
function sampleMember(role: string): Promise<Member> {
  const password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
  const email = new RegExp(`^ {2}${role} +(\\S+)`, 'm').exec(app.output())?.[1] ?? '';
  return signIn(app.url, { email, password });
}

/** Whether the page lists on a rung what stands there by the API at this moment. */
async function readRung(page: Page, rung: string): Promise<string> {
  await page.goto(`${app.url}${paths.reach}?rung=${rung}`);
  const { spines } = await marketing.call('GET', '/report/reach/shelf');
  const titles: string[] = spines
    .filter((spine: { rung: string }) => spine.rung === rung)
    .map(({ title }: { title: string }) => title);
  const heading = page.getByRole('heading', { name: /: \d+ assets?$/ });
  await heading.waitFor();
  const table = page.getByRole('table');
  await table.or(page.getByText('No asset stands here.')).first().waitFor();
  const listed = await table.getByRole('row').getByRole('link').allTextContents();
  const count = Number(/(\d+) assets?$/.exec((await heading.textContent()) ?? '')?.[1]);
  const isSame = count === titles.length && listed.toSorted().join() === titles.toSorted().join();
  return isSame ? 'as the API says' : `${rung}: ${listed.join()} instead of ${titles.join()}`;
}

test('the first question is answered in a sentence, and each rung leads to its assets', async () => {
  const report = await marketing.call('GET', '/report/reach');
  const { part, n } = report.unusedRate.current;
  const page = await stories.open(app.url + paths.shelf, { as: marketing });
  await page
    .getByRole('heading', { name: new RegExp(`^${Math.round((part / n) * 100)}% of your library`) })
    .waitFor();
  await page.getByText(`Sales neither shared nor downloaded ${part} of ${n} eligible assets`).waitFor();
  await page.getByText(/^Counted up to/).waitFor();
  const shelf = page.getByRole('listbox', { name: /^Your shelf/ });
  await expect.poll(() => shelf.getByRole('option').count()).toBe(n);
  await sweep(page, 'five questions');

  const key = page.getByRole('list', { name: 'How far the assets got' });
  expect(report.ladder).toHaveLength(7);
  const surfaced = report.ladder[1];
  await key.getByRole('link', { name: /Seen, not opened/ }).click();
  await page.waitForURL(/\/shelf\/reach\?.*rung=surfaced/);
  await page
    .getByRole('heading', { name: `Shown in results, not opened: ${surfaced.count} assets` })
    .waitFor();
  const ladder = page.getByRole('region', { name: /most common stop/ });
  await ladder.getByRole('button', { name: 'Opened by a rep', exact: true }).click();
  await page.waitForURL(/rung=opened/);
  // What counts as read depends on the words of a page, so numbers move a little until every page is rendered.
  for (const { rung } of report.ladder)
    await expect.poll(() => readRung(page, rung), { timeout: 30_000 }).toBe('as the API says');
  await sweep(page, 'what reaches buyers');
});

test('a slice has an address, and a view of it a name that the team finds', async () => {
  const page = await stories.open(app.url + paths.reach, { as: marketing });
  await page.getByRole('button', { name: 'Period: Last 90 days' }).click();
  await page.getByRole('button', { name: 'Last 30 days' }).click();
  await page.waitForURL(/days=30/);
  await page.getByRole('heading', { name: 'What reaches buyers' }).waitFor();
  await page
    .getByText(/stayed on the shelf in the last 30 days|in the last 30 days\./)
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'Narrow it' }).click();
  const narrow = page.getByRole('dialog', { name: 'Narrow it' });
  await narrow.getByRole('textbox').fill('persona');
  const first = narrow.getByRole('checkbox').first();
  await first.check();
  await page.waitForURL(/persona=trm_/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Any persona' }).waitFor();
  const answer = await marketing.call('GET', `/report/reach${new URL(page.url()).search}`);
  await page
    .getByText(new RegExp(`of the ${answer.unusedRate.current.n} eligible assets? got that far`))
    .waitFor();

  await page.getByRole('button', { name: 'Views', exact: true }).click();
  const views = page.getByRole('dialog');
  await views.getByLabel('Save what you see').fill('The last month');
  await views.getByLabel('For the team, too').check();
  await views.getByRole('button', { name: 'Save this view' }).click();
  await page.getByText('View saved').waitFor();
  const saved = new URL(page.url());

  const theirs = await stories.open(app.url + paths.shelf, { as: rep, onPhone: true });
  await theirs.getByRole('button', { name: 'Views', exact: true }).click();
  const list = theirs.getByRole('dialog');
  await list.getByRole('link', { name: /The last month/ }).click();
  await theirs.waitForURL(/persona=trm_/);
  expect(new URL(theirs.url()).searchParams.get('days')).toBe(saved.searchParams.get('days'));
  await theirs.getByRole('button', { name: 'The last month' }).click();
  expect(await list.getByRole('button', { name: /^Change/ }).count()).toBe(0);

  await page.getByRole('button', { name: 'The last month' }).click();
  await views.getByRole('button', { name: 'Change The last month' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await views.getByLabel('Rename this view').fill('Last month');
  await views.getByRole('button', { name: 'Save', exact: true }).click();
  await views.getByRole('button', { name: 'Change Last month' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('“Last month” is deleted').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Last month', exact: true }).waitFor();
  await sweep(page, 'a slice with its saved views');
});

test('days that make no sense are refused in words, and a custom period has its own address', async () => {
  stories.expectFault(/400/);
  const wrong = await stories.open(`${app.url + paths.reach}?from=2015-01-01&to=2026-01-01`, {
    as: marketing,
  });
  await wrong
    .getByText(/more than three years/)
    .first()
    .waitFor();

  const page = await stories.open(app.url + paths.shelf, { as: marketing });
  await page.getByRole('button', { name: 'Period: Last 90 days' }).click();
  const period = page.getByRole('dialog', { name: 'Period' });
  await period.getByLabel('First day').fill('2026-03-01');
  await period.getByLabel('Last day').fill('2026-02-01');
  await period.getByText('The last day is before the first.').waitFor();
  await period.getByLabel('Last day').fill('2026-03-31');
  await period.getByRole('button', { name: 'Show these days' }).click();
  await page.waitForURL(/from=2026-03-01&to=2026-03-31/);
  await page.getByText(/1 Mar to 31 Mar 2026, compared with 29 Jan to 28 Feb 2026/).waitFor();
});

test('a rep is asked only what concerns reps', async () => {
  const page = await stories.open(app.url + paths.shelf, { as: rep });
  await page.getByRole('heading', { name: /of your library/ }).waitFor();
  expect(await page.getByText('What did sales ask for and not find?').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Brief to print' }).count()).toBe(0);
});

test('an empty library says what will be here and the one step towards it', async () => {
  const empty = await startOffshelf();
  try {
    const team = await foundTeam(empty.url, ['marketing']);
    const page = await stories.open(empty.url + paths.shelf, { as: team.marketing });
    await page.getByRole('heading', { name: 'The shelf is empty' }).waitFor();
    await page.getByRole('link', { name: 'Import a library' }).waitFor();
    await sweep(page, 'five questions of an empty library');
  } finally {
    await empty.stop();
  }
});
