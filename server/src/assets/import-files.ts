import { normalisePath } from './library-file.ts';
import type { StoredUpload } from './ticket.ts';

/** Finds the uploaded file that a row of the library means, or says in a sentence why it can't. */
export type FileLookup = (path: string) => StoredUpload | { detail: string };

/** By path, else by the end of the path, else by name: a browser puts folders in front that the CSV doesn't name. */
export function createFileLookup(files: { path: string; upload: StoredUpload }[]): FileLookup {
  const byPath = new Map(files.map(({ path, upload }) => [normalisePath(path), upload]));
  const byName = new Map<string, { path: string; upload: StoredUpload }[]>();
  for (const [path, upload] of byPath) {
    const name = nameOf(path);
    byName.set(name, [...(byName.get(name) ?? []), { path, upload }]);
  }
  return (wanted) => {
    const exact = byPath.get(wanted);
    if (exact) return exact;
    const named = byName.get(nameOf(wanted)) ?? [];
    const ending = named.filter(({ path }) => path.endsWith(`/${wanted}`));
    const [found, ...others] = ending.length > 0 ? ending : named;
    if (!found)
      return { detail: `The file “${wanted}” is not among the chosen files. Add it, or correct its path.` };
    if (others.some(({ upload }) => upload.hash !== found.upload.hash))
      return {
        detail: `Several chosen files are called “${nameOf(wanted)}”. Write the whole path of the one you mean.`,
      };
    return found.upload;
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
