import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { upload } from '../support/upload.ts';

const minute = 60_000;
let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

const things = ['route planner', 'invoice', 'dispatcher', 'warehouse', 'technician', 'spare part', 'van'];
const verbs = ['waits for', 'is sent to', 'belongs with', 'counts more than', 'stands beside', 'replaces'];

/** Sentences that no other seed has. */
function prose(seed: number, count = 60): string[] {
  return Array.from({ length: count }, (_, index) => {
    const pick = (words: string[], step: number) => words[(seed * 31 + index * step) % words.length] ?? '';
    const rule = (seed * 1000 + index).toString();
    return `Rule ${rule}: the ${pick(things, 3)} ${pick(verbs, 5)} the ${pick(things, 2)} of rule ${rule} again.`;
  });
}

async function sendFile(fileName: string, sentences: readonly string[], client = marketing): Promise<string> {
  const { status, body } = await upload(client, fileName, sentences.join('\n\n'));
  expect(status).toBe(201);
  return body.uploadTicket;
}

async function add(fileName: string, sentences: readonly string[], fields: object = {}): Promise<string> {
  const uploadTicket = await sendFile(fileName, sentences);
  const { status, body } = await marketing.send('POST', '/assets', {
    uploadTicket,
    status: 'published',
    ...fields,
  });
  expect(status).toBe(201);
  await app.drain();
  return body.id;
}

const pathOf = (uploadTicket: string) => `/upload-insights?uploadTicket=${encodeURIComponent(uploadTicket)}`;

async function readInsight(fileName: string, sentences: readonly string[]) {
  const uploadTicket = await sendFile(fileName, sentences);
  await app.drain();
  const { status, body } = await marketing.get(pathOf(uploadTicket));
  expect([status, body.state]).toEqual([200, 'done']);
  return body;
}

describe('what is known of an upload', () => {
  test('is nothing until it was read', async () => {
    const uploadTicket = await sendFile('waits.md', prose(1));
    const { status, body } = await marketing.get(pathOf(uploadTicket));
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'queued', hasThumbnail: false, similar: [], suggestedTerms: [] });
    await app.drain();
    expect((await marketing.get(pathOf(uploadTicket))).body).toMatchObject({ state: 'done', language: 'en' });
  });

  test('is for whoever uploaded it, while the ticket is good', async () => {
    const path = pathOf(await sendFile('mine.md', prose(2)));
    await app.drain();
    const colleague = await app.client('marketing');
    const [theirs, forged] = [await colleague.get(path), await marketing.get(pathOf('made.up'))];
    expect([theirs.status, theirs.body.code]).toEqual([410, 'ticket_expired']);
    expect([forged.status, forged.body.code]).toEqual([410, 'ticket_expired']);
    expect((await (await app.client('rep')).get(path)).status).toBe(403);
    expect((await marketing.get('/upload-insights')).status).toBe(400);
    app.travel(25 * 60 * minute);
    expect((await marketing.get(path)).status).toBe(410);
  });

  test('has no picture where there is none', async () => {
    const uploadTicket = await sendFile('plain.md', prose(3));
    await app.drain();
    const { status } = await marketing.get(
      `/upload-insights/thumbnail?uploadTicket=${encodeURIComponent(uploadTicket)}`,
    );
    expect(status).toBe(404);
  });
});

describe('an upload that is like an asset', () => {
  const rules = prose(10);

  test('looks like its next version, whatever its name is', async () => {
    const assetId = await add('Dispatch rules.md', rules);
    const { similar } = await readInsight(
      'anything.md',
      rules.with(10, 'This sentence is new and says more.'),
    );
    expect(similar).toMatchObject([
      { assetId, kind: 'file', versionNumber: 1, currentVersionNumber: 1, isLikelyNextVersion: true },
    ]);
    expect(similar[0].similarity).toBeGreaterThan(0.85);
    expect(similar[0].similarity).toBeLessThan(1);
    const uploadTicket = await sendFile('anything.md', rules.with(10, 'This sentence is new and says more.'));
    await marketing.send('POST', `/assets/${assetId}/versions`, { uploadTicket });
    await app.drain();
  });

  test('is told from what is like an older version only', async () => {
    const { similar } = await readInsight(
      'old.md',
      rules.with(11, 'Another sentence changed in the old file.'),
    );
    expect(similar).toMatchObject([{ versionNumber: 1, currentVersionNumber: 2 }]);
  });

  test('is only similar when half of it is new, unless the name is the same', async () => {
    const half = [...rules.slice(0, 40), ...prose(11, 24)];
    const [other] = (await readInsight('Handbook.md', half)).similar;
    expect(other).toMatchObject({ isLikelyNextVersion: false });
    const [same] = (await readInsight('dispatch-rules_v3 FINAL.md', half)).similar;
    expect(same).toMatchObject({ isLikelyNextVersion: true });
  });

  test('is not shown what is archived, what says something else, or holds the same file', async () => {
    const text = prose(12);
    const assetId = await add('Gone.md', text, { status: 'published' });
    expect((await readInsight('again.md', text)).similar).toEqual([]);
    const changed = text.with(0, 'It begins in another way.');
    expect((await readInsight('again.md', changed)).similar).toHaveLength(1);
    const { body: asset } = await marketing.get(`/assets/${assetId}`);
    await marketing.send('PATCH', `/assets/${assetId}`, { revision: asset.revision, status: 'archived' });
    expect((await readInsight('again.md', changed)).similar).toEqual([]);
    expect((await readInsight('short.md', ['Too short to compare.'])).similar).toEqual([]);
  });
});

describe('suggested terms', () => {
  test('come from the words of an upload, with the words that led to them', async () => {
    const buyer = await app.make.term({
      dimensionKey: 'persona',
      name: 'Procurement & finance',
      synonyms: ['CFO', 'purchasing'],
    });
    const german = await app.make.term({ dimensionKey: 'language', name: 'English' });
    await app.make.term({ dimensionKey: 'persona', name: 'CFO in retirement', retiredAt: new Date() });
    await app.make.term({ dimensionKey: 'stage', name: 'IT', synonyms: ['is'] });
    const { suggestedTerms } = await readInsight('What CFOs ask.md', prose(20));
    expect(suggestedTerms).toEqual([
      {
        termId: buyer.id,
        name: 'Procurement & finance',
        dimensionKey: 'persona',
        because: [{ kind: 'words', text: 'CFO' }],
      },
      {
        termId: german.id,
        name: 'English',
        dimensionKey: 'language',
        because: [{ kind: 'file', text: 'The text is in English.' }],
      },
    ]);
  });

  test('come from the tags of similar assets, with their titles', async () => {
    const stage = await app.make.term({ dimensionKey: 'stage', name: 'Handover' });
    const story = prose(21);
    for (const [place, title] of ['Kickoff north', 'Kickoff south', 'Kickoff east'].entries())
      await add(`kick-${place.toString()}.md`, [...story, ...prose(22 + place, 20)], {
        title,
        termIds: [stage.id],
      });
    app.travel(minute);
    const { suggestedTerms } = await readInsight('kickoff west.md', [...story, ...prose(26, 20)]);
    const found = suggestedTerms.find((term: { termId: string }) => term.termId === stage.id);
    expect(found.because.length).toBeGreaterThan(0);
    for (const reason of found.because)
      expect(reason).toEqual({ kind: 'similar_asset', text: expect.stringMatching(/^Kickoff/) });
    expect(suggestedTerms.length).toBeLessThanOrEqual(8);
  });
});
