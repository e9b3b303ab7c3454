import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { bandsOf, overlapFrom, similarityFrom, similarityOf } from '../documents/similarity.ts';
import {
  type ClusterAsset,
  type CurrentRow,
  listClusterAssets,
  listCurrent,
  listSimilarAssets,
  readBands,
  readSignatures,
  type SimilarRow,
} from './similar-queries.ts';
import { listWords } from './suggest-words.ts';

/** From here on two texts are worth a word. */
const similarFrom = 0.6;
/** From here on they are versions of one another. */
const sameFrom = 0.8;
/** Versions of one another as well, when they have the same name. */
const sameWithNameFrom = 0.5;
const mostSimilar = 5;

export interface SimilarAsset extends Omit<SimilarRow, 'fileName' | 'overlap'> {
  similarity: number;
  isLikelyNextVersion: boolean;
}

/** The assets that an upload is like, the closest first. */
export async function listSimilarToUpload(
  db: Database,
  upload: { hash: string; fileName: string },
  signature: number[],
): Promise<SimilarAsset[]> {
  const rows = await listSimilarAssets(db, {
    signature,
    bands: bandsOf(signature),
    blobHash: upload.hash,
    leastOverlap: overlapFrom(sameWithNameFrom),
    limit: 4 * mostSimilar,
  });
  return rows
    .map(({ fileName, overlap, ...row }): SimilarAsset => {
      const similarity = similarityFrom(overlap);
      const isSameName =
        haveSameName(upload.fileName, fileName ?? '') || haveSameName(upload.fileName, row.title);
      return {
        ...row,
        similarity,
        // A file can not be the next version of a web link.
        isLikelyNextVersion: row.kind === 'file' && (similarity >= sameFrom || isSameName),
      };
    })
    .filter(({ similarity, isLikelyNextVersion }) => similarity >= similarFrom || isLikelyNextVersion)
    .slice(0, mostSimilar);
}

/** What people add to the name of the next version. */
const versionWord = /^(v?\d+|v|version|rev|revision|final|draft|copy|new|old|latest|updat)$/;

/** Whether two names are nearly the same: "Price list (v3 FINAL).docx" and "Price list 2026". */
export function haveSameName(one: string, other: string): boolean {
  const [words, others] = [one, other].map((name) => {
    const plain = listWords(name.replace(/\.[A-Za-z0-9]{1,8}$/, '').toLowerCase());
    return new Set(plain.filter((word) => !versionWord.test(word)));
  });
  if (!words || !others || words.size === 0 || others.size === 0) return false;
  return (2 * words.intersection(others).size) / (words.size + others.size) >= 0.75;
}

// ── groups ──────────────────────────────────────────────────────────────────────────────────────────────

const mostCompared = 10_000;
const mostClusters = 200;
const mostShown = 24;
/** A band that very many have is boilerplate; each is held against so many others of its band. */
const mostPerBand = 12;

interface Cluster {
  assetIds: string[];
  similarity: number;
  signatures: Map<string, number[]>;
}

/** Groups of current versions that say nearly the same, drafts included, the largest groups first. */
export async function listSimilarClusters({ db, clock }: Context) {
  const rows = await listCurrent(db, mostCompared);
  const found = await findClusters(rows, {
    bands: (renditionIds) => readBands(db, renditionIds),
    signatures: (renditionIds) => readSignatures(db, renditionIds),
  });
  const clusters = found.slice(0, mostClusters);
  const assets = new Map(
    (
      await listClusterAssets(
        db,
        clusters.flatMap(({ assetIds }) => assetIds),
      )
    ).map((asset) => [asset.assetId, asset]),
  );
  return {
    clusters: clusters.map((cluster) => describe(cluster, assets)).filter(({ assetCount }) => assetCount > 1),
    comparedCount: rows.length,
    asOf: clock(),
  };
}

function describe({ assetIds, similarity, signatures }: Cluster, known: ReadonlyMap<string, ClusterAsset>) {
  const assets = assetIds
    .flatMap((assetId) => known.get(assetId) ?? [])
    .toSorted((one, other) => other.versionCreatedAt.getTime() - one.versionCreatedAt.getTime());
  const newest = signatures.get(assets[0]?.assetId ?? '') ?? [];
  return {
    similarity,
    assetCount: assets.length,
    assets: assets.slice(0, mostShown).map((asset, place) => ({
      ...asset,
      // Equal files without text have no signatures.
      similarityToNewest:
        place === 0 || newest.length === 0 ? 1 : similarityOf(newest, signatures.get(asset.assetId) ?? []),
    })),
  };
}

