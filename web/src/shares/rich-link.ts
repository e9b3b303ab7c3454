import { encode } from 'uqr';

interface RichLink {
  title: string;
  url: string;
  /** What it is: "12 pages". */
  facts: string;
  /** A small picture as a data URL; null where there is none. */
  picture: string | null;
}

/** What a mail program or a document takes from the clipboard: the picture and the title, both leading to the page. */
export function richLinkHtml({ title, url, facts, picture }: RichLink): string {
  const href = escapeHtml(url);
  const image = picture
    ? `<a href="${href}"><img src="${escapeHtml(picture)}" alt="" width="240" style="display:block;width:240px;height:auto;border:1px solid #e7e4dc;border-radius:6px"></a><br>`
    : '';
  const small = facts ? `<br><span style="color:#6b6860;font-size:13px">${escapeHtml(facts)}</span>` : '';
  return `<p>${image}<a href="${href}"><b>${escapeHtml(title)}</b></a>${small}</p>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Puts the picture and the title on the clipboard; a program that takes plain text gets the title and the URL. */
export async function copyRichLink(
  link: Omit<RichLink, 'picture'>,
  picturePath: string | null,
): Promise<void> {
  if (!navigator.clipboard || !('ClipboardItem' in window))
    throw new Error('The browser does not copy pictures.');
  const html = smallPicture(picturePath).then(
    (picture) => new Blob([richLinkHtml({ ...link, picture })], { type: 'text/html' }),
  );
  const plain = new Blob([`${link.title}\n${link.url}`], { type: 'text/plain' });
  // The promise itself is handed over, or Safari would say that the click was too long ago.
  await navigator.clipboard.write([new ClipboardItem({ 'text/html': html, 'text/plain': plain })]);
}

/** As JPEG and small, because it travels inside the text. */
async function smallPicture(path: string | null): Promise<string | null> {
  if (path === null) return null;
  const response = await fetch(path);
  if (!response.ok) return null;
  const bitmap = await createImageBitmap(await response.blob());
  const canvas = document.createElement('canvas');
  canvas.width = Math.min(480, bitmap.width);
  canvas.height = Math.round((bitmap.height * canvas.width) / bitmap.width);
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.8);
}

/** A QR code as an SVG path of dark squares on a side of so many units, with the quiet border that scanners want. */
export function qrPath(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { border: 4, ecc: 'M' });
  const path = data
    .flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`M${x.toString()} ${y.toString()}h1v1h-1z`] : [])),
    )
    .join('');
  return { path, size };
}

export function qrSvg(text: string): string {
  const { path, size } = qrPath(text);
  const side = size.toString();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="512" height="512" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}
