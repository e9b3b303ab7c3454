import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let marketing: Member;
let rep: Member;
let assets: Record<'calculator' | 'story' | 'terms', { id: string; title: string }>;

beforeAll(async () => {
  app = await startOffshelf();
  const team = await foundTeam(app.url, ['marketing', 'rep']);
  ({ marketing, rep } = team);
  assets = {
    calculator: await addAsset(team.admin, { title: 'Savings calculator', text: '# What it saves\n' }),
    story: await addAsset(team.admin, { title: 'Story of a bank', text: '# A bank\n' }),
    terms: await addAsset(team.admin, { title: 'Payment terms', text: '# Terms\n' }),
  };
});
afterAll(() => app?.stop());

async function titlesOn(page: Page): Promise<string[]> {
  return page
    .getByRole('list', { name: /^Assets of/ })
    .getByRole('heading')
    .allTextContents();
}

async function titlesIn(member: Member, collectionId: string): Promise<string[]> {
  const { items } = await member.call('GET', `/collections/${collectionId}`);
  return items.map((item: { asset: { title: string } }) => item.asset.title);
}

test('a rep makes a collection, puts it in order by keyboard, and a curator pins it to everybody’s Find page', async () => {
  const page = await stories.open(`${app.url}/collections`, { as: rep });
  await page.getByRole('heading', { name: 'Keep what belongs together' }).waitFor();
  await sweep(page, 'no collections yet');

  // From an asset: a new collection is a name and Enter.
  await page.goto(`${app.url}/assets/${assets.calculator.id}`);
  await page.getByRole('heading', { name: 'Savings calculator', level: 1 }).waitFor();
  await page.keyboard.press('a');
  const sheet = page.getByRole('dialog', { name: 'Add to collection' });
  await sheet.getByLabel('Name a collection').fill('CFO, late stage');
  await page.keyboard.press('Enter');
  await page.getByText('“CFO, late stage” made, with this asset in it').waitFor();
  await expect.poll(() => sheet.getByRole('checkbox', { name: 'CFO, late stage' }).isChecked()).toBe(true);

  // From the next ones: a tick. Closed, the sheet leaves the focus where it was.
  await page.goto(`${app.url}/assets/${assets.story.id}`);
  const opener = page.getByRole('button', { name: 'Add to collection' });
  await opener.click();
  await sheet.getByRole('checkbox', { name: 'CFO, late stage' }).click();
  await page.getByText('Added to “CFO, late stage”').waitFor();
  await sweep(page, 'the collections of an asset');
  await page.keyboard.press('Escape');
  await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);

  await page.goto(`${app.url}/?q=payment`);
  await page.getByRole('button', { name: 'Add Payment terms to a collection' }).click();
  await sheet.getByRole('checkbox', { name: 'CFO, late stage' }).click();
  await page.getByText('Added to “CFO, late stage”').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Collections', exact: true }).first().click();
  await page.getByRole('link', { name: 'CFO, late stage' }).click();
  await page.getByRole('heading', { name: 'CFO, late stage', level: 1 }).waitFor();
  const collectionId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await expect.poll(() => titlesOn(page)).toEqual(['Savings calculator', 'Story of a bank', 'Payment terms']);

  // The handle keeps the focus, so one goes on pressing, faster than it is saved.
  await page.getByRole('button', { name: 'Move Payment terms: arrow keys, or drag' }).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.getByText('Payment terms is now 1 of 3').waitFor();
  await expect.poll(() => titlesOn(page)).toEqual(['Payment terms', 'Savings calculator', 'Story of a bank']);
  await expect
    .poll(() => titlesIn(rep, collectionId))
    .toEqual(['Payment terms', 'Savings calculator', 'Story of a bank']);

  await page.getByRole('button', { name: 'Add a note on Savings calculator' }).click();
  await page.getByLabel('Note on Savings calculator').fill('Open it together with them.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Edit the note: Open it together with them.' }).waitFor();
  await sweep(page, 'a collection of one’s own');

  await page.getByRole('button', { name: 'Remove Story of a bank' }).click();
  await expect.poll(() => titlesOn(page)).toEqual(['Payment terms', 'Savings calculator']);
  await page.getByRole('alert').filter({ hasText: 'removed' }).getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(() => titlesIn(rep, collectionId))
    .toEqual(['Payment terms', 'Savings calculator', 'Story of a bank']);

  const curating = await stories.open(`${app.url}/collections/${collectionId}`, { as: marketing });
  await curating.getByRole('button', { name: 'Pin for everybody' }).click();
  await curating.getByText('stands on everybody’s Find page').waitFor();

  await page.goto(app.url);
  const pinned = page.getByRole('region', { name: 'Pinned collections' });
  await pinned.getByText('3 assets').waitFor();
  await sweep(page, 'Find with a pinned collection');
  await pinned.getByRole('link', { name: 'CFO, late stage' }).click();
  await page.getByText('Open it together with them.').waitFor();
});

