import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { findEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/http/log.ts';
import { enqueue } from '../../server/src/jobs/catalog.ts';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { type Member, signIn } from '../support/team.ts';

const script = resolve(import.meta.dirname, '../../scripts/demo.ts');
const stories = browserStories();
let app: RunningOffshelf;
let mail: MailServer;
let marketing: Member;
let db: Database;

beforeAll(async () => {
  mail = await startMailServer();
  const env = { SMTP_URL: mail.url, MAIL_FROM: 'Offshelf <content@example.com>' };
  app = await startOffshelf({ program: [script], env });
  const url = await findEmbeddedPostgres(join(app.dataDir, 'postgres'), () => {});
  if (!url) throw new Error('Offshelf has no database.');
  db = connectDatabase(url, { log: createLog('silent'), max: 1 });
  const password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
  const email = /^ {2}marketing +(\S+)/m.exec(app.output())?.[1] ?? '';
  marketing = await signIn(app.url, { email, password });
});
afterAll(async () => {
  await db?.destroy();
  await app?.stop();
  await mail?.close();
});

/** How many pages it is on paper. */
async function countPages(page: Page): Promise<number> {
  const file = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(file).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]/);
  return file.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

async function openBrief(): Promise<Page> {
  const page = await stories.open(app.url + paths.brief, { as: marketing });
  await page.getByRole('article', { name: 'Shelf brief' }).waitFor();
  return page;
}

/** Names as long as people make them, and as much to say as there can be. */
async function makeWordy(): Promise<void> {
  const { items } = await marketing.call('GET', '/assets?status=published&limit=40');
  const assets: { id: string; title: string; revision: number }[] = items;
  for (const { id, title, revision } of assets)
    await marketing.call('PATCH', `/assets/${id}`, {
      revision,
      title: `${title}, how a regional team of service engineers plans, invoices and reports a whole season`,
    });
  for (const place of [0, 5, 10, 15, 20])
    await marketing.call('POST', '/decisions', {
      action: { kind: 'promote', untilOn: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10) },
      assetIds: assets.slice(place, place + 5).map(({ id }) => id),
      note: 'For the season that begins in spring, when everybody asks for the same three things at once.',
    });
}

test('printed, the brief is one A4 page, with little to say and with much', async () => {
  const page = await openBrief();
  expect(await countPages(page)).toBe(1);
  await makeWordy();
  const wordy = await openBrief();
  await wordy
    .getByText(/and reports a whole season/)
    .first()
    .waitFor();
  await wordy.getByText('What was decided, and what came of it').waitFor();
  expect(await countPages(wordy)).toBe(1);
  // On paper are the answers and the definitions, in letters that can be read, and nothing of the frame.
  const sizes = await wordy.evaluate(() => {
    window.dispatchEvent(new Event('beforeprint'));
    const sizeOf = (selector: string) =>
      Number.parseFloat(getComputedStyle(document.querySelector(selector) ?? document.body).fontSize);
    const found = { definition: sizeOf('article dd'), answer: sizeOf('article h2') };
    window.dispatchEvent(new Event('afterprint'));
    return found;
  });
  expect(sizes.definition).toBeGreaterThan(7);
  expect(sizes.answer).toBeGreaterThan(13);
});

test('what falls is a chart with its table', async () => {
  const page = await stories.open(app.url + paths.aging, { as: marketing });
  const falls = page.getByRole('region', { name: 'Falling reads per share' });
  const chart = falls
    .getByRole('figure', { name: /read less per share, \d+% before and \d+% since$/ })
    .first();
  const drawing = chart.getByRole('img', {
    name: /^\d+ weeks: \d+ of \d+ share links read before, \d+ of \d+ since$/,
  });
  // They are looked for in the background once it has started.
  await expect
    .poll(
      async () => {
        if ((await drawing.count()) > 0) return true;
        await page.reload();
        await falls.waitFor();
        return false;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  await sweep(page, 'what falls');
  const weekCount = Number.parseInt((await drawing.getAttribute('aria-label')) ?? '', 10);
  expect(weekCount).toBeGreaterThan(4);
  await chart.getByText('Table', { exact: true }).click();
  await expect.poll(() => chart.getByRole('row').count()).toBe(weekCount + 1);
});

test('the weekly mail is asked for on the page and stopped from the mail, without signing in', async () => {
  const page = await openBrief();
  await page.getByRole('button', { name: 'Send it each week' }).click();
  await page.getByRole('button', { name: 'Stop it' }).waitFor();
  const { id: userId } = await db
    .selectFrom('user')
    .select('id')
    .where('email', '=', marketing.email)
    .executeTakeFirstOrThrow();
  await enqueue(db, 'send-brief', { userId, weekOn: '2026-11-16' });
  await expect.poll(() => mail.mails.length, { timeout: 30_000 }).toBe(1);
  const [sent] = mail.mails;

  const own = /(http\S+\/unsubscribe#\S+)/.exec(sent?.text ?? '')?.[1] ?? '';
  const door = await stories.open(own);
  await door.getByRole('heading', { name: 'Stop the weekly brief' }).waitFor();
  await sweep(door, 'stopping the weekly brief');
  await door.getByRole('button', { name: 'Stop it' }).click();
  await door.getByText(`Nothing goes to ${marketing.email} from now on.`).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Send it each week' }).click();
  await page.getByRole('button', { name: 'Stop it' }).waitFor();

  // A mail program without a button of its own opens the same address as its servers would call.
  const source = sent?.source.replace(/\n[ \t]+/g, ' ') ?? '';
  const button = await stories.open(/^List-Unsubscribe: <([^>]+)>$/m.exec(source)?.[1] ?? '');
  await button.getByRole('button', { name: 'Stop it' }).click();
  await button.getByRole('heading', { name: 'The brief is not sent any more' }).waitFor();
  expect((await marketing.call('GET', '/brief-subscription')).subscription).toBeNull();
});
