import { z } from 'zod';
import { assetStatus } from '../assets/contract.ts';
import { endpoint, id, instant, list, paging } from '../http/contract.ts';
import { dimensionKey } from '../taxonomy/contract.ts';

export const renditionState = z.enum(['queued', 'running', 'done', 'failed', 'unsupported']);
export type RenditionState = z.infer<typeof renditionState>;

const heading = z.object({ level: z.int(), text: z.string() });

/** A page as a list of pages shows it. Lengths are in points; both are null where there is no picture of it. */
export const renditionPage = z.object({
  pageNumber: z.int(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  wordCount: z.int(),
  /** By its words, or 6 seconds without any. */
  expectedMs: z.int(),
  headings: z.array(heading),
  hasImage: z.boolean(),
  hasNotes: z.boolean(),
});
export type RenditionPage = z.infer<typeof renditionPage>;

export const rendition = z.object({
  state: renditionState,
  /** Why there are no pages, or fewer than there should be, for the person who put the file there. */
  reason: z.string().nullable(),
  /** A newer way of rendering waits or runs, while this is shown. */
  isBeingRenewed: z.boolean(),
  canRetry: z.boolean(),
  pageCount: z.int(),
  renderedPageCount: z.int(),
  wordCount: z.int(),
  language: z.string().nullable(),
  durationMs: z.int().nullable(),
  hasThumbnail: z.boolean(),
  finishedAt: instant.nullable(),
  pages: z.array(renditionPage),
  /** Safe HTML of what has no pages, such as Markdown; empty otherwise. */
  html: z.string(),
  /** The page behind a web link, as it was last read. */
  webPage: z
    .object({
      url: z.string(),
      title: z.string(),
      description: z.string(),
      /** Why it does not open any more. */
      fault: z.string().nullable(),
      failedSince: instant.nullable(),
      checkedAt: instant,
    })
    .nullable(),
});
export type Rendition = z.infer<typeof rendition>;

const versionParams = z.object({ assetVersionId: id('ver') });
const pageParams = versionParams.extend({ pageNumber: z.coerce.number().int().min(1).max(100_000) });

export const readRendition = endpoint({
  method: 'GET',
  path: '/asset-versions/:assetVersionId/rendition',
  params: versionParams,
  response: rendition,
});

/** Renders a failed file again, or asks a web link's page again. */
export const retryRendition = endpoint({
  method: 'POST',
  path: '/asset-versions/:assetVersionId/rendition/retry',
  params: versionParams,
  response: rendition,
  status: 202,
});

/** WebP: `thumbnail` is 480 px wide and of the first page, `small` 800, `large` 1,600. It never changes. */
export const readPageImage = endpoint({
  method: 'GET',
  path: '/asset-versions/:assetVersionId/pages/:pageNumber/image',
  params: pageParams,
  query: z.object({ size: z.enum(['thumbnail', 'small', 'large']).default('small') }),
});

/** The words on a page with their boxes, its links, and what the speaker says to it. */
export const readPageText = endpoint({
  method: 'GET',
  path: '/asset-versions/:assetVersionId/pages/:pageNumber/text',
  params: pageParams,
  response: z.object({
    width: z.number().nullable(),
    height: z.number().nullable(),
    text: z.string(),
    notes: z.string(),
    /** Text, x, y, width, height in points from the upper left corner. */
    textLayer: z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()])),
    links: z.array(
      z.object({
        x: z.number(),
        y: z.number(),
        width: z.number(),
        height: z.number(),
        href: z.string().nullable(),
        pageNumber: z.int().nullable(),
      }),
    ),
  }),
});

/** Every page of a version that holds the words, with the stretch around the first of them. */
export const findInVersion = endpoint({
  method: 'GET',
  path: '/asset-versions/:assetVersionId/find',
  params: versionParams,
  query: z.object({ query: z.string().trim().min(1).max(200) }),
  response: z.object({
    matchCount: z.int(),
    pages: z.array(
      z.object({
        pageNumber: z.int(),
        matchCount: z.int(),
        isInNotes: z.boolean(),
        excerpt: z.array(z.object({ text: z.string(), isMatch: z.boolean() })),
      }),
    ),
  }),
});

