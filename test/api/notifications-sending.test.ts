import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { prospect } from '../support/prospect.ts';
import { makeRoom } from '../support/room.ts';
import { makeReading, queueNotifyVisit, runWaiting } from '../support/told.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const minute = 60_000;
const hour = 60 * minute;

let app: TestApp;
let mailServer: MailServer;
/** Stands in for Slack, as a chat on an own host that speaks the same. */
let chat: WebhookReceiver;
let rep: TestClient;

beforeAll(async () => {
  mailServer = await startMailServer();
  chat = await startWebhookReceiver();
  app = await startTestApp({
    SMTP_URL: mailServer.url,
    MAIL_FROM: 'Offshelf <content@example.com>',
    WEBHOOK_HOSTS: chat.host,
  });
});
afterAll(async () => {
  await app.close();
  await mailServer.close();
  await chat.close();
});
beforeEach(async () => {
  rep = await app.client('rep');
  mailServer.mails.length = 0;
  chat.received.length = 0;
  chat.answer = (_req, res) => void res.end('ok');
});

const prefer = (changes: Record<string, unknown>) => rep.send('PATCH', '/notifications/preferences', changes);
const preferReading = (reading: Record<string, unknown>, changes: Record<string, unknown> = {}) =>
  prefer({ kinds: { reading }, ...changes });
const read = () => makeReading(app, rep.userId ?? '');

async function tell({ visitId }: { visitId: string }): Promise<void> {
  await queueNotifyVisit(app, visitId);
  await app.drain(['notify-visit', 'send-notifications']);
}

const send = () => runWaiting(app, ['send-notifications']);

/** How the mail reads, decoded of its transfer. */
const sourceOf = (index: number) =>
  (mailServer.mails[index]?.source ?? '')
    .replace(/=\n/g, '')
    .replace(/((?:=[0-9A-F]{2})+)/g, (bytes) =>
      Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
    );

/** A time of the day in UTC, so many hours from now. */
function minuteOfDay(hours: number): number {
  const at = new Date(app.ctx.clock().getTime() + hours * hour);
  return at.getUTCHours() * 60 + at.getUTCMinutes();
}

