import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findFalls } from '../server/src/aging/falls.ts';
import type { Context } from '../server/src/context.ts';
import { measureDecisions } from '../server/src/decisions/service.ts';
import { newId } from '../server/src/http/ids.ts';
import { hashSecret } from '../server/src/http/secrets.ts';
import { countInfluenceNow } from '../server/src/influence/counting.ts';
import { drain } from '../server/src/jobs/runner.ts';
import { build } from './build.ts';
import { importFolder } from './import-folder.ts';
import { generateSampleLibrary } from './sample/generate.ts';
import { loadActivity } from './sample/load-activity.ts';
import { loadDecisions } from './sample/load-decisions.ts';
import { samplePeople } from './sample/people.ts';
import { removeSampleData } from './sample/remove.ts';

// npm run demo: Offshelf with the sample library, a user for each role, and believable past activity.
// npm run demo -- --remove: takes all of that out again.
const root = resolve(import.meta.dirname, '..');
process.chdir(root);
const say = (line: string) => console.log(line);
const isRemoving = process.argv.includes('--remove');
if (!isRemoving) await build();
enableCompileCache(resolve(root, 'node_modules/.cache/offshelf-compile'));
const { runOffshelf, withOffshelf } = await import('../server/src/main.ts');

if (isRemoving) {
  await withOffshelf(say, async (ctx) => {
    if (await removeSampleData(ctx.db)) {
      await countInfluenceNow(ctx);
      await findFalls(ctx);
      say('The sample data is gone. What you added yourself is still there.');
      return;
    }
    console.error(
      'Nothing was removed: only sample users are admins, so nobody could manage what stays. Make one of your own users an admin first, under Settings, Users.',
    );
    process.exitCode = 1;
  });
} else {
  await runOffshelf({ say, logFile: true, prepare: prepareDemo });
}

async function prepareDemo(ctx: Context, databaseUrl: string): Promise<void> {
  // The past is written last and as a whole, so a demo that was killed while loading is loaded again.
  if (!(await hasSample(ctx, 'shareLink'))) await loadSample(ctx, databaseUrl);
  if (!(await hasSample(ctx, 'decision'))) {
    await loadDecisions(ctx);
    // What the report reads, so that it is whole when somebody opens it first.
    await countInfluenceNow(ctx);
    await findFalls(ctx);
    await measureDecisions(ctx, {}, new AbortController().signal);
  }
  say('Sample data, all of it invented. Sign in as any of these with the password below:');
  for (const role of ['admin', 'marketing', 'manager', 'rep']) {
    const person = samplePeople.find((candidate) => candidate.role === role);
    if (person) say(`  ${role.padEnd(10)} ${person.email}`);
  }
  say(`  password   ${demoPassword(ctx.instanceKey)}`);
  say('Remove the sample data with: npm run demo -- --remove');
}

async function hasSample({ db }: Context, table: 'shareLink' | 'decision'): Promise<boolean> {
  const row = await db
    .selectFrom(table)
    .select('id')
    .where('isSample', '=', true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Each instance has its own, which it can say again at every start without storing it. */
function demoPassword(instanceKey: Buffer): string {
  return createHmac('sha256', instanceKey).update('demo password').digest('base64url').slice(0, 16);
}

async function loadSample(ctx: Context, databaseUrl: string): Promise<void> {
  say('Writing the sample library …');
  const place = await mkdtemp(join(tmpdir(), 'offshelf-'));
  // The folder's name is what the list of imports shows.
  const folder = join(place, 'Sample library');
  try {
    await generateSampleLibrary(folder, ctx.clock());
    const userIds = await insertPeople(ctx);
    await importFolder(ctx, { folder, publishedAt: null, status: 'published', isSample: true, say });
    // Pages take minutes and come while people look around already.
    const { handlers, shortJobs } = await import('../server/src/worker.ts');
    await drain(ctx, handlers, { databaseUrl, only: shortJobs });
    say('Writing what happened with it …');
    await loadActivity(ctx, userIds);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function insertPeople(ctx: Context): Promise<Map<string, string>> {
  const passwordHash = await hashSecret(demoPassword(ctx.instanceKey));
  const userIds = new Map<string, string>();
  for (const { email, name, role, team } of samplePeople) {
    const known = await ctx.db.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst();
    if (known) {
      userIds.set(email, known.id);
      continue;
    }
    const id = newId('usr');
    await ctx.db
      .insertInto('user')
      .values({ id, email, name, role, team, passwordHash, isSample: true, createdAt: ctx.clock() })
      .execute();
    userIds.set(email, id);
  }
  return userIds;
}
