import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { makeReading, queueNotifyVisit, runWaiting } from '../support/told.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../support/webhook-receiver.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let app: TestApp;
let receiver: WebhookReceiver;
let admin: TestClient;
let rep: TestClient;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  app = await startTestApp({ WEBHOOK_HOSTS: `${receiver.host}, hooks.internal` });
});
afterAll(async () => {
  await app.close();
  await receiver.close();
});
beforeEach(async () => {
  await app.ctx.db.deleteFrom('webhookEndpoint').execute();
  admin = await app.client('admin');
  rep = await app.client('rep');
  receiver.received.length = 0;
  receiver.answer = (_req, res) => void res.writeHead(204).end();
});

interface Made {
  webhook: { id: string };
  secret: string;
}

const everything = ['visit.read', 'visit.updated', 'share_link.created'];

async function create(events = everything, url = receiver.url): Promise<Made> {
  const { status, body } = await admin.send('POST', '/webhooks', { url, events });
  expect(status).toBe(201);
  return body;
}

const deliveries = async ({ webhook }: Made) =>
  (await admin.get(`/webhooks/${webhook.id}/deliveries`)).body.items;
const show = async ({ webhook }: Made) =>
  (await admin.get('/webhooks')).body.items.find(({ id }: { id: string }) => id === webhook.id);
const test = ({ webhook }: Made) => admin.send('POST', `/webhooks/${webhook.id}/test`);
const deliver = () => app.drain(['send-webhook']);
const retry = () => runWaiting(app, ['send-webhook']);

describe('what other systems are told', () => {
  it('that a person read and read more, once each, signed as the standard says', async () => {
    const made = await create();
    const reading = await makeReading(app, rep.userId ?? '', { email: 'dana@customer.example' });
    for (const step of [1, 2]) {
      if (step === 2) await reading.readOn(2);
      await queueNotifyVisit(app, reading.visitId);
      await app.drain(['notify-visit', 'send-webhook']);
    }
    await queueNotifyVisit(app, reading.visitId);
    await app.drain(['notify-visit', 'send-webhook']);
    expect(receiver.received).toHaveLength(2);
    const [first, more] = receiver.received.map((each) => verify(each, made.secret));
    expect(first).toMatchObject({
      type: 'visit.read',
      data: {
        shareLinkId: reading.shareLinkId,
        visitId: reading.visitId,
        storyUrl: `${app.url}/my-links/${reading.shareLinkId}`,
        title: 'Pricing',
        visitor: { knownBy: 'code', email: 'dana@customer.example' },
        isConfirmed: true,
        readPageCount: 1,
        pageCount: 4,
      },
    });
    expect(more).toMatchObject({ type: 'visit.updated', data: { news: 'read_more', readPageCount: 2 } });
    expect(await deliveries(made)).toMatchObject([
      { event: 'visit.updated', state: 'delivered', tryCount: 1, responseStatus: 204, error: null },
      { event: 'visit.read', state: 'delivered' },
    ]);
  });

  it('that a share link was made, after the minute in which it can be undone', async () => {
    const made = await create(['share_link.created']);
    const asset = await app.make.asset({ title: 'Security' });
    const share = async (name: string) =>
      (await rep.send('POST', `/assets/${asset.id}/share-links`, { recipient: { name, email: null } })).body
        .shareLink;
    const [kept, undone] = [await share('Jane Doe'), await share('Wrong Person')];
    await app.drain(['announce-share-link', 'send-webhook']);
    expect(receiver.received).toEqual([]);
    await rep.send('POST', '/share-links/undo', { shareLinkIds: [undone.id] });
    await runWaiting(app, ['announce-share-link']);
    await deliver();
    expect(receiver.received.map((each) => verify(each, made.secret))).toMatchObject([
      {
        type: 'share_link.created',
        data: { shareLinkId: kept.id, title: 'Security', recipient: { name: 'Jane Doe' } },
      },
    ]);
    expect(receiver.received[0]?.body).not.toContain('/s/');
  });

  it('only what they asked for, and nothing while they are switched off', async () => {
    const made = await create(['share_link.created']);
    const off = await create(['visit.read']);
    await admin.send('PATCH', `/webhooks/${off.webhook.id}`, { isEnabled: false });
    const { visitId } = await makeReading(app, rep.userId ?? '');
    await queueNotifyVisit(app, visitId);
    await app.drain(['notify-visit', 'send-webhook']);
    expect([receiver.received, await deliveries(made), await deliveries(off)]).toEqual([[], [], []]);
    expect((await test(off)).status).toBe(409);
    expect((await show(off)).disabledReason).toMatch(/switched it off/);
    await admin.send('PATCH', `/webhooks/${off.webhook.id}`, { isEnabled: true });
    expect((await test(off)).status).toBe(201);
  });
});

