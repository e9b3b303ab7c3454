import { z } from 'zod';
import { day, endpoint, id, instant, list, many, paging } from '../http/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

export const assetStatus = z.enum(['draft', 'published', 'archived']);
export type AssetStatus = z.infer<typeof assetStatus>;
export const audience = z.enum(['internal', 'external']);

/** How far the pages, pictures and text of a version are. */
const renditionFacts = {
  renditionState: z.enum(['queued', 'running', 'done', 'failed', 'unsupported']),
  /** Why there are no pages, when there are none. */
  renditionReason: z.string().nullable(),
  pageCount: z.int(),
  hasThumbnail: z.boolean(),
};

export const assetVersion = z.object({
  id: id('ver'),
  number: z.int(),
  fileName: z.string().nullable(),
  url: z.string().nullable(),
  mediaType: z.string(),
  sizeBytes: z.int().nullable(),
  createdByName: z.string().nullable(),
  createdAt: instant,
  /** Set when the content is not what the name says. */
  typeWarning: z.string().nullable(),
  ...renditionFacts,
});

/** What a row of a list and a result card show. */
export const assetCard = z.object({
  id: id('ast'),
  kind: z.enum(['file', 'web_link']),
  title: z.string(),
  description: z.string(),
  useWhen: z.string(),
  audience,
  status: assetStatus,
  ownerUserId: id('usr').nullable(),
  /** The owner's name, else the role that the library names as owner. */
  ownerName: z.string().nullable(),
  reviewOn: day.nullable(),
  isStale: z.boolean(),
  publishedAt: instant.nullable(),
  updatedAt: instant,
  revision: z.int(),
  versionId: id('ver'),
  versionNumber: z.int(),
  mediaType: z.string(),
  fileName: z.string().nullable(),
  sizeBytes: z.int().nullable(),
  terms: z.array(termTag),
  isSample: z.boolean(),
  ...renditionFacts,
  /** Of a video. */
  durationMs: z.int().nullable(),
});
export type AssetCard = z.infer<typeof assetCard>;

export const asset = assetCard.extend({
  talkTrack: z.string(),
  ownerRole: z.string(),
  url: z.string().nullable(),
  createdByName: z.string().nullable(),
  createdAt: instant,
  /** Who changed it last, for those who are told that their edit came too late. */
  updatedByName: z.string().nullable(),
  versions: z.array(assetVersion),
});
export type Asset = z.infer<typeof asset>;

const assetParams = z.object({ assetId: id('ast') });
const webAddress = z
  .url({ protocol: /^https?$/, error: 'This must be a web address that starts with https:// or http://.' })
  .max(2000);

export const listAssets = endpoint({
  method: 'GET',
  path: '/assets',
  query: z.object({
    ...paging,
    query: z.string().max(200).default(''),
    status: assetStatus.optional(),
    audience: audience.optional(),
    term: many(z.string().max(60)),
    owner: z.string().max(60).optional(),
    isStale: z.enum(['true']).optional(),
    sort: z.enum(['updated', 'title', 'published', 'review']).default('updated'),
  }),
  response: list(assetCard).extend({ total: z.int() }),
});

/** One file of a multipart form, field `file`. The answer is a ticket that turns into an asset or a version. */
export const uploadFile = endpoint({
  method: 'POST',
  path: '/uploads',
  bodyKind: 'multipart',
  response: z.object({
    uploadTicket: z.string(),
    fileName: z.string(),
    mediaType: z.string(),
    sizeBytes: z.int(),
    /** Set when the content is not what the name says. */
    typeWarning: z.string().nullable(),
    /** Assets that already hold this very file. */
    duplicates: z.array(z.object({ assetId: id('ast'), title: z.string(), status: assetStatus })),
  }),
});

/**
 * The bytes of the current version, or of the one that is named. `download` saves it under its name and is
 * use; without it, what a browser shows safely is shown.
 */
export const readAssetFile = endpoint({
  method: 'GET',
  path: '/assets/:assetId/file',
  params: assetParams,
  query: z.object({ version: id('ver').optional(), download: z.enum(['1']).optional() }),
});

/** Either an uploaded file or a web address. */
const content = { uploadTicket: z.string().max(2000).optional(), url: webAddress.optional() };

const fields = {
  title: z.string().trim().min(1, 'Give the asset a title.').max(200),
  description: z.string().trim().max(4000),
  useWhen: z.string().trim().max(1000),
  talkTrack: z.string().trim().max(8000),
  ownerUserId: id('usr').nullable(),
  ownerRole: z.string().trim().max(80),
  audience,
  reviewOn: day.nullable(),
  status: assetStatus,
  termIds: z.array(id('trm')).max(200),
};

