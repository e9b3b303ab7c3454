import { Readable } from 'node:stream';
import { addVersion } from '../../server/src/assets/service.ts';
import { keepUpload } from '../../server/src/assets/store-upload.ts';
import type { Context } from '../../server/src/context.ts';
import { changeCurrencies, readCurrencies } from '../../server/src/deals/currencies.ts';
import type { DecisionAction } from '../../server/src/decisions/contract.ts';
import { decide } from '../../server/src/decisions/service.ts';
import type { Actor } from '../../server/src/http/actor.ts';
import { makeView } from '../../server/src/slices/saved-views.ts';
import { readSampleSources } from './content.ts';
import { dayMs } from './deals.ts';
import { writePdf } from './pdf.ts';
import { samplePeople } from './people.ts';

interface Known {
  today: Date;
  /** By the file name of the asset. */
  assetOf: (file: string) => string;
  userOf: (email: string) => string;
}

const renewedFile = 'Price list for customers.pdf';

/** What marketing set and decided after all that. What is there already stays, and the decisions come last. */
export async function loadDecisions(ctx: Context): Promise<void> {
  const known = await readKnown(ctx);
  const marketing = actorOf('marketing', known);
  // Rates that somebody real has set are theirs.
  if ((await readCurrencies(ctx)).base === null)
    await changeCurrencies(ctx, actorOf('admin', known), {
      base: 'EUR',
      rates: [
        { currency: 'GBP', rate: 1.15 },
        { currency: 'USD', rate: 0.92 },
      ],
    });
  await renewPriceList(ctx, marketing, known);
  await decideBefore(ctx, marketing, known);
  for (const view of views) await makeView(ctx, marketing, view);
}

/** What marketing looks at every week. */
const views = [
  {
    name: 'Large accounts, half a year',
    isForTeam: true,
    path: '/shelf',
    query: 'days=180&segment=Enterprise',
  },
  { name: 'German-speaking buyers', isForTeam: false, path: '/shelf/reach', query: 'region=DACH' },
];

async function readKnown({ db, clock }: Context): Promise<Known> {
  const users = await db.selectFrom('user').select(['id', 'email']).where('isSample', '=', true).execute();
  const assets = await db
    .selectFrom('asset')
    .select(['id', 'importKey'])
    .where('isSample', '=', true)
    .execute();
  return {
    today: clock(),
    userOf: (email) => users.find((user) => user.email === email)?.id ?? missing(email),
    assetOf: (file) => assets.find(({ importKey }) => importKey === `files/${file}`)?.id ?? missing(file),
  };
}

function missing(name: string): never {
  throw new Error(`"${name}" is not in the sample.`);
}

function actorOf(role: Actor['role'], { userOf }: Known): Actor {
  const person = samplePeople.find((candidate) => candidate.role === role);
  const { name, email } = person ?? missing(role);
  return { userId: userOf(email), name, email, role };
}

/** New prices came, so whoever read the list before holds old ones. */
async function renewPriceList(ctx: Context, actor: Actor, { assetOf }: Known): Promise<void> {
  const source = readSampleSources().find(({ file }) => file === renewedFile);
  if (!source) throw new Error(`The sample has no ${renewedFile}.`);
  const assetId = assetOf(renewedFile);
  const current = await ctx.db
    .selectFrom('assetVersion')
    .select('id')
    .where('assetId', '=', assetId)
    .where('number', '>', 1)
    .executeTakeFirst();
  if (current) return;
  const body = `${source.body}\n\n_These prices hold from the first of this month._`;
  const bytes = await writePdf(source.title, source.language, body);
  const { uploadTicket } = await keepUpload(
    ctx,
    actor,
    await ctx.blobs.stage(Readable.from([Buffer.from(bytes)])),
    renewedFile,
  );
  await addVersion(ctx, actor, assetId, { uploadTicket });
}

/** Decisions of weeks ago, so that what happened since can be shown. */
async function decideBefore(ctx: Context, actor: Actor, { today, assetOf }: Known): Promise<void> {
  const dayFromNow = (days: number) => new Date(today.getTime() + days * dayMs).toISOString().slice(0, 10);
  const made: { action: DecisionAction; files: string[]; note: string; madeOn: string; daysAgo: number }[] = [
    {
      action: { kind: 'promote', untilOn: dayFromNow(30) },
      files: ['Case study - Northbeck Refrigeration.pdf'],
      note: 'Buyers of this size ask for it in the second call.',
      madeOn: '/shelf/influence',
      daysAgo: 34,
    },
    {
      action: { kind: 'request_review', reviewOn: dayFromNow(12) },
      files: ['Competitor feature matrix.xlsx', 'Persona guide.pptx'],
      note: 'Both overdue and still opened by reps.',
      madeOn: '/shelf/aging',
      daysAgo: 19,
    },
    {
      action: { kind: 'promote', untilOn: dayFromNow(9) },
      files: ['ROI calculator.xlsx', 'Tarrowby one-pager.pdf'],
      note: 'For the weeks before budgets close.',
      madeOn: '/shelf/reach?rung=shared',
      daysAgo: 26,
    },
    {
      action: { kind: 'request_review', reviewOn: dayFromNow(20) },
      files: ['Case study - Vexley Fire and Safety.docx'],
      note: 'Read less and less since September. Is the audit in it still the one that people fear?',
      madeOn: '/shelf/aging',
      daysAgo: 11,
    },
  ];
  for (const { files, daysAgo, ...decision } of made) {
    const decided = await decide(ctx, actor, { ...decision, assetIds: files.map(assetOf) });
    if (!decided) continue;
    await ctx.db
      .updateTable('decision')
      .set({ decidedAt: new Date(today.getTime() - daysAgo * dayMs), isSample: true })
      .where('id', '=', decided.id)
      .execute();
  }
}