describe('the secret', () => {
  it('is shown once, and after a change the one before signs as well for a day', async () => {
    const made = await create();
    expect(made.secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(JSON.stringify(await show(made))).not.toContain(made.secret);
    const row = await app.ctx.db.selectFrom('webhookEndpoint').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(made.secret.slice(6));
    const { body } = await admin.send('POST', `/webhooks/${made.webhook.id}/secret`);
    await test(made);
    await deliver();
    const [both] = receiver.received;
    if (!both) throw new Error('Nothing came.');
    for (const secret of [made.secret, body.secret]) expect(verify(both, secret).type).toBe('test');
    expect(() => verify({ ...both, body: `${both.body} ` }, body.secret)).toThrow();
    await app.ctx.db.updateTable('webhookEndpoint').set({ previousUntil: app.ctx.clock() }).execute();
    await test(made);
    await deliver();
    const later = receiver.received[1];
    if (!later) throw new Error('Nothing came.');
    expect(verify(later, body.secret).type).toBe('test');
    expect(() => verify(later, made.secret)).toThrow();
  });
});

it('a secret that this instance can’t read any more is said to be the fault, and a new one mends it', async () => {
  const made = await create();
  await app.ctx.db.updateTable('webhookEndpoint').set({ secretSealed: 'of another instance' }).execute();
  await test(made);
  await deliver();
  const [failed] = await deliveries(made);
  expect(failed).toMatchObject({ state: 'failed', error: expect.stringMatching(/another instance key/) });
  expect(receiver.received).toEqual([]);
  const { body } = await admin.send('POST', `/webhooks/${made.webhook.id}/secret`);
  await admin.send('POST', `/webhook-deliveries/${failed.id}/replay`);
  await deliver();
  const [taken] = receiver.received;
  if (!taken) throw new Error('Nothing came.');
  expect(verify(taken, body.secret).type).toBe('test');
});

describe('a target that takes nothing', () => {
  it('is tried again later and later, under the same id, until it takes it', async () => {
    receiver.answer = (_req, res) => void res.writeHead(500).end('<h1>Broken</h1>'.repeat(1_000));
    const made = await create();
    await test(made);
    await deliver();
    const [failed] = await deliveries(made);
    expect(failed).toMatchObject({
      state: 'waiting',
      tryCount: 1,
      responseStatus: 500,
      error: 'It answered 500.',
    });
    expect(failed.responseExcerpt).toHaveLength(1_000);
    const waits: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const [{ triedAt, nextTryAt }] = await deliveries(made);
      waits.push(Math.round((Date.parse(nextTryAt) - Date.parse(triedAt)) / 1_000));
      await retry();
    }
    expect(waits).toEqual([5, 300, 1_800, 7_200]);
    receiver.answer = (_req, res) => void res.writeHead(204).end();
    await retry();
    expect(await deliveries(made)).toMatchObject([{ state: 'delivered', tryCount: 6, nextTryAt: null }]);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect((await show(made)).failingSince).toBeNull();
  });

  it('is given up after the last try, and can be asked to take it again', async () => {
    receiver.answer = (_req, res) => void res.writeHead(503).end();
    const made = await create();
    await test(made);
    for (let count = 0; count < 12; count += 1) await retry();
    expect(await deliveries(made)).toMatchObject([{ state: 'failed', tryCount: 10, nextTryAt: null }]);
    receiver.answer = (_req, res) => void res.writeHead(200).end('Thank you');
    const [{ id, messageId }] = await deliveries(made);
    expect((await admin.send('POST', `/webhook-deliveries/${id}/replay`)).body).toMatchObject({
      state: 'waiting',
      tryCount: 0,
    });
    await deliver();
    expect(await deliveries(made)).toMatchObject([
      { id, messageId, state: 'delivered', responseStatus: 200, responseExcerpt: 'Thank you' },
    ]);
    expect(receiver.received.at(-1)?.id).toBe(messageId);
  });

  it('is switched off after days of it, and at once where it says that it is gone', async () => {
    receiver.answer = (_req, res) => void res.writeHead(500).end();
    const made = await create();
    await test(made);
    await deliver();
    expect(await show(made)).toMatchObject({ disabledAt: null, failingSince: expect.any(String) });
    app.travel(5 * day);
    admin = await app.client('admin');
    await retry();
    expect((await show(made)).disabledReason).toBe('It took nothing for 5 days. It answered 500.');
    await retry();
    expect(await deliveries(made)).toMatchObject([
      { state: 'failed', error: 'The webhook was switched off.' },
    ]);

    receiver.answer = (_req, res) => void res.writeHead(410).end();
    const gone = await create();
    await test(gone);
    await deliver();
    expect((await show(gone)).disabledReason).toMatch(/410/);
    expect(await deliveries(gone)).toMatchObject([{ state: 'failed', tryCount: 1 }]);
  });

  it('is not followed where it leads elsewhere', async () => {
    const other = await startWebhookReceiver();
    receiver.answer = (_req, res) => void res.writeHead(302, { location: other.url }).end();
    const made = await create();
    await test(made);
    await deliver();
    const [failed] = await deliveries(made);
    expect(failed).toMatchObject({ state: 'waiting', responseStatus: 302 });
    expect(failed.error).toMatch(/Redirects are not followed/);
    expect(other.received).toEqual([]);
    await other.close();
  });

  it('gets 10 seconds, whether it hangs before its answer or within it', { timeout: 60_000 }, async () => {
    const [silent, slow] = [await create(), await create()];
    let isFirst = true;
    receiver.answer = (_req, res) => {
      if (!isFirst) res.writeHead(200).write('and then');
      isFirst = false;
    };
    const startedAt = performance.now();
    await test(silent);
    await test(slow);
    await deliver();
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    for (const each of [silent, slow])
      expect(await deliveries(each)).toMatchObject([
        { state: 'waiting', error: 'It did not answer within 10 seconds.' },
      ]);
  });

  it('sends back no more than is read of it', { timeout: 30_000 }, async () => {
    receiver.answer = (_req, res) => {
      res.writeHead(200);
      const pour = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
        if (!res.destroyed) res.once('drain', pour);
      };
      pour();
    };
    const made = await create();
    await test(made);
    await deliver();
    const [{ state, responseExcerpt }] = await deliveries(made);
    expect([state, responseExcerpt.length]).toEqual(['delivered', 1_000]);
  });
});