export const createAsset = endpoint({
  method: 'POST',
  path: '/assets',
  body: z
    .object({
      ...content,
      title: fields.title.optional(),
      description: fields.description.default(''),
      useWhen: fields.useWhen.default(''),
      talkTrack: fields.talkTrack.default(''),
      ownerUserId: fields.ownerUserId.optional(),
      audience: audience.default('internal'),
      reviewOn: fields.reviewOn.default(null),
      status: z.enum(['draft', 'published']).default('draft'),
      termIds: fields.termIds.default([]),
      /** Without this a file that is already in the library is refused with `duplicate_file`. */
      allowsDuplicate: z.boolean().default(false),
    })
    .refine((body) => (body.uploadTicket === undefined) !== (body.url === undefined), {
      message: 'Give either an uploaded file or a web address.',
      path: ['uploadTicket'],
    }),
  response: asset,
});

export const readAsset = endpoint({
  method: 'GET',
  path: '/assets/:assetId',
  params: assetParams,
  response: asset,
});

/** Fields that are left out stay. The revision is the one that was read; a newer one answers `conflict`. */
export const updateAsset = endpoint({
  method: 'PATCH',
  path: '/assets/:assetId',
  params: assetParams,
  body: z.object(fields).partial().extend({ revision: z.int() }),
  response: asset,
});

/** Only an asset that was never shared can go; any other is archived. */
export const deleteAsset = endpoint({ method: 'DELETE', path: '/assets/:assetId', params: assetParams });

export const addVersion = endpoint({
  method: 'POST',
  path: '/assets/:assetId/versions',
  params: assetParams,
  body: z.object(content).refine((body) => (body.uploadTicket === undefined) !== (body.url === undefined), {
    message: 'Give either an uploaded file or a web address.',
    path: ['uploadTicket'],
  }),
  response: asset,
});

/** What a bulk edit sets. Terms are added and removed, everything else is replaced. */
export const assetPatch = z.object({
  status: assetStatus.optional(),
  audience: audience.optional(),
  ownerUserId: id('usr').nullable().optional(),
  reviewOn: day.nullable().optional(),
  addTermIds: z.array(id('trm')).max(100).optional(),
  removeTermIds: z.array(id('trm')).max(100).optional(),
});
export type AssetPatch = z.infer<typeof assetPatch>;

export const bulkUpdateAssets = endpoint({
  method: 'POST',
  path: '/assets/bulk',
  body: z.object({
    changes: z
      .array(z.object({ assetId: id('ast'), patch: assetPatch }))
      .min(1)
      .max(500),
  }),
  /** `undo` is the body that takes this change back. */
  response: z.object({
    updatedCount: z.int(),
    undo: z.object({ changes: z.array(z.object({ assetId: id('ast'), patch: assetPatch })) }),
  }),
  status: 200,
});

/** A user opened the asset inside the library. Opening is not use; it is a rung of the ladder. */
export const recordActivity = endpoint({
  method: 'POST',
  path: '/assets/:assetId/activities',
  params: assetParams,
  body: z.object({ kind: z.enum(['opened']), searchId: id('srh').nullable().default(null) }),
});

const importFile = z.object({ path: z.string().max(1000), uploadTicket: z.string().max(2000) });

export const importOptions = z.object({
  /** When the content first became available to sales, for rows without a date of their own; null means now. */
  publishedAt: instant.nullable().default(null),
  status: z.enum(['draft', 'published']).default('published'),
});

export const importRun = z.object({
  id: id('imp'),
  state: z.enum(['checking', 'ready', 'running', 'done', 'failed']),
  sourceName: z.string(),
  totalCount: z.int(),
  doneCount: z.int(),
  createdByName: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
  counts: z.object({ create: z.int(), update: z.int(), unchanged: z.int(), error: z.int() }),
  /** Terms, accounts and deals that come along, in words. */
  notes: z.array(z.string()),
  rows: z.array(
    z.object({
      line: z.int(),
      action: z.enum(['create', 'update', 'unchanged', 'error', 'done']),
      title: z.string(),
      detail: z.string(),
      assetId: id('ast').nullable(),
    }),
  ),
});
export type ImportRun = z.infer<typeof importRun>;

/** A dry run: nothing of the library changes until the import is started. */
export const createImport = endpoint({
  method: 'POST',
  path: '/imports',
  body: z.object({
    sourceName: z.string().trim().min(1).max(200),
    libraryCsv: z.string().max(20_000_000),
    taxonomyJson: z.string().max(5_000_000).nullable().default(null),
    dealsCsv: z.string().max(50_000_000).nullable().default(null),
    files: z.array(importFile).max(20_000),
    options: importOptions.prefault({}),
  }),
  bodyLimitBytes: 100 * 1_048_576,
  response: importRun,
});

const importParams = z.object({ importRunId: id('imp') });

export const startImport = endpoint({
  method: 'POST',
  path: '/imports/:importRunId/start',
  params: importParams,
  response: importRun,
  status: 202,
});

export const readImport = endpoint({
  method: 'GET',
  path: '/imports/:importRunId',
  params: importParams,
  response: importRun,
});

export const listImports = endpoint({
  method: 'GET',
  path: '/imports',
  response: z.object({ items: z.array(importRun.omit({ rows: true, notes: true })) }),
});
