import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import type { ShareLink } from '../../server/src/shares/contract.ts';
import { admitsEmail, openShareLink } from '../../server/src/shares/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let other: TestClient;
let marketing: TestClient;
let asset: { id: string; versionId: string };

beforeAll(async () => {
  app = await startTestApp({ SHARE_URL: 'https://share.example.com/' });
  rep = await app.client('rep');
  other = await app.client('rep');
  marketing = await app.client('marketing');
  asset = await app.make.asset({ title: 'Pricing guide' });
});
afterAll(() => app.close());

async function share(body: Record<string, unknown> = {}, client = rep) {
  const recipients = [{ name: 'Jane Doe', email: 'jane@customer.example' }];
  return client.send('POST', '/share-links', { target: { assetId: asset.id }, recipients, ...body });
}

interface Made {
  shareLink: ShareLink;
  url: string;
}

async function shareOne(body: Record<string, unknown> = {}, client = rep) {
  const { status, body: answer } = await share(body, client);
  expect(status, JSON.stringify(answer)).toBe(201);
  return answer.items[0] as Made;
}

const tokenOf = (url: string) => url.split('/s/')[1] ?? '';
const open = ({ url }: { url: string }) => openShareLink(app.ctx, tokenOf(url));
const inDays = (days: number) => new Date(app.ctx.clock().getTime() + days * 86_400_000).toISOString();

async function replaceVersion(assetId: string): Promise<string> {
  const id = newId('ver');
  const url = 'https://customer.example/new';
  const row = { id, assetId, number: 2, url, mediaType: 'text/html', createdAt: app.ctx.clock() };
  await app.ctx.db.insertInto('assetVersion').values(row).execute();
  await app.ctx.db.updateTable('asset').set({ currentVersionId: id }).where('id', '=', assetId).execute();
  return id;
}

async function makeRoom(userId: string, assetIds: string[]) {
  const id = newId('room');
  const now = app.ctx.clock();
  const { db } = app.ctx;
  await db
    .insertInto('room')
    .values({ id, name: 'For Northwind', createdByUserId: userId, createdAt: now, updatedAt: now })
    .execute();
  for (const [position, assetId] of assetIds.entries())
    await db.insertInto('roomItem').values({ roomId: id, assetId, position, addedAt: now }).execute();
  return id;
}

describe('sharing with several people', () => {
  it('makes a share link for each, in their order, at the address of share links', async () => {
    const recipients = [
      { name: 'Zoe', email: 'zoe@fabrikam.example', accountName: 'Fabrikam' },
      { kind: 'account', name: 'Contoso' },
      { kind: 'channel', name: 'Spring newsletter' },
      { name: 'Adam', accountName: 'Fabrikam' },
    ];
    const { status, body } = await share({ recipients, message: 'As promised.' });
    expect(status).toBe(201);
    expect(body.items.map(({ shareLink }: Made) => shareLink.recipient)).toMatchObject([
      { kind: 'person', name: 'Zoe', email: 'zoe@fabrikam.example', accountName: 'Fabrikam' },
      { kind: 'account', name: 'Contoso', email: null, accountName: 'Contoso' },
      { kind: 'channel', name: 'Spring newsletter', accountName: null },
      { kind: 'person', name: 'Adam', accountName: 'Fabrikam' },
    ]);
    expect(new Set(body.items.map(({ url }: Made) => url)).size).toBe(4);
    for (const item of body.items) {
      expect(item.url.startsWith('https://share.example.com/s/')).toBe(true);
      expect(item.shareLink).toMatchObject({ parentShareLinkId: null, message: 'As promised.' });
      expect(await open(item)).toMatchObject({ state: 'active', shareLinkId: item.shareLink.id });
    }
  });

  it('makes one for somebody who is named twice', async () => {
    const recipients = ['eva@customer.example', 'EVA@customer.example'].map((email) => ({
      name: 'Eva',
      email,
    }));
    expect((await share({ recipients })).body.items).toHaveLength(1);
  });

  it('makes none when one of them is wrong', async () => {
    const before = (await rep.get('/share-links')).body.items.length;
    for (const recipients of [
      [],
      [{ name: 'Fine' }, { name: '' }],
      [{ name: 'Fine' }, { name: 'Fabrikam', kind: 'account', email: 'all@fabrikam.example' }],
      [{ name: 'Fine', kind: 'robot' }],
      Array.from({ length: 51 }, (_, index) => ({ name: `Person ${index}` })),
    ])
      expect((await share({ recipients })).status).toBe(400);
    const wrongTargets = [
      {},
      { assetId: asset.id, roomId: 'room_00000000000000' },
      { assetId: 'lnk_000000000000' },
    ];
    for (const target of wrongTargets) expect((await share({ target })).status).toBe(400);
    expect((await rep.get('/share-links')).body.items).toHaveLength(before);
  });

  it('does not lock up when two share with the same people in another order', async () => {
    const people = Array.from({ length: 12 }, (_, index) => ({
      name: `Buyer ${index}`,
      email: `buyer${index}@crossed.example`,
      accountName: 'Crossed',
    }));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, turn) =>
        share({ recipients: turn % 2 ? people : people.toReversed() }, turn % 2 ? rep : other),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
  });
});

