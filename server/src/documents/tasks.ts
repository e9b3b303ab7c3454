/**
 * What the parent and its children say to each other. A child gets one task at a time and one file, `input`, in a
 * folder of its own; whatever it writes there is read by the parent before the task ends, and then removed.
 */
export interface Tasks {
  /** Decides by the whole file what it is; the head alone can not tell old Office files apart. */
  inspect: {
    input: { fileName: string; mediaType: string };
    result: Inspected;
  };
  /** Pages one after the other, the first one first. Emits `opened` once, then each page. */
  'render-pdf': {
    input: RenderLimits;
    part: { kind: 'opened'; pageCount: number } | { kind: 'page'; page: RenderedPage };
    result: { pageCount: number; renderedPageCount: number };
  };
  /** A picture is a document of one page without text. */
  'render-picture': {
    input: { mediaType: string };
    result: { page: RenderedPage };
  };
  /** Writes `picture.jpg` of a picture that we made: mail programs show no WebP. */
  'make-jpeg': {
    input: { width: number };
    result: object;
  };
  /** Writes `marked.webp`: a picture that we made, with a label all over it. */
  watermark: {
    input: { label: string };
    result: object;
  };
  /** The text of an Office file without conversion, and whether its package is safe to convert at all. */
  'read-office': {
    input: { mediaType: string };
    result: OfficeText;
  };
  /** Writes `output.pdf`. */
  'convert-office': {
    input: { mediaType: string; pageLimit: number; hasPagePerSheet: boolean; extraFontFiles: string[] };
    result: { pageCount: number | null };
  };
  /** Text, Markdown, CSV, JSON: what is read as it flows, and has no pages. */
  'read-text': {
    input: { mediaType: string };
    result: FlowText;
  };
  'read-video': {
    input: { mediaType: string };
    result: VideoFacts;
  };
  'read-web-page': {
    input: { url: string; contentType: string };
    result: WebPageFacts;
  };
  /** What is worked out from text alone. */
  digest: {
    input: { text: string };
    result: Digest;
  };
}

export type TaskKind = keyof Tasks;
export type TaskInput<K extends TaskKind> = Tasks[K]['input'];
export type TaskResult<K extends TaskKind> = Tasks[K]['result'];
export type TaskPart<K extends TaskKind> = Tasks[K] extends { part: infer Part } ? Part : never;

/** What a child does for one kind of task. `emit` resolves when the parent has taken the part and its files. */
export type TaskHandler<K extends TaskKind> = (
  task: TaskInput<K>,
  io: { inputPath: string; folder: string; emit: (part: TaskPart<K>) => Promise<void> },
) => Promise<TaskResult<K>>;

/**
 * Thrown in a child when the file is at fault and a person can be told how. Crosses to the parent with its reason;
 * any other error of a child is a fault of ours.
 */
export class FileRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'FileRefused';
    this.reason = reason;
  }
}

/** Each has a sentence for people in `rendering/reasons.ts`. */
export const refusalReasons = [
  'password',
  'damaged',
  'empty',
  'too_large',
  'too_many_pixels',
  'packed_too_tightly',
  'forbidden_content',
  'unknown_type',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface Inspected {
  mediaType: string;
  isEncrypted: boolean;
  hasMacros: boolean;
}

export interface RenderLimits {
  /** Pages after this one get text only, and after `textPageLimit` nothing. */
  imagePageLimit: number;
  textPageLimit: number;
}

/** Lengths are in points (1/72 inch), from the upper left corner of the page as it is shown. */
export interface RenderedPage {
  pageNumber: number;
  width: number;
  height: number;
  text: string;
  wordCount: number;
  headings: { level: number; text: string; y: number }[];
  links: {
    x: number;
    y: number;
    width: number;
    height: number;
    href: string | null;
    pageNumber: number | null;
  }[];
  /** Runs of text with the box that each fills, in reading order. */
  textLayer: TextRun[];
  images: PageImage[];
}

/** Kept short, because there are many: text, x, y, width, height. */
export type TextRun = [text: string, x: number, y: number, width: number, height: number];

/** `large` is about 1,600 px wide, `small` 800, `thumbnail` 480 (first page only). */
export type ImageKind = 'large' | 'small' | 'thumbnail' | 'poster';

export interface PageImage {
  kind: ImageKind;
  /** Name of a WebP file in the child's folder. */
  file: string;
  width: number;
  height: number;
}

export interface OfficeText {
  /** Slides, sheets, or the one flow of a text document. */
  parts: {
    number: number;
    title: string;
    text: string;
    wordCount: number;
    notes: string;
    comments: string;
  }[];
  headings: { level: number; text: string }[];
  hasMacros: boolean;
  /** How far the cells of a spreadsheet reach, on the sheet where they reach furthest; null when it is not known. */
  sheetExtent: { rowCount: number; columnCount: number } | null;
}

export interface FlowText {
  /** Safe to put into a page as it is. */
  html: string;
  text: string;
  wordCount: number;
  headings: { level: number; text: string }[];
}

export interface VideoFacts {
  durationMs: number | null;
  width: number | null;
  height: number | null;
  hasAudio: boolean;
  codecs: string[];
  /** Whether browsers play it as it is. */
  isPlayable: boolean;
}

export interface WebPageFacts {
  title: string;
  description: string;
  text: string;
  wordCount: number;
  headings: { level: number; text: string }[];
  /** Absolute address of the picture that the page shows for itself. */
  imageUrl: string | null;
  language: string | null;
}

export interface Digest {
  /** ISO 639-1, null when the text is too short to tell. */
  language: string | null;
  /** MinHash of word shingles, 128 unsigned 32-bit numbers; null under 20 words. */
  signature: number[] | null;
}
