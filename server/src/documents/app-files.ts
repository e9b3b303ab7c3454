import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

/** The source when this runs from sources, and the bundle's file of it when this runs from the bundle. */
export const childEntry =
  extname(import.meta.url) === '.ts'
    ? join(import.meta.dirname, 'child/main.ts')
    : join(import.meta.dirname, 'document-child.js');

/** What a child has to read of the app: the code beside its entry, and the libraries. Both hold no secrets. */
export function appPaths(entry: string): string[] {
  const code = extname(import.meta.url) === '.ts' ? import.meta.dirname : dirname(entry);
  return [code, dirname(entry), ...packageFiles(code)];
}

/** From a folder up: Node asks each for its package.json, and looks into each for libraries. */
function packageFiles(folder: string): string[] {
  const parent = resolve(folder, '..');
  const here = ['node_modules', 'package.json']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path));
  return parent === folder ? here : [...here, ...packageFiles(parent)];
}
