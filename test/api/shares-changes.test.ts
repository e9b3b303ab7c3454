import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShareLink } from '../../server/src/shares/contract.ts';
import { checkPasscode, openShareLink } from '../../server/src/shares/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

let app: TestApp;
let rep: TestClient;
let other: TestClient;
let marketing: TestClient;
let manager: TestClient;
let asset: { id: string; versionId: string };

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  other = await app.client('rep');
  marketing = await app.client('marketing');
  manager = await app.client('manager');
  asset = await app.make.asset({ title: 'Pricing guide' });
});
afterAll(() => app.close());

interface Made {
  shareLink: ShareLink;
  url: string;
}

async function share(body: Record<string, unknown> = {}, client = rep): Promise<Made> {
  const recipient = { name: 'Jane Doe', email: 'jane@customer.example' };
  const answer = await client.send('POST', `/assets/${asset.id}/share-links`, { recipient, ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const open = ({ url }: Made) => openShareLink(app.ctx, url.split('/s/')[1] ?? '');
const stateOf = async (made: Made) => (await open(made)).state;
const inDays = (days: number) => new Date(app.ctx.clock().getTime() + days * 86_400_000).toISOString();
const idsOf = (made: Made[]) => made.map(({ shareLink }) => shareLink.id);
const change = (made: Made, body: unknown, client = rep) =>
  client.send('PATCH', `/share-links/${made.shareLink.id}`, body);

describe('undo', () => {
  it('takes back that a search led to sharing, unless another share link stands', async () => {
    const noted = async () =>
      (await app.ctx.db.selectFrom('searchAction').where('kind', '=', 'shared').select('searchId').execute())
        .length;
    const { id: searchId } = await app.make.search({ userId: rep.userId ?? '', assetIds: [asset.id] });
    const first = await share({ searchId });
    const second = await share({ searchId });
    expect(await noted()).toBe(1);
    await rep.send('POST', '/share-links/undo', { shareLinkIds: idsOf([first]) });
    expect(await noted()).toBe(1);
    await rep.send('POST', '/share-links/undo', { shareLinkIds: idsOf([second]) });
    expect(await noted()).toBe(0);
  });

  it('makes a share link as if it had never been, for everybody and in every list', async () => {
    const client = await app.client('rep');
    const made = [await share({}, client), await share({ recipient: { name: 'Joe' } }, client)];
    expect((await client.send('POST', '/share-links/undo', { shareLinkIds: idsOf(made) })).status).toBe(204);
    expect(await Promise.all(made.map(stateOf))).toEqual(['undone', 'undone']);
    expect((await client.get('/share-links')).body.items).toEqual([]);
    expect((await client.get('/my-links')).body.items).toEqual([]);
    for (const path of ['url', 'children'])
      expect((await client.get(`/share-links/${made[0]?.shareLink.id}/${path}`)).status).toBe(404);
    expect((await client.send('POST', `/share-links/${made[0]?.shareLink.id}/restore`)).status).toBe(404);
    expect((await change(made[0] as Made, { gate: 'ask' }, client)).status).toBe(404);
    const { body } = await client.send('POST', '/share-links/check', {
      target: { assetId: asset.id },
      recipients: [{ name: 'Joe' }],
    });
    expect(body.items).toEqual([]);
  });

  it('is refused after a minute, for all of them, and says what to do', async () => {
    const late = await share();
    app.travel(60_001);
    const young = await share();
    const answer = await rep.send('POST', '/share-links/undo', { shareLinkIds: idsOf([late, young]) });
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    expect(answer.body.detail).toContain('Revoke it instead');
    expect([await stateOf(late), await stateOf(young)]).toEqual(['active', 'active']);
  });

  it('is for whoever made it', async () => {
    const made = await share();
    for (const client of [other, marketing, manager])
      expect((await client.send('POST', '/share-links/undo', { shareLinkIds: idsOf([made]) })).status).toBe(
        404,
      );
    expect(await stateOf(made)).toBe('active');
  });
});

describe('revoking many at once', () => {
  it('is taken back for those that it changed', async () => {
    const made = [await share(), await share(), await share()];
    await rep.send('POST', `/share-links/${made[0]?.shareLink.id}/revoke`);
    const { body } = await rep.send('POST', '/share-links/revoke', { shareLinkIds: idsOf(made) });
    expect(body.shareLinkIds.toSorted()).toEqual(idsOf(made.slice(1)).toSorted());
    expect(await Promise.all(made.map(stateOf))).toEqual(['revoked', 'revoked', 'revoked']);
    await rep.send('POST', '/share-links/restore', { shareLinkIds: body.shareLinkIds });
    expect(await Promise.all(made.map(stateOf))).toEqual(['revoked', 'active', 'active']);
  });

  it('changes nothing when one of them is not the actor’s', async () => {
    const mine = await share();
    const theirs = await share({}, other);
    for (const action of ['revoke', 'restore', 'undo', 'mail', 'transfer']) {
      const body = { shareLinkIds: idsOf([mine, theirs]), toUserId: rep.userId };
      const { status } = await rep.send('POST', `/share-links/${action}`, body);
      expect([action, status]).toEqual([action, action === 'mail' ? 503 : 404]);
    }
    expect([await stateOf(mine), await stateOf(theirs)]).toEqual(['active', 'active']);
    for (const shareLinkIds of [
      [],
      ['lnk_1'],
      ['ast_000000000000'],
      'all',
      Array(501).fill(mine.shareLink.id),
    ])
      expect((await rep.send('POST', '/share-links/revoke', { shareLinkIds })).status).toBe(400);
  });
});

describe('a policy that changes after sending', () => {
  it('holds from then on, field by field', async () => {
    const made = await share({ passcode: 'blue river', allowsDownload: true });
    const { status, body } = await change(made, {
      gate: 'required',
      allowedDomains: ['customer.example'],
      expiresAt: inDays(3),
      allowsDownload: false,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ gate: 'required', hasPasscode: true, allowsDownload: false });
    expect(await open(made)).toMatchObject({ gate: 'required', allowedDomains: ['customer.example'] });

    expect((await change(made, { passcode: 'red mountain' })).body.hasPasscode).toBe(true);
    expect(await checkPasscode(app.ctx, made.shareLink.id, 'blue river', 'p')).toBe(false);
    expect(await checkPasscode(app.ctx, made.shareLink.id, 'red mountain', 'p')).toBe(true);
    expect((await change(made, { passcode: null, expiresAt: null })).body).toMatchObject({
      hasPasscode: false,
      expiresAt: null,
      gate: 'required',
    });
    expect((await change(made, { isPinned: true })).body.pinnedVersion).toEqual({
      number: 1,
      currentNumber: 1,
    });
    expect((await change(made, { isPinned: false })).body.pinnedVersion).toBeNull();
    expect((await change(made, {})).status).toBe(200);
  });

  it('opens again what has expired', async () => {
    const made = await share({ expiresAt: inDays(1) });
    app.travel(86_400_001);
    const client = await app.clientOf({ id: rep.userId ?? '' });
    expect(await stateOf(made)).toBe('expired');
    // What is past already is no fault of a change that is about something else.
    expect((await change(made, { allowsDownload: false }, client)).body.state).toBe('expired');
    expect((await change(made, { expiresAt: inDays(2) }, client)).body.state).toBe('active');
    app.travel(-86_400_001);
  });

  it('is refused where it contradicts what stays', async () => {
    const made = await share({
      gate: 'required',
      allowedEmails: ['jane@customer.example'],
      expiresAt: inDays(4),
    });
    for (const wrong of [
      { gate: 'none' },
      { startsAt: inDays(5) },
      { expiresAt: inDays(-1) },
      { passcode: 'abc' },
      { gate: 'verified' },
      { allowedEmails: ['nobody'] },
    ])
      expect((await change(made, wrong)).status, JSON.stringify(wrong)).toBe(400);
    expect((await change(made, { gate: 'none', allowedEmails: [] })).body.gate).toBe('none');
  });

  it('is changed by the sender and by marketing', async () => {
    const made = await share();
    expect((await change(made, { gate: 'ask' }, other)).status).toBe(404);
    expect((await change(made, { gate: 'ask' }, manager)).status).toBe(404);
    expect((await change(made, { gate: 'ask' }, marketing)).status).toBe(200);
  });
});

describe('handing over', () => {
  const transfer = (client: TestClient, made: Made[], toUserId: string | null) =>
    client.send('POST', '/share-links/transfer', { shareLinkIds: idsOf(made), toUserId });

  it('makes a share link the colleague’s, and the page names them', async () => {
    const made = await share();
    expect((await transfer(rep, [made], other.userId)).body).toEqual({ count: 1 });
    expect(await open(made)).toMatchObject({ senderUserId: other.userId });
    expect((await rep.get(`/share-links/${made.shareLink.id}/url`)).status).toBe(404);
    expect((await other.get(`/share-links/${made.shareLink.id}/url`)).body).toEqual({ url: made.url });
    const [first] = (await other.get('/share-links')).body.items;
    const sender = await app.ctx.db
      .selectFrom('user')
      .select('name')
      .where('id', '=', rep.userId ?? '')
      .executeTakeFirst();
    expect(first).toMatchObject({ id: made.shareLink.id, transferredFromName: sender?.name });
    expect((await transfer(rep, [made], rep.userId)).status).toBe(404);
    expect((await transfer(manager, [made], rep.userId)).body).toEqual({ count: 1 });
  });

  it('needs a colleague who can sign in', async () => {
    const made = await share();
    const gone = await app.make.user({ role: 'rep', deactivatedAt: app.ctx.clock() });
    const refused = await transfer(rep, [made], gone.id);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain('deactivated');
    expect((await transfer(rep, [made], 'usr_0000000000none')).status).toBe(404);
    expect((await transfer(rep, [made], 'lnk_0000000000none')).status).toBe(400);
    expect(await open(made)).toMatchObject({ senderUserId: rep.userId });
  });

  it('takes all of somebody who left, by a manager or marketing', async () => {
    const leaver = await app.client('rep');
    const made = [await share({}, leaver), await share({ recipient: { name: 'Joe' } }, leaver)];
    const path = `/users/${leaver.userId}/share-links/transfer`;
    await app.ctx.db
      .updateTable('user')
      .set({ deactivatedAt: app.ctx.clock() })
      .where('id', '=', leaver.userId ?? '')
      .execute();
    expect((await other.send('POST', path, { toUserId: other.userId })).status).toBe(404);
    expect((await manager.send('POST', path, { toUserId: leaver.userId })).status).toBe(409);
    expect((await manager.send('POST', path, { toUserId: other.userId })).body).toEqual({ count: 2 });
    expect((await marketing.send('POST', path, { toUserId: other.userId })).body).toEqual({ count: 0 });
    for (const link of made) expect(await open(link)).toMatchObject({ senderUserId: other.userId });
    const nobody = '/users/usr_0000000000none/share-links/transfer';
    expect((await manager.send('POST', nobody, { toUserId: other.userId })).status).toBe(404);
  });
});

describe('trying passcodes', () => {
  const tries = (made: Made, passcode: string, addresses: string[]) =>
    Promise.all(
      addresses.map((address) =>
        checkPasscode(app.ctx, made.shareLink.id, passcode, address).catch(({ code }) => code as string),
      ),
    );
  const times = (count: number, address: string) => Array<string>(count).fill(address);

  it('lets ten of many wrong ones at once through from one address', async () => {
    const made = await share({ passcode: 'blue river' });
    const answers = await tries(made, 'wrong', times(25, 'x'));
    expect(answers.filter((answer) => answer === false)).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'too_many_attempts')).toHaveLength(15);
    expect(await tries(made, 'blue river', ['x', 'y'])).toEqual(['too_many_attempts', true]);
  });

  it('never counts the right one', async () => {
    const made = await share({ passcode: 'blue river' });
    for (let count = 0; count < 15; count += 1)
      expect(await tries(made, 'blue river', ['right'])).toEqual([true]);
    expect((await tries(made, 'wrong', times(9, 'right'))).every((answer) => answer === false)).toBe(true);
    expect(await tries(made, 'blue river', ['right'])).toEqual([true]);
  });

  it('limits an address over all share links, and a share link over all addresses', async () => {
    const links = [];
    for (let count = 0; count < 4; count += 1) links.push(await share({ passcode: 'blue river' }));
    for (const made of links.slice(0, 3)) await tries(made, 'wrong', times(10, 'roaming'));
    expect(await tries(links[3] as Made, 'wrong', ['roaming', 'settled'])).toEqual([
      'too_many_attempts',
      false,
    ]);

    const made = await share({ passcode: 'blue river' });
    const crowd = Array.from({ length: 104 }, (_, index) => `crowd ${index}`);
    const answers = await tries(made, 'wrong', crowd);
    expect(answers.filter((answer) => answer === false)).toHaveLength(100);
    expect(await tries(made, 'blue river', ['late'])).toEqual(['too_many_attempts']);
    app.travel(15 * 60_000 + 1);
    expect(await tries(made, 'blue river', ['late'])).toEqual([true]);
  });
});
