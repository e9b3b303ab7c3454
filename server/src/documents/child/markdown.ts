import createMarkdownIt, { type MarkdownIt, type Token } from 'markdown-it';
import { escapeHtml } from '../escape-html.ts';

/** What of a long text is shown; reading on needs the file itself. Nasty Markdown takes longer than its length. */
export const longestShown = 150_000;

const markdown = createMarkdown();

/**
 * Markdown from a stranger as HTML that is safe in our pages: no HTML of theirs, links to the web and to mail only,
 * and nothing is loaded from anywhere, so that opening a text tells nobody.
 */
export function renderMarkdown(text: string): string {
  const { shown, isCut } = cut(withoutFrontMatter(text));
  return markdown.render(shown) + (isCut ? restNote : '');
}

/** The parts of a Markdown text, and what of an immoderately long one was left unread. */
export function parseMarkdown(text: string): { tokens: Token[]; rest: string } {
  const content = withoutFrontMatter(text);
  const { shown } = cut(content);
  return { tokens: markdown.parse(shown, {}), rest: content.slice(shown.length) };
}

function withoutFrontMatter(text: string): string {
  return text.replace(/^---\n[\s\S]{0,10000}?\n---\n/, '');
}

export function renderPlainText(text: string): string {
  const { shown, isCut } = cut(text);
  return `<pre class="plain-text">${escapeHtml(shown)}</pre>\n${isCut ? restNote : ''}`;
}

export const restNote = '<p><em>The text goes on. Download the file to read the rest.</em></p>\n';

function cut(text: string): { shown: string; isCut: boolean } {
  if (text.length <= longestShown) return { shown: text, isCut: false };
  const end = text.lastIndexOf('\n', longestShown);
  return { shown: text.slice(0, end > 0 ? end : longestShown).toWellFormed(), isCut: true };
}

function createMarkdown(): MarkdownIt {
  const md = createMarkdownIt({ html: false, linkify: true, typographer: false, breaks: false });
  // Bare words like readme.md are file names more often than addresses.
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  md.validateLink = (url) => kindOf(url) !== 'refused';
  md.core.ruler.push('offshelf_headings', ({ tokens }) => nameHeadings(tokens));
  md.core.ruler.push('offshelf_links', ({ tokens }) => {
    for (const token of tokens) if (token.children) guardLinks(token.children);
  });
  md.renderer.rules.image = (tokens, index) => renderImage(tokens[index]);
  return md;
}

/** `inside` leads nowhere from our pages: the file's neighbours are not beside it here. */
function kindOf(url: string): 'web' | 'anchor' | 'inside' | 'refused' {
  const plain = url.trim();
  if (/^(https?:\/\/|mailto:|tel:)/i.test(plain)) return 'web';
  if (plain.startsWith('#')) return 'anchor';
  return /^[a-z0-9+.\-\s%&;]*:/i.test(plain) || /[\p{Cc}]/u.test(plain) ? 'refused' : 'inside';
}

function guardLinks(tokens: Token[]): void {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.type === 'link_open') {
      guardLink(token);
      open.push(token);
    } else if (token.type === 'link_close') token.tag = open.pop()?.tag ?? 'a';
  }
}

function guardLink(token: Token): void {
  const href = String(token.attrGet('href') ?? '');
  const kind = kindOf(href);
  if (kind === 'anchor') token.attrs = [['href', `#${anchorOf(decode(href.slice(1)))}`]];
  else if (kind === 'web') token.attrs = [['href', href], ...outward];
  else {
    token.tag = 'span';
    token.attrs = [];
  }
}

const outward: [string, string][] = [
  ['target', '_blank'],
  ['rel', 'noopener noreferrer nofollow'],
];

function renderImage(token: Token | undefined): string {
  const label = escapeHtml(token?.content.trim() || 'Picture');
  const source = String(token?.attrGet('src') ?? '');
  if (kindOf(source) !== 'web') return `<span class="picture">${label}</span>`;
  const attributes = outward.map(([name, value]) => ` ${name}="${value}"`).join('');
  return `<a class="picture" href="${escapeHtml(source)}"${attributes}>${label}</a>`;
}

/** Ids carry a prefix, so that no heading can pose as a part of our own page. */
function nameHeadings(tokens: Token[]): void {
  const used = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const anchor = anchorOf(tokens[index + 1]?.content ?? '');
    const count = used.get(anchor) ?? 0;
    used.set(anchor, count + 1);
    token.attrSet('id', count === 0 ? anchor : `${anchor}-${count}`);
  });
}

function anchorOf(heading: string): string {
  const words = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
  return `section-${words.slice(0, 100)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
