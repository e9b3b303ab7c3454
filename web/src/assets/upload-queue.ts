import {
  type Asset,
  addVersion,
  createAsset,
  deleteAsset,
  listAssets,
  readAsset,
  uploadFile,
} from '@offshelf/server/contract/assets';
import { useSyncExternalStore } from 'react';
import { ApiProblem, call, isAbort, uploadWithProgress } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { notifyProblem } from '../ui/notify.tsx';
import { type Audience, changeAssets, refreshAssets } from './api.ts';
import { capturePoster, sendPoster } from './poster.ts';
import { createPool, guardPage } from './upload-pool.ts';

export interface AssetLink {
  assetId: string;
  title: string;
  /** The number that its next version gets, where it is known. */
  nextNumber?: number;
}

export interface Upload {
  id: string;
  file: File;
  state: 'waiting' | 'sending' | 'sent' | 'adding' | 'added' | 'failed' | 'cancelled';
  /** Between 0 and 1. */
  progress: number;
  title: string;
  useWhen: string;
  termIds: readonly string[];
  uploadTicket?: string;
  typeWarning?: string | null;
  /** Assets that already hold this very file; somebody has to say what they want. */
  duplicates: readonly AssetLink[];
  /** An asset whose file has the same name: perhaps this is its next version. */
  sameName?: AssetLink | undefined;
  allowsDuplicate: boolean;
  /** Somebody has seen what it is like and wants an asset of its own. */
  isKeptApart: boolean;
  /** Becomes a version of this asset instead of an asset of its own. */
  into?: AssetLink | undefined;
  /** Somebody has said to add it; it is added as soon as it has arrived. */
  isWanted: boolean;
  problem?: unknown;
  asset?: Asset;
}

/** What all the files of one batch get. */
export interface BatchFields {
  status: 'draft' | 'published';
  audience: Audience;
  termIds: readonly string[];
}

interface Queue {
  uploads: readonly Upload[];
  batch: BatchFields;
  /** The panel is open; otherwise the dock stands for it. */
  isOpen: boolean;
}

const noBatch: BatchFields = { status: 'draft', audience: 'internal', termIds: [] };
const pool = createPool(3);
const aborts = new Map<string, AbortController>();
const listeners = new Set<() => void>();
let queue: Queue = { uploads: [], batch: noBatch, isOpen: false };
let count = 0;
let release: (() => void) | undefined;

function change(next: Queue): void {
  queue = next;
  const isAtWork = queue.uploads.some(isUnfinished);
  if (isAtWork) release ??= guardPage();
  else {
    release?.();
    release = undefined;
  }
  for (const listener of listeners) listener();
}

/** Lost when the page closes: on its way, or arrived and not yet added. */
export function isUnfinished({ state }: Upload): boolean {
  return state === 'waiting' || state === 'sending' || state === 'sent' || state === 'adding';
}

/** Waits for a decision, because the library has this file or one of its name already. */
export function needsDecision(upload: Upload): boolean {
  const { state, duplicates, sameName, allowsDuplicate, into } = upload;
  return state === 'sent' && (duplicates.length > 0 || sameName !== undefined) && !allowsDuplicate && !into;
}

export function useUploads(): Queue {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => queue,
  );
}

export function openUploads(): void {
  change({ ...queue, isOpen: true });
}

export function closeUploads(): void {
  change({ ...queue, isOpen: false });
}

function find(id: string): Upload | undefined {
  return queue.uploads.find((upload) => upload.id === id);
}

function patch(id: string, changes: Partial<Upload>): void {
  change({
    ...queue,
    uploads: queue.uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)),
  });
}

export function editBatch(changes: Partial<BatchFields>): void {
  change({ ...queue, batch: { ...queue.batch, ...changes } });
}

export function editUpload(
  id: string,
  changes: Partial<
    Pick<Upload, 'title' | 'useWhen' | 'termIds' | 'allowsDuplicate' | 'isKeptApart' | 'into'>
  >,
): void {
  patch(id, changes);
  addIfWanted(id);
}

/** Takes files in and begins to send them; with `into` each becomes a version of that asset by itself. */
export function addFiles(files: readonly File[], into?: AssetLink): void {
  const uploads = files.map((file): Upload => {
    count += 1;
    return {
      id: `upload-${count.toString()}`,
      file,
      state: 'waiting',
      progress: 0,
      title: titleOf(file.name),
      useWhen: '',
      termIds: [],
      duplicates: [],
      allowsDuplicate: false,
      isKeptApart: false,
      into,
      isWanted: into !== undefined,
    };
  });
  change({ ...queue, uploads: [...queue.uploads, ...uploads] });
  for (const { id } of uploads) pool.add(() => send(id));
}

/** "gitlab_vs-us (final).pdf" → "gitlab vs us (final)", ready to be corrected. */
function titleOf(fileName: string): string {
  return fileName
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .replaceAll('_', ' ')
    .replace(/(?<=\p{L})-(?=\p{L})/gu, ' ')
    .trim()
    .slice(0, 200);
}

async function send(id: string): Promise<void> {
  const upload = find(id);
  if (upload?.state !== 'waiting') return;
  const abort = new AbortController();
  aborts.set(id, abort);
  patch(id, { state: 'sending', progress: 0 });
  const poster = capturePoster(upload.file);
  try {
    const answer = await uploadWithProgress(uploadFile, {
      file: upload.file,
      onProgress: (progress) => patch(id, { progress }),
      signal: abort.signal,
    });
    const { uploadTicket, typeWarning, duplicates } = answer;
    void sendPoster(poster, uploadTicket);
    const sameName =
      upload.into || duplicates.length > 0 ? undefined : await findSameName(answer.fileName, abort.signal);
    patch(id, { state: 'sent', progress: 1, uploadTicket, typeWarning, duplicates, sameName });
    addIfWanted(id);
  } catch (error) {
    if (isAbort(error)) return patch(id, { state: 'cancelled' });
    patch(id, { state: 'failed', problem: error });
  } finally {
    aborts.delete(id);
  }
}