/** Answers what it knows of these renditions; asked for few at a time, as numbers by the million hold up others. */
type Read = (renditionIds: string[]) => Promise<[string, number[]][]>;

/** Looks only at pairs that share a band, and reads the signatures of no others. */
export async function findClusters(
  rows: readonly CurrentRow[],
  read: { bands: Read; signatures: Read },
): Promise<Cluster[]> {
  const bands = await readInParts(
    rows.map(({ renditionId }) => renditionId),
    read.bands,
  );
  const buckets = [
    ...Map.groupBy(rows.keys(), (index) => rows[index]?.sourceKey).values(),
    ...(await groupByBand(rows, bands)),
  ].filter((bucket) => bucket.length > 1);
  const sharing = buckets.flatMap((bucket) => bucket.map((index) => rows[index]?.renditionId ?? null));
  const signatures = await readInParts(sharing, read.signatures);
  const signatureOf = (index: number) => signatures.get(rows[index]?.renditionId ?? '') ?? [];
  const groups = createGroups(rows.length);
  const compare = (index: number, other: number) => {
    if (groups.areTogether(index, other)) return;
    const isSameFile = rows[index]?.sourceKey === rows[other]?.sourceKey;
    const similarity = isSameFile ? 1 : similarityOf(signatureOf(index), signatureOf(other));
    if (similarity >= sameFrom) groups.join(index, other, similarity);
  };
  let turn = 0;
  for (const bucket of buckets)
    for (const [place, index] of bucket.entries()) {
      turn += 1;
      if (turn % 2000 === 0) await setImmediate();
      for (const other of bucket.slice(Math.max(0, place - mostPerBand), place)) compare(index, other);
    }
  return groups
    .list()
    .map(({ members, similarity }) => ({
      similarity,
      assetIds: members.map((index) => rows[index]?.assetId ?? ''),
      signatures: new Map(members.map((index) => [rows[index]?.assetId ?? '', signatureOf(index)])),
    }))
    .toSorted(
      (one, other) => other.assetIds.length - one.assetIds.length || other.similarity - one.similarity,
    );
}

const readAtOnce = 400;

async function readInParts(
  renditionIds: readonly (string | null)[],
  read: Read,
): Promise<Map<string, number[]>> {
  const wanted = [...new Set(renditionIds.filter((id) => id !== null))];
  const found = new Map<string, number[]>();
  for (let from = 0; from < wanted.length; from += readAtOnce)
    for (const [id, numbers] of await read(wanted.slice(from, from + readAtOnce))) found.set(id, numbers);
  return found;
}

async function groupByBand(
  rows: readonly CurrentRow[],
  bands: ReadonlyMap<string, number[]>,
): Promise<number[][]> {
  const buckets = new Map<number, number[]>();
  for (const [index, { renditionId }] of rows.entries()) {
    if (index % 500 === 499) await setImmediate();
    for (const band of bands.get(renditionId ?? '') ?? []) {
      const bucket = buckets.get(band);
      if (bucket) bucket.push(index);
      else buckets.set(band, [index]);
    }
  }
  return [...buckets.values()].filter((bucket) => bucket.length > 1);
}

/** Union-find; each group remembers the weakest similarity that was needed to join it. */
function createGroups(count: number) {
  const parents = Int32Array.from({ length: count }, (_, index) => index);
  const weakest = new Float64Array(count).fill(1);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root] ?? root] ?? root;
      root = parents[root] ?? root;
    }
    return root;
  };
  return {
    areTogether: (one: number, other: number) => rootOf(one) === rootOf(other),
    join: (one: number, other: number, similarity: number) => {
      const [root, joined] = [rootOf(one), rootOf(other)];
      parents[joined] = root;
      weakest[root] = Math.min(weakest[root] ?? 1, weakest[joined] ?? 1, similarity);
    },
    list: () =>
      [...Map.groupBy(parents.keys(), rootOf)]
        .filter(([, members]) => members.length > 1)
        .map(([root, members]) => ({ members, similarity: weakest[root] ?? 1 })),
  };
}