describe('a recipient', () => {
  it('is taken in any script, and known again by the same letters written otherwise', async () => {
    const composed = 'j\u00f6rg@m\u00fcller.example';
    const first = await shareOne({ recipients: [{ name: 'Jörg', email: composed }] });
    const second = await shareOne({
      recipients: [{ name: 'Jörg', email: ` ${composed.normalize('NFD')} ` }],
    });
    const { recipient } = first.shareLink;
    expect(recipient.email).toBe(composed);
    expect(second.shareLink.recipient.id).toBe(recipient.id);
    for (const email of ['用户@例子.公司', 'дима@пример.рф'])
      expect((await share({ recipients: [{ name: 'Somebody', email }] })).status, email).toBe(201);
  });

  it('is refused with an address that is none', async () => {
    for (const email of [
      'jane',
      'jane@',
      '@customer.example',
      'jane@customer',
      'jane doe@customer.example',
      'jane@customer..example',
      'jane@-customer.example',
      'jane@customer.example\r\nBcc: all@customer.example',
      'jane@customer.example, joe@customer.example',
      'jane\u202e@customer.example',
      `${'x'.repeat(65)}@customer.example`,
      `jane@${'x'.repeat(250)}.example`,
      `jane@${'a.'.repeat(200_000)}`,
    ])
      expect((await share({ recipients: [{ name: 'Jane', email }] })).status, email.slice(0, 60)).toBe(400);
  });

  it('keeps the name and the account of the contact with that address, and the sender is told', async () => {
    const { db } = app.ctx;
    await app.make.account({ id: 'acc_000000000009', name: 'Wingtip' });
    await db
      .insertInto('contact')
      .values({
        id: 'con_000000000009',
        accountId: 'acc_000000000009',
        name: 'Ada Ng',
        email: 'ada@wingtip.example',
      })
      .execute();
    const { body } = await share({
      recipients: [{ name: 'Ada with the red hat', email: 'ADA@wingtip.example', accountName: 'Elsewhere' }],
    });
    expect(body.items[0]).toMatchObject({
      knownAs: 'Ada Ng',
      shareLink: { recipient: { name: 'Ada Ng', accountName: 'Wingtip' } },
    });
  });
});

