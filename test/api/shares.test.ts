import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unseal } from '../../server/src/http/secrets.ts';
import { checkPasscode, openShareLink } from '../../server/src/shares/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let other: TestClient;
let marketing: TestClient;
let admin: TestClient;
let asset: { id: string; versionId: string };

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  other = await app.client('rep');
  marketing = await app.client('marketing');
  admin = await app.client('admin');
  asset = await app.make.asset({ title: 'Pricing guide' });
});
afterAll(() => app.close());

const jane = { name: 'Jane Doe', email: 'jane@customer.example', accountName: 'Northwind' };

async function share(body: Record<string, unknown> = {}, client = rep, assetId = asset.id) {
  return client.send('POST', `/assets/${assetId}/share-links`, { recipient: jane, ...body });
}

function tokenOf(url: string): string {
  return url.split('/s/')[1] ?? '';
}

describe('making a share link', () => {
  it('answers it with a URL that opens it', async () => {
    const { status, body } = await share({ message: 'As promised.', allowsDownload: false });
    expect(status).toBe(201);
    expect(body.shareLink).toMatchObject({
      assetId: asset.id,
      title: 'Pricing guide',
      recipient: jane,
      createdByUserId: rep.userId,
      message: 'As promised.',
      hasPasscode: false,
      allowsDownload: false,
      state: 'active',
      expiresAt: null,
      revokedAt: null,
    });
    expect(body.url.startsWith(`${app.url}/s/`)).toBe(true);
    expect(await openShareLink(app.ctx, tokenOf(body.url))).toMatchObject({
      state: 'active',
      shareLinkId: body.shareLink.id,
      assetTitle: 'Pricing guide',
      versionId: asset.versionId,
      recipientName: 'Jane Doe',
      message: 'As promised.',
      hasPasscode: false,
      allowsDownload: false,
    });
  });

  it('never makes the same token twice, and keeps none of them readable', async () => {
    const urls = await Promise.all(Array.from({ length: 30 }, async () => (await share()).body.url));
    const tokens = urls.map(tokenOf);
    expect(new Set(tokens).size).toBe(30);
    for (const token of tokens)
      expect(Buffer.from(token, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    const rows = await app.ctx.db.selectFrom('shareLink').selectAll().execute();
    expect(rows.length).toBeGreaterThanOrEqual(30);
    const stored = JSON.stringify(rows);
    for (const token of tokens) expect(stored).not.toContain(token);
    const unsealed = rows.map((row) => unseal(app.ctx.instanceKey, 'share-token', row.tokenSealed));
    expect(tokens.filter((token) => unsealed.includes(token))).toHaveLength(30);
    for (const { tokenSealed } of rows) {
      expect(unseal(randomBytes(32), 'share-token', tokenSealed)).toBeUndefined();
      expect(unseal(app.ctx.instanceKey, 'visit-token', tokenSealed)).toBeUndefined();
    }
  });

  it('leaves no token in the log', async () => {
    const token = tokenOf((await share()).body.url);
    await rep.get(`/share-links/${token}`);
    expect(app.logLines.some((line) => line.includes('share_link_created'))).toBe(true);
    expect(app.logLines.filter((line) => line.includes(token) || line.includes(jane.email))).toEqual([]);
  });

  it('needs a published asset', async () => {
    const draft = await app.make.asset({ status: 'draft', publishedAt: null });
    const archived = await app.make.asset({ status: 'archived' });
    for (const id of [draft.id, archived.id, 'ast_0000000000none'])
      expect((await share({}, rep, id)).body.code).toBe('not_found');
    const refused = await share({}, marketing, draft.id);
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      'This asset is a draft. Publish it, then share it.',
    ]);
    expect((await share({}, marketing, 'ast_0000000000none')).status).toBe(404);
  });

  it('is refused for an internal asset, with what to do', async () => {
    const internal = await app.make.asset({ audience: 'internal' });
    const { status, body } = await share({}, rep, internal.id);
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect(body.detail).toContain('internal only');
  });

  it('refuses an expiry that has passed, and a body that is wrong', async () => {
    const { status, body } = await share({ expiresAt: new Date(Date.now() - 1000).toISOString() });
    expect([status, body.errors[0].pointer]).toEqual([400, '/body/expiresAt']);
    for (const wrong of [
      { recipient: { name: '' } },
      { recipient: { name: 'Jane', email: 'jane' } },
      { passcode: '123' },
      { expiresAt: 'tomorrow' },
      { message: 'x'.repeat(2001) },
    ])
      expect((await share(wrong)).status, JSON.stringify(wrong)).toBe(400);
  });

  it('knows a recipient again by e-mail address, whatever its case', async () => {
    const first = await share({ recipient: { name: 'Kim', email: 'kim@customer.example' } });
    const second = await share({
      recipient: { name: 'K. Lee', email: 'KIM@Customer.example', accountName: 'Contoso' },
    });
    const third = await share({ recipient: { name: 'kim', email: 'kim@customer.example' } }, other);
    const ids = [first, second, third].map(({ body }) => body.shareLink.recipient.id);
    expect(new Set(ids).size).toBe(1);
    expect(third.body.shareLink.recipient).toMatchObject({ name: 'Kim', accountName: 'Contoso' });
    expect([first, second, third].map(({ body }) => body.knownAs)).toEqual([null, 'Kim', null]);
  });

  it('knows a recipient without an address by name and account', async () => {
    const at = async (name: string, accountName: string | null) =>
      (await share({ recipient: { name, accountName } })).body.shareLink.recipient.id;
    const first = await at('Sam Park', 'Fabrikam');
    expect(await at('sam park', 'FABRIKAM')).toBe(first);
    expect(await at('Sam Park', 'Adatum')).not.toBe(first);
    const alone = await at('Sam Park', null);
    expect(alone).not.toBe(first);
    expect(await at('Sam Park', '  ')).toBe(alone);
  });

  it('makes one recipient and one account when many links are made at once', async () => {
    const recipient = { name: 'Busy Buyer', email: 'busy@customer.example', accountName: 'Tailspin' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => share({ recipient })));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(answers.map(({ body }) => body.shareLink.recipient.id)).size).toBe(1);
  });

  it('takes the account from the contact with that address', async () => {
    const { db } = app.ctx;
    await app.make.account({ id: 'acc_000000000001', name: 'Wingtip' });
    await db
      .insertInto('contact')
      .values({
        id: 'con_000000000001',
        accountId: 'acc_000000000001',
        name: 'Ada',
        email: 'Ada@wingtip.example',
      })
      .execute();
    const { body } = await share({ recipient: { name: 'Ada', email: 'ada@wingtip.example' } });
    expect(body.shareLink.recipient.accountName).toBe('Wingtip');
    const recipient = await db
      .selectFrom('recipient')
      .selectAll()
      .where('id', '=', body.shareLink.recipient.id)
      .executeTakeFirst();
    expect(recipient?.contactId).toBe('con_000000000001');
  });

  it('is noted with the search that led there, if that is the sender’s own', async () => {
    const { searchId } = (await rep.send('POST', '/searches', { query: '' })).body;
    const mine = await share({ searchId });
    const theirs = await share({ searchId }, other);
    const rows = await app.ctx.db
      .selectFrom('shareLink')
      .select(['id', 'searchId'])
      .where('id', 'in', [mine.body.shareLink.id, theirs.body.shareLink.id])
      .execute();
    expect(Object.fromEntries(rows.map((row) => [row.id, row.searchId]))).toEqual({
      [mine.body.shareLink.id]: searchId,
      [theirs.body.shareLink.id]: null,
    });
    const actions = await app.ctx.db
      .selectFrom('searchAction')
      .select(['kind', 'assetId'])
      .where('searchId', '=', searchId)
      .execute();
    expect(actions).toEqual([{ kind: 'shared', assetId: asset.id }]);
  });
});

