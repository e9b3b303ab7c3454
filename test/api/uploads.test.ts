import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweepUploads } from '../../server/src/assets/store-upload.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { listStored, upload, uploadRaw } from '../support/upload.ts';

const hour = 3_600_000;
let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp({ MAX_UPLOAD_MB: '1' });
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const part = (name: string, fileName: string, content: string) =>
  `--xyz\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: text/plain\r\n\r\n${content}\r\n`;

describe('an upload', () => {
  test('answers a ticket with what the file is', async () => {
    const { status, body } = await upload(marketing, 'Preisübersicht – 日本.md', '# Prices');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      fileName: 'Preisübersicht – 日本.md',
      mediaType: 'text/markdown',
      sizeBytes: 8,
      typeWarning: null,
      duplicates: [],
    });
    expect((await listStored(app)).hashes).toContain(sha256('# Prices'));
  });

  test('becomes an asset with its ticket', async () => {
    const { body: ticket } = await upload(marketing, 'case_study.txt', 'A customer speaks.');
    const { status, body } = await marketing.send('POST', '/assets', { uploadTicket: ticket.uploadTicket });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      title: 'case study',
      status: 'draft',
      fileName: 'case_study.txt',
      sizeBytes: 18,
    });
    const file = await marketing.fetch(`/api/assets/${body.id}/file`);
    expect(await file.text()).toBe('A customer speaks.');
  });

  test('warns when the content is not what the name says', async () => {
    const { status, body } = await upload(marketing, 'plan.pdf', 'just text');
    expect(status).toBe(201);
    expect(body.mediaType).toBe('text/plain');
    expect(body.typeWarning).toContain('The name ends in .pdf, but the content is text.');
  });

  test('loses folders, controls and marks that deceive from its name', async () => {
    const named = async (fileName: string) =>
      (await uploadRaw(marketing, `${part('file', fileName, 'x')}--xyz--\r\n`)).body.fileName;
    expect(await named('../../etc/pass%0Awd.txt')).toBe('passwd.txt');
    expect(await named('C:\\\\x\\\\a.txt')).toBe('a.txt');
    expect(await named('in\u202Etxt.exe')).toBe('intxt.exe');
    expect(await named('50%22 off.txt')).toBe('50" off.txt');
    const long = await named(`${'ü'.repeat(300)}.txt`);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
    expect(long).toMatch(/^ü+\.txt$/);
    const { status, body } = await uploadRaw(marketing, `${part('file', 'be\u0007ll.txt', 'x')}--xyz--\r\n`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining('Rename the file')]);
  });

  test('flags a file that the library holds already', async () => {
    const asset = await app.make.asset({ content: 'held already', title: 'The first' });
    const { body } = await upload(marketing, 'again.txt', 'held already');
    expect(body.duplicates).toEqual([{ assetId: asset.id, title: 'The first', status: 'published' }]);
  });
});

describe('a refused upload leaves nothing behind', () => {
  async function expectNothingKept(work: () => Promise<void>) {
    const before = await listStored(app);
    await work();
    const after = await listStored(app);
    expect(after.hashes.toSorted()).toEqual(before.hashes.toSorted());
    expect(after.stagedCount).toBe(0);
  }

  test('when it is empty', () =>
    expectNothingKept(async () => {
      const { status, body } = await upload(marketing, 'nothing.md', '');
      expect([status, body.code]).toEqual([422, 'refused_file']);
      expect(body.detail).toContain('is empty');
    }));

  test.each([1_048_577, 5_000_000])('when its %i bytes are more than the limit', (size) =>
    expectNothingKept(async () => {
      const { status, body } = await upload(marketing, 'big.txt', 'x'.repeat(size));
      expect([status, body.code]).toEqual([413, 'too_large']);
      expect(body.detail).toContain('1,048,576 bytes');
    }),
  );

  test.each([
    ['without a file', '--xyz--\r\n', 'malformed_body'],
    ['with another field', `${part('document', 'a.txt', 'x')}--xyz--\r\n`, 'malformed_body'],
    [
      'with two files',
      `${part('file', 'a.txt', 'x')}${part('file', 'b.txt', 'y')}--xyz--\r\n`,
      'malformed_body',
    ],
    ['that ends within a file', part('file', 'a.txt', 'half of it'), 'malformed_body'],
    ['that ends within a header', '--xyz\r\nContent-Dispo', 'malformed_body'],
    ['that is no form', 'hello', 'malformed_body'],
    ['with a file without a name', `${part('file', '', 'x')}--xyz--\r\n`, 'malformed_body'],
  ])('when the form comes %s', (_case, body, code) =>
    expectNothingKept(async () => {
      const answer = await uploadRaw(marketing, body);
      expect([answer.status, answer.body.code]).toEqual([400, code]);
      expect(answer.body.detail).toMatch(/Send/);
    }),
  );

  test('when it is not multipart or names no boundary', () =>
    expectNothingKept(async () => {
      expect((await uploadRaw(marketing, '{}', 'application/json')).body.code).toBe('unsupported_media_type');
      expect((await uploadRaw(marketing, 'x', 'multipart/form-data')).body.code).toBe('malformed_body');
    }));

  test('when the client goes away in the middle', () =>
    expectNothingKept(async () => {
      const { port } = new URL(app.url);
      const cookie = await app.make.sessionCookie(marketing.userId ?? '');
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        `POST /api/uploads HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${app.url}\r\nCookie: ${cookie}\r\nContent-Type: multipart/form-data; boundary=xyz\r\nContent-Length: 900000\r\n\r\n`,
      );
      socket.write(part('file', 'a.txt', 'y'.repeat(300_000)));
      await new Promise((done) => setTimeout(done, 200));
      expect((await countStaged()).isThere).toBe(true);
      socket.destroy();
      await expect.poll(async () => (await countStaged()).isThere, { timeout: 5000 }).toBe(false);
    }));

  test('and the server goes on', async () => {
    expect((await upload(marketing, 'after.txt', 'all is well')).status).toBe(201);
  });

  async function countStaged() {
    const { readdir } = await import('node:fs/promises');
    const names = await readdir(`${app.ctx.config.dataDir}/files/staged`).catch(() => []);
    return { isThere: names.length > 0 };
  }
});

