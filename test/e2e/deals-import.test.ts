import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../web/src/lib/paths.ts';
import { sweep } from '../support/axe.ts';
import { browserStories } from '../support/browser.ts';
import { dealFile, dealLine } from '../support/deal-files.ts';
import { type RunningOffshelf, startOffshelf } from '../support/offshelf.ts';
import { foundTeam, type Member } from '../support/team.ts';

const stories = browserStories();
let app: RunningOffshelf;
let admin: Member;
let marketing: Member;

beforeAll(async () => {
  app = await startOffshelf();
  ({ admin, marketing } = await foundTeam(app.url, ['marketing']));
});
afterAll(() => app?.stop());

const text = [
  'Vorgang;Kunde;Betrag;Währung;Angelegt am;Phase;Ergebnis',
  'V-1;Müller Kälte;12.500,50;EUR;31.12.2025;Angebot;offen',
  'V-2;Größe & Söhne;980;JPY;15.01.2026;Angebot;offen',
  'V-3;Falsch AG;viel;EUR;15.01.2026;Angebot;offen',
].join('\r\n');

test('a file of a German spreadsheet is mapped, checked, imported, and unchanged when it comes again', async () => {
  const path = join(tmpdir(), `offshelf-deals-${process.pid}.csv`);
  await writeFile(path, Buffer.from(text, 'latin1'));
  const page = await stories.open(app.url + paths.importDeals, { as: marketing });
  await page.getByRole('heading', { name: 'Import deals' }).waitFor();
  await sweep(page, 'import of deals');
  await page.getByLabel('CSV file').setInputFiles(path);
  await page.getByText('WINDOWS-1252').waitFor();

  await page.getByRole('combobox', { name: 'Id in the CRM' }).click();
  await page.getByRole('option', { name: 'Vorgang' }).click();
  await page.getByText('Such as Müller Kälte').waitFor();
  await page.getByRole('combobox', { name: 'Dates' }).click();
  await page.getByRole('option', { name: 'the day first' }).click();
  await page.getByRole('button', { name: 'Check the file' }).click();

  const plan = page.getByRole('region', { name: 'What would happen' });
  await plan.getByText('2 new, 0 changed, 0 unchanged, 1 row with errors').waitFor();
  await plan.getByText('Line 4: Betrag “viel” must be a number').waitFor();
  await plan.getByText('Currencies without a rate').waitFor();
  await sweep(page, 'a checked file of deals');
  await plan.getByRole('button', { name: 'Import', exact: true }).click();
  const done = page.getByRole('region', { name: 'What was imported' });
  await done.getByText('2 new, 0 changed').waitFor();

  await page.getByRole('button', { name: 'Another file' }).click();
  await page.getByLabel('CSV file').setInputFiles(path);
  await page.getByRole('button', { name: 'Check the file' }).click();
  await plan.getByText('0 new, 0 changed, 2 unchanged').waitFor();

  const currencies = await stories.open(app.url + paths.currencies, { as: admin });
  await currencies.getByText('1 deal, JP¥980, is not converted').waitFor();
  await currencies.getByLabel('Base currency').fill('EUR');
  await currencies.getByLabel('1 JPY is worth').fill('0.006');
  await currencies.getByRole('button', { name: 'Save currencies' }).click();
  await currencies.getByText('JP¥980').waitFor({ state: 'detached' });
  await sweep(currencies, 'currencies');
  const { unconverted } = await admin.call('GET', '/currencies');
  expect(unconverted).toEqual([]);
});

test('a large file says how far it is, can be stopped, and keeps what was imported', async () => {
  const path = join(tmpdir(), `offshelf-many-deals-${process.pid}.csv`);
  const lines = Array.from({ length: 150_000 }, (_, place) => dealLine(`many-${place}`));
  await writeFile(path, [dealFile(), ...lines].join('\r\n'));
  const page = await stories.open(app.url + paths.importDeals, { as: marketing });
  await page.getByLabel('CSV file').setInputFiles(path);
  await page.getByRole('button', { name: 'Check the file' }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await progress.getByText(/^Checking: [1-9][\d,]* of about 150,000 rows/).waitFor();
  await sweep(page, 'a file of deals that is being checked');
  await progress.getByRole('button', { name: 'Stop checking' }).click();

  await page.getByRole('button', { name: 'Check the file' }).click();
  const plan = page.getByRole('region', { name: 'What would happen' });
  await plan.getByText('150,000 new').waitFor({ timeout: 60_000 });
  await plan.getByRole('button', { name: 'Import', exact: true }).click();
  await progress.getByText(/^Importing: [1-9][\d,]* of about 150,000 rows/).waitFor();
  await progress.getByRole('button', { name: 'Stop importing' }).click();
  const words = (await page.getByText(/stopped it after/).textContent()) ?? '';
  const kept = Number(/after ([\d,]+) rows/.exec(words)?.[1]?.replaceAll(',', ''));
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(150_000);
  await sweep(page, 'a file of deals that was stopped');
  const { totalCount } = await admin.call('GET', '/deals?query=many-&limit=1');
  expect(totalCount).toBe(kept);
});
