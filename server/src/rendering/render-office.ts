import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Context } from '../context.ts';
import type { StagedFile } from '../documents/home.ts';
import { chooseConverter, convertToPdf, type OfficeConverter } from '../documents/office.ts';
import type { OfficeText } from '../documents/tasks.ts';
import { type Outcome, requestIndex } from './finish.ts';
import { matchNotes } from './notes.ts';
import { reasonCutOffice, reasonNotConverted } from './reasons.ts';
import { renderPdf } from './render-pdf.ts';
import { type RenditionRow, updateRendition, upsertPage } from './write-queries.ts';

const pageLimit = 300;

const converters = new WeakMap<Context['config'], Promise<OfficeConverter>>();

/** What makes pages of Office files on this host; looked for once. */
export function findConverter({ config }: Context): Promise<OfficeConverter> {
  const known = converters.get(config) ?? chooseConverter(config.rendering);
  converters.set(config, known);
  return known;
}

/** Text first, so that search finds it within a moment and without a converter; then pages. */
export async function renderOffice(
  ctx: Context,
  rendition: RenditionRow,
  path: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { mediaType } = rendition;
  const office = await ctx.sandbox.run('read-office', path, { mediaType }, { signal });
  await publishText(ctx, rendition, office);
  const converter = await findConverter(ctx);
  if (converter.kind === 'off') {
    const reason = reasonNotConverted(
      converter.fault,
      office.parts.some(({ wordCount }) => wordCount > 0),
    );
    return { state: 'unsupported', reason, lacksConverter: true };
  }
  await using pdf = await convert(ctx, converter, {
    path,
    mediaType,
    sheetExtent: office.sheetExtent,
    signal,
  });
  const notesOf = matchNotes(office.parts);
  const pages = await renderPdf(ctx, rendition, pdf.path, { signal, notesOf });
  const reason = pages.pageCount >= pageLimit ? reasonCutOffice(pageLimit) : pages.reason;
  return { state: 'done', reason, lacksConverter: false };
}

/** What the file says without any layout. Its pages take the place of this as they come. */
async function publishText(ctx: Context, rendition: RenditionRow, { parts }: OfficeText): Promise<void> {
  const spoken = parts.filter(({ text, notes }) => text !== '' || notes !== '');
  if (spoken.length === 0) return;
  await ctx.db.transaction().execute(async (trx) => {
    for (const { number, title, text, wordCount, notes } of spoken)
      await upsertPage(trx, {
        renditionId: rendition.id,
        pageNumber: number,
        text,
        notes,
        wordCount,
        headings: title ? [{ level: 1, text: title }] : [],
      });
    await updateRendition(trx, rendition.id, { pageCount: Math.max(...spoken.map(({ number }) => number)) });
    await requestIndex(trx, rendition.sourceKey);
  });
}

/** The PDF is taken out of the converter's reach, so that it goes on with the next file while this one is drawn. */
async function convert(
  ctx: Context,
  converter: OfficeConverter,
  file: {
    path: string;
    mediaType: string;
    sheetExtent: OfficeText['sheetExtent'];
    signal: AbortSignal;
  },
): Promise<StagedFile> {
  const { path, mediaType, sheetExtent, signal } = file;
  let staged: StagedFile | undefined;
  await convertToPdf(ctx.sandbox, converter, {
    ...{ file: path, mediaType, pageLimit, sheetExtent, signal },
    async onPdf(made) {
      const { size } = await stat(made);
      staged = await ctx.sandbox.stage(createReadStream(made), size);
    },
  });
  if (!staged) throw new Error('The converter ended well but left no PDF.');
  return staged;
}