/** A frame of a video, captured in the browser of whoever uploads it: a JPEG, PNG or WebP in the field `file`. */
export const uploadPoster = endpoint({
  method: 'POST',
  path: '/posters',
  query: z.object({ uploadTicket: z.string().max(2000) }),
  bodyKind: 'multipart',
  status: 204,
});

/** How far the rendering of the library is, for those who look after it. */
export const readRenderingProgress = endpoint({
  method: 'GET',
  path: '/rendering',
  response: z.object({
    counts: z.record(renditionState, z.int()),
    /** Versions that wait for their first rendition, or for a better one. */
    waitingCount: z.int(),
    /** At the pace of the last ten minutes; null while nothing runs. */
    remainingMs: z.int().nullable(),
    converter: z.object({
      kind: z.enum(['wasm', 'soffice', 'gotenberg', 'off']),
      /** Why Office files are not converted, when they are not. */
      fault: z.string().nullable(),
    }),
    running: z.array(z.object({ title: z.string(), pageCount: z.int(), renderedPageCount: z.int() })),
    asOf: instant,
  }),
});

/** Current versions that have no pages because something went wrong, and web links that stopped working. */
export const listRenderingFaults = endpoint({
  method: 'GET',
  path: '/rendering/faults',
  query: z.object(paging),
  response: list(
    z.object({
      assetId: id('ast'),
      assetVersionId: id('ver'),
      title: z.string(),
      mediaType: z.string(),
      state: renditionState,
      reason: z.string(),
      failedAt: instant.nullable(),
      canRetry: z.boolean(),
    }),
  ),
});

const similarAsset = z.object({
  assetId: id('ast'),
  title: z.string(),
  kind: z.enum(['file', 'web_link']),
  /** The version that is like the upload; the current one has the number below. */
  versionNumber: z.int(),
  currentVersionNumber: z.int(),
  /** How much of the text is the same, 0 to 1. */
  similarity: z.number(),
  /** By its text and its name the upload is probably the next version of this asset. */
  isLikelyNextVersion: z.boolean(),
});

const suggestedTerm = z.object({
  termId: id('trm'),
  name: z.string(),
  dimensionKey,
  /** Words that stand in the text, titles of similar assets that carry the term, or a sentence about the file. */
  because: z.array(z.object({ kind: z.enum(['words', 'similar_asset', 'file']), text: z.string() })),
});

/** What is known of an upload before it becomes an asset; asked again while `state` is queued or running. */
export const readUploadInsight = endpoint({
  method: 'GET',
  path: '/upload-insights',
  query: z.object({ uploadTicket: z.string().max(2000) }),
  response: z.object({
    state: renditionState,
    reason: z.string().nullable(),
    pageCount: z.int(),
    language: z.string().nullable(),
    hasThumbnail: z.boolean(),
    /** Assets whose text is nearly the same, the closest first. */
    similar: z.array(similarAsset),
    /** The best first; never applied by itself. */
    suggestedTerms: z.array(suggestedTerm),
  }),
});

export const readUploadThumbnail = endpoint({
  method: 'GET',
  path: '/upload-insights/thumbnail',
  query: z.object({ uploadTicket: z.string().max(2000) }),
});

/** Groups of assets that say nearly the same, for tidying up; the largest groups first. */
export const listSimilarClusters = endpoint({
  method: 'GET',
  path: '/similar-assets',
  response: z.object({
    clusters: z.array(
      z.object({
        /** The lowest similarity that holds the group together. */
        similarity: z.number(),
        assetCount: z.int(),
        /** At most 24. The one whose current version is the newest comes first. */
        assets: z.array(
          z.object({
            assetId: id('ast'),
            title: z.string(),
            kind: z.enum(['file', 'web_link']),
            status: assetStatus,
            assetVersionId: id('ver'),
            versionNumber: z.int(),
            mediaType: z.string(),
            fileName: z.string().nullable(),
            pageCount: z.int(),
            hasThumbnail: z.boolean(),
            /** Since when its current version is there. */
            versionCreatedAt: instant,
            ownerName: z.string().nullable(),
            shareLinkCount: z.int(),
            /** With the first of the group; 1 for the first itself. */
            similarityToNewest: z.number(),
          }),
        ),
      }),
    ),
    /** How many assets were compared. */
    comparedCount: z.int(),
    asOf: instant,
  }),
});
