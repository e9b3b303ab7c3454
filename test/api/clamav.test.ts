import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScannerUnavailable, scanFile, TooLargeToScan } from '../../server/src/documents/clamav.ts';

let folder: string;
const servers: { server: Server; sockets: Set<Socket> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offshelf-scan-'));
});

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  }
  await rm(folder, { recursive: true });
});

async function listen(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  servers.push({ server, sockets });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** As much of clamd as takes a file by INSTREAM: finds EICAR, and takes no more than `limit` bytes. */
async function startScanner({ limit = 26_214_400 } = {}) {
  const files: Buffer[] = [];
  const address = await listen((socket) => {
    let sent = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      sent = Buffer.concat([sent, chunk]);
      if (sent.length > limit) {
        socket.removeAllListeners('data').resume();
        socket.end('INSTREAM size limit exceeded. ERROR\0');
      } else if (sent.subarray(-4).equals(Buffer.alloc(4))) {
        const content = unframe(sent);
        files.push(content);
        socket.end(
          content.includes('EICAR-STANDARD') ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0',
        );
      }
    });
  });
  return { address, files };
}

function unframe(sent: Buffer): Buffer {
  expect(sent.subarray(0, 10).toString('latin1')).toBe('zINSTREAM\0');
  const chunks: Buffer[] = [];
  for (let at = 10; at < sent.length; ) {
    const length = sent.readUInt32BE(at);
    chunks.push(sent.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(chunks);
}

async function makeFile(content: Buffer | string): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  return path;
}

// In two parts, so that no scanner takes this file for the test of scanners that it writes.
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

test('a clean file is clean, and arrives whole', async () => {
  const { address, files } = await startScanner();
  const content = Buffer.alloc(1_000_003, 'abc');
  expect(await scanFile(address, await makeFile(content))).toEqual({ isClean: true });
  expect(files[0]?.equals(content)).toBe(true);
  expect(await scanFile(address, await makeFile(''))).toEqual({ isClean: true });
});

test('the scanner names what it finds', async () => {
  const { address } = await startScanner();
  expect(await scanFile(address, await makeFile(eicar))).toEqual({
    isClean: false,
    threat: 'Eicar-Test-Signature',
  });
});

test('a file that is too large for the scanner is told apart', async () => {
  const { address } = await startScanner({ limit: 200_000 });
  const path = await makeFile(Buffer.alloc(20_000_000, 'a'));
  await expect(scanFile(address, path)).rejects.toBeInstanceOf(TooLargeToScan);
});

test.each([
  ['closes early', (socket: Socket) => socket.destroy()],
  ['closes with half an answer', (socket: Socket) => socket.end('stream: O')],
  ['says something else', (socket: Socket) => socket.end('UNKNOWN COMMAND\0')],
  ['has a fault', (socket: Socket) => socket.end("stream: Can't allocate memory ERROR\0")],
  ['talks without end', (socket: Socket) => socket.write('x'.repeat(100_000))],
  ['says that a path is clean', (socket: Socket) => socket.end('/etc/passwd: OK\0')],
])('a scanner that %s gives no verdict', async (_name, onSocket) => {
  const address = await listen(onSocket);
  const path = await makeFile(Buffer.alloc(3_000_000));
  await expect(scanFile(address, path)).rejects.toBeInstanceOf(ScannerUnavailable);
});

test('a silent scanner is not waited for without end', async () => {
  const reading = await listen((socket) => socket.resume());
  const path = await makeFile(Buffer.alloc(3_000_000));
  await expect(scanFile(reading, path, { silenceMs: 100 })).rejects.toBeInstanceOf(ScannerUnavailable);
  const deaf = await listen((socket) => socket.pause());
  await makeFile(Buffer.alloc(30_000_000));
  await expect(scanFile(deaf, path, { silenceMs: 200 })).rejects.toBeInstanceOf(ScannerUnavailable);
});

test('no scanner at all is told', async () => {
  const address = await listen(() => {});
  await new Promise((done) => servers.pop()?.server.close(done));
  await expect(scanFile(address, await makeFile('x'))).rejects.toMatchObject({
    name: 'ScannerUnavailable',
    cause: { code: 'ECONNREFUSED' },
  });
});

test('the caller can stop it, and a file that is not there is no fault of the scanner', async () => {
  const silent = await listen((socket) => socket.resume());
  const controller = new AbortController();
  const scanning = scanFile(silent, await makeFile('x'), { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('stopped')), 50);
  await expect(scanning).rejects.toThrow('stopped');
  await expect(scanFile(silent, join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
