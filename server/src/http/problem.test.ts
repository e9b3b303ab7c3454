import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { problemHandler } from './problem.ts';

async function answerTo(error: Error) {
  const logLines: string[] = [];
  const log = pino({}, { write: (line: string) => void logLines.push(line) });
  const app = express();
  app.use(() => {
    throw error;
  });
  app.use(problemHandler(log, []));
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { code } = (await response.json()) as { code: string };
  server.closeAllConnections();
  server.close();
  return { status: response.status, code, cacheControl: response.headers.get('cache-control'), logLines };
}

test.each([
  [{ status: 416 }, 416, 'range_not_satisfiable'],
  [{ status: 412 }, 400, 'invalid_request'],
  [{ status: 403 }, 400, 'invalid_request'],
  [{ status: 413, type: 'parameters.too.many' }, 413, 'too_large'],
])('what Express refuses (%o) is no fault of ours', async (fields, status, code) => {
  const answer = await answerTo(Object.assign(new Error('refused'), fields));
  expect(answer).toEqual({ status, code, cacheControl: 'no-store', logLines: [] });
});
