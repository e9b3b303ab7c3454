import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { get, hitsOf, open, pageTokenOf, prospect, sendForm as send } from '../support/prospect.ts';

let app: TestApp;
let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer();
  app = await startTestApp({
    TRUST_PROXY: '1',
    SMTP_URL: mail.url,
    MAIL_FROM: 'Content <content@example.com>',
  });
});
afterAll(async () => {
  await app.close();
  await mail.close();
});
beforeEach(async () => {
  await app.drain();
  mail.mails.length = 0;
});

function later(seconds: number): void {
  app.travel(seconds * 1_000);
}

async function newestCode(): Promise<string> {
  await app.drain();
  return /^Your code is (\d{6})$/m.exec(mail.mails.at(-1)?.text ?? '')?.[1] ?? '';
}

async function guestsOf(shareLinkId: string) {
  return app.ctx.db
    .selectFrom('visit')
    .innerJoin('visitor', 'visitor.id', 'visit.visitorId')
    .select(['visitor.keyKind', 'visitor.email', 'visitor.name'])
    .where('visit.shareLinkId', '=', shareLinkId)
    .execute();
}

describe('a share link that asks', () => {
  it('shows everything at once, and tells the name of those who give one', async () => {
    const link = await app.make.shareLink({ gate: 'ask' });
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    const before = await (await get(who, path)).text();
    expect(pageTokenOf(before)).toBeDefined();
    expect(before).toContain('know who reads this?');
    const name = 'Zoë\r\nSet-Cookie: a=b \u202e O’Neill';
    const said = await send(who, `${path}/guest`, { name, email: 'zoë@bücher.example' });
    expect([said.status, said.headers.get('location')]).toEqual([303, path]);
    expect(said.headers.get('set-cookie')).toMatch(
      new RegExp(`^offshelf_guest=[\\w.-]+; .*Path=${path};.* HttpOnly; SameSite=Lax$`),
    );
    const after = await (await get(who, path)).text();
    expect(after).not.toContain('know who reads this?');
    expect(after).toContain('and that it is <b>zoë@bücher.example</b>');
    await open(who, link.token);
    expect(await guestsOf(link.id)).toEqual([
      { keyKind: 'email', email: 'zoë@bücher.example', name: 'Zoë Set-Cookie: a=b O’Neill' },
    ]);
  });

  it('asks no more once it was skipped, and learns nothing', async () => {
    const link = await app.make.shareLink({ gate: 'ask' });
    const who = await prospect(app);
    expect((await send(who, `/s/${link.token}/guest`, { skip: '1', name: 'Ida' })).status).toBe(303);
    const html = await (await get(who, `/s/${link.token}`)).text();
    expect(html).not.toContain('know who reads this?');
    expect(html).toContain('Your name is not known');
    await open(who, link.token);
    expect(await guestsOf(link.id)).toMatchObject([{ email: null, name: null }]);
  });

  it('keeps what was typed where the address is none, with the content still there', async () => {
    const link = await app.make.shareLink({ gate: 'ask' });
    const said = await send(await prospect(app), `/s/${link.token}/guest`, { name: 'Ida', email: 'ida@' });
    const html = await said.text();
    expect(said.status).toBe(400);
    expect(html).toContain('This does not look like an e-mail address');
    expect(html).toContain('value="ida@"');
    expect(pageTokenOf(html)).toBeDefined();
  });

  it('asks nobody who reads privately, nor where the policy asks for nothing', async () => {
    const [asking, silent] = [await app.make.shareLink({ gate: 'ask' }), await app.make.shareLink()];
    for (const path of [`/s/${asking.token}?private=1`, `/s/${silent.token}`])
      expect(await (await get(await prospect(app), path)).text()).not.toContain('know who reads this?');
    const who = await prospect(app);
    await send(who, `/s/${silent.token}/guest`, { name: 'Ida' });
    expect(await (await get(who, `/s/${silent.token}`)).text()).toContain('Your name is not known');
  });
});

