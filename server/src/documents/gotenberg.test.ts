import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { convertWithGotenberg } from './gotenberg.ts';

test('a Gotenberg that hangs is given up, before it answers and in the middle of its answer', async () => {
  for (const begins of [false, true]) {
    const server = createServer((_request, response) => {
      if (begins) response.writeHead(200).write('%PDF-1.7 and then nothing');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const request = {
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      file: import.meta.filename,
      extension: 'docx',
      options: { pageLimit: 300, hasPagePerSheet: false },
      timeoutMs: 300,
      signal: undefined,
      onPdf: async () => undefined,
    };
    await expect(convertWithGotenberg(request)).rejects.toMatchObject({ name: 'ChildEnded', cause: 'time' });
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});
