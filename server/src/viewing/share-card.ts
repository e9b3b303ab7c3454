import { type Html, html } from './html.ts';
import { inView } from './notice.ts';
import type { ShareView } from './share-page.ts';

/** What a share page shows in place of content that can not be read in it. */
export function renderWebLink({ share: { url } }: ShareView): Html {
  const address = new URL(url ?? '');
  return html`<div class="card">
<p class="sheet" aria-hidden="true">WWW</p>
<div><p class="name">${address.host.split('.').map((word, index) => (index > 0 ? html`.<wbr>${word}` : word))}</p>
<p class="meta">A web page. It opens in a new tab and keeps its own rules about what it records.</p></div>
<a class="button" href="${address.href}" target="_blank" rel="noopener noreferrer nofollow">Open the web page</a>
</div>`;
}

/** A file that can not be shown, or not yet. */
export function renderFile(view: ShareView, { isUnderWay }: { isUnderWay: boolean }): Html {
  const { fileName, mediaType, sizeBytes, allowsDownload } = view.share;
  const name = fileName ?? 'File';
  return html`<div class="card">
<p class="sheet" aria-hidden="true">${extensionOf(name)}</p>
<div><p class="name">${name}</p>
<p class="meta">${describeType(mediaType, name)}, ${describeSize(sizeBytes ?? 0)}</p></div>
${isUnderWay ? renderWait(view) : html`<p class="hint">${truthOf(view)}</p>`}
${allowsDownload && downloadButton(view)}
</div>`;
}

function renderWait({ share: { allowsDownload } }: ShareView): Html {
  return html`<p class="hint" role="status" data-wait>It is being prepared and appears here by itself${allowsDownload && ', mostly within a minute. Or download it now'}.<noscript> Load this page again in a minute.</noscript></p>`;
}

function truthOf({ share: { allowsDownload, senderName } }: ShareView): string {
  return allowsDownload
    ? "This file can't be shown here. Download it to open it on your device."
    : `This file can't be shown here, and downloads are off for this link. Ask ${senderName} for a copy.`;
}

export function downloadButton({ share, path, audience }: ShareView): Html {
  const address = inView(`${path}/download`, audience.privacy);
  return html`<a class="button" href="${address}" download>Download <small>${describeSize(share.sizeBytes ?? 0)}</small></a>`;
}

function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? 'FILE';
}

const typeNames: [RegExp, string][] = [
  [/pdf/, 'PDF document'],
  [/presentation|powerpoint|keynote/, 'Presentation'],
  [/sheet|excel|csv|numbers/, 'Spreadsheet'],
  [/word|opendocument\.text|pages|rtf/, 'Document'],
  [/zip|compressed|tar/, 'Archive'],
  [/^image\//, 'Image'],
  [/^video\//, 'Video'],
  [/^audio\//, 'Audio'],
  [/^text\//, 'Text'],
];

function describeType(mediaType: string, name: string): string {
  const known = typeNames.find(([pattern]) => pattern.test(mediaType))?.[1];
  return known ?? `${extensionOf(name)} file`;
}

function describeSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
