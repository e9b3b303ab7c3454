import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { findEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/http/log.ts';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import figures from '../../server/src/judging/corpus-figures.json' with { type: 'json' };
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { addAsset, foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
const passcode = 'blue river';
const text = '# Rollout plan\n\nWeek one is for the pilot group. Nobody else is disturbed.\n';
let app: RunningOffshelf;
let db: Database;
let admin: Member;
let marketing: Member;
let rep: Member;
let open: { id: string; url: string };
let locked: { id: string; url: string };

beforeAll(async () => {
  app = await startOffshelf();
  const databaseUrl = await findEmbeddedPostgres(join(app.dataDir, 'postgres'), () => {});
  if (!databaseUrl) throw new Error('Offshelf has no database.');
  db = connectDatabase(databaseUrl, { log: createLog('silent'), max: 1 });
  ({ admin, marketing, rep } = await foundTeam(app.url, ['marketing', 'rep']));
  const asset = await addAsset(admin, { title: 'Rollout plan', text });
  const share = async (body: object) => {
    const { shareLink, url } = await rep.call('POST', `/assets/${asset.id}/share-links`, body);
    return { id: shareLink.id as string, url: url as string };
  };
  open = await share({ recipient: { name: 'Newsletter', kind: 'channel' } });
  locked = await share({ recipient: { name: 'Dana Okafor' }, passcode });
});
afterAll(async () => {
  await db?.destroy();
  await app?.stop();
});

const measure = () => marketing.call('GET', '/measurement');

async function openFigures(as = marketing): Promise<Page> {
  const page = await stories.open(`${app.url}/settings/measurement`, { as });
  await page.getByRole('heading', { name: 'How good the rules are' }).waitFor();
  return page;
}

test('an instance that nobody has visited says so, with what the rules made of recorded situations', async () => {
  const page = await openFigures();
  await page.getByText('Nobody has visited a share link in the last 30 days.').waitFor();
  await page.getByText('No message about a reader was counted in the last 30 days.').waitFor();
  await page.getByText('Nothing has been judged yet.').waitFor();
  const { situationCount, calledMachineCount, humanFoundCount, humanCount } = figures;
  await page
    .getByText(
      `In ${situationCount} recorded situations the rules called ${calledMachineCount} a machine and were right about ${figures.calledMachineRightCount}, and found ${humanFoundCount} of ${humanCount} people.`,
    )
    .waitFor();
  await sweep(page, 'measurement of a new instance');
});

test('a person and a scanner with a browser are told apart, and the scanner is hidden', async () => {
  const scanner = await stories.open(open.url, { isHeadless: true });
  await scanner.getByText('Week one is for the pilot group.').waitFor();
  stories.expectFault(/status of 401/);
  const dana = await stories.open(locked.url, { onPhone: true });
  await dana.getByLabel('Passcode').fill(passcode);
  await dana.getByLabel('Passcode').press('Enter');
  await dana.getByText('Week one is for the pilot group.').waitFor();
  await dana.getByRole('article').tap();
  await expect
    .poll(async () => (await measure()).visits.classes)
    .toEqual([
      { class: 'bot', count: 1 },
      { class: 'human-confirmed', count: 1 },
    ]);
  await expect.poll(async () => (await measure()).beats.receivedCount).toBeGreaterThan(0);

  const page = await openFigures();
  await page
    .getByText(
      'Of 2 visits in 30 days, 1 count as people’s, 0 are undecided, and 1 by machines and 0 of your own are hidden.',
    )
    .waitFor();
  await page.getByText(/^Of \d+ messages? about readers in 30 days, none is known to be lost\.$/).waitFor();
  await page.getByText(/The newest judgement was made .*, and every visit is judged\./).waitFor();

  // What the page tells next says that three before it were sent, which never came.
  const status = await dana.evaluate(async () => {
    const [memory = '{}'] = Object.values({ ...sessionStorage }) as string[];
    const { visitToken } = JSON.parse(memory) as { visitToken: string };
    const body = JSON.stringify({ visitToken, tabKey: 'anothertab', pages: [], number: 4 });
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch('/t/beats', { method: 'POST', headers, body })).status;
  });
  expect(status).toBe(204);
  await page.reload();
  await page.getByText(/^Of \d+ messages about readers in 30 days, 3 \(\d+%\) were lost\.$/).waitFor();
  await sweep(page, 'measurement with visits');
});

test('how old the counts behind search are is said', async () => {
  await enqueue(db, 'refresh-search-evidence', {});
  await expect.poll(async () => (await measure()).ages.latestRollupAt).not.toBeNull();
  const page = await openFigures();
  await page.getByText(/^What search ranks by was counted (just now|\d+ (second|minute)s? ago)/).waitFor();
});

test('who knows better overrules the rules, and every number follows', async () => {
  const page = await stories.open(`${app.url}/my-links/${open.id}`, { as: rep });
  await page.getByRole('heading', { name: 'For Newsletter' }).waitFor();
  await page.getByRole('button', { name: /^1 visit left out/ }).click();
  await page.getByRole('button', { name: /^Why/ }).click();
  const why = page.getByRole('dialog', { name: 'Why we think so' });
  await why.getByText('It says that it is a program, not a browser that a person uses.').waitFor();
  await why.getByText(/^By rule set 2, /).waitFor();
  await sweep(page, 'why a visit is hidden');
  await why.getByRole('button', { name: 'This was a person' }).click();
  await why.getByText(/^Rob Rep said so on/).waitFor();
  await why.getByRole('heading', { name: 'What the rules would say' }).waitFor();
  await sweep(page, 'why a visit counts, as somebody said');
  const counted = await openFigures();
  await counted.getByText(/^Of 2 visits in 30 days, 2 count as people’s/).waitFor();
  await counted.getByText(/2 visits confirmed as a person’s, 1 decided by somebody of your team\./).waitFor();

  await why.getByRole('button', { name: 'Let the rules decide' }).click();
  await why.getByText(/Rob Rep, taken back/).waitFor();
  await counted.reload();
  await counted.getByText(/^Of 2 visits in 30 days, 1 count as people’s/).waitFor();
});

test('an admin has the past judged again, and the page keeps a log of what changed', async () => {
  // As an earlier rule set might have seen it.
  const visit = await db
    .selectFrom('visit')
    .select('id')
    .where('shareLinkId', '=', locked.id)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('judgement')
    .values({
      visitId: visit.id,
      class: 'scanner',
      probability: 0.1,
      reasons: [],
      ruleVersion: 1,
      judgedAt: new Date(),
    })
    .execute();
  const page = await openFigures(admin);
  await page.getByText(/^Of 2 visits in 30 days, 0 count as people’s/).waitFor();
  await page.getByRole('button', { name: 'Judge the past again' }).click();
  await page.getByText(/^Every visit is judged again by the rules of today/).waitFor();
  await sweep(page, 'about to judge the past again');
  await page.getByRole('button', { name: 'Judge again', exact: true }).click();
  const log = page.getByRole('region', { name: 'The past, judged again' });
  await log
    .getByText(/^The past was judged by rule set 2 .*, asked by Ada Admin: 2 visits, 1 changed\.$/)
    .waitFor();
  await log.getByText('1 Mail scanner → A person').waitFor();
  await page.getByText(/^Of 2 visits in 30 days, 1 count as people’s/).waitFor();
  await sweep(page, 'the past, judged again');

  const others = await openFigures(marketing);
  await others.getByText('1 Mail scanner → A person').waitFor();
  expect(await others.getByRole('button', { name: /Judge/ }).count()).toBe(0);
});
