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
let manager: Member;
let marketing: Member;
let rep: Member;

beforeAll(async () => {
  app = await startOffshelf({ program: [script] });
  [manager, marketing, rep] = await Promise.all([
    sampleMember('manager'),
    sampleMember('marketing'),
    sampleMember('rep'),
  ]);
});
afterAll(() => app?.stop());

function sampleMember(role: string): Promise<Member> {
  const password = /^ {2}password +(\S+)/m.exec(app.output())?.[1] ?? '';
  const email = new RegExp(`^ {2}${role} +(\\S+)`, 'm').exec(app.output())?.[1] ?? '';
  return signIn(app.url, { email, password });
}

const members = ['Hamish Baird', 'Luis Carrasco', 'Maureen Gallagher', 'Naledi Mokoena'];

test('a manager sees how the teams share, search and answer, and what to talk about with each of theirs', async () => {
  const page = await stories.open(app.url + paths.team, { as: manager });
  await page.getByText(/^(All|\d+) of 7 sellers shared something/).waitFor();
  const teams = page.getByRole('table', { name: 'Teams' });
  const names = await teams.getByRole('rowheader').allInnerTexts();
  expect(names).toEqual(['Continental Europe', 'UK & Americas']);
  const own = teams.getByRole('row', { name: /^UK & Americas/ });
  await own.getByRole('button', { name: /^Readers answered, UK & Americas: \d+%$/ }).click();
  await page.getByText(/^Of the share links to a person or an account that a person first read/).waitFor();
  await page.keyboard.press('Escape');

  const people = page.getByRole('table', { name: 'People of UK & Americas' });
  const listed = await people.getByRole('rowheader').allInnerTexts();
  expect(listed.map((name) => name.replace(' (you)', ''))).toEqual(members);
  await page.getByText('By name. What stands beside a name is something to help with, not a mark.').waitFor();
  await people
    .getByRole('row', { name: /^Maureen Gallagher/ })
    .getByText(/Show them Find/)
    .waitFor();
  expect(await page.getByRole('table', { name: 'People of Continental Europe' }).count()).toBe(0);
  await sweep(page, 'the team');
});

test('people stand in an order only once their team wants it, and everybody in it sees that', async () => {
  const page = await stories.open(app.url + paths.team, { as: manager });
  const ranking = page.getByRole('switch', { name: 'Put people in order' });
  expect(await ranking.isChecked()).toBe(false);
  await ranking.click();
  await page.getByText('In the order of what they share, because this team wants it.').waitFor();
  const people = page.getByRole('table', { name: 'People of UK & Americas' });
  const counts = await people
    .getByRole('button', { name: /^Share links of [^:]+(?<!before): / })
    .allInnerTexts();
  expect(counts).toHaveLength(members.length);
  expect(counts.map(Number)).toEqual(counts.map(Number).toSorted((one, other) => other - one));

  const theirs = await stories.open(app.url + paths.team, { as: rep });
  await theirs.getByText('In the order of what they share, because this team wants it.').waitFor();
  expect(await theirs.getByRole('switch').count()).toBe(0);
  expect(await theirs.getByRole('table', { name: 'People of UK & Americas' }).getByRole('row').count()).toBe(
    2,
  );
  await ranking.click();
  await page.getByText(/^By name\./).waitFor();
});

test('marketing sees teams and nobody’s name', async () => {
  const page = await stories.open(app.url + paths.team, { as: marketing, onPhone: true });
  await page.getByText('here teams stand as a whole', { exact: false }).waitFor();
  for (const name of members) expect(await page.getByText(name).count()).toBe(0);
  await sweep(page, 'the teams, seen by marketing');
});
