import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShareLink } from '../../server/src/shares/contract.ts';
import { createChildLink, openShareLink } from '../../server/src/shares/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let other: TestClient;
let manager: TestClient;
let asset: { id: string };

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  other = await app.client('rep');
  manager = await app.client('manager');
  asset = await app.make.asset({ title: 'Pricing guide' });
});
afterAll(() => app.close());

async function shareOne(body: Record<string, unknown> = {}): Promise<{ shareLink: ShareLink; url: string }> {
  const recipient = { name: 'Jane Doe', email: 'jane@customer.example' };
  const answer = await rep.send('POST', `/assets/${asset.id}/share-links`, { recipient, ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const open = ({ url }: { url: string }) => openShareLink(app.ctx, url.split('/s/')[1] ?? '');
const inDays = (days: number) => new Date(app.ctx.clock().getTime() + days * 86_400_000).toISOString();

describe('forwarding', () => {
  const to = (name: string, email: string | null = null) => ({
    visitorId: null,
    addressKey: `address of ${name}`,
    recipient: { name, email },
  });

  it('makes a share link of the same content and policy that ends with the first', async () => {
    const made = await shareOne({
      gate: 'required',
      allowsDownload: false,
      expiresAt: inDays(9),
      message: 'For you.',
    });
    const parentShareLinkId = made.shareLink.id;
    const child = await createChildLink(app.ctx, {
      parentShareLinkId,
      ...to('Carl', 'carl@customer.example'),
    });
    const opened = await open(child);
    expect(opened).toMatchObject({
      parentShareLinkId,
      recipientName: 'Carl',
      senderUserId: rep.userId,
      gate: 'required',
      allowsDownload: false,
      message: '',
      state: 'active',
    });
    const grandchild = await createChildLink(app.ctx, { parentShareLinkId: child.shareLinkId, ...to('Gus') });

    const { items } = (await rep.get(`/share-links/${parentShareLinkId}/children`)).body;
    expect(items.map((item: ShareLink) => [item.id, item.childCount])).toEqual([[child.shareLinkId, 1]]);
    expect((await other.get(`/share-links/${parentShareLinkId}/children`)).status).toBe(404);
    expect((await manager.get(`/share-links/${parentShareLinkId}/children`)).status).toBe(200);

    const states = async () => [
      (await open(made)).state,
      (await open(child)).state,
      (await open(grandchild)).state,
    ];
    await rep.send('POST', `/share-links/${parentShareLinkId}/revoke`);
    expect(await states()).toEqual(['revoked', 'revoked', 'revoked']);
    await rep.send('POST', `/share-links/${parentShareLinkId}/restore`);
    expect(await states()).toEqual(['active', 'active', 'active']);
    await rep.send('PATCH', `/share-links/${parentShareLinkId}`, {
      expiresAt: inDays(1),
      hasWatermark: true,
    });
    expect(await open(grandchild)).toMatchObject({ hasWatermark: true });
    app.travel(86_400_001);
    expect(await states()).toEqual(['expired', 'expired', 'expired']);
    app.travel(-86_400_001);
  });

  it('leaves revoked what was revoked before', async () => {
    const made = await shareOne();
    const child = await createChildLink(app.ctx, { parentShareLinkId: made.shareLink.id, ...to('Ivo') });
    await rep.send('POST', `/share-links/${child.shareLinkId}/revoke`);
    app.travel(1000);
    await rep.send('POST', `/share-links/${made.shareLink.id}/revoke`);
    await rep.send('POST', `/share-links/${made.shareLink.id}/restore`);
    expect([(await open(made)).state, (await open(child)).state]).toEqual(['active', 'revoked']);
  });

  it('is refused where the policy does not let it happen', async () => {
    const limited = await shareOne({ maxVisitors: 2 });
    const listed = await shareOne({ gate: 'required', allowedDomains: ['customer.example'] });
    const revoked = await shareOne();
    await rep.send('POST', `/share-links/${revoked.shareLink.id}/revoke`);
    const forward = ({ shareLink }: { shareLink: { id: string } }, email: string) =>
      createChildLink(app.ctx, { parentShareLinkId: shareLink.id, ...to('Nils', email) });
    await expect(forward(limited, 'nils@customer.example')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(forward(listed, 'nils@evil.example')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(forward(revoked, 'nils@customer.example')).rejects.toMatchObject({ code: 'not_found' });
    expect((await forward(listed, 'nils@customer.example')).url).toContain('/s/');
  });

  it('is limited for one address', async () => {
    const made = await shareOne();
    const forward = () =>
      createChildLink(app.ctx, { parentShareLinkId: made.shareLink.id, ...to('Many') }).then(
        () => 'made',
        ({ code }) => code,
      );
    const answers = await Promise.all(Array.from({ length: 14 }, forward));
    expect(answers.filter((answer) => answer === 'made')).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'too_many_attempts')).toHaveLength(4);
  });
});
