import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildNow } from '../../server/src/indexing/rebuild.ts';
import type { SearchAnswer } from '../../server/src/search/contract.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { insertLibrary } from '../support/shelf.ts';
import { type Situation, situations } from '../support/situations.ts';

const library = resolve(import.meta.dirname, '../../../shared/library');

/** The example library with its Markdown files as text, searched as a rep does. */
describe.runIf(existsSync(`${library}/library.csv`))('situations in the example library', () => {
  let app: TestApp;
  let rep: TestClient;
  let rows: { title: string; useWhen: string }[];

  beforeAll(async () => {
    app = await startTestApp();
    rep = await app.client('rep');
    rows = await insertLibrary(app.ctx.db, library);
    await rebuildNow(app.ctx);
  }, 120_000);
  afterAll(() => app.close());

  async function ask(query: string): Promise<SearchAnswer> {
    const { status, body } = await rep.send('POST', '/searches', { query });
    expect(status, query).toBe(201);
    return body;
  }

  function fits({ tags, titles = [] }: Situation, { asset }: SearchAnswer['items'][number]): boolean {
    return titles.includes(asset.title) || asset.terms.some(({ name }) => tags.includes(name));
  }

  it('put a fitting asset among the first three for at least nine of ten', async () => {
    const misses: unknown[] = [];
    for (const situation of situations) {
      const { items, understanding } = await ask(situation.said);
      if (items.slice(0, 3).some((item) => fits(situation, item))) continue;
      misses.push({
        said: situation.said,
        read: understanding.terms.map(({ term }) => term.name),
        got: items.slice(0, 3).map(({ asset }) => asset.title),
      });
    }
    expect(situations).toHaveLength(10);
    expect(misses.length, JSON.stringify(misses, null, 1)).toBeLessThanOrEqual(1);
  });

  it('are answered with a best, another kind and a proof, each with its reason', async () => {
    const { answer, items } = await ask("CFO at a bank, late stage, says we're too expensive");
    expect(answer?.best.asset.id).toBe(items[0]?.asset.id);
    expect(answer?.best.why[0]).toMatchObject({ kind: 'situation' });
    expect(answer?.best.why[0]?.text).toContain('Too expensive');
    expect(answer?.proof?.asset.title).toBe('Workiva case study: large-scale code changes');
    const typeOf = (hit: SearchAnswer['items'][number] | null | undefined) =>
      hit?.asset.terms.find(({ dimensionKey }) => dimensionKey === 'content_type')?.name;
    expect(typeOf(answer?.alternative)).not.toBe(typeOf(answer?.best));
  });

  it('of a message are taken apart by objection, with assets that answer each', async () => {
    const mail = situations.find(({ said }) => said.startsWith('Hi '));
    const { message } = await ask(mail?.said ?? '');
    expect(message?.objections.map(({ term }) => term.name).toSorted()).toEqual(mail?.tags.toSorted());
    for (const { term, quote, items } of message?.objections ?? []) {
      expect(items.length).toBeGreaterThan(0);
      expect(mail?.said).toContain(quote.slice(0, 20));
      for (const { asset } of items) expect(asset.terms.map(({ id }) => id)).toContain(term.id);
    }
  });

  it('do not get in the way of a title: typed as it stands, it finds its asset', {
    timeout: 60_000,
  }, async () => {
    const missed: string[] = [];
    for (const { title } of rows) {
      const { items } = await ask(title);
      if (items[0]?.asset.title !== title) missed.push(`${title} → ${items[0]?.asset.title}`);
    }
    expect(missed).toEqual([]);
  });

  it('do not get in the way of a use-when line, either', { timeout: 60_000 }, async () => {
    const lines = rows.filter(({ useWhen }) => useWhen !== '');
    const missed: string[] = [];
    for (const { title, useWhen } of lines) {
      const { items } = await ask(useWhen);
      const place = items.findIndex(({ asset }) => asset.title === title) + 1;
      if (place === 0 || place > 3) missed.push(`${place} ${title}: ${useWhen}`);
    }
    expect(lines.length).toBeGreaterThan(50);
    expect(missed.length / lines.length, missed.join('\n')).toBeLessThanOrEqual(0.05);
  });
});