describe('by mail', () => {
  it('a sender is told at once, in words that stay words, with the way to the story', async () => {
    const reading = await read();
    await tell(reading);
    expect(mailServer.mails).toHaveLength(1);
    const source = sourceOf(0);
    expect(source).toContain('Dana <Okafor> & Sons read 1 of 4 pages of “Pricing”');
    expect(source).toContain('Dana &lt;Okafor&gt; &amp; Sons');
    expect(source).toContain(`${app.url}/my-links/${reading.shareLinkId}`);
    expect(source).toContain('known by this visit only');
    expect(source).not.toContain(reading.recipientEmail);
    await send();
    expect(mailServer.mails).toHaveLength(1);
  });

  it('somebody who reads on is told of again after a quarter of an hour at the earliest', async () => {
    const reading = await read();
    await tell(reading);
    for (const page of [2, 3]) {
      await reading.readOn(page);
      await tell(reading);
    }
    await send();
    expect(mailServer.mails).toHaveLength(1);
    app.travel(16 * minute);
    await send();
    expect(mailServer.mails).toHaveLength(2);
    expect(sourceOf(1)).toContain('read 3 of 4 pages of “Pricing”');
  });

  it('quiet hours hold it back until they end', async () => {
    await prefer({ quiet: { from: minuteOfDay(-1), until: minuteOfDay(2) }, timeZone: 'UTC' });
    const [one, two] = [await read(), await read()];
    await tell(one);
    await tell(two);
    await send();
    expect(mailServer.mails).toEqual([]);
    app.travel(2 * hour);
    await send();
    expect(mailServer.mails.map(({ subject }) => subject)).toEqual(['2 people read what you sent']);
  });

  it('a digest collects the day', async () => {
    const inTwoHours = new Date(app.ctx.clock().getTime() + 2 * hour).getUTCHours();
    await preferReading({ email: 'digest' }, { digestHour: inTwoHours, timeZone: 'UTC' });
    await tell(await read());
    await tell(await read());
    await send();
    expect(mailServer.mails).toEqual([]);
    app.travel(2 * hour);
    await send();
    expect(mailServer.mails).toHaveLength(1);
    expect(sourceOf(0).match(/Okafor&gt;.*pages of “Pricing”/g)).toHaveLength(2);
  });

  it('what is switched off, muted, withdrawn or of nobody who is here any more is not sent', async () => {
    await prefer({ quiet: { from: minuteOfDay(-1), until: minuteOfDay(2) }, timeZone: 'UTC' });
    const [muted, machine] = [await read(), await read()];
    await tell(muted);
    await tell(machine);
    await rep.send('PUT', `/share-links/${muted.shareLinkId}/mute`);
    await rep.send('POST', `/visits/${machine.visitId}/judgement`, { said: 'machine' });
    await app.drain(['notify-visit']);
    app.travel(3 * hour);
    await send();

    await preferReading({ email: 'off' }, { quiet: null });
    await tell(await read());
    await preferReading({ email: 'at_once' });
    await app.ctx.db
      .updateTable('user')
      .set({ deactivatedAt: app.ctx.clock() })
      .where('id', '=', rep.userId ?? '')
      .execute();
    await tell(await read());
    await send();
    expect(mailServer.mails).toEqual([]);
  });

  it('whoever was followed up with meanwhile is not mailed of any more', async () => {
    await prefer({ quiet: { from: minuteOfDay(-1), until: minuteOfDay(2) }, timeZone: 'UTC' });
    const reading = await read();
    await tell(reading);
    await rep.send('POST', `/share-links/${reading.shareLinkId}/follow-ups`, { kind: 'call', note: '' });
    app.travel(3 * hour);
    await send();
    expect(mailServer.mails).toEqual([]);
  });

  it('a question is told with its words and the way to the room, as was chosen for questions', async () => {
    await preferReading({ email: 'off' });
    const { token, roomId } = await makeRoom(app, rep);
    const ask = async (question: string) => {
      const { client, headers } = await prospect(app);
      await client.fetch(`/s/${token}/questions`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ question, name: 'Tom' }).toString(),
      });
      await app.drain(['notify-question', 'send-notifications']);
    };
    await ask('Is <SSO> included?');
    expect(mailServer.mails).toHaveLength(1);
    const source = sourceOf(0);
    expect(source).toContain('Tom asks in “For Northwind”');
    expect(source).toContain('Is &lt;SSO&gt; included?');
    expect(source).toContain(`${app.url}/collections/rooms/${roomId}`);
    await prefer({ kinds: { question: { email: 'off' } } });
    await ask('And what does it cost?');
    expect(mailServer.mails).toHaveLength(1);
  });

  it('other hours count at once for what waits', async () => {
    await prefer({ quiet: { from: minuteOfDay(-1), until: minuteOfDay(2) }, timeZone: 'UTC' });
    await tell(await read());
    await prefer({ quiet: null });
    await app.drain(['send-notifications']);
    expect(mailServer.mails).toHaveLength(1);
  });

  it('what was never queued is found and sent', async () => {
    await prefer({ quiet: { from: minuteOfDay(-1), until: minuteOfDay(2) }, timeZone: 'UTC' });
    const reading = await read();
    await tell(reading);
    await app.ctx.db
      .deleteFrom('jobRun')
      .where('name', '=', 'send-notifications')
      .where('state', '=', 'queued')
      .execute();
    app.travel(3 * hour);
    await app.ctx.db.transaction().execute(async (trx) => {
      const { enqueue } = await import('../../server/src/jobs/catalog.ts');
      await enqueue(trx, 'send-due-notifications', {});
    });
    await app.drain(['send-due-notifications', 'send-notifications']);
    expect(mailServer.mails).toHaveLength(1);
  });
});

