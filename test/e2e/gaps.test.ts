import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories, phone } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let marketing: Member;
let manager: Member;
let rep: Member;

beforeAll(async () => {
  app = await startOffshelf();
  ({ marketing, manager, rep } = await foundTeam(app.url, ['marketing', 'manager', 'rep']));
  await marketing.call('POST', '/dimensions/persona/terms', { name: 'Platform engineer' });
  await addAsset(marketing, { title: 'Deployment guide', text: '# Deployment\n\nHow it runs.\n' });
});
afterAll(() => app?.stop());

test('what a rep looks for in vain is a request with one click, and comes back with an answer', async () => {
  const quiet = await stories.open(app.url + paths.gaps, { as: marketing });
  await quiet.getByRole('heading', { name: 'Nobody has searched for anything yet.' }).waitFor();
  await quiet.getByRole('heading', { name: 'Nothing was looked for in vain' }).waitFor();
  await sweep(quiet, 'not found, still empty');

  const find = await stories.open(`${app.url}/?q=${encodeURIComponent('kubernetes checklist')}`, { as: rep });
  await find
    .getByText(/nothing/i)
    .first()
    .waitFor();

  const page = await stories.open(app.url + paths.gaps, { as: marketing });
  const gap = page.getByRole('listitem').filter({ hasText: '“kubernetes checklist”' });
  await gap.getByText('Rob Rep searched once and found nothing').waitFor();
  await sweep(page, 'not found');
  await gap.getByRole('button', { name: 'Request it: kubernetes checklist' }).click();
  await gap.getByText('It closes by itself when a search like it succeeds.').waitFor();
  await page.getByRole('heading', { name: 'Everything that sales did not find is being seen to.' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await gap.getByRole('button', { name: 'Request it: kubernetes checklist' }).click();
  await gap.getByRole('link', { name: 'Kubernetes checklist' }).click();

  const panel = page.getByRole('complementary', { name: 'Kubernetes checklist' });
  await panel.getByText('Rob Rep', { exact: true }).waitFor();
  await sweep(page, 'a request, with its answer to be written');
  await panel.getByRole('combobox', { name: 'Answer with an asset' }).fill('deploy');
  await page.getByRole('option', { name: 'Deployment guide' }).click();
  await panel.getByLabel('Answer', { exact: true }).fill('Page 1 has the list.');
  await panel.getByRole('button', { name: 'Save the answer' }).click();
  await page.getByText('Answer saved').waitFor();

  const mine = await stories.open(`${app.url + paths.requests}?show=mine`, { as: rep, onPhone: true });
  const row = mine.getByRole('listitem').filter({ hasText: 'Kubernetes checklist' });
  await row.getByText('Done').waitFor();
  await row.getByRole('button', { name: 'Kubernetes checklist', exact: true }).click();
  const answer = mine.getByRole('dialog', { name: 'Kubernetes checklist' });
  await answer.getByText('Page 1 has the list.').waitFor();
  await answer.getByRole('link', { name: 'Deployment guide' }).click();
  await mine.getByRole('heading', { name: 'Deployment guide', level: 1 }).waitFor();
});

test('a word that search does not know becomes a synonym, and the terms show what is left to tidy', async () => {
  const { items: before } = await marketing.call('GET', '/dimensions');
  const persona = before.find(({ key }: { key: string }) => key === 'persona').terms[0];
  const handbook = await addAsset(marketing, {
    title: 'How we run it',
    text: '# Running it\n\nDaily.\n',
    termIds: [persona.id],
  });
  await manager.call('POST', '/searches', { query: 'zanzibarite handbook' });
  await rep.call('POST', '/searches', { query: 'zanzibarites' });
  const terms = await stories.open(`${app.url + paths.taxonomy}?show=health`, { as: marketing });
  await terms
    .getByRole('listitem')
    .filter({ hasText: 'zanzibarite' })
    .getByText('2 people, 2 searches')
    .waitFor();
  await sweep(terms, 'what to tidy among the terms');

  const page = await stories.open(app.url + paths.gaps, { as: marketing });
  await page.getByRole('button', { name: 'Add as a synonym: zanzibarites' }).click();
  const form = page.getByRole('dialog', { name: 'Add as a synonym' });
  await expect.poll(() => form.getByLabel('When somebody types').inputValue()).toBe('zanzibarites');
  await form.getByRole('combobox', { name: 'they mean' }).click();
  await page.getByRole('option', { name: 'Platform engineer' }).click();
  await sweep(page, 'adding a synonym');
  await form.getByRole('button', { name: 'Add the synonym' }).click();
  await page.getByText('“zanzibarites” means Platform engineer from now on').waitFor();
  const { items } = await rep.call('GET', '/dimensions');
  const personas = items.find(({ key }: { key: string }) => key === 'persona').terms;
  expect(personas[0].synonyms).toEqual(['zanzibarites']);

  const find = await stories.open(`${app.url}/?q=zanzibarites`, { as: rep });
  await find
    .getByRole('button', { name: /Platform engineer/ })
    .first()
    .waitFor();
  await find.getByRole('link', { name: 'How we run it' }).first().waitFor();
  const { searchId } = await rep.call('POST', '/searches', { query: 'zanzibarites' });
  await rep.call('POST', `/assets/${handbook.id}/share-links`, { recipient: { name: 'A Buyer' }, searchId });
  await page.reload();
  const closed = page.getByRole('region', { name: 'Closed by themselves' });
  await closed.getByRole('button', { name: 'Show' }).click();
  await closed
    .getByRole('listitem')
    .filter({ hasText: '“zanzibarites”' })
    .getByText('a search like it succeeded after “zanzibarites” became a synonym of Platform engineer')
    .waitFor();
});

test('people ask for something, vote for it and take it back; sales leads see what was not found and change nothing', async () => {
  const page = await stories.open(`${app.url + paths.requests}?new=1&title=Uptime+report`, { as: rep });
  const sheet = page.getByRole('dialog', { name: 'Ask for something' });
  await expect.poll(() => sheet.getByLabel('What is missing?').inputValue()).toBe('Uptime report');
  await sweep(page, 'asking for something');
  await sheet.getByLabel('What would it have to say?').fill('The last twelve months, by region.');
  await sheet.getByRole('button', { name: 'Send the request' }).click();
  await page.getByRole('complementary', { name: 'Uptime report' }).getByText('by region').waitFor();
  await sweep(page, 'requests');

  const lead = await stories.open(app.url + paths.requests, { as: manager });
  await lead.getByRole('button', { name: /^I want this, too: Uptime report. 1 person wants/ }).click();
  await lead
    .getByRole('button', { name: /^I want this, too: Uptime report. 2 people want/, pressed: true })
    .click();
  await lead.getByRole('button', { name: /Uptime report. 1 person wants/, pressed: false }).waitFor();
  await lead.getByRole('link', { name: 'Not found' }).click();
  await lead
    .getByRole('heading', { name: 'To decide' })
    .or(lead.getByRole('heading', { name: 'Seen to' }))
    .first()
    .waitFor();
  await expect.poll(() => lead.getByRole('button', { name: /^Request|^Set aside|synonym/ }).count()).toBe(0);

  await page.reload();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('Request taken back').waitFor();
  await expect.poll(() => page.getByRole('link', { name: 'Not found' }).count()).toBe(0);
});

test('on a phone the places that the bar has no room for are in the account menu', async () => {
  const page = await stories.open(app.url + paths.requests, { as: marketing, onPhone: true });
  const bar = page.getByRole('navigation', { name: 'Main' });
  expect(page.viewportSize()).toEqual(phone);
  await bar.getByRole('link', { name: 'Requests' }).waitFor();
  await expect.poll(() => bar.getByRole('listitem').count()).toBe(5);
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Your profile' }).waitFor();
});
