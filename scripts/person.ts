import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Context } from '../server/src/context.ts';
import { Problem } from '../server/src/http/problem.ts';
import { withOffshelf } from '../server/src/main.ts';
import type { PrivacyRequest } from '../server/src/privacy/contract.ts';
import { erasePerson, exportPerson, lookUpPerson } from '../server/src/privacy/service.ts';
import { recipientEmail } from '../server/src/shares/contract.ts';

const usage = `npm run person -- export ADDRESS [--out FILE]
npm run person -- erase ADDRESS [--dry-run] [--out FILE]

Hands out everything that is known of an e-mail address as JSON, or forgets it for good and proves that.

  --dry-run   say what erasing would change and change nothing
  --out       where the export, or the proof, is written; otherwise it is printed

Ends with 0 when it was done and nothing is left, with 2 when the address still stands somewhere, and with 1 when
nothing could be done.`;

// What is printed to standard output is the file itself, so that it can be redirected.
const say = (line: string) => console.error(line);
const startFolder = process.env.INIT_CWD ?? process.cwd();

interface Input {
  command: 'export' | 'erase';
  email: string;
  isDryRun: boolean;
  out: string | undefined;
}

const input = readArguments();
if (typeof input === 'string') {
  console.error(`${input}\n\n${usage}`);
  process.exitCode = 1;
} else {
  process.chdir(resolve(import.meta.dirname, '..'));
  await withOffshelf(say, async (ctx) => {
    try {
      if (input.command === 'export') await put(await exportPerson(ctx, null, input.email), input.out);
      else if (input.isDryRun) await rehearse(ctx, input.email);
      else await erase(ctx, input);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      say(error.message);
      process.exitCode = 1;
    }
  });
}

function readArguments(): Input | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean', default: false }, out: { type: 'string' } },
    });
    const [command, typed, ...others] = positionals;
    if ((command !== 'export' && command !== 'erase') || others.length > 0)
      return 'Say export or erase, and one address.';
    const email = recipientEmail.safeParse(typed).data;
    if (email === undefined) return `“${typed ?? ''}” is not an e-mail address.`;
    const out = values.out === undefined ? undefined : resolve(startFolder, values.out);
    return { command, email, isDryRun: values['dry-run'], out };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function rehearse(ctx: Context, email: string): Promise<void> {
  const { counts, userName, erasedAt } = await lookUpPerson(ctx, email);
  if (userName) say(`${userName} signs in with this address, so it can not be erased.`);
  else if (Object.keys(counts).length === 0) say('Nothing is known of this address.');
  else sayCounts('Erasing would change', counts);
  if (erasedAt) say(`It was erased before, on ${erasedAt.toISOString().slice(0, 10)}.`);
  say('This was a dry run, so nothing was changed.');
}

async function erase(ctx: Context, { email, out }: Input): Promise<void> {
  const request = await erasePerson(ctx, null, email);
  sayCounts('Erased', request.counts);
  sayProof(request);
  await put(request, out);
}

function sayCounts(words: string, counts: Record<string, number>): void {
  say(`${words}:`);
  for (const [table, count] of Object.entries(counts)) say(`  ${table}: ${count}`);
}

function sayProof({ proof }: PrivacyRequest): void {
  if (!proof) return;
  const { tableCount, columnCount, left, unchecked, waitingFileCount } = proof;
  say(`Looked through ${columnCount} columns of ${tableCount} tables.`);
  for (const { table, column, count } of left)
    say(`  The address still stands in ${table}.${column}: ${count}`);
  for (const table of unchecked) say(`  There was not enough time to look through ${table}.`);
  if (waitingFileCount > 0) say(`  It stands in ${waitingFileCount} files that wait to be written.`);
  if (left.length + unchecked.length + waitingFileCount > 0) process.exitCode = 2;
  else say('Nothing is left.');
}

async function put(answer: object, out: string | undefined): Promise<void> {
  const text = `${JSON.stringify(answer, null, 2)}\n`;
  if (out === undefined) process.stdout.write(text);
  else {
    await writeFile(out, text, { mode: 0o600 });
    say(`Written to ${out}`);
  }
}
