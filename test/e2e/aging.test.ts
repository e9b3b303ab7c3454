import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { type Member, signIn } from '../support/team.ts';

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

function sampleMember(role: string): Promise<Member> {
  const password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
  const email = new RegExp(`^ {2}${role} +(\\S+)`, 'm').exec(app.output())?.[1] ?? '';
  return signIn(app.url, { email, password });
}

test('a flag of a rep stands on the page until it is answered, and comes back when the answer is undone', async () => {
  const { items } = await marketing.call('GET', '/assets?status=published&limit=1');
  const [asset] = items;
  const { searchId } = await rep.call('POST', '/searches', { query: asset.title });
  await rep.call('POST', `/searches/${searchId}/actions`, {
    assetId: asset.id,
    kind: 'dismissed',
    reason: 'wrong',
    note: 'The price is old.',
  });
  const page = await stories.open(app.url + paths.aging, { as: marketing });
  const flags = page.getByRole('region', { name: 'Unanswered flags' });
  await flags.getByText(/The price is old/).waitFor();
  await sweep(page, 'going off');
  await flags.getByRole('button', { name: `Answer about ${asset.title}` }).click();
  const form = page.getByRole('dialog', { name: `Answer about ${asset.title}` });
  await form.getByLabel('In a sentence').fill('It is of this year now.');
  await form.getByRole('button', { name: 'Answer' }).click();
  await expect.poll(() => flags.getByText(/The price is old/).count(), { timeout: 15_000 }).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await flags.getByText(/The price is old/).waitFor();
  await flags.getByRole('checkbox').last().check();
  await page.getByText('1 asset', { exact: false }).first().waitFor();
  const count = page.getByRole('heading', { name: /called wrong or outdated/ }).getByRole('button');
  await count.click();
  await page.getByText(/^Published assets that somebody called wrong or outdated/).waitFor();

  const sentence = 'Page two has the price of this year.';
  await marketing.call('POST', `/assets/${asset.id}/flag-answers`, { kind: 'fixed', sentence });
  const answered = await stories.open(app.url + paths.asset(asset.id), { as: rep });
  const answers = answered.getByRole('region', { name: 'Answers' });
  await answers.getByText(sentence).waitFor();
  await answers.getByText(/to what you said was not right$/).waitFor();
  await sweep(answered, 'an asset with an answer');
});

test('the home answers the last two questions in the sentences of their pages', async () => {
  const page = await stories.open(app.url + paths.shelf, { as: marketing });
  for (const [ask, path] of [
    ['What is going off?', '/report/aging'],
    ['What did sales ask for and not find?', '/report/gaps'],
  ] as const) {
    const answer = page.getByRole('region', { name: ask }).getByRole('heading');
    // The sample is still being counted when the first page opens.
    await expect
      .poll(
        async () => {
          const { says } = await marketing.call('GET', path);
          if ((await answer.textContent()) === says) return true;
          await page.reload();
          await answer.waitFor();
          return false;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
  }
});

test('the brief is one page with the same answers, its definitions and what to expect by mail', async () => {
  const brief = await marketing.call('GET', '/report/brief?locale=en-GB');
  const page = await stories.open(app.url + paths.brief, { as: marketing });
  const sheet = page.getByRole('article', { name: 'Shelf brief' });
  for (const { answer } of brief.questions) await sheet.getByRole('heading', { name: answer }).waitFor();
  for (const { name } of brief.definitions)
    await sheet.getByRole('term').filter({ hasText: name }).first().waitFor();
  await page.getByText(/This instance has no mail server/).waitFor();
  await sweep(page, 'brief');
  await page.emulateMedia({ media: 'print' });
  await expect.poll(() => page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
  await expect.poll(() => sheet.isVisible()).toBe(true);
});
