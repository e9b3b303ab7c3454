import type { OpenedAsset, OpenedRoom } from '../shares/service.ts';
import { type Html, html } from './html.ts';

/** Whether a share link shows what it leads to to whoever asks; only then other places may show its title and picture. */
export function isForAnybody({
  gate,
  hasPasscode,
  hasWatermark,
  maxVisitors,
}: OpenedAsset | OpenedRoom): boolean {
  return (gate === 'none' || gate === 'ask') && !hasPasscode && !hasWatermark && maxVisitors === null;
}

interface Preview {
  title: string;
  /** Of the instance, such as https://content.example. */
  origin: string;
  /** A picture below the share link; undefined where there is none. */
  picture: string | undefined;
}

/** What messengers and mail programs show of the page: its title and one picture, and nothing of who it is for. */
export function renderPreview({ title, origin, picture }: Preview): Html {
  return html`
<meta property="og:title" content="${title}">${
    picture !== undefined &&
    html`
<meta property="og:image" content="${origin}${picture}">
<meta name="twitter:card" content="summary_large_image">`
  }`;
}
