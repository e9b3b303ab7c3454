import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let marketing: Member;
let rep: Member;

beforeAll(async () => {
  app = await startOffshelf();
  ({ marketing, rep } = await foundTeam(app.url, ['marketing', 'rep']));
  for (const [key, names] of [
    ['persona', ['Finance lead', 'Security lead']],
    ['stage', ['Evaluation', 'Negotiation']],
    ['objection', ['Too expensive', 'Not secure']],
  ] as const)
    for (const name of names) await marketing.call('POST', `/dimensions/${key}/terms`, { name });
  await addAsset(marketing, { title: 'Price sheet', text: '# Prices\n\nWhat it costs.\n' });
});
afterAll(() => app?.stop());

test('an objection that a rep notes makes an empty cell thin, and marketing fills it by a request and a target', async () => {
  const bare = await stories.open(app.url + paths.coverage, { as: marketing });
  await bare.getByRole('heading', { name: 'There is nothing to compare yet' }).waitFor();
  await sweep(bare, 'coverage, still empty');

  const find = await stories.open(app.url, { as: rep });
  await find.getByRole('navigation', { name: 'Main' }).waitFor();
  await find.keyboard.press('ControlOrMeta+k');
  const palette = find.getByRole('dialog', { name: 'Go anywhere' });
  await palette.getByRole('combobox').fill('note an obj');
  await palette.getByRole('option', { name: 'Note an objection' }).click();
  const sheet = find.getByRole('dialog', { name: 'Note an objection' });
  await sheet
    .getByLabel('What did they say?')
    .fill('The finance lead says it is too expensive at this point');
  await sheet.getByRole('button', { name: 'Too expensive' }).click();
  await sheet.getByRole('button', { name: 'Finance lead' }).click();
  const choice = sheet.getByRole('combobox', { name: 'Which objection is it, and whose?' });
  await choice.fill('Negot');
  await find.getByRole('option', { name: 'Negotiation' }).click();
  // Leaving the field closes its list, which lies over the button.
  await sheet.getByLabel('What did they say?').click();
  await sweep(find, 'noting an objection');
  await sheet.getByRole('button', { name: 'Note it' }).click();
  await find.getByText('Objection noted. Marketing sees it.').waitFor();

  const page = await stories.open(app.url + paths.coverage, { as: marketing });
  await page.getByRole('heading', { name: 'Nothing answers Finance lead × Negotiation: 1 note.' }).waitFor();
  const cell = page.getByRole('gridcell', { name: /^Finance lead × Negotiation: No asset\. 1 note\./ });
  await sweep(page, 'coverage');

  // By keyboard: one cell takes the focus, arrows move it, Enter opens.
  await page.getByRole('gridcell', { name: /^Finance lead × Evaluation/ }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await cell.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Finance lead × Negotiation' });
  await panel.getByText('The finance lead says it is too expensive at this point').waitFor();
  await sweep(page, 'a cell of the coverage');
  await panel.getByLabel('Assets wanted here').fill('2');
  await panel.getByRole('button', { name: 'Set the target' }).click();
  await page.getByText('Target set to 2 assets').waitFor();
  await panel.getByText('No asset. 1 note. Target 2.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await panel.getByText('No asset. 1 note.', { exact: true }).waitFor();

  await panel.getByRole('button', { name: 'Ask for it', exact: true }).click();
  const ask = page.getByRole('dialog', { name: 'Ask for something' });
  await ask.getByText('Finance lead', { exact: true }).waitFor();
  await ask.getByRole('button', { name: 'Send the request' }).click();
  await page.getByText('Marketing sees your request').waitFor();
  const { items } = await marketing.call('GET', '/requests');
  expect(items[0].terms.map(({ name }: { name: string }) => name)).toEqual(['Finance lead', 'Negotiation']);

  await page.getByRole('combobox', { name: 'Rows' }).click();
  await page.getByRole('option', { name: 'Objections' }).click();
  await page.getByRole('gridcell', { name: /^Too expensive × Negotiation: No asset\. 1 note\./ }).waitFor();
});

test('what was heard is listed with its counts, on a phone, too, and whoever noted it takes it back', async () => {
  const { items: dimensions } = await marketing.call('GET', '/dimensions');
  const termOf = (key: string, name: string) =>
    dimensions
      .find((dimension: { key: string }) => dimension.key === key)
      .terms.find((term: { name: string }) => term.name === name).id;
  await rep.call('POST', '/objection-notes', {
    text: 'Their auditors would never sign this off',
    objectionTermId: termOf('objection', 'Not secure'),
    personaTermId: termOf('persona', 'Security lead'),
    stageTermId: termOf('stage', 'Evaluation'),
  });
  const page = await stories.open(
    `${app.url + paths.objections}?objection=${termOf('objection', 'Not secure')}`,
    {
      as: rep,
      onPhone: true,
    },
  );
  await page.getByRole('button', { name: 'Not secure' }).and(page.locator('[aria-pressed="true"]')).waitFor();
  const row = page.getByRole('listitem').filter({ hasText: 'Their auditors would never' });
  await row.getByText('Rob Rep').waitFor();
  await sweep(page, 'objections on a phone');

  const coverage = await stories.open(app.url + paths.coverage, { as: marketing, onPhone: true });
  const security = coverage.getByRole('region', { name: 'Security lead' });
  await security.getByText('No asset. 1 note.').waitFor();
  await sweep(coverage, 'coverage on a phone');

  await row.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Note deleted').waitFor();
  await row.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.getByText('Rob Rep').waitFor();
});
