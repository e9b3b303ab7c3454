import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const dayMs = 86_400_000;
let app: TestApp;
let marketing: TestClient;
let manager: TestClient;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  manager = await app.client('manager');
  rep = await app.client('rep');
});
afterAll(() => app.close());

async function decide(action: object, assetIds: string[], more: object = {}) {
  const { status, body } = await marketing.send('POST', '/decisions', { action, assetIds, ...more });
  expect(status).toBe(201);
  return body.decision;
}

async function read(assetId: string) {
  return (await marketing.get(`/assets/${assetId}`)).body;
}

describe('deciding', () => {
  it('archives assets as one decision with its reason and where it was made', async () => {
    const [one, two] = [await app.make.asset({ title: 'Alpha' }), await app.make.asset({ title: 'Beta' })];
    const decision = await decide({ kind: 'archive' }, [one.id, two.id], {
      note: 'Nobody found them.',
      madeOn: '/shelf/reach?rung=published',
    });
    expect(decision).toMatchObject({
      kind: 'archive',
      assetCount: 2,
      assets: [
        { assetId: one.id, title: 'Alpha' },
        { assetId: two.id, title: 'Beta' },
      ],
      note: 'Nobody found them.',
      madeOn: '/shelf/reach?rung=published',
      undoneAt: null,
      effect: null,
    });
    expect((await read(one.id)).status).toBe('archived');
    const { body } = await manager.get('/decisions');
    expect(body.items[0].id).toBe(decision.id);
  });

  it('counts only what it changed, and says so when that is nothing', async () => {
    const [fresh, old] = [await app.make.asset(), await app.make.asset()];
    await decide({ kind: 'archive' }, [old.id]);
    expect(await decide({ kind: 'archive' }, [fresh.id, old.id])).toMatchObject({ assetCount: 1 });
    expect(await decide({ kind: 'archive' }, [fresh.id, old.id])).toBeNull();
  });

  it('gives assets an owner, a review date and tags, and takes exactly that back', async () => {
    const [kept, added] = [await app.make.term(), await app.make.term()];
    const owner = await app.make.user({ name: 'Olga' });
    const asset = await app.make.asset({ termIds: [kept.id] });
    const assigned = await decide({ kind: 'assign', ownerUserId: owner.id }, [asset.id]);
    expect(assigned.ownerName).toBe('Olga');
    const dated = await decide({ kind: 'request_review', reviewOn: '2031-05-01' }, [asset.id]);
    expect(dated.on).toBe('2031-05-01');
    const tagged = await decide({ kind: 'add_tags', termIds: [kept.id, added.id] }, [asset.id]);
    expect(await read(asset.id)).toMatchObject({ ownerName: 'Olga', reviewOn: '2031-05-01' });
    expect((await read(asset.id)).terms).toHaveLength(2);
    for (const { id } of [tagged, dated, assigned]) {
      const { status, body } = await marketing.send('POST', `/decisions/${id}/undo`);
      expect(status).toBe(200);
      expect(body.undoneByName).not.toBeNull();
    }
    const after = await read(asset.id);
    expect(after).toMatchObject({ ownerUserId: null, reviewOn: null });
    expect(after.terms.map((term: { id: string }) => term.id)).toEqual([kept.id]);
  });

  it('replaces a tag where a dimension takes one value, and brings the old one back', async () => {
    const [deck, guide] = [
      await app.make.term({ dimensionKey: 'content_type' }),
      await app.make.term({ dimensionKey: 'content_type' }),
    ];
    const asset = await app.make.asset({ termIds: [deck.id] });
    const { id } = await decide({ kind: 'add_tags', termIds: [guide.id] }, [asset.id]);
    const termIds = async () => (await read(asset.id)).terms.map((term: { id: string }) => term.id);
    expect(await termIds()).toEqual([guide.id]);
    await marketing.send('POST', `/decisions/${id}/undo`);
    expect(await termIds()).toEqual([deck.id]);
  });

  it('is taken back once, whoever asks again, and keeps what others changed since', async () => {
    const asset = await app.make.asset();
    const { id } = await decide({ kind: 'archive' }, [asset.id]);
    const [first, second] = await Promise.all([
      marketing.send('POST', `/decisions/${id}/undo`),
      marketing.send('POST', `/decisions/${id}/undo`),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await read(asset.id)).status).toBe('published');
    await marketing.send('POST', '/assets/bulk', {
      changes: [{ assetId: asset.id, patch: { status: 'draft' } }],
    });
    await marketing.send('POST', `/decisions/${id}/undo`);
    expect((await read(asset.id)).status).toBe('draft');
  });

  it('changes nothing at all when one of the assets is gone', async () => {
    const asset = await app.make.asset();
    const { status } = await marketing.send('POST', '/decisions', {
      action: { kind: 'archive' },
      assetIds: [asset.id, 'ast_0000000000000000'],
    });
    expect(status).toBe(404);
    expect((await read(asset.id)).status).toBe('published');
  });

  it('is for marketing; managers may read, reps may not', async () => {
    const body = { action: { kind: 'archive' }, assetIds: [(await app.make.asset()).id] };
    expect((await manager.send('POST', '/decisions', body)).status).toBe(403);
    expect((await rep.send('POST', '/decisions', body)).status).toBe(403);
    expect((await rep.get('/decisions')).status).toBe(403);
  });

  it('refuses what makes no sense', async () => {
    const assetIds = [(await app.make.asset()).id];
    for (const bad of [
      { action: { kind: 'promote', untilOn: '2001-01-01' }, assetIds },
      { action: { kind: 'archive' }, assetIds: [] },
      { action: { kind: 'explode' }, assetIds },
      { action: { kind: 'archive' }, assetIds, madeOn: 'https://elsewhere.example/' },
      { action: { kind: 'archive' }, assetIds, madeOn: '//elsewhere.example/' },
    ])
      expect((await marketing.send('POST', '/decisions', bad)).status, JSON.stringify(bad)).toBe(400);
  });

  it('pages the list without losing or repeating any', async () => {
    const asset = await app.make.asset();
    for (const day of ['01', '02', '03', '04', '05'])
      await decide({ kind: 'request_review', reviewOn: `2032-01-${day}` }, [asset.id]);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await marketing.get(`/decisions?asset=${asset.id}&limit=2${cursor}`);
      seen.push(...body.items.map(({ on }: { on: string }) => on));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(seen).toEqual(['2032-01-05', '2032-01-04', '2032-01-03', '2032-01-02', '2032-01-01']);
  });
});

