import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const day = 86_400_000;
const passcode = 'blue river';
const stories = browserStories();
let app: RunningOffshelf;
let rep: Member;
let marketing: Member;
let assetId: string;

beforeAll(async () => {
  app = await startOffshelf();
  const team = await foundTeam(app.url, ['rep', 'marketing']);
  ({ rep, marketing } = team);
  const text = '# Rollout plan\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
  assetId = (await addAsset(team.admin, { title: 'Rollout plan', text })).id;
});
afterAll(() => app?.stop());

const ago = (days: number) => new Date(Date.now() - days * day).toISOString();

interface Event {
  kind: string;
  visit?: { judgement: { class: string }; pages: { isRead: boolean }[] };
}
const isReadByPerson = ({ visit }: Event) =>
  visit?.judgement.class.startsWith('human') && visit.pages.some(({ isRead }) => isRead);

async function takeDeal(externalId: string, deal: object): Promise<string> {
  const { dealId } = await marketing.call('PUT', `/deals/${externalId}`, {
    account: { name: 'Northbeck' },
    amount: 90_000,
    currency: 'EUR',
    openedAt: ago(40),
    stageHistory: [
      { stage: 'Discovery', enteredAt: ago(40) },
      { stage: 'Proposal', enteredAt: ago(9) },
    ],
    ...deal,
  });
  return dealId;
}

test('a rep finds a deal in the list and sees how it moved, what was sent and what was read', async () => {
  const empty = await stories.open(app.url + paths.deals, { as: rep });
  await empty.getByText('Your manager or marketing can bring them from your CRM.').waitFor();
  await sweep(empty, 'deals before there are any');

  await takeDeal('crm-1', { name: 'Depot rollout', ownerEmail: rep.email });
  await takeDeal('crm-2', {
    name: 'Van fleet',
    account: { name: 'Greenway' },
    amount: 5_000,
    currency: 'USD',
  });
  await takeDeal('crm-3', { name: 'Pilot', outcome: 'won', closedAt: ago(1) });
  const { url, shareLink } = await rep.call('POST', `/assets/${assetId}/share-links`, {
    recipient: { name: 'Dana Okafor', email: 'dana@northbeck.example', accountName: 'Northbeck' },
    passcode,
  });
  stories.expectFault(/status of 401/);
  const prospect = await stories.open(url);
  await prospect.getByLabel('Passcode').fill(passcode);
  await prospect.getByLabel('Passcode').press('Enter');
  await prospect.getByText('Week one is for the pilot group').waitFor();
  const readers = () => rep.call('GET', `/share-links/${shareLink.id}/timeline`);
  await expect
    .poll(async () => (await readers()).events.some(isReadByPerson), { timeout: 40_000 })
    .toBe(true);
  await prospect.close();

  const page = await stories.open(app.url, { as: rep });
  await page.getByRole('link', { name: 'Deals', exact: true }).click();
  const table = page.getByRole('table', { name: 'Deals' });
  await table.getByRole('link', { name: 'Van fleet' }).waitFor();
  expect(await table.getByRole('row').count()).toBe(3);
  await sweep(page, 'deals');
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Won' }).click();
  await table.getByRole('link', { name: 'Pilot' }).waitFor();
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Open' }).click();
  await page.getByLabel('Search deals').fill('depot');
  await expect.poll(() => table.getByRole('row').count(), { timeout: 15_000 }).toBe(2);
  await page.getByLabel('Search deals').press('Escape');
  await page.getByLabel('Only mine').check();
  await expect.poll(() => table.getByRole('row').count(), { timeout: 15_000 }).toBe(2);
  // The address keeps what is chosen.
  await page.reload();
  await expect.poll(() => page.getByLabel('Only mine').isChecked(), { timeout: 15_000 }).toBe(true);

  await table.getByRole('link', { name: 'Depot rollout' }).click();
  await page.getByRole('heading', { name: 'Depot rollout', level: 1 }).waitFor();
  await page.getByText('Proposal for 9 days').waitFor();
  const bar = page.getByRole('list', { name: 'Stages' });
  expect(await bar.getByRole('listitem').allTextContents()).toEqual([
    expect.stringMatching(/^Discovery.*31 days$/),
    expect.stringMatching(/^Proposal.*9 days$/),
  ]);
  await page.getByRole('complementary', { name: 'People' }).getByText('1 sent, 1 read').waitFor();
  const story = page.getByRole('region', { name: 'What happened, newest first' });
  await story.getByText('The deal entered Proposal').waitFor();
  await story.getByText('You sent Rollout plan to Dana Okafor').waitFor();
  await story.getByText(/^Dana Okafor read Rollout plan/).waitFor();
  await sweep(page, 'a deal');
  const onPhone = await stories.open(page.url(), { as: rep, onPhone: true, scheme: 'dark' });
  await onPhone.getByText('The deal entered Discovery').waitFor();
  await sweep(onPhone, 'a deal on a phone');
});

test('a rep chooses the deal while sharing, and changes their mind', async () => {
  const page = await stories.open(`${app.url}${paths.asset(assetId)}`, { as: rep });
  const second = await takeDeal('crm-4', { name: 'Second depot', amount: 20_000 });
  const first = await takeDeal('crm-1', {});
  await page.getByRole('button', { name: 'Share Rollout plan' }).click();
  const sheet = page.getByRole('dialog', { name: 'Share “Rollout plan”' });
  await sheet.getByLabel('Who is it for').fill('Priya Shah');
  await sheet.getByLabel('Who is it for').press('Enter');
  await sheet.getByLabel('Account').fill('Northbeck');
  await sheet.getByRole('combobox', { name: 'Deal' }).click();
  await page.getByRole('option', { name: /^Second depot/ }).click();
  await sweep(page, 'sharing for a deal');
  await sheet.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('dialog', { name: 'Share link' }).waitFor();
  const sent = async (dealId: string) =>
    (await rep.call('GET', `/deals/${dealId}/activity`)).shareLinks.map(
      (link: { recipient: { name: string } }) => link.recipient.name,
    );
  await expect.poll(() => sent(second), { timeout: 15_000 }).toContain('Priya Shah');
  expect(await sent(first)).not.toContain('Priya Shah');

  await page.goto(app.url + paths.myLinks);
  await page.getByRole('row', { name: /Priya Shah/ }).click();
  const panel = page.getByRole('complementary', { name: 'For Priya Shah' });
  await panel.getByRole('combobox', { name: 'Deal' }).click();
  await page.getByRole('option', { name: /^Depot rollout/ }).click();
  await expect.poll(() => sent(first), { timeout: 15_000 }).toContain('Priya Shah');
  await sweep(page, 'a share link with its deal');
});
