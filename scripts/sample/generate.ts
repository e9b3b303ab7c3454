import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSampleSources, type SampleSource } from './content.ts';
import { dayMs, planDeals, type SampleDeal } from './deals.ts';
import { planPast } from './past-deals.ts';
import { writePdf } from './pdf.ts';
import { writeSheets } from './sheets.ts';
import { writeSlides } from './slides.ts';
import { sampleTaxonomy } from './taxonomy.ts';
import { writeWord } from './word.ts';

/**
 * Writes the sample library: catalogue, taxonomy, deals and files, in the shape that the importer reads. Files do
 * not depend on `today`; the dates in the catalogue and the deals do.
 */
export async function generateSampleLibrary(folder: string, today = new Date()): Promise<void> {
  const sources = readSampleSources();
  await mkdir(join(folder, 'files'), { recursive: true });
  for (const source of sources) {
    if (source.file !== '') await writeAssetFile(source, join(folder, 'files', source.file));
  }
  await writeFile(join(folder, 'library.csv'), libraryCsv(sources, today));
  await writeFile(join(folder, 'deals.csv'), dealsCsv([...planDeals(today), ...planPast(today).deals]));
  await writeFile(join(folder, 'taxonomy.json'), `${JSON.stringify(sampleTaxonomy, null, 2)}\n`);
}

/** When an asset of the sample counts as published: on a working morning, or never for a draft. */
export function publishedAtOf(source: Pick<SampleSource, 'publishedDaysAgo'>, today: Date): Date | null {
  if (source.publishedDaysAgo === null) return null;
  const day = new Date(today.getTime() - source.publishedDaysAgo * dayMs);
  day.setUTCHours(9, 0, 0, 0);
  return day;
}

async function writeAssetFile(source: SampleSource, path: string) {
  switch (source.file.slice(source.file.lastIndexOf('.'))) {
    case '.pdf':
      return writeFile(path, await writePdf(source.title, source.language, source.body));
    case '.docx':
      return writeFile(path, await writeWord(source.title, source.body));
    case '.pptx':
      return writeFile(path, await writeSlides(source.title, source.body));
    case '.xlsx':
      return writeFile(path, await writeSheets(source.body));
    case '.md':
    case '.txt':
      return writeFile(path, `${source.body}\n`);
    // Pictures and the clip are drawn by hand from `drawings/` and kept in `files/`.
    default:
      return copyFile(new URL(`./files/${encodeURIComponent(source.file)}`, import.meta.url), path);
  }
}

function libraryCsv(sources: SampleSource[], today: Date) {
  const head = [
    'file',
    'url',
    'title',
    'description',
    'use_when',
    'content_type',
    'personas',
    'stages',
    'objections',
    'products',
    'region',
    'language',
    'audience',
    'review_by',
    'owner_role',
    'published_at',
    'status',
    'talk_track',
  ];
  const rows = sources.map((source) => [
    source.file === '' ? '' : `files/${source.file}`,
    source.url,
    source.title,
    source.description,
    source.useWhen,
    source.contentType,
    source.personas.join(';'),
    source.stages.join(';'),
    source.objections.join(';'),
    source.products.join(';'),
    source.regions.join(';'),
    source.language,
    source.audience,
    source.reviewInDays === null ? '' : isoDay(new Date(today.getTime() + source.reviewInDays * dayMs)),
    source.ownerRole,
    isoDay(publishedAtOf(source, today)),
    source.publishedDaysAgo === null ? 'draft' : 'published',
    source.talkTrack,
  ]);
  return csv([head, ...rows]);
}

function dealsCsv(deals: SampleDeal[]) {
  const head =
    'external_id,account,industry,region,segment,amount,currency,owner_email,created_at,stage,stage_history,outcome,closed_at,loss_reason';
  const rows = deals.map((deal) => [
    deal.externalId,
    deal.account,
    deal.industry,
    deal.region,
    deal.segment,
    String(deal.amount),
    deal.currency,
    deal.ownerEmail,
    isoSecond(deal.createdAt),
    deal.stage,
    JSON.stringify(
      deal.stageHistory.map((entry) => ({ stage: entry.stage, entered_at: isoSecond(entry.enteredAt) })),
    ),
    deal.outcome,
    deal.closedAt ? isoSecond(deal.closedAt) : '',
    deal.lossReason,
  ]);
  return csv([head.split(','), ...rows]);
}

function csv(rows: string[][]) {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

function isoDay(date: Date | null) {
  return date ? date.toISOString().slice(0, 10) : '';
}

function isoSecond(date: Date) {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