describe('a share link that requires an e-mail address', () => {
  it('gives nothing away before, and opens with any address', async () => {
    const asset = await app.make.asset({ title: 'Secret prices' });
    const link = await app.make.shareLink({ gate: 'required', assetId: asset.id });
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    for (const part of ['', '/pages', '/pages/1/image?w=800', '/pages/1/text', '/content', '/download']) {
      const refused = await get(who, `${path}${part}`);
      expect(refused.status).toBe(401);
      const html = await refused.text();
      expect(html).not.toContain('Secret prices');
      expect(html).not.toContain('property="og:');
      expect(html).toContain('name="email"');
    }
    expect((await send(who, `${path}/email`, { email: 'no address' })).status).toBe(400);
    const given = await send(who, `${path}/email`, { email: ' Jörg@Müller.example ' });
    expect([given.status, given.headers.get('location')]).toEqual([303, path]);
    expect(await (await get(who, path)).text()).toContain('and that it is <b>Jörg@Müller.example</b>');
    await open(who, link.token);
    expect(await guestsOf(link.id)).toMatchObject([{ keyKind: 'email', email: 'jörg@müller.example' }]);
    expect((await get(await prospect(app), path)).status).toBe(401);
  });

  it('admits the allowed domains and addresses only, says so kindly, and follows a stricter list at once', async () => {
    const link = await app.make.shareLink({
      gate: 'required',
      allowedDomains: ['müller.example'],
      allowedEmails: ['anna@elsewhere.example'],
    });
    const path = `/s/${link.token}`;
    for (const [email, status] of [
      ['eve@evil.example', 400],
      ['eve@müller.example.evil.example', 400],
      ['bob@xn--mller-kva.example', 303],
      ['ANNA@elsewhere.example', 303],
      ['berta@elsewhere.example', 400],
    ] as const)
      expect([email, (await send(await prospect(app), `${path}/email`, { email })).status]).toEqual([
        email,
        status,
      ]);
    const who = await prospect(app);
    const refused = await send(who, `${path}/email`, { email: 'eve@evil.example' });
    expect(await refused.text()).toContain('has shared this with other addresses');
    await send(who, `${path}/email`, { email: 'anna@elsewhere.example' });
    expect((await get(who, path)).status).toBe(200);
    await app.ctx.db.updateTable('shareLink').set({ allowedEmails: [] }).where('id', '=', link.id).execute();
    await expect.poll(async () => (await get(who, path)).status, { timeout: 15_000 }).toBe(401);
  });

  it('works privately, and then nobody learns the address', async () => {
    const link = await app.make.shareLink({ gate: 'required' });
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    const form = await (await get(who, `${path}?private=1`)).text();
    expect(form).toContain('your address only lets you in');
    const given = await send(who, `${path}/email`, { email: 'ida@example.com', private: '1' });
    expect(given.headers.get('location')).toBe(`${path}?private=1`);
    const page = await get(who, `${path}?private=1`);
    const html = await page.text();
    expect([page.status, pageTokenOf(html)]).toEqual([200, undefined]);
    expect(await hitsOf(app, link.id)).toEqual([]);
    expect(await guestsOf(link.id)).toEqual([]);
  });

  it('leads nowhere but to itself, and takes no form from elsewhere or of a megabyte', async () => {
    const link = await app.make.shareLink({ gate: 'required' });
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    const evil = { email: 'a@b.example', next: 'https://evil.example', to: '//evil.example' };
    expect((await send(who, `${path}/email`, evil)).headers.get('location')).toBe(path);
    for (const form of ['email', 'code', 'guest', 'forward']) {
      const foreign = { ...who, headers: { ...who.headers, origin: 'https://evil.example' } };
      expect((await send(foreign, `${path}/${form}`, { email: 'a@b.example' })).status).toBe(403);
      expect((await send(who, `${path}/${form}`, { email: 'x'.repeat(1_000_000) })).status).toBe(413);
      expect((await get(who, `${path}/${form}`)).status).toBe(405);
    }
  });

  it('keeps a forged or foreign cookie out', async () => {
    const [link, other] = [
      await app.make.shareLink({ gate: 'required' }),
      await app.make.shareLink({ gate: 'required' }),
    ];
    const given = await send(await prospect(app), `/s/${other.token}/email`, { email: 'a@b.example' });
    const cookie = given.headers.get('set-cookie')?.split(';')[0] ?? '';
    for (const value of [cookie, 'offshelf_guest=e30.AAAA', 'offshelf_guest=%E0%A4%A', 'offshelf_guest='])
      expect((await get(await prospect(app), `/s/${link.token}`, { cookie: value })).status).toBe(401);
  });
});