describe('to Slack', () => {
  it('a sender is told in words that Slack shows as they are', async () => {
    await preferReading({ email: 'off', slack: 'at_once' }, { slackUrl: chat.url });
    const reading = await read();
    await tell(reading);
    expect(mailServer.mails).toEqual([]);
    expect(chat.received).toHaveLength(1);
    const { text, blocks } = JSON.parse(chat.received[0]?.body ?? '{}');
    expect(text).toContain('Dana &lt;Okafor&gt; &amp; Sons read 1 of 4 pages');
    expect(blocks[0].text.text).toContain(`<${app.url}/my-links/${reading.shareLinkId}|Dana &lt;Okafor&gt;`);
    // A visitor may be called @channel, and Slack is not to take that at its word.
    expect(blocks[0].text.verbatim).toBe(true);
  });

  it('only addresses of Slack and of hosts that were named are taken, and what is kept of them is sealed', async () => {
    for (const slackUrl of [
      'https://example.com/services/T0/B0/x',
      'http://hooks.slack.com/services/T0/B0/x',
      'https://hooks.slack.com.example.com/services/x',
      'https://user:word@hooks.slack.com/services/x',
      'not an address',
    ])
      expect([slackUrl, (await prefer({ slackUrl })).status]).toEqual([slackUrl, 400]);
    expect((await preferReading({ slack: 'at_once' })).status).toBe(400);
    const { body } = await preferReading(
      { slack: 'at_once' },
      { slackUrl: 'https://hooks.slack.com/services/T0/B0/secret' },
    );
    expect(body).toMatchObject({ kinds: { reading: { slack: 'at_once' } }, hasSlack: true });
    expect(JSON.stringify(body)).not.toContain('secret');
    const row = await app.ctx.db
      .selectFrom('notificationPreference')
      .selectAll()
      .where('userId', '=', rep.userId ?? '')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('hooks.slack');
    expect((await prefer({ slackUrl: null })).body).toMatchObject({
      kinds: { reading: { slack: 'off' } },
      hasSlack: false,
    });
  });

  it('a test says what went wrong', async () => {
    expect((await rep.send('POST', '/notifications/test', { channel: 'slack' })).status).toBe(409);
    await prefer({ slackUrl: chat.url });
    expect((await rep.send('POST', '/notifications/test', { channel: 'slack' })).status).toBe(204);
    chat.answer = (_req, res) => void res.writeHead(404).end('no_service');
    const { status, body } = await rep.send('POST', '/notifications/test', { channel: 'slack' });
    expect([status, body.detail]).toEqual([409, 'Slack did not take the message. It answered 404.']);
    expect((await rep.send('POST', '/notifications/test', { channel: 'email' })).status).toBe(204);
    expect(mailServer.mails.map(({ subject }) => subject)).toEqual(['A test from Offshelf']);
  });
});

describe('preferences', () => {
  it('begin with what suits most, and keep what was chosen', async () => {
    const { body } = await rep.get('/notifications/preferences');
    expect(body).toMatchObject({
      kinds: {
        reading: { isInApp: true, email: 'at_once', slack: 'off' },
        question: { isInApp: true, email: 'at_once', slack: 'off' },
      },
      quiet: null,
      isChosen: false,
      hasMail: true,
      hasSlack: false,
    });
    await prefer({ quiet: { from: 1_320, until: 420 }, timeZone: 'Europe/Berlin' });
    await preferReading({ email: 'digest' });
    expect((await rep.get('/notifications/preferences')).body).toMatchObject({
      kinds: { reading: { isInApp: true, email: 'digest' }, question: { email: 'at_once' } },
      quiet: { from: 1_320, until: 420 },
      timeZone: 'Europe/Berlin',
      isChosen: true,
    });
  });

  it.each([
    { timeZone: 'Mars/Olympus' },
    { quiet: { from: -1, until: 1_440 } },
    { digestHour: 24 },
    { kinds: { reading: { email: 'hourly' } } },
  ])('refuse %j', async (changes) => {
    expect((await prefer(changes)).status).toBe(400);
  });
});
