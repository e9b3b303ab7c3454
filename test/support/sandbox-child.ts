import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { linkSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serveTasks } from '../../server/src/documents/child/serve.ts';
import { FileRefused, type FlowText, type TaskPart } from '../../server/src/documents/tasks.ts';

/**
 * A child for tests of the sandbox: does what the test asks for, as a file would that found a hole in a parser.
 * `read-text` answers with what it saw, `render-pdf` hands over pages, and `digest` ends badly.
 */

type Emit = (part: TaskPart<'render-pdf'>) => Promise<void>;

const hold: Buffer[] = [];
const forever = () => new Promise<never>(() => setInterval(() => undefined, 1e6));

function spin(): void {
  for (;;) Math.random();
}

/** A function without an end in WebAssembly, which nothing within the process can interrupt. */
function spinInWasm(): void {
  const bytes = [
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0],
    ...[10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11],
  ];
  // biome-ignore lint/suspicious/noExplicitAny: the types of Node name WebAssembly without its members
  const { Module, Instance } = (globalThis as any).WebAssembly;
  new Instance(new Module(new Uint8Array(bytes))).exports.f();
}

const deeds: Record<string, () => unknown> = {
  spin,
  spinInWasm,
  hang: forever,
  crash: () => process.abort(),
  leave: () => process.exit(7),
  fail: () => {
    throw new TypeError('A fault of ours.');
  },
  refuse: () => {
    throw new FileRefused('password', 'It asks for a password.');
  },
  eatHeap: () => {
    for (const list: object[] = []; ; ) list.push(new Array(1_000_000).fill(list.length / 3));
  },
  eatMemory: async () => {
    for (;;) {
      hold.push(Buffer.alloc(20_000_000, 1));
      await new Promise((done) => setTimeout(done, 5));
    }
  },
  keepMemory: () => void hold.push(Buffer.alloc(500_000_000, 1)),
  eatDisk: async () => {
    for (let at = 0; ; at += 1) {
      writeFileSync(join(workFolder, `filler-${at}`), '');
      truncateSync(join(workFolder, `filler-${at}`), 100_000_000);
      await new Promise((done) => setTimeout(done, 20));
    }
  },
  babble: async () => {
    const { writeSync } = await import('node:fs');
    const bytes = Buffer.alloc(1_000_000, 'x');
    for (;;) {
      try {
        writeSync(3, bytes);
      } catch {
        await new Promise((done) => setTimeout(done, 1));
      }
    }
  },
};

let workFolder = '';

async function ask(question: string, inputPath: string): Promise<unknown> {
  const [word = '', ...rest] = question.split(' ');
  const argument = rest.join(' ');
  switch (word) {
    case 'env':
      return process.env;
    case 'pid':
      return process.pid;
    case 'folder':
      return workFolder;
    case 'read':
      return readFileSync(argument, 'utf8');
    case 'input':
      return readFileSync(inputPath, 'utf8');
    case 'overwrite':
      return writeFileSync(inputPath, 'changed');
    case 'write':
      return writeFileSync(argument, 'x');
    case 'start':
      return spawn(argument).pid;
    case 'fetch':
      return (await fetch(argument)).status;
    case 'http':
      return new Promise((done, fail) => get(argument, () => done('answered')).on('error', fail));
    case 'tcp':
      return new Promise((done, fail) =>
        connect(Number(argument), '127.0.0.1', () => done('open')).on('error', fail),
      );
    case 'udp':
      return createSocket('udp4').send('x', Number(argument), '127.0.0.1');
    case 'dns':
      return lookup(argument);

    case 'interfaces':
      return Object.keys((await import('node:os')).networkInterfaces());
    default:
      return null;
  }
}

/** Sizes of a page, which do not matter here. */
const size = { width: 100, height: 100 };
const blank = { ...size, wordCount: 0, headings: [], links: [], textLayer: [] };

async function handOver(order: string, inputPath: string, emit: Emit): Promise<void> {
  const page = (pageNumber: number, file: string) =>
    emit({
      kind: 'page',
      page: { pageNumber, ...blank, text: file, images: [{ kind: 'small', file, ...size }] },
    });
  await emit({ kind: 'opened', pageCount: order === 'too many' ? 9_000 : 3 });
  switch (order) {
    case 'climb':
      return page(1, '../../in/1/input');
    case 'symlink':
      symlinkSync('/etc/passwd', join(workFolder, 'page.webp'));
      return page(1, 'page.webp');
    case 'second name':
      linkSync(inputPath, join(workFolder, 'page.webp'));
      return page(1, 'page.webp');
    case 'missing':
      return page(1, 'page.webp');
    case 'script':
      return emit({
        kind: 'page',
        page: {
          pageNumber: 1,
          ...blank,
          text: '',
          images: [],
          links: [{ x: 0, y: 0, width: 1, height: 1, href: 'javascript:alert(1)', pageNumber: null }],
        },
      });
    case 'too many':
      return page(10, 'page.webp');
    case 'again':
      for (;;) {
        writeFileSync(join(workFolder, 'page.webp'), 'x');
        await page(1, 'page.webp');
      }
    default:
      for (const pageNumber of [1, 2, 3]) {
        writeFileSync(join(workFolder, `page-${pageNumber}.webp`), `picture ${pageNumber}`);
        await page(pageNumber, `page-${pageNumber}.webp`);
      }
  }
}

serveTasks({
  digest: async () => async (task, io) => {
    workFolder = io.folder;
    await deeds[task.text]?.();
    return { language: 'en', signature: null };
  },
  'read-text':
    async () =>
    async (task, io): Promise<FlowText> => {
      workFolder = io.folder;
      const seen = await ask(task.mediaType, io.inputPath).catch((error) => ({
        refused: String(error.code ?? error.message),
      }));
      const html = task.mediaType.startsWith('<') ? task.mediaType : '';
      return { html, text: JSON.stringify(seen ?? null), wordCount: 0, headings: [] };
    },
  'render-pdf': async () => async (_, io) => {
    workFolder = io.folder;
    await handOver(readFileSync(io.inputPath, 'utf8'), io.inputPath, io.emit);
    return { pageCount: 3, renderedPageCount: 3 };
  },
  'convert-office': async () => async (task) => {
    await (task.mediaType === 'hang' ? forever() : spin());
    return { pageCount: 1 };
  },
});
