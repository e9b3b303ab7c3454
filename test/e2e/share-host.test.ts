import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserStories } from '../support/browser.ts';
import { findFreePort, type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let admin: Member;
let rep: Member;
let shareUrl: string;

beforeAll(async () => {
  const port = await findFreePort();
  // Browsers take every name below localhost for this machine.
  shareUrl = `http://share.localhost:${port}`;
  app = await startOffshelf({
    port,
    env: { PUBLIC_URL: `http://localhost:${port}`, SHARE_URL: shareUrl },
  });
  ({ admin, rep } = await foundTeam(app.url, ['rep']));
});
afterAll(() => app?.stop());

async function share(title: string, policy: object = {}) {
  const form = new FormData();
  form.set('file', new Blob([`# ${title}\n\nWeek one is for the pilot group.`]), 'rollout.md');
  const { uploadTicket } = await admin.call('POST', '/uploads', form);
  const asset = await admin.call('POST', '/assets', {
    uploadTicket,
    title,
    audience: 'external',
    status: 'published',
  });
  const path = `/asset-versions/${asset.versions[0].id}/rendition`;
  await expect.poll(async () => (await rep.call('GET', path)).state, { timeout: 60_000 }).toBe('done');
  const made = await rep.call('POST', `/assets/${asset.id}/share-links`, {
    recipient: { name: 'Petra Prospect' },
    ...policy,
  });
  return { url: made.url as string, id: made.shareLink.id as string };
}

async function classesOf(linkId: string): Promise<string[]> {
  const { items } = await rep.call('GET', `/share-links/${linkId}/visits`);
  return items.map(({ judgement }: { judgement: { class: string } }) => judgement.class);
}

test('a prospect reads at a host that shares no origin, cookie or page with the app', async () => {
  const { url, id } = await share('Rollout plan', { gate: 'ask' });
  expect(new URL(url).origin).toBe(shareUrl);
  const guest = await stories.open(url, { onPhone: true });
  await guest.getByText('Week one is for the pilot group.').waitFor();
  await guest.getByLabel('Your name').fill('Petra');
  await guest.getByRole('button', { name: 'Tell Rob Rep' }).tap();
  await guest.getByText('and that it is').waitFor();
  await expect.poll(() => classesOf(id), { timeout: 15_000 }).toHaveLength(1);
  const hosts = (await guest.context().cookies()).map(({ domain }) => domain);
  expect([...new Set(hosts)]).toEqual(['share.localhost']);

  stories.expectFault(/404/);
  stories.expectFault(/Content Security Policy|CORS/);
  await guest.goto(`${shareUrl}/api/session`);
  await guest.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  // A page of that host reaches nothing of the app, and the app does not answer it.
  const reached = await guest.evaluate(
    (api) =>
      fetch(api, { credentials: 'include' }).then(
        () => true,
        () => false,
      ),
    `${app.url}/api/session`,
  );
  expect(reached).toBe(false);
});

test('a colleague who opens a link from the app is known over there, also the next time', async () => {
  const [first, second] = [await share('Pilot plan'), await share('Price list')];
  const page = await stories.open(`${app.url}/my-links`, { as: rep });
  await page.getByRole('row', { name: /Pilot plan/ }).click();
  const opening = page.waitForEvent('popup');
  stories.expectFault(/request to another host: (GET|POST) http:\/\/share\.localhost/);
  await page.getByRole('button', { name: 'Open as prospect' }).click();
  const tab = await opening;
  await tab.getByText('Week one is for the pilot group.').waitFor();
  expect(tab.url()).toBe(first.url);
  await expect.poll(() => classesOf(first.id), { timeout: 15_000 }).toEqual(['internal']);
  await tab.goto(second.url);
  await expect.poll(() => classesOf(second.id), { timeout: 15_000 }).toEqual(['internal']);
});
