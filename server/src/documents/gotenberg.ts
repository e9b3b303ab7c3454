import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChildEnded } from './sandbox.ts';
import { FileRefused } from './tasks.ts';

interface Request {
  /** Address of the server, without a path of ours. */
  address: string;
  file: string;
  extension: string;
  options: { pageLimit: number; hasPagePerSheet: boolean };
  timeoutMs: number;
  signal: AbortSignal | undefined;
  onPdf: (path: string) => Promise<void>;
}

const mostPdfBytes = 512 * 1_048_576;

/** Has a Gotenberg server make a PDF. It is handed over as a file that is removed afterwards. */
export async function convertWithGotenberg(request: Request): Promise<void> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-gotenberg-'));
  try {
    const path = join(folder, 'output.pdf');
    try {
      await receive(await send(request, signal), path);
    } catch (error) {
      if (timeout.aborted) throw new ChildEnded('time', `Gotenberg took longer than ${request.timeoutMs} ms`);
      throw error;
    }
    await request.onPdf(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function send({ address, file, extension, options }: Request, signal: AbortSignal): Promise<Response> {
  const form = new FormData();
  form.append('files', await openAsBlob(file), `file.${extension}`);
  form.append('nativePageRanges', `1-${options.pageLimit}`);
  form.append('singlePageSheets', String(options.hasPagePerSheet));
  // Tables of contents stay as their author left them, and nothing is read for them.
  form.append('updateIndexes', 'false');
  const url = `${address.replace(/\/+$/, '')}/forms/libreoffice/convert`;
  const answer = await fetch(url, { method: 'POST', body: form, signal, redirect: 'error' }).catch(
    (error: Error) => {
      throw signal.aborted
        ? error
        : new Error(`Gotenberg can not be reached at ${address}`, { cause: error });
    },
  );
  if (answer.ok) return answer;
  const said = (await answer.text()).slice(0, 300).trim();
  // Gotenberg can not tell a damaged file from a locked one, and says so in this way only.
  if (answer.status === 400 && /password/i.test(said))
    throw new FileRefused('damaged', `Gotenberg says: ${said}`);
  throw new Error(`Gotenberg answered with ${answer.status}: ${said}`);
}

async function receive(answer: Response, path: string): Promise<void> {
  if (!answer.body) throw new Error('Gotenberg answered without a PDF');
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (size === 0 && chunk.toString('latin1', 0, 4) !== '%PDF')
        return done(new Error('Gotenberg answered with something else than a PDF'));
      size += chunk.length;
      done(
        size > mostPdfBytes
          ? new FileRefused('too_large', `The PDF is longer than ${mostPdfBytes} bytes`)
          : null,
        chunk,
      );
    },
  });
  await pipeline(Readable.from(answer.body), limit, createWriteStream(path));
  if (size === 0) throw new Error('Gotenberg answered with an empty file');
}
