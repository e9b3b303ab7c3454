import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { limitBodyTime } from './body-time.ts';

let server: Server;
let received: PromiseWithResolvers<void>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  received = Promise.withResolvers();
  server = createServer({ requestTimeout: 0 }, (req, res) => {
    limitBodyTime(req, res);
    received.resolve();
    req.resume().on('end', () => res.end('whole'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

async function begin(head: string): Promise<{ socket: Socket; closed: Promise<unknown>; isClosed: boolean }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  const state = { socket, isClosed: false, closed: new Promise((done) => socket.once('close', done)) };
  socket.once('close', () => {
    state.isClosed = true;
  });
  socket.write(`${head}\r\nHost: x\r\n\r\n{`);
  await received.promise;
  return state;
}

test('a body that does not arrive within half a minute ends its connection', async () => {
  const { closed } = await begin('POST /t/beats HTTP/1.1\r\nContent-Length: 4000');
  vi.advanceTimersByTime(30_000);
  await closed;
});

test('a large body has five minutes', async () => {
  const sender = await begin('POST /api/imports HTTP/1.1\r\nContent-Length: 90000000');
  vi.advanceTimersByTime(4 * 60_000);
  await new Promise(setImmediate);
  expect(sender.isClosed).toBe(false);
  vi.advanceTimersByTime(60_000);
  await sender.closed;
});

test.each(['multipart/form-data; boundary=x', 'application/octet-stream', 'text/csv'])(
  'an upload as %s may take longer, as long as something comes',
  async (type) => {
    const sender = await begin(
      `POST /api/deal-imports HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: 90000000`,
    );
    vi.advanceTimersByTime(60 * 60_000);
    await new Promise(setImmediate);
    expect(sender.isClosed).toBe(false);
  },
);

test('a body that arrived leaves the connection alone', async () => {
  const sender = await begin('POST /api/session HTTP/1.1\r\nContent-Length: 2');
  const answer = new Promise<string>((done) =>
    sender.socket.once('data', (chunk: Buffer) => done(String(chunk))),
  );
  sender.socket.write('}');
  expect(await answer).toContain('200 OK');
  vi.advanceTimersByTime(60_000);
  await new Promise(setImmediate);
  expect(sender.isClosed).toBe(false);
});