/** A file of the same name with other content is probably a new version of the asset that has it. */
async function findSameName(fileName: string, signal: AbortSignal): Promise<AssetLink | undefined> {
  try {
    const { items } = await call(listAssets, { query: { query: fileName.slice(0, 200), limit: 5 }, signal });
    const found = items.find((asset) => asset.fileName?.toLowerCase() === fileName.toLowerCase());
    return found && { assetId: found.id, title: found.title };
  } catch (error) {
    if (isAbort(error)) throw error;
    return undefined;
  }
}

function addIfWanted(id: string): void {
  const upload = find(id);
  if (upload?.state === 'sent' && upload.isWanted && !needsDecision(upload)) void add(upload);
}

async function add(upload: Upload): Promise<void> {
  const { id, into, uploadTicket } = upload;
  patch(id, { state: 'adding', problem: undefined });
  try {
    const asset = into
      ? await call(addVersion, { params: { assetId: into.assetId }, body: { uploadTicket } })
      : await call(createAsset, { body: bodyOf(upload) });
    if (into) queryClient.setQueryData(['assets', 'one', asset.id], asset);
    patch(id, { state: 'added', asset });
    refreshAssets();
  } catch (error) {
    if (!into && error instanceof ApiProblem && error.code === 'duplicate_file')
      return patch(id, { state: 'sent', duplicates: await holdersOf(error) });
    patch(id, { state: 'failed', problem: error });
  }
}

/** Before it is added it will be a version of that asset; after that it becomes one, and its own asset goes. */
export async function makeVersionOf(id: string, into: AssetLink): Promise<void> {
  const upload = find(id);
  if (upload?.state !== 'added' || !upload.asset) return editUpload(id, { into });
  const { uploadTicket, asset: own } = upload;
  patch(id, { state: 'adding' });
  try {
    const asset = await call(addVersion, { params: { assetId: into.assetId }, body: { uploadTicket } });
    await call(deleteAsset, { params: { assetId: own.id } });
    queryClient.setQueryData(['assets', 'one', asset.id], asset);
    patch(id, { state: 'added', asset, into });
  } catch (error) {
    patch(id, { state: 'added' });
    notifyProblem(error);
  }
  refreshAssets();
}

/** The tags that it will get; where it is an asset already, the asset gets them at once. */
export async function changeTags(id: string, termIds: readonly string[]): Promise<void> {
  const upload = find(id);
  if (!upload) return;
  const [had, has] = [new Set(upload.termIds), new Set(termIds)];
  editUpload(id, { termIds });
  if (!upload.asset) return;
  const patched = { addTermIds: [...has.difference(had)], removeTermIds: [...had.difference(has)] };
  try {
    await changeAssets([{ assetId: upload.asset.id, patch: patched }]);
  } catch (error) {
    patch(id, { termIds: upload.termIds });
    notifyProblem(error);
  }
}

function bodyOf(upload: Upload) {
  const { status, audience, termIds } = queue.batch;
  return {
    uploadTicket: upload.uploadTicket,
    title: upload.title.trim() || undefined,
    useWhen: upload.useWhen,
    status,
    audience,
    termIds: [...new Set([...termIds, ...upload.termIds])],
    allowsDuplicate: upload.allowsDuplicate,
  };
}

/** Another file of the same batch, or a colleague, was first; the problem names the asset. */
async function holdersOf(problem: ApiProblem): Promise<AssetLink[]> {
  const assetId = problem.errors[0]?.detail ?? '';
  try {
    const { title } = await call(readAsset, { params: { assetId } });
    return [{ assetId, title }];
  } catch {
    return [{ assetId, title: 'another asset' }];
  }
}

/** Adds everything that has arrived, and the rest as it arrives. Whatever needs a decision waits for it. */
export function addAll(): void {
  change({
    ...queue,
    uploads: queue.uploads.map((upload) => (isUnfinished(upload) ? { ...upload, isWanted: true } : upload)),
  });
  for (const { id } of queue.uploads) addIfWanted(id);
}

/** Stops sending, or leaves out what has arrived. */
export function cancelUpload(id: string): void {
  aborts.get(id)?.abort();
  patch(id, { state: 'cancelled' });
}

/** Sends again, or adds again when the file is there and only adding failed. */
export function retryUpload(id: string): void {
  const upload = find(id);
  if (!upload) return;
  if (upload.state === 'failed' && upload.uploadTicket && !isOutdated(upload.problem)) {
    patch(id, { state: 'sent', problem: undefined, isWanted: true });
    addIfWanted(id);
    return;
  }
  patch(id, { state: 'waiting', progress: 0, problem: undefined });
  pool.add(() => send(id));
}

function isOutdated(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.code === 'ticket_expired';
}

export function dismissUpload(id: string): void {
  change({ ...queue, uploads: queue.uploads.filter((upload) => upload.id !== id) });
}

/** Forgets what is done or was left out. */
export function clearFinished(): void {
  const uploads = queue.uploads.filter((upload) => isUnfinished(upload) || upload.state === 'failed');
  change({ ...queue, uploads, batch: uploads.length === 0 ? noBatch : queue.batch });
}
