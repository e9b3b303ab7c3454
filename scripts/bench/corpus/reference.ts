import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What another program makes of a file: whether it opens it at all, and the words that it reads. */
export interface Reference {
  opens: boolean;
  text: string | null;
}

const isInstalled = (program: string) => spawnSync('which', [program]).status === 0;

/** Without them there is nothing to compare with. */
function findPrograms() {
  return { pdf: isInstalled('pdftotext') && isInstalled('pdftoppm'), office: isInstalled('soffice') };
}

/** Answers from the file what was asked before, and adds to it what was not. */
export async function openReferences(cacheFile: string | undefined) {
  const known = new Map<string, Reference | null>(
    cacheFile && existsSync(cacheFile) ? JSON.parse(await readFile(cacheFile, 'utf8')) : [],
  );
  return {
    async read(path: string, extension: string): Promise<Reference | undefined> {
      const key = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      const found = known.has(key) ? known.get(key) : await readReference(path, extension);
      if (cacheFile && !known.has(key)) {
        known.set(key, found ?? null);
        if (known.size % 50 === 0) await this.keep();
      }
      return found ?? undefined;
    },
    async keep(): Promise<void> {
      if (cacheFile) await writeFile(cacheFile, JSON.stringify([...known]));
    },
  };
}

/** Poppler for PDFs; for Office files the LibreOffice of the system, and Poppler on what it makes. */
async function readReference(path: string, extension: string): Promise<Reference | undefined> {
  const has = findPrograms();
  if (extension === 'pdf') return has.pdf ? readPdf(path) : undefined;
  if (/^(docx|pptx|xlsx|doc|ppt|xls|odt|odp|ods|rtf)$/.test(extension))
    return has.pdf && has.office ? readOffice(path) : undefined;
  return undefined;
}

async function readPdf(path: string): Promise<Reference> {
  const drawn = await run('pdftoppm', ['-r', '20', '-l', '1', '-png', path], 20_000);
  if (drawn.code !== 0 || drawn.output === '') return { opens: false, text: null };
  const read = await run('pdftotext', ['-q', path, '-'], 20_000);
  return { opens: true, text: read.code === 0 ? read.output : null };
}

async function readOffice(path: string): Promise<Reference> {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-reference-'));
  try {
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    await run(
      'soffice',
      [profile, '--headless', '--norestore', '--convert-to', 'pdf', '--outdir', folder, path],
      60_000,
    );
    const pdf = (await readdir(folder)).find((name) => name.endsWith('.pdf'));
    return pdf ? await readPdf(join(folder, pdf)) : { opens: false, text: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(
  program: string,
  args: string[],
  timeoutMs: number,
): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), timeoutMs);
    child.on('error', () => done({ code: null, output: '' }));
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** The share of the reference's words that are among ours, each as often as it stands there; null without words. */
export function recallOf(reference: string, ours: string): number | null {
  const counts = new Map<string, number>();
  for (const word of wordsOf(ours)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const wanted = wordsOf(reference);
  if (wanted.length < 5) return null;
  let found = 0;
  for (const word of wanted) {
    const left = counts.get(word) ?? 0;
    if (left > 0) {
      found += 1;
      counts.set(word, left - 1);
    }
  }
  return found / wanted.length;
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