describe('what marketing recommends', () => {
  it('shows to reps with its reason until its last day, or until it is taken back', async () => {
    const [asset, other] = [await app.make.asset({ title: 'Talk to legal' }), await app.make.asset()];
    const untilOn = new Date(app.ctx.clock().getTime() + 3 * dayMs).toISOString().slice(0, 10);
    await decide({ kind: 'promote', untilOn }, [asset.id], { note: 'New pricing is in it.' });
    const { id } = await decide({ kind: 'promote', untilOn }, [other.id]);
    await marketing.send('POST', `/decisions/${id}/undo`);
    const shown = async () => (await rep.get('/promotions')).body.items;
    expect(await shown()).toMatchObject([
      { asset: { id: asset.id, title: 'Talk to legal' }, note: 'New pricing is in it.', untilOn },
    ]);
    app.travel(5 * dayMs);
    expect(await shown()).toEqual([]);
  });
});

describe('the effect', () => {
  it('compares as many days since as before, with everything else beside it, and ends after a month', async () => {
    const [chosen, other] = [await app.make.asset(), await app.make.asset()];
    const seller = await app.make.user({ role: 'rep' });
    const share = (assetId: string, daysAgo: number) =>
      app.make.shareLink({
        assetId,
        createdByUserId: seller.id,
        createdAt: app.ago(daysAgo * dayMs),
      });
    const early = await share(chosen.id, 3);
    await share(other.id, 2);
    await share(other.id, 60);
    await app.make.visit({ shareLinkId: early.id, startedAt: app.ago(2 * dayMs) });
    const { id } = await decide({ kind: 'promote', untilOn: '2099-01-01' }, [chosen.id]);
    const effect = async () => {
      await countNow(app.ctx);
      const { handlers } = await import('../../server/src/worker.ts');
      await handlers['measure-decisions'](app.ctx, {}, new AbortController().signal);
      // Sessions end while the clock is moved.
      marketing = await app.client('marketing');
      const { body } = await marketing.get(`/decisions?asset=${chosen.id}`);
      return body.items[0].effect;
    };
    app.travel(5 * dayMs);
    expect(await effect()).toBeNull();

    const later = await share(chosen.id, 1);
    await share(chosen.id, 2);
    await app.make.visit({ shareLinkId: later.id, startedAt: app.ago(dayMs) });
    await app.make.visit({ shareLinkId: later.id, startedAt: app.ago(dayMs), class: 'scanner' });
    app.travel(5 * dayMs);
    expect(await effect()).toMatchObject({
      days: 10,
      assets: {
        shares: { before: 1, after: 2 },
        opens: { before: 1, after: 1 },
        reads: { before: 1, after: 1 },
      },
      others: { shares: { before: 1, after: 0 } },
      doneCount: null,
    });

    app.travel(25 * dayMs);
    const final = await effect();
    expect(final.days).toBe(30);
    await share(chosen.id, 1);
    app.travel(30 * dayMs);
    expect(await effect()).toEqual(final);
    await marketing.send('POST', `/decisions/${id}/undo`);
    expect(await effect()).toBeNull();
  });

  it('says how many owners did what they were asked for', async () => {
    const owner = await app.make.user({ role: 'marketing' });
    const [done, open] = [await app.make.asset(), await app.make.asset()];
    await decide({ kind: 'assign', ownerUserId: owner.id }, [done.id, open.id]);
    app.travel(8 * dayMs);
    const { revision } = await read(done.id);
    const client = await app.clientOf(owner);
    const patch = { revision, useWhen: 'They ask for a price.' };
    expect((await client.send('PATCH', `/assets/${done.id}`, patch)).status).toBe(200);
    const { handlers } = await import('../../server/src/worker.ts');
    await handlers['measure-decisions'](app.ctx, {}, new AbortController().signal);
    const { body } = await marketing.get(`/decisions?asset=${done.id}`);
    expect(body.items[0].effect).toMatchObject({ days: 8, doneCount: 1 });
  });
});