test('marketing sees what is archived greyed, reps are told that there is more', async () => {
  const old = await addAsset(marketing, { title: 'Old price list', text: '# Prices\n' });
  const { id } = await rep.call('POST', '/collections', {
    name: 'Prices',
    assetIds: [old.id, assets.terms.id],
  });
  const { revision } = await marketing.call('GET', `/assets/${old.id}`);
  await marketing.call('PATCH', `/assets/${old.id}`, { revision, status: 'archived' });

  const page = await stories.open(`${app.url}/collections/${id}`, { as: rep });
  await page.getByText('1 more asset is not published, so you don’t see it here.').waitFor();
  await expect.poll(() => titlesOn(page)).toEqual(['Payment terms']);

  const curating = await stories.open(`${app.url}/collections/${id}`, { as: marketing });
  await curating.getByText('reps don’t see it here').waitFor();
  await expect.poll(() => titlesOn(curating)).toEqual(['Old price list', 'Payment terms']);
  await sweep(curating, 'a collection with an archived asset');
});

test('a deleted collection comes back by Undo', async () => {
  const { id } = await rep.call('POST', '/collections', {
    name: 'Deleted by mistake',
    assetIds: [assets.story.id],
  });
  const page = await stories.open(`${app.url}/collections/${id}`, { as: rep });
  await page.getByRole('button', { name: 'Actions for Deleted by mistake' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('“Deleted by mistake” deleted').waitFor();
  await page.getByRole('heading', { name: 'Collections', level: 1 }).waitFor();
  await expect.poll(() => page.getByRole('link', { name: 'Deleted by mistake' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: 'Deleted by mistake' }).waitFor();
  await sweep(page, 'collections');
  await page.getByRole('link', { name: 'Deleted by mistake' }).click();
  await page.getByRole('heading', { name: 'Story of a bank' }).waitFor();
  await expect.poll(() => titlesOn(page)).toEqual(['Story of a bank']);
});

test('a row that is dragged to the edge of the window takes the page along', async () => {
  const made: { id: string; title: string }[] = [];
  for (let number = 1; number <= 14; number++)
    made.push(await addAsset(marketing, { title: `Asset no. ${number}`, text: `# ${number}\n` }));
  const { id } = await marketing.call('POST', '/collections', {
    name: 'Long',
    assetIds: made.map((asset) => asset.id),
  });
  const page = await stories.open(`${app.url}/collections/${id}`, { as: marketing });
  const handle = page.getByRole('button', { name: 'Move Asset no. 1: arrow keys, or drag' });
  await handle.hover();
  await page.mouse.down();
  const height = page.viewportSize()?.height ?? 0;
  await page.mouse.move(300, height - 4, { steps: 6 });
  await page.waitForFunction(
    () =>
      window.scrollY > 200 && window.scrollY + window.innerHeight > document.documentElement.scrollHeight - 2,
  );
  await page.mouse.up();
  await page.getByText('“Asset no. 1” moved').waitFor();
  expect((await titlesIn(marketing, id)).at(-1)).toBe('Asset no. 1');
});
