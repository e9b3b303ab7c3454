import { z } from 'zod';
import { isPlainHtml } from './flow-html.ts';
import {
  type RenderedPage,
  type RenderLimits,
  refusalReasons,
  type TaskInput,
  type TaskKind,
  type TaskPart,
  type TaskResult,
} from './tasks.ts';

/**
 * What a child may say. A child that was taken over by a file says what it likes, so everything is looked at before
 * it goes anywhere: shape, length, and characters that a database refuses.
 */
const maxCharacters = 16_000_000;

const text = (max = maxCharacters) => z.string().max(max).transform(storable);
const count = z.int().min(0).max(1_000_000_000);
const pageNumber = z.int().min(1).max(1_000_000);
const length = z.number().min(-1_000_000).max(1_000_000);
const headings = (max: number) =>
  z.array(z.object({ level: z.int().min(1).max(6), text: text(2000) })).max(max);
const href = z
  .string()
  .max(8192)
  .regex(/^(https?|mailto):/i);

const page = z.object({
  pageNumber,
  width: length,
  height: length,
  text: text(4_000_000),
  wordCount: count,
  headings: z.array(z.object({ level: z.int().min(1).max(6), text: text(2000), y: length })).max(1000),
  links: z
    .array(
      z.object({
        x: length,
        y: length,
        width: length,
        height: length,
        href: href.nullable(),
        pageNumber: pageNumber.nullable(),
      }),
    )
    .max(10_000),
  textLayer: z.array(z.tuple([text(100_000), length, length, length, length])).max(200_000),
  images: z
    .array(
      z.object({
        kind: z.enum(['large', 'small', 'thumbnail', 'poster']),
        file: z.string().max(100),
        width: z.int().min(1).max(16_383),
        height: z.int().min(1).max(16_383),
      }),
    )
    .max(4),
});

const parts = {
  'render-pdf': z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('opened'), pageCount: count }),
    z.object({ kind: z.literal('page'), page }),
  ]),
};

const results = {
  inspect: z.object({
    mediaType: z
      .string()
      .max(127)
      .regex(/^[\w.+-]+\/[\w.+-]+$/),
    isEncrypted: z.boolean(),
    hasMacros: z.boolean(),
  }),
  'render-pdf': z.object({ pageCount: count, renderedPageCount: count }),
  'render-picture': z.object({ page }),
  'make-jpeg': z.object({}),
  watermark: z.object({}),
  'read-office': z.object({
    parts: z
      .array(
        z.object({
          number: count,
          title: text(10_000),
          text: text(),
          wordCount: count,
          notes: text(),
          comments: text(),
        }),
      )
      .max(20_000),
    headings: headings(20_000),
    hasMacros: z.boolean(),
    sheetExtent: z.object({ rowCount: count, columnCount: count }).nullable(),
  }),
  'convert-office': z.object({ pageCount: count.nullable() }),
  'read-text': z.object({
    html: text().refine(isPlainHtml, 'It is not the HTML that is made of texts.'),
    text: text(),
    wordCount: count,
    headings: headings(20_000),
  }),
  'read-video': z.object({
    durationMs: z.number().min(0).max(1e12).nullable(),
    width: count.nullable(),
    height: count.nullable(),
    hasAudio: z.boolean(),
    codecs: z.array(text(200)).max(100),
    isPlayable: z.boolean(),
  }),
  'read-web-page': z.object({
    title: text(10_000),
    description: text(100_000),
    text: text(),
    wordCount: count,
    headings: headings(20_000),
    imageUrl: z
      .string()
      .max(8192)
      .regex(/^https?:/i)
      .nullable(),
    language: text(100).nullable(),
  }),
  digest: z.object({
    language: text(20).nullable(),
    signature: z.array(z.int().min(0).max(4_294_967_295)).length(128).nullable(),
  }),
} satisfies Record<TaskKind, z.ZodType>;

const envelope = z.union([
  z.object({ part: z.unknown().refine((part) => part !== undefined) }),
  z.object({ result: z.unknown().refine((result) => result !== undefined) }),
  z.object({ refused: z.object({ reason: z.enum(refusalReasons), message: text(10_000) }) }),
  z.object({ failed: z.object({ name: text(200), message: text(10_000), stack: text(20_000) }) }),
]);

export type Envelope = z.infer<typeof envelope>;

export function parseEnvelope(message: unknown): Envelope {
  return envelope.parse(message);
}

/**
 * Pages come in their order, each once, so that there are no more of them than the document says; and no more than
 * were asked for, because each brings pictures that fill the disk.
 */
export function readParts<K extends TaskKind>(kind: K, input: TaskInput<K>): (part: unknown) => TaskPart<K> {
  let pageCount = -1;
  let last = 0;
  return (given) => {
    if (kind !== 'render-pdf') throw new Error(`A child sent a part of ${kind}, which has none.`);
    const { imagePageLimit, textPageLimit } = input as RenderLimits;
    const part = parts['render-pdf'].parse(given);
    if (part.kind === 'opened' && pageCount < 0) pageCount = part.pageCount;
    else if (part.kind === 'page' && part.page.pageNumber > last && part.page.pageNumber <= pageCount)
      last = part.page.pageNumber;
    else throw new Error('A child sent parts in an order that is not theirs.');
    const isAsked = last <= Math.max(imagePageLimit, textPageLimit);
    const isPictured = part.kind === 'page' && part.page.images.length > 0;
    if (!isAsked || (isPictured && last > imagePageLimit))
      throw new Error('A child sent pages that nobody asked for.');
    return part as TaskPart<K>;
  };
}

export function readResult<K extends TaskKind>(kind: K, result: unknown): TaskResult<K> {
  return results[kind].parse(result) as TaskResult<K>;
}

/** The files that a part or a result brings along. */
export function filesOf(kind: TaskKind, value: unknown): string[] {
  if (kind === 'convert-office') return ['output.pdf'];
  if (kind === 'make-jpeg') return ['picture.jpg'];
  if (kind === 'watermark') return ['marked.webp'];
  const isPage = typeof value === 'object' && value !== null && 'page' in value;
  return isPage ? (value as { page: RenderedPage }).page.images.map(({ file }) => file) : [];
}

/** PostgreSQL keeps neither the character zero nor half of a pair. */
function storable(value: string): string {
  return value.replaceAll('\0', '').toWellFormed();
}
