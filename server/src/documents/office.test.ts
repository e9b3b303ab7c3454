import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Conversion, chooseConverter, convertToPdf, type OfficeConverter } from './office.ts';
import { ChildEnded, type Sandbox } from './sandbox.ts';
import { FileRefused, type TaskInput } from './tasks.ts';

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const settings = { officeConverter: 'auto', gotenbergUrl: null, extraFontFolders: [] as string[] } as const;
const host = { memoryBytes: 8e9, hasBundledOffice: true, systemOffice: '/usr/bin/soffice' };

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offshelf-convert-'));
  file = join(folder, 'input');
  await writeFile(file, 'the bytes of a document');
});
afterAll(() => rm(folder, { recursive: true }));

test('auto takes Gotenberg, else the LibreOffice of the system, else the one that came along', async () => {
  const choose = (changes: object, there: object = {}) =>
    chooseConverter({ ...settings, ...changes }, { ...host, ...there });
  const gotenbergUrl = 'http://gotenberg:3000';
  expect(await choose({ gotenbergUrl })).toEqual({ kind: 'gotenberg', fault: null, address: gotenbergUrl });
  expect(await choose({})).toEqual({ kind: 'soffice', fault: null, program: '/usr/bin/soffice' });
  expect(await choose({}, { systemOffice: undefined })).toMatchObject({ kind: 'wasm', fault: null });
  expect(await choose({ officeConverter: 'wasm', gotenbergUrl })).toMatchObject({ kind: 'wasm' });
  expect(await choose({ officeConverter: 'wasm' }, { memoryBytes: 2e9 })).toMatchObject({ kind: 'wasm' });
});

test('without a converter the reason says what to do', async () => {
  const faultOf = async (changes: object, there: object = {}) => {
    const bare = { ...host, systemOffice: undefined, ...there };
    const converter = await chooseConverter({ ...settings, ...changes }, bare);
    expect(converter.kind).toBe('off');
    return converter.fault;
  };
  expect(await faultOf({ officeConverter: 'off' })).toMatch(/OFFICE_CONVERTER is off/);
  expect(await faultOf({ officeConverter: 'soffice' })).toMatch(/LibreOffice is not installed/);
  expect(await faultOf({}, { memoryBytes: 2e9 })).toMatch(/wants 4 GB of memory/);
  expect(await faultOf({}, { hasBundledOffice: false })).toMatch(/No converter is installed/);
});

test('fonts are found in folders and in those within them', async () => {
  const converter = await chooseConverter(
    {
      ...settings,
      officeConverter: 'wasm',
      extraFontFolders: [
        join(import.meta.dirname, '../../../node_modules/@expo-google-fonts/noto-sans'),
        '/nowhere',
      ],
    },
    host,
  );
  const fonts = converter.kind === 'wasm' ? converter.fontFiles : [];
  expect(fonts.length).toBeGreaterThan(3);
  expect(fonts.every((font) => font.endsWith('.ttf'))).toBe(true);
});

/** A sandbox that answers a conversion with what it is told to, one answer after the other. */
function sandboxThat(...answers: (Error | 'done')[]) {
  const inputs: TaskInput<'convert-office'>[] = [];
  const run: Sandbox['run'] = async (_kind, _file, input, options) => {
    inputs.push(input as never);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    await options?.onResult?.({ pageCount: 1 } as never, folder);
    return { pageCount: 1 } as never;
  };
  return { inputs, sandbox: { run } as Sandbox };
}

const wasm: OfficeConverter = { kind: 'wasm', fault: null, fontFiles: [] };
const conversion = (changes: Partial<Conversion> = {}): Conversion => ({
  file,
  mediaType: word,
  pageLimit: 300,
  sheetExtent: null,
  onPdf: async () => undefined,
  ...changes,
});

test('a converter that broke down or stood still gets one more try, and no third', async () => {
  const crash = () => new ChildEnded('crashed', 'gone');
  const paths: string[] = [];
  const onPdf = async (path: string) => void paths.push(path);
  const { sandbox } = sandboxThat(new ChildEnded('stalled', 'still'), 'done');
  await convertToPdf(sandbox, wasm, conversion({ onPdf }));
  expect(paths).toEqual([join(folder, 'output.pdf')]);
  const dying = sandboxThat(crash(), crash(), 'done');
  await expect(convertToPdf(dying.sandbox, wasm, conversion())).rejects.toMatchObject({ cause: 'crashed' });
  for (const error of [new ChildEnded('time', 'late'), new FileRefused('damaged', 'broken')]) {
    const { sandbox: refusing, inputs } = sandboxThat(error, 'done');
    await expect(convertToPdf(refusing, wasm, conversion())).rejects.toBe(error);
    expect(inputs).toHaveLength(1);
  }
});

