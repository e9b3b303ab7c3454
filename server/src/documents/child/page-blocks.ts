import { Parser } from 'htmlparser2';

/** A paragraph, a heading, an item of a list or a row of a table. */
export interface PageBlock {
  text: string;
  /** Of a heading; 0 otherwise. */
  level: number;
  /** How many of its letters lead elsewhere. */
  linkedLength: number;
  isMain: boolean;
  isArticle: boolean;
}

export interface PageParts {
  /** Title, and what the page says of itself in `meta`, by its name in lower case. */
  meta: Map<string, string>;
  language: string;
  base: string;
  blocks: PageBlock[];
}

const chunkLength = 32_768;
/** No page for people is deeper, and each level costs the parser time for every tag that follows. */
const deepest = 1000;
const longestText = 400_000;
const mostBlocks = 20_000;
const longestMeta = 4000;

const unread = new Set(
  'script style noscript template svg math iframe object canvas audio video nav footer aside select button dialog textarea'.split(
    ' ',
  ),
);
const unreadRoles = /^(navigation|banner|contentinfo|search|dialog|alertdialog|complementary|menu|menubar)$/;
const noticeNames =
  /(cookie|consent|gdpr|privacy)s?[-_]?(banner|bar|notice|popup|modal|overlay|consent|dialog|box|message|law|wall|wrapper)|\b(onetrust|usercentrics|didomi|CybotCookiebot)/i;
const blockTags = new Set(
  'address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
const cellTags = new Set(['td', 'th']);
/** These have no end, so nothing lies within them. */
const emptyTags = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

interface Element {
  tag: string;
  isUnread: boolean;
  isMain: boolean;
  isArticle: boolean;
  isLink: boolean;
}

/** Takes a page apart without running or loading anything of it. */
export function readBlocks(html: string): PageParts {
  const parts: PageParts = { meta: new Map(), language: '', base: '', blocks: [] };
  const open: Element[] = [{ tag: '', isUnread: false, isMain: false, isArticle: false, isLink: false }];
  let block = emptyBlock(0);
  let totalLength = 0;
  let title: string | null = null;

  const inner = () => open.at(-1) as Element;
  const endBlock = (level = 0) => {
    const text = block.text.replace(/\s+/g, ' ').trim();
    if (text !== '') parts.blocks.push({ ...block, text });
    block = emptyBlock(level);
  };

  const parser = new Parser({
    onopentag(tag, attributes) {
      noteHead(parts, tag, attributes);
      if (tag === 'title' && !parts.meta.has('title') && !inner().isUnread) title = '';
      if (blockTags.has(tag)) endBlock(levelOf(tag));
      else if (cellTags.has(tag)) block.text += ' ';
      if (!emptyTags.has(tag)) open.push(describe(tag, attributes, inner()));
    },
    ontext(text) {
      if (title !== null) title += text;
      const element = inner();
      if (element.isUnread || title !== null) return;
      block.text += text.slice(0, longestText - totalLength);
      totalLength = Math.min(longestText, totalLength + text.length);
      block.isMain ||= element.isMain;
      block.isArticle ||= element.isArticle;
      if (element.isLink) block.linkedLength += text.trim().length;
    },
    onclosetag(tag) {
      if (tag === 'title' && title !== null) {
        parts.meta.set('title', title.slice(0, longestMeta));
        title = null;
      }
      if (blockTags.has(tag)) endBlock();
      if (!emptyTags.has(tag) && open.length > 1) open.pop();
    },
  });
  for (let at = 0; at < html.length; at += chunkLength) {
    parser.write(html.slice(at, at + chunkLength));
    if (open.length > deepest || totalLength >= longestText || parts.blocks.length > mostBlocks) break;
  }
  parser.end();
  endBlock();
  return parts;
}

function emptyBlock(level: number): PageBlock {
  return { text: '', level, linkedLength: 0, isMain: false, isArticle: false };
}

function levelOf(tag: string): number {
  return /^h[1-6]$/.test(tag) ? Number(tag[1]) : 0;
}

function describe(tag: string, attributes: Record<string, string>, parent: Element): Element {
  const role = (attributes.role ?? '').trim().toLowerCase();
  const isMain = parent.isMain || tag === 'main' || role === 'main';
  const isArticle = parent.isArticle || tag === 'article' || role === 'article';
  return {
    tag,
    isMain,
    isArticle,
    isLink: parent.isLink || tag === 'a',
    isUnread: parent.isUnread || isAside(tag, role, isMain || isArticle) || isHidden(tag, attributes),
  };
}

/** What stands on every page of a site. The header of an article holds its title, that of a site its menu. */
function isAside(tag: string, role: string, isContent: boolean): boolean {
  return unread.has(tag) || unreadRoles.test(role) || (tag === 'header' && !isContent);
}

function isHidden(tag: string, attributes: Record<string, string>): boolean {
  if (tag === 'html' || tag === 'body') return false;
  return (
    'hidden' in attributes ||
    attributes['aria-hidden'] === 'true' ||
    /display\s*:\s*none/i.test((attributes.style ?? '').slice(0, 500)) ||
    noticeNames.test(`${(attributes.id ?? '').slice(0, 200)} ${(attributes.class ?? '').slice(0, 200)}`)
  );
}

function noteHead(parts: PageParts, tag: string, attributes: Record<string, string>): void {
  const note = (name: string, value: string | undefined) => {
    if (value?.trim() && value.length <= longestMeta && !parts.meta.has(name) && parts.meta.size < 200)
      parts.meta.set(name, value);
  };
  if (tag === 'html') parts.language ||= (attributes.lang ?? attributes['xml:lang'] ?? '').slice(0, 40);
  else if (tag === 'base') parts.base ||= (attributes.href ?? '').slice(0, longestMeta);
  else if (tag === 'meta')
    note(
      (attributes.property ?? attributes.name ?? attributes['http-equiv'] ?? '').trim().toLowerCase(),
      attributes.content,
    );
  else if (tag === 'link' && /(^|\s)image_src(\s|$)/i.test((attributes.rel ?? '').slice(0, 200)))
    note('image_src', attributes.href);
}
