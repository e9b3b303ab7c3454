import { expect } from 'vitest';
import type { TestApp, TestClient } from './app.ts';

const header =
  'external_id,account,amount,currency,created_at,stage,outcome,closed_at,owner_email,stage_history';

/** One line of a file of deals that can be taken, but for what is said of it. */
export function dealLine(id: string, more: Record<string, string> = {}): string {
  const values: Record<string, string> = {
    external_id: id,
    account: 'Acme',
    amount: '1000',
    currency: 'EUR',
    created_at: '2026-01-05',
    stage: 'Discovery',
    outcome: 'open',
    closed_at: '',
    owner_email: '',
    stage_history: '',
    ...more,
  };
  return header
    .split(',')
    .map((name) => `"${(values[name] ?? '').replaceAll('"', '""')}"`)
    .join(',');
}

export function dealFile(...lines: string[]): string {
  return [header, ...lines].join('\r\n');
}

/** A stage history as a file holds it. */
export function historyCell(...entries: [stage: string, enteredAt: string][]): string {
  return JSON.stringify(entries.map(([stage, at]) => ({ stage, entered_at: at })));
}

/** Brings files of deals in as the page does. */
export function dealImports(app: () => TestApp, client: () => TestClient) {
  async function upload(content: Buffer | string, fileName = 'deals.csv') {
    const answer = await client().fetch(`/api/deal-imports?fileName=${encodeURIComponent(fileName)}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: new Uint8Array(Buffer.from(content)),
    });
    return { status: answer.status, body: await answer.json() };
  }
  const read = async (id: string) => (await client().get(`/deal-imports/${id}`)).body;

  /** Uploaded and checked with what was guessed and this besides. */
  async function check(content: Buffer | string, more: object = {}) {
    const { body: uploaded } = await upload(content);
    const { status } = await client().send('POST', `/deal-imports/${uploaded.id}/check`, {
      ...uploaded.settings,
      ...more,
    });
    expect(status).toBe(202);
    await app().drain(['run-deal-import']);
    return read(uploaded.id);
  }

  async function start(id: string) {
    expect((await client().send('POST', `/deal-imports/${id}/start`)).status).toBe(202);
    await app().drain(['run-deal-import']);
    return read(id);
  }

  /** Imported as well, with the same outcome as the check promised. */
  async function take(content: Buffer | string, more: object = {}) {
    const checked = await check(content, more);
    expect(checked).toMatchObject({ state: 'checked', failure: null });
    const done = await start(checked.id);
    expect(done.state).toBe('done');
    expect(done.counts).toEqual(checked.counts);
    return done;
  }

  async function errorsOf(run: { id: string }): Promise<string[]> {
    const { body } = await client().get(`/deal-imports/${run.id}/errors`);
    return body.items.map(({ line, detail }: { line: number; detail: string }) => `${line}: ${detail}`);
  }

  return { upload, check, start, take, errorsOf, read };
}
