import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Log } from '../http/log.ts';

const builtFolder = resolve(import.meta.dirname, '../../../web/dist/viewer');

export interface InlineFile {
  text: string;
  /** As a content security policy names it. */
  hash: string;
}

export type BundleName = 'viewer' | 'room';
export type ViewerBundles = Record<BundleName, ViewerBundle>;

export interface ViewerBundle {
  script: InlineFile;
  style: InlineFile;
}

export function readViewerBundles(log: Log): ViewerBundles {
  return { viewer: readBundle('viewer', log), room: readBundle('room', log) };
}

/**
 * The viewer's script and style, or those of rooms, which go into each page: one answer brings all of it, and the policy names them by
 * hash. Without a build the pages still work; they are plain and tell nobody anything.
 */
function readBundle(name: BundleName, log: Log): ViewerBundle {
  return { script: read(`${name}.js`, log), style: read(`${name}.css`, log) };
}

function read(name: string, log: Log): InlineFile {
  let text = '';
  try {
    text = readFileSync(resolve(builtFolder, name), 'utf8').trim();
  } catch (error) {
    log.warn({ event: 'viewer_not_built', file: name, err: error });
  }
  if (/<\/(script|style)/i.test(text))
    throw new Error(`${name} cannot be put into a page, because it would end its element.`);
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}