describe('a share link that wants the address proven', () => {
  async function asked(email = `ida${Math.random()}@example.com`, policy: object = {}) {
    const link = await app.make.shareLink({ gate: 'verified', ...policy });
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    const given = await send(who, `${path}/email`, { email });
    expect(given.status).toBe(303);
    return { link, path, who, email };
  }

  it('mails a code that opens it, once, and is kept as a hash', async () => {
    const { link, path, who, email } = await asked('jörg@example.com');
    const form = await get(who, path);
    const html = await form.text();
    expect(form.status).toBe(401);
    expect(html).toContain('autocomplete="one-time-code"');
    expect(html).toContain('<b>jörg@example.com</b>');
    const code = await newestCode();
    expect(code).toMatch(/^\d{6}$/);
    expect(mail.mails[0]?.to).toBe(email);
    const [row] = await app.ctx.db
      .selectFrom('emailCode')
      .selectAll()
      .where('shareLinkId', '=', link.id)
      .execute();
    expect(JSON.stringify(row)).not.toContain(code);
    // As it comes out of a mail program.
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)}\u00a0`;
    expect((await send(who, `${path}/code`, { code: typed })).status).toBe(303);
    expect((await get(who, path)).status).toBe(200);
    await open(who, link.token);
    expect(await guestsOf(link.id)).toMatchObject([{ keyKind: 'code', email }]);
    const second = await prospect(app);
    later(31);
    await send(second, `${path}/email`, { email });
    expect((await send(second, `${path}/code`, { code })).status).toBe(400);
  });

  it('is not used up by programs that open every address of it', async () => {
    const { path, who } = await asked();
    const code = await newestCode();
    for (const address of ['', '/code', `/code?code=${code}`, '/email', `?code=${code}`, '?other=1', '/trap'])
      await get(await prospect(app), `${path}${address}`);
    expect((await send(who, `${path}/code`, { code })).status).toBe(303);
  });

  it('lets nobody guess, also not at once and not with several browsers', async () => {
    const { link, path, email } = await asked();
    const code = await newestCode();
    const wrong = code === '000000' ? '000001' : '000000';
    const cookie = await pendingOf(path, email);
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () =>
        send(
          { ...(await prospect(app)), headers: { ...(await prospect(app)).headers, cookie } },
          `${path}/code`,
          {
            code: wrong,
          },
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    const { tryCount } = await app.ctx.db
      .selectFrom('emailCode')
      .select('tryCount')
      .where('shareLinkId', '=', link.id)
      .executeTakeFirstOrThrow();
    expect(tryCount).toBe(5);
    const who = await prospect(app);
    const late = await send({ ...who, headers: { ...who.headers, cookie } }, `${path}/code`, { code });
    expect([late.status, (await late.text()).includes('does not work any more')]).toEqual([400, true]);
    for (let index = 0; index < 10; index += 1)
      await send({ ...who, headers: { ...who.headers, cookie } }, `${path}/code`, { code: wrong });
    const limited = await send({ ...who, headers: { ...who.headers, cookie } }, `${path}/code`, { code });
    expect([limited.status, Number(limited.headers.get('retry-after')) > 60]).toEqual([429, true]);
  });

  /** The cookie of another browser that asks for a code for the same address, which sends no second mail. */
  async function pendingOf(path: string, email: string): Promise<string> {
    const given = await send(await prospect(app), `${path}/email`, { email });
    return given.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  it('sends one mail to whoever asks many times at once, and few in a quarter of an hour', async () => {
    const { path, who, email } = await asked();
    await Promise.all(Array.from({ length: 8 }, () => send(who, `${path}/email`, { email })));
    const again = await send(who, `${path}/code`, { again: '1' });
    expect(await again.text()).toContain('less than half a minute ago');
    await app.drain();
    expect(mail.mails).toHaveLength(1);
    const statuses: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      later(31);
      statuses.push((await send(who, `${path}/code`, { again: '1' })).status);
    }
    expect(statuses).toEqual([303, 303, 303, 303, 429, 429]);
    await app.drain();
    expect(mail.mails).toHaveLength(5);
  });

  it('takes the first code as well when a second one was sent', async () => {
    const { path, who } = await asked();
    const first = await newestCode();
    later(31);
    await send(who, `${path}/code`, { again: '1' });
    expect(await newestCode()).not.toBe('');
    expect((await send(who, `${path}/code`, { code: first })).status).toBe(303);
  });

  it('forgets a code after ten minutes, and mails none that came too late', async () => {
    const { path, who } = await asked();
    later(601);
    expect(await newestCode()).toBe('');
    const late = await send(who, `${path}/code`, { code: '123456' });
    expect(await late.text()).toContain('does not work any more');
  });

  it('mails nothing to addresses that are not allowed, nor with words of a stranger', async () => {
    const link = await app.make.shareLink({ gate: 'verified', allowedDomains: ['example.com'] });
    const who = await prospect(app);
    for (const email of [
      'eve@evil.example',
      'a@example.com\r\nBcc: eve@evil.example',
      'a@example.com, eve@evil.example',
      '<eve@evil.example> a@example.com',
    ])
      expect((await send(who, `/s/${link.token}/email`, { email })).status).toBe(400);
    await app.drain();
    expect(mail.mails).toEqual([]);
  });

  it('mails to the very domain that is allowed, in whatever letters it was typed', async () => {
    const link = await app.make.shareLink({ gate: 'verified', allowedDomains: ['example.com'] });
    const email = 'wide@ｅxample.com';
    expect((await send(await prospect(app), `/s/${link.token}/email`, { email })).status).toBe(303);
    await app.drain();
    expect(mail.mails.map(({ to }) => to)).toEqual(['wide@example.com']);
  });

  it('lets somebody use another address', async () => {
    const { path, who } = await asked();
    expect(await (await get(who, `${path}?other=1`)).text()).toContain('name="email"');
    const other = `other${Math.random()}@example.com`;
    expect((await send(who, `${path}/email`, { email: other })).status).toBe(303);
    expect(await (await get(who, path)).text()).toContain(other);
  });

  it('comes after a passcode, where there is one', async () => {
    const { hashSecret } = await import('../../server/src/http/secrets.ts');
    const link = await app.make.shareLink({ gate: 'verified', passcodeHash: await hashSecret('sesame') });
    const path = `/s/${link.token}`;
    const who = await prospect(app);
    expect(await (await send(who, `${path}/email`, { email: 'a@b.example' })).status).toBe(303);
    expect(await (await get(who, path)).text()).toContain('name="passcode"');
    await send(who, `${path}/passcode`, { passcode: 'sesame' });
    expect(await (await get(who, path)).text()).toContain('name="email"');
    await app.drain();
    expect(mail.mails).toEqual([]);
  });

  it('says that the sender has to be asked where no mail can be sent', async () => {
    const silent = await startTestApp();
    try {
      const link = await silent.make.shareLink({ gate: 'verified' });
      const page = await get(await prospect(silent), `/s/${link.token}`);
      expect([page.status, (await page.text()).includes('no mail can be sent from here')]).toEqual([
        403,
        true,
      ]);
    } finally {
      await silent.close();
    }
  });
});