describe('the URL', () => {
  it('can be copied again by its sender and by an admin, and by nobody else', async () => {
    const { body } = await share();
    const path = `/share-links/${body.shareLink.id}/url`;
    expect((await rep.get(path)).body).toEqual({ url: body.url });
    expect((await admin.get(path)).body).toEqual({ url: body.url });
    expect((await other.get(path)).status).toBe(404);
    expect((await marketing.get(path)).status).toBe(404);
  });

  it('says why it can not be read after the instance key has changed', async () => {
    const { body } = await share();
    await app.ctx.db
      .updateTable('shareLink')
      .set({ tokenSealed: 'c29tZXRoaW5nIGVsc2Ugc29tZXRoaW5nIGVsc2U' })
      .where('id', '=', body.shareLink.id)
      .execute();
    const answer = await rep.get(`/share-links/${body.shareLink.id}/url`);
    expect(answer.status).toBe(404);
    expect(answer.body.detail).toContain('instance key');
    expect((await openShareLink(app.ctx, tokenOf(body.url))).state).toBe('active');
  });
});

describe('my share links', () => {
  it('are listed newest first, page by page, without those of others', async () => {
    const client = await app.client('rep');
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.unshift((await share({}, client)).body.shareLink.id);
    const second = await app.make.asset();
    made.unshift((await share({}, client, second.id)).body.shareLink.id);
    await share({}, other);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await client.get(`/share-links?limit=4${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(made);
    expect((await client.get(`/share-links?assetId=${second.id}`)).body.items).toHaveLength(1);
  });

  it('hold no secret', async () => {
    await share({ passcode: 'open sesame' });
    const text = JSON.stringify((await rep.get('/share-links')).body);
    expect(text).toContain('"hasPasscode":true');
    expect(text).not.toMatch(/token|argon2|\/s\//i);
  });

  it('refuse a cursor that is not theirs', async () => {
    for (const cursor of [
      'nonsense',
      Buffer.from('["x","y"]').toString('base64url'),
      Buffer.from('7').toString('base64url'),
    ])
      expect((await rep.get(`/share-links?cursor=${cursor}`)).body.code).toBe('invalid_request');
  });
});

describe('the state of a share link', () => {
  it('is revoked at once for everybody, and can be taken back', async () => {
    const { body } = await share();
    const path = `/share-links/${body.shareLink.id}`;
    const revoked = await rep.send('POST', `${path}/revoke`);
    expect([revoked.status, revoked.body.state]).toEqual([200, 'revoked']);
    expect((await openShareLink(app.ctx, tokenOf(body.url))).state).toBe('revoked');
    const restored = await rep.send('POST', `${path}/restore`);
    expect([restored.status, restored.body.state, restored.body.revokedAt]).toEqual([200, 'active', null]);
    expect((await openShareLink(app.ctx, tokenOf(body.url))).state).toBe('active');
  });

  it('is changed by the sender, marketing and admins only', async () => {
    const { body } = await share();
    const path = `/share-links/${body.shareLink.id}`;
    for (const client of [other, await app.client('manager')])
      for (const verb of ['revoke', 'restore'])
        expect((await client.send('POST', `${path}/${verb}`)).status).toBe(404);
    expect((await openShareLink(app.ctx, tokenOf(body.url))).state).toBe('active');
    expect((await marketing.send('POST', `${path}/revoke`)).body.state).toBe('revoked');
    expect((await admin.send('POST', `${path}/restore`)).body.state).toBe('active');
    expect((await rep.send('POST', '/share-links/lnk_0000000000none/revoke')).status).toBe(404);
  });

  it('stays revoked from the first moment when many revoke at once', async () => {
    const { body } = await share();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? rep : marketing).send('POST', `/share-links/${body.shareLink.id}/revoke`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map((answer) => answer.body.revokedAt)).size).toBe(1);
  });

  it('is expired from the moment that was named', async () => {
    const expiresAt = new Date(app.ctx.clock().getTime() + 3_600_000).toISOString();
    const { body } = await share({ expiresAt });
    expect(body.shareLink).toMatchObject({ state: 'active', expiresAt });
    app.travel(3_600_001);
    const [listed] = (await rep.get('/share-links')).body.items;
    expect([listed.id, listed.state]).toEqual([body.shareLink.id, 'expired']);
    expect((await openShareLink(app.ctx, tokenOf(body.url))).state).toBe('expired');
  });

  it('is unknown for a token that was never made', async () => {
    expect(await openShareLink(app.ctx, 'never-made')).toEqual({ state: 'unknown' });
    expect(await openShareLink(app.ctx, '')).toEqual({ state: 'unknown' });
  });

  it('outlives the asset’s place in the library', async () => {
    const other = await app.make.asset();
    const { body } = await share({}, rep, other.id);
    await app.ctx.db.updateTable('asset').set({ status: 'archived' }).where('id', '=', other.id).execute();
    expect((await openShareLink(app.ctx, tokenOf(body.url))).state).toBe('active');
  });
});

describe('a passcode', () => {
  it('opens the share link, and nothing else does', async () => {
    const { body } = await share({ passcode: 'open sesame' });
    const { id } = body.shareLink;
    expect(await openShareLink(app.ctx, tokenOf(body.url))).toMatchObject({
      state: 'active',
      hasPasscode: true,
    });
    expect(await checkPasscode(app.ctx, id, 'open sesame', 'a')).toBe(true);
    expect(await checkPasscode(app.ctx, id, ' open sesame ', 'a')).toBe(true);
    expect(await checkPasscode(app.ctx, id, 'Open sesame', 'a')).toBe(false);
    const row = await app.ctx.db
      .selectFrom('shareLink')
      .select('passcodeHash')
      .where('id', '=', id)
      .executeTakeFirst();
    expect(row?.passcodeHash).toMatch(/^\$argon2id\$/);
  });

  it('can be tried ten times in a quarter of an hour from one address', async () => {
    const { id } = (await share({ passcode: 'open sesame' })).body.shareLink;
    for (let count = 0; count < 10; count++)
      expect(await checkPasscode(app.ctx, id, 'wrong', 'b')).toBe(false);
    await expect(checkPasscode(app.ctx, id, 'open sesame', 'b')).rejects.toMatchObject({
      code: 'too_many_attempts',
    });
    expect(await checkPasscode(app.ctx, id, 'open sesame', 'c')).toBe(true);
    app.travel(15 * 60_000 + 1);
    expect(await checkPasscode(app.ctx, id, 'open sesame', 'b')).toBe(true);
  });
});