describe('a ticket', () => {
  const redeem = (client: TestClient, uploadTicket: string) =>
    client.send('POST', '/assets', { uploadTicket });

  test('is good for a day, and only for who uploaded', async () => {
    const { body } = await upload(marketing, 'mine.txt', 'mine alone');
    const other = await app.client('admin');
    expect((await redeem(other, body.uploadTicket)).body).toMatchObject({
      code: 'ticket_expired',
      detail: expect.stringContaining('Somebody else'),
    });
    expect((await redeem(marketing, `${body.uploadTicket}x`)).body.code).toBe('ticket_expired');
    app.travel(25 * hour);
    marketing = await app.client('marketing');
    const late = await app.clientOf({ id: other.userId ?? '' });
    const { body: own } = await upload(late, 'own.txt', 'to be late');
    app.travel(25 * hour);
    const later = await app.clientOf({ id: other.userId ?? '' });
    expect((await redeem(later, own.uploadTicket)).body.detail).toContain('more than a day old');
    marketing = await app.client('marketing');
  });
});

describe('the sweep', () => {
  test('takes files that became nothing after two days and no others', async () => {
    const used = await upload(marketing, 'used.txt', 'used');
    await marketing.send('POST', '/assets', { uploadTicket: used.body.uploadTicket });
    await upload(marketing, 'unused.txt', 'unused');
    await sweepUploads(app.ctx);
    expect((await listStored(app)).hashes).toEqual(
      expect.arrayContaining([sha256('used'), sha256('unused')]),
    );
    app.travel(49 * hour);
    marketing = await app.client('marketing');
    const young = await upload(marketing, 'young.txt', 'young');
    await sweepUploads(app.ctx);
    const { hashes } = await listStored(app);
    expect(hashes).toContain(sha256('used'));
    expect(hashes).toContain(sha256('young'));
    expect(hashes).not.toContain(sha256('unused'));
    expect((await marketing.send('POST', '/assets', { uploadTicket: young.body.uploadTicket })).status).toBe(
      201,
    );
  });

  test('and a ticket that is used at that moment agree on who was first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const content = `contested ${round}`;
      const { body } = await upload(marketing, 'contested.txt', content);
      // Old for the sweep, while the ticket is still good.
      const createdAt = new Date(app.ctx.clock().getTime() - 72 * hour);
      await app.ctx.db.updateTable('blob').set({ createdAt }).where('hash', '=', sha256(content)).execute();
      const [answer] = await Promise.all([
        marketing.send('POST', '/assets', { uploadTicket: body.uploadTicket }),
        sweepUploads(app.ctx),
      ]);
      const isStored = (await app.ctx.blobs.find(sha256(content))) !== undefined;
      expect([answer.status, isStored]).toEqual(isStored ? [201, true] : [410, false]);
    }
  });
});

test('the file store without room answers so, and keeps nothing', async () => {
  const { StorageUnavailable } = await import('../../server/src/storage/store.ts');
  const { stage } = app.ctx.blobs;
  app.ctx.blobs.stage = async (source) => {
    for await (const chunk of source) if (chunk.byteLength > 0) break;
    throw new StorageUnavailable('full', 'The disk is full.', undefined);
  };
  const { status, body } = await upload(marketing, 'any.txt', 'some words'.repeat(20_000));
  app.ctx.blobs.stage = stage;
  expect([status, body.code]).toEqual([507, 'storage_unavailable']);
  expect((await upload(marketing, 'any.txt', 'some words')).status).toBe(201);
});