test('what fails with the PDF in hand is not converted again', async () => {
  const { sandbox, inputs } = sandboxThat('done', 'done');
  const onPdf = () => Promise.reject(new ChildEnded('crashed', 'of the next step'));
  await expect(convertToPdf(sandbox, wasm, conversion({ onPdf }))).rejects.toThrow('of the next step');
  expect(inputs).toHaveLength(1);
});

test('sheets get a page of their own when they are short, or wide and not long', async () => {
  const asked = async (rowCount: number, columnCount: number) => {
    const { sandbox, inputs } = sandboxThat('done');
    await convertToPdf(sandbox, wasm, conversion({ sheetExtent: { rowCount, columnCount } }));
    return inputs[0]?.hasPagePerSheet;
  };
  expect(await asked(32, 18)).toBe(true);
  expect(await asked(300, 18)).toBe(true);
  expect(await asked(300, 3)).toBe(false);
  expect(await asked(1_048_576, 20)).toBe(false);
  await expect(asked(1_048_576, 16_384)).rejects.toMatchObject({ reason: 'too_large' });
  expect(await asked(0, 0)).toBe(false);
});

test('a converter that is off, and a type that none knows, say so', async () => {
  const { sandbox } = sandboxThat();
  const off: OfficeConverter = { kind: 'off', fault: 'OFFICE_CONVERTER is off.' };
  await expect(convertToPdf(sandbox, off, conversion())).rejects.toThrow('Office files are not converted');
  await expect(convertToPdf(sandbox, wasm, conversion({ mediaType: 'image/png' }))).rejects.toMatchObject({
    reason: 'unknown_type',
  });
});

/** A Gotenberg of one request. */
async function withGotenberg(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
  changes: Partial<Conversion> = {},
): Promise<void> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    answer(request, Buffer.concat(chunks).toString('latin1'), response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await convertToPdf({} as Sandbox, { kind: 'gotenberg', fault: null, address }, conversion(changes));
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const leftovers = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('offshelf-gotenberg-'));

test('Gotenberg is asked by the file and the pages that are wanted, and its PDF is handed over', async () => {
  let asked = '';
  let pdf = '';
  await withGotenberg(
    (request, body, response) => {
      asked = `${request.method} ${request.url} ${body}`;
      response.setHeader('content-type', 'application/pdf').end('%PDF-1.7 pages');
    },
    {
      sheetExtent: { rowCount: 10, columnCount: 4 },
      onPdf: async (path) => {
        pdf = await readFile(path, 'latin1');
      },
    },
  );
  expect(pdf).toBe('%PDF-1.7 pages');
  expect(asked).toMatch(/^POST \/forms\/libreoffice\/convert /);
  expect(asked).toMatch(/name="files"; filename="file\.docx"[\s\S]*the bytes of a document/);
  expect(asked).toMatch(/name="nativePageRanges"\s+1-300/);
  expect(asked).toMatch(/name="singlePageSheets"\s+true/);
  expect(await leftovers()).toEqual([]);
});

test('what Gotenberg can not do is told apart: the file, the server, the time', async () => {
  const locked = 'LibreOffice failed to process a document: a password may be required';
  const say = (status: number, text: string) =>
    withGotenberg((_request, _body, response) => response.writeHead(status).end(text));
  await expect(say(400, locked)).rejects.toMatchObject({ reason: 'damaged' });
  await expect(say(503, 'queue is full')).rejects.toThrow('Gotenberg answered with 503: queue is full');
  await expect(say(200, '<html>a proxy</html>')).rejects.toThrow('something else than a PDF');
  await expect(say(200, '')).rejects.toThrow('empty');
  const cut = withGotenberg((_request, _body, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('%PDF-1.7', () => response.destroy());
  });
  await expect(cut).rejects.toThrow();
  const hanging = new AbortController();
  const hung = withGotenberg(() => hanging.abort(new Error('Nobody waits any more')), {
    signal: hanging.signal,
  });
  await expect(hung).rejects.toThrow('Nobody waits any more');
  const gone = convertToPdf(
    {} as Sandbox,
    { kind: 'gotenberg', fault: null, address: 'http://127.0.0.1:9' },
    conversion(),
  );
  await expect(gone).rejects.toThrow('Gotenberg can not be reached at http://127.0.0.1:9');
  expect(await leftovers()).toEqual([]);
});
