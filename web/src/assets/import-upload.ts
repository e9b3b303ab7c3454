import { createImport, uploadFile } from '@offshelf/server/contract/assets';
import { useSyncExternalStore } from 'react';
import { call, isAbort, uploadWithProgress } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { importQuery, importsQuery } from './api.ts';
import type { PathFile } from './file-drop.tsx';
import { type ImportFolder, readImportFolder } from './import-folder.ts';
import { createPool, guardPage } from './upload-pool.ts';

export interface ImportFile extends PathFile {
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  progress: number;
  uploadTicket?: string;
  problem?: unknown;
}

export interface ImportOptions {
  /** A calendar day, or empty when it is not known. */
  availableSince: string;
  status: 'published' | 'draft';
}

/** An import on its way to its dry run; it goes on while somebody looks at other pages. */
export interface ImportUpload {
  step: 'none' | 'reading' | 'chosen' | 'sending' | 'stopped' | 'checking';
  folder: ImportFolder | undefined;
  files: readonly ImportFile[];
  options: ImportOptions;
  problem: unknown;
  /** Set once the dry run is there. */
  runId: string | undefined;
}

const nothing: ImportUpload = {
  step: 'none',
  folder: undefined,
  files: [],
  options: { availableSince: '', status: 'published' },
  problem: undefined,
  runId: undefined,
};
const atOnce = 3;
const mostTries = 3;

let current = nothing;
let abort = new AbortController();
let release: (() => void) | undefined;
const listeners = new Set<() => void>();

function change(changes: Partial<ImportUpload>): void {
  current = { ...current, ...changes };
  const isAtWork = current.step === 'sending' || current.step === 'checking';
  if (isAtWork) release ??= guardPage();
  else {
    release?.();
    release = undefined;
  }
  for (const listener of listeners) listener();
}

export function useImportUpload(): ImportUpload {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export async function chooseFolder(chosen: readonly PathFile[]): Promise<void> {
  forgetImport();
  change({ step: 'reading' });
  try {
    const folder = await readImportFolder(chosen);
    const files = folder.files.map((file): ImportFile => ({ ...file, state: 'waiting', progress: 0 }));
    change({ step: 'chosen', folder, files });
  } catch (error) {
    change({ step: 'none', problem: error });
  }
}

export function setImportOptions(options: Partial<ImportOptions>): void {
  change({ options: { ...current.options, ...options } });
}

/** Back to nothing chosen; what was being sent stops. */
export function forgetImport(): void {
  abort.abort();
  change({ ...nothing, options: current.options });
}

/** Stops sending; what has arrived is kept for going on. */
export function stopImportUpload(): void {
  abort.abort();
  change({
    step: 'stopped',
    files: current.files.map((file) =>
      file.state === 'sending' ? { ...file, state: 'waiting', progress: 0 } : file,
    ),
  });
}

/** Sends what has not arrived yet, then asks for the dry run. */
export async function checkImport(): Promise<void> {
  abort = new AbortController();
  const { signal } = abort;
  change({
    step: 'sending',
    problem: undefined,
    files: current.files.map((file) =>
      file.state === 'sent' ? file : { ...file, state: 'waiting', progress: 0, problem: undefined },
    ),
  });
  const pool = createPool(atOnce);
  await Promise.all(
    current.files.map(
      (file, index) =>
        new Promise<void>((resolve) => {
          if (file.state === 'sent') return resolve();
          pool.add(() => send(index, signal).finally(resolve));
        }),
    ),
  );
  if (signal.aborted) return;
  if (current.files.some((file) => file.state === 'failed')) return change({ step: 'stopped' });
  await plan();
}

/** Goes on without the files that could not be sent; their rows will say that they are missing. */
export async function checkWithoutFailed(): Promise<void> {
  await plan();
}

function patchFile(index: number, changes: Partial<ImportFile>): void {
  change({ files: current.files.map((file, other) => (other === index ? { ...file, ...changes } : file)) });
}

async function send(index: number, signal: AbortSignal): Promise<void> {
  const { file } = current.files[index] ?? {};
  if (!file || signal.aborted) return;
  for (let tries = 1; ; tries += 1) {
    patchFile(index, { state: 'sending', progress: 0 });
    try {
      const { uploadTicket } = await uploadWithProgress(uploadFile, {
        file,
        signal,
        onProgress: (progress) => !signal.aborted && patchFile(index, { progress }),
      });
      return patchFile(index, { state: 'sent', progress: 1, uploadTicket });
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      if (tries === mostTries || !mayPass(error))
        return patchFile(index, { state: 'failed', problem: error });
      await new Promise((resolve) => setTimeout(resolve, 700 * tries));
    }
  }
}

function mayPass(error: unknown): boolean {
  const status = (error as { status?: number }).status ?? 0;
  return status === 0 || status >= 500;
}

async function plan(): Promise<void> {
  const { folder, files, options } = current;
  if (!folder) return;
  change({ step: 'checking' });
  try {
    const run = await call(createImport, {
      body: {
        sourceName: folder.sourceName.slice(0, 200),
        libraryCsv: folder.libraryCsv,
        taxonomyJson: folder.taxonomyJson,
        dealsCsv: folder.dealsCsv,
        files: files.flatMap(({ path, uploadTicket }) => (uploadTicket ? [{ path, uploadTicket }] : [])),
        options: {
          publishedAt: options.availableSince ? new Date(`${options.availableSince}T00:00:00`) : null,
          status: options.status,
        },
      },
    });
    queryClient.setQueryData(importQuery(run.id).queryKey, run);
    void queryClient.invalidateQueries(importsQuery);
    change({ ...nothing, runId: run.id });
  } catch (error) {
    change({ step: 'stopped', problem: error });
  }
}