describe('a policy', () => {
  it('comes back as it was made, and opens with everything that a page needs', async () => {
    const policy = {
      gate: 'required',
      allowedDomains: ['Customer.Example'],
      allowedEmails: ['guest@other.example'],
      hasWatermark: true,
      allowsDownload: false,
      passcode: 'blue river',
      expiresAt: inDays(30),
      isPinned: true,
      maxVisitors: 3,
    };
    const made = await shareOne(policy);
    const { passcode: _passcode, isPinned: _isPinned, ...plain } = policy;
    expect(made.shareLink).toMatchObject({
      ...plain,
      allowedDomains: ['customer.example'],
      hasPasscode: true,
      pinnedVersion: { number: 1, currentNumber: 1 },
    });
    expect(await open(made)).toMatchObject({
      ...plain,
      allowedDomains: ['customer.example'],
      expiresAt: new Date(policy.expiresAt),
      hasPasscode: true,
      isPinned: true,
      versionId: asset.versionId,
      roomId: null,
      recipientKind: 'person',
      recipientEmail: 'jane@customer.example',
    });
  });

  it('is refused where it contradicts itself', async () => {
    for (const [policy, pointer] of [
      [{ startsAt: inDays(3), expiresAt: inDays(2) }, '/body/expiresAt'],
      [{ expiresAt: inDays(-1) }, '/body/expiresAt'],
      [{ allowedDomains: ['customer.example'] }, '/body/gate'],
      [{ gate: 'ask', allowedEmails: ['jane@customer.example'] }, '/body/gate'],
      [{ gate: 'required', allowedDomains: ['not a domain'] }, '/body/allowedDomains/0'],
      [{ gate: 'locked' }, '/body/gate'],
      [{ maxVisitors: 0 }, '/body/maxVisitors'],
      [{ maxVisitors: 1.5 }, '/body/maxVisitors'],
      // There is no mail server here to send a code.
      [{ gate: 'verified' }, '/body/gate'],
    ] as const) {
      const { status, body } = await share(policy);
      expect([status, body.errors?.[0]?.pointer], JSON.stringify(policy)).toEqual([400, pointer]);
    }
  });

  it('opens from its first day on', async () => {
    const made = await shareOne({ startsAt: inDays(1), expiresAt: inDays(5) });
    expect(made.shareLink.state).toBe('not_started');
    expect((await open(made)).state).toBe('not_started');
    app.travel(86_400_001);
    expect((await open(made)).state).toBe('active');
    app.travel(-86_400_001);
  });

  it('keeps the version that was current, while others follow the newest', async () => {
    const guide = await app.make.asset({ title: 'Guide' });
    const target = { assetId: guide.id };
    const pinned = await shareOne({ target, isPinned: true });
    const following = await shareOne({ target });
    const newVersionId = await replaceVersion(guide.id);
    expect(await open(pinned)).toMatchObject({ versionId: guide.versionId, versionNumber: 1 });
    expect(await open(following)).toMatchObject({ versionId: newVersionId, versionNumber: 2 });
    const listed = (await rep.get(`/share-links?assetId=${guide.id}`)).body.items;
    expect(listed.map((item: ShareLink) => item.pinnedVersion)).toContainEqual({
      number: 1,
      currentNumber: 2,
    });
  });

  it('lets in by address or domain, however they are written', () => {
    const policy = { allowedDomains: ['müller.example'], allowedEmails: ['Guest@Other.example'] };
    for (const email of ['a@MÜLLER.example', 'a@xn--mller-kva.example', ' guest@other.EXAMPLE '])
      expect(admitsEmail(policy, email), email).toBe(true);
    for (const email of [
      'a@other.example',
      'a@sub.müller.example',
      'a@muller.example',
      'müller.example',
      '@müller.example',
      'guest@other.example@evil.example',
      '',
    ])
      expect(admitsEmail(policy, email), email).toBe(false);
    expect(admitsEmail({ allowedDomains: [], allowedEmails: [] }, 'anybody@anywhere.example')).toBe(true);
  });
});

describe('a room', () => {
  it('is shared by its owner and by marketing', async () => {
    const roomId = await makeRoom(rep.userId ?? '', [asset.id]);
    const made = await shareOne({ target: { roomId } });
    expect(made.shareLink).toMatchObject({
      roomId,
      assetId: null,
      title: 'For Northwind',
      assetStatus: null,
    });
    expect(await open(made)).toMatchObject({
      roomId,
      roomName: 'For Northwind',
      assetId: null,
      state: 'active',
    });
    expect((await share({ target: { roomId } }, other)).status).toBe(404);
    expect((await share({ target: { roomId } }, marketing)).status).toBe(201);
    expect((await share({ target: { roomId: 'room_00000000000000' } })).status).toBe(404);
    expect((await rep.get(`/share-links?roomId=${roomId}`)).body.items).toHaveLength(1);
    expect((await rep.get('/my-links')).status).toBe(200);
  });

  it('is refused while it is empty, holds what is internal, or is to be pinned as a whole', async () => {
    const internal = await app.make.asset({ audience: 'internal', title: 'Battle card' });
    const empty = await makeRoom(rep.userId ?? '', []);
    const leaking = await makeRoom(rep.userId ?? '', [asset.id, internal.id]);
    expect((await share({ target: { roomId: empty } })).body.detail).toContain('empty');
    expect((await share({ target: { roomId: leaking } })).body.detail).toContain('Battle card');
    const fine = await makeRoom(rep.userId ?? '', [asset.id]);
    expect((await share({ target: { roomId: fine }, isPinned: true })).status).toBe(400);
  });
});