describe('addresses', () => {
  it.each([
    'https://127.0.0.1/hook',
    'https://10.0.0.8/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://2130706433/hook',
    'https://0x7f.1/hook',
    'https://localhost/hook',
    'http://example.com/hook',
    'https://user:word@example.com/hook',
    'ftp://example.com/hook',
    'file:///etc/passwd',
    'nowhere',
  ])('%s is refused', async (url) => {
    const { status, body } = await admin.send('POST', '/webhooks', { url, events: everything });
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/body/url']);
  });

  it('that are private by now are refused as the connection is made', async () => {
    const made = await create();
    // As when a name leads elsewhere since it was entered.
    await app.ctx.db.updateTable('webhookEndpoint').set({ url: 'https://localhost:9/hook' }).execute();
    await test(made);
    await deliver();
    const [failed] = await deliveries(made);
    expect(failed).toMatchObject({ state: 'waiting', responseStatus: null });
    expect(failed.error).toMatch(/localhost lies in a private network/);
  });

  it('need at least one event, and of webhooks there are no more than 20', async () => {
    expect((await admin.send('POST', '/webhooks', { url: receiver.url, events: [] })).status).toBe(400);
    expect((await admin.send('POST', '/webhooks', { url: receiver.url, events: ['visit.hit'] })).status).toBe(
      400,
    );
    for (let count = 0; count < 20; count += 1) await create();
    expect((await admin.send('POST', '/webhooks', { url: receiver.url, events: everything })).status).toBe(
      409,
    );
  });
});

