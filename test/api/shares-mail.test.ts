import { Readable } from 'node:stream';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ShareLink } from '../../server/src/shares/contract.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const canvas = { width: 480, height: 360, channels: 3 as const, background: '#1f6b4f' };

let app: TestApp;
let mailServer: MailServer;
let rep: TestClient;
let asset: { id: string; versionId: string };

beforeAll(async () => {
  mailServer = await startMailServer();
  app = await startTestApp({ SMTP_URL: mailServer.url, MAIL_FROM: 'Offshelf <content@example.com>' });
  rep = await app.client('rep');
  asset = await app.make.asset({ title: 'Pricing & <packaging>' });
});
afterAll(async () => {
  await app.close();
  await mailServer.close();
});
beforeEach(() => {
  mailServer.mails.length = 0;
});

interface Made {
  shareLink: ShareLink;
  url: string;
}

async function share(body: Record<string, unknown> = {}): Promise<Made> {
  const recipient = { name: 'Jane Doe', email: 'jane@customer.example' };
  return (await rep.send('POST', `/assets/${asset.id}/share-links`, { recipient, ...body })).body;
}

const mail = (...made: Made[]) =>
  rep.send('POST', '/share-links/mail', { shareLinkIds: made.map(({ shareLink }) => shareLink.id) });

/** As if the minute in which it can be undone had passed for the queue as well. */
async function passUndo(): Promise<void> {
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(app.ctx.db);
  await app.drain(['send-share-mail']);
}

function decoded(source: string): string {
  return source
    .replace(/=\n/g, '')
    .replace(/((?:=[0-9A-F]{2})+)/g, (bytes) =>
      Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
    );
}

describe('mailing a share link', () => {
  it('waits out the minute in which it can be undone, and then goes out once', async () => {
    const made = await share({
      message: 'Hi Jane,\n\nas promised.',
      passcode: 'blue river',
      gate: 'verified',
    });
    const { status, body } = await mail(made);
    expect([status, body.items[0].mailedAt]).toEqual([200, null]);
    expect(body.items[0].mailAskedAt).not.toBeNull();
    await app.drain(['send-share-mail']);
    expect(mailServer.mails).toEqual([]);

    await passUndo();
    expect(mailServer.mails.map(({ to }) => to)).toEqual(['jane@customer.example']);
    const source = decoded(mailServer.mails[0]?.source ?? '');
    expect(source).toMatch(/^From: .*<content@example\.com>$/m);
    expect(source).toMatch(/^Reply-To: .*@/m);
    expect(source).toContain(made.url);
    expect(source).toContain('as promised.');
    expect(source).toContain('You need a passcode.');
    expect(source).not.toContain('blue river');
    expect(source).toContain('Pricing &amp; &lt;packaging&gt;');
    expect(source).not.toContain('<packaging>“');
    expect((await rep.get('/share-links')).body.items[0].mailedAt).not.toBeNull();

    expect((await mail(made)).body.code).toBe('conflict');
    await app.ctx.db.updateTable('shareLink').set({ mailAskedAt: null }).execute();
    await mail(made);
    await passUndo();
    expect(mailServer.mails).toHaveLength(1);
  });

  it('fetches nothing when it is read', async () => {
    const made = await share();
    await mail(made);
    await passUndo();
    const source = decoded(mailServer.mails[0]?.source ?? '');
    expect(source).toContain('text/html');
    expect([...source.matchAll(/\bsrc="([^"]*)"/g)].filter(([, src]) => !src?.startsWith('cid:'))).toEqual(
      [],
    );
    expect(source).not.toMatch(/url\(|@import|<link|<script/i);
  });

  it('carries the first page as a picture that every mail program shows', async () => {
    const { hash } = await keep(await sharp({ create: canvas }).webp().toBuffer());
    const rendition = await app.make.rendition({ assetVersionId: asset.versionId });
    await app.ctx.db
      .insertInto('renditionImage')
      .values({
        renditionId: rendition.id,
        pageNumber: 1,
        kind: 'thumbnail',
        blobHash: hash,
        width: 480,
        height: 360,
      })
      .execute();
    await mail(await share());
    await passUndo();
    const { source } = mailServer.mails[0] ?? { source: '' };
    expect(source).toMatch(/content-type: image\/jpeg/i);
    expect(source).toMatch(/content-id: <content@offshelf>/i);
    expect(source).toMatch(/\n\/9j\//);
  });

  it('is dropped when the share link is undone, revoked or expired in the meantime', async () => {
    const undone = await share();
    const revoked = await share();
    const expired = await share({ expiresAt: new Date(app.ctx.clock().getTime() + 30_000).toISOString() });
    await mail(undone, revoked, expired);
    await rep.send('POST', '/share-links/undo', { shareLinkIds: [undone.shareLink.id] });
    await rep.send('POST', `/share-links/${revoked.shareLink.id}/revoke`);
    app.travel(40_000);
    await passUndo();
    expect(mailServer.mails).toEqual([]);
  });

  it('is refused without an address, or for what opens nothing', async () => {
    const nameless = await share({ recipient: { name: 'Sam' } });
    const channel = await share({ recipient: { name: 'Newsletter', kind: 'channel' } });
    const revoked = await share();
    await rep.send('POST', `/share-links/${revoked.shareLink.id}/revoke`);
    for (const made of [nameless, channel, revoked]) expect((await mail(made)).status).toBe(409);
    const other = await app.client('rep');
    const shareLinkIds = [(await share()).shareLink.id];
    expect((await other.send('POST', '/share-links/mail', { shareLinkIds })).status).toBe(404);
    await passUndo();
    expect(mailServer.mails).toEqual([]);
  });

  it('writes to an address in another script', async () => {
    await mail(await share({ recipient: { name: 'Jörg', email: 'jorg@müller.example' } }));
    await passUndo();
    expect(mailServer.mails[0]?.to).toBe('jorg@xn--mller-kva.example');
  });

  it('leaves no address in the queue or the log', async () => {
    const made = await share({ recipient: { name: 'Quiet', email: 'quiet@customer.example' } });
    await mail(made);
    const { rows } = await sql<{
      payload: unknown;
    }>`select payload from graphile_worker._private_jobs`.execute(app.ctx.db);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('quiet@');
    await passUndo();
    expect(app.logLines.filter((line) => line.includes('quiet@') || line.includes(made.url))).toEqual([]);
  });
});

it('without a mail server says so, before and when it is tried', async () => {
  expect((await rep.get('/sharing')).body).toEqual({ canMail: true });
  const bare = await startTestApp();
  const client = await bare.client('rep');
  expect((await client.get('/sharing')).body).toEqual({ canMail: false });
  const { body } = await client.send('POST', '/share-links/mail', { shareLinkIds: ['lnk_000000000000'] });
  expect([body.code, body.detail]).toEqual(['unavailable', expect.stringContaining('no mail server')]);
  await bare.close();
});

async function keep(bytes: Buffer): Promise<{ hash: string; sizeBytes: number }> {
  const staged = await app.ctx.blobs.stage(Readable.from([bytes]));
  await staged.commit();
  const { hash, sizeBytes } = staged;
  await app.ctx.db
    .insertInto('blob')
    .values({ hash, sizeBytes, createdAt: app.ctx.clock() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return { hash, sizeBytes };
}