describe('what is kept', () => {
  it('goes with the webhook, and after the days that were decided', async () => {
    const made = await create();
    await test(made);
    await deliver();
    app.travel(91 * day);
    admin = await app.client('admin');
    await app.ctx.db.transaction().execute(async (trx) => {
      const { enqueue } = await import('../../server/src/jobs/catalog.ts');
      await enqueue(trx, 'sweep-notifications', {});
    });
    await app.drain(['sweep-notifications']);
    expect(await deliveries(made)).toEqual([]);
    expect((await admin.send('DELETE', `/webhooks/${made.webhook.id}`)).status).toBe(204);
    expect((await admin.get(`/webhooks/${made.webhook.id}/deliveries`)).status).toBe(404);
  });

  it('of a person is handed out and forgotten with them', async () => {
    const made = await create();
    const reading = await makeReading(app, rep.userId ?? '', { email: 'lee@customer.example' });
    await queueNotifyVisit(app, reading.visitId);
    await app.drain(['notify-visit', 'send-webhook']);
    const { body: known } = await admin.send('POST', '/privacy/exports', { email: 'lee@customer.example' });
    expect([known.notifications.length, known.webhookDeliveries.length]).toEqual([1, 1]);
    const { status, body } = await admin.send('POST', '/privacy/erasures', { email: 'lee@customer.example' });
    expect([status, body.counts.notification_thread, body.counts.webhook_delivery]).toEqual([201, 1, 1]);
    expect(body.proof.left).toEqual([]);
    expect((await rep.get('/notifications')).body.items).toEqual([]);
    expect(await deliveries(made)).toEqual([]);
  });

  it('of a person who gave their address later is forgotten as well, and what waits is not sent', async () => {
    const made = await create();
    const [theirs, others] = [
      await makeReading(app, rep.userId ?? ''),
      await makeReading(app, rep.userId ?? '', { email: 'kim@customer.example' }),
    ];
    for (const { visitId } of [theirs, others]) await queueNotifyVisit(app, visitId);
    await app.drain(['notify-visit']);
    expect(await deliveries(made)).toHaveLength(2);
    await app.ctx.db
      .updateTable('visitor')
      .set({ email: 'pat@customer.example', keyKind: 'email' })
      .where('id', '=', (eb) => eb.selectFrom('visit').select('visitorId').where('id', '=', theirs.visitId))
      .execute();
    const { body } = await admin.send('POST', '/privacy/erasures', { email: 'pat@customer.example' });
    expect([body.counts.webhook_delivery, body.proof.left]).toEqual([1, []]);
    await expect
      .poll(
        async () => {
          await deliver();
          return receiver.received.map(({ body: sent }) => JSON.parse(sent).data.visitId);
        },
        { timeout: 15_000 },
      )
      .toEqual([others.visitId]);
  });
});
