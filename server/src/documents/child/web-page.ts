import { readFile } from 'node:fs/promises';
import type { TaskHandler, WebPageFacts } from '../tasks.ts';
import { decodeText } from './decode.ts';
import { type PageBlock, readBlocks } from './page-blocks.ts';
import { countWords } from './words.ts';

const mostHeadings = 200;
/** A main part of fewer letters is a frame around something else. */
const shortestMain = 200;

/** What a web page says, without what stands on every page of its site. */
export const readWebPage: TaskHandler<'read-web-page'> = async ({ url, contentType }, { inputPath }) =>
  webPageOf(decodePage(await readFile(inputPath), contentType), url);

export function webPageOf(html: string, url: string): WebPageFacts {
  const { meta, language, base, blocks } = readBlocks(html);
  const chosen = chooseBlocks(blocks);
  const headings = chosen
    .filter(({ level }) => level > 0)
    .slice(0, mostHeadings)
    .map(({ level, text }) => ({ level, text: short(text, 200) }));
  const text = chosen
    .map((block) => block.text)
    .join('\n')
    .toWellFormed();
  const first = (...names: string[]) => names.map((name) => meta.get(name)?.trim()).find(Boolean) ?? '';
  return {
    title: short(first('og:title', 'title', 'twitter:title') || (headings[0]?.text ?? ''), 300),
    description: short(first('og:description', 'description', 'twitter:description'), 1000),
    text,
    wordCount: countWords(text),
    headings,
    imageUrl: absolute(
      first(
        'og:image:secure_url',
        'og:image',
        'og:image:url',
        'twitter:image',
        'twitter:image:src',
        'image_src',
      ),
      base,
      url,
    ),
    language: languageCode(language || first('og:locale', 'content-language')),
  };
}

/** The part that the page itself calls its main one, else its articles, else all of it without lists of links. */
function chooseBlocks(blocks: PageBlock[]): PageBlock[] {
  for (const part of ['isMain', 'isArticle'] as const) {
    const found = blocks.filter((block) => block[part]);
    if (found.reduce((length, { text }) => length + text.length, 0) >= shortestMain) return found;
  }
  const prose = blocks.filter(
    ({ text, linkedLength, level }) => level > 0 || linkedLength < text.length * 0.7,
  );
  return prose.length > 0 ? prose : blocks;
}

function short(text: string, length: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return (plain.length > length ? `${plain.slice(0, length - 1)}…` : plain).toWellFormed();
}

function absolute(href: string, base: string, url: string): string | null {
  if (href === '') return null;
  const from = (base && URL.parse(base, url)?.href) || url;
  const found = URL.parse(href, from);
  return found && /^https?:$/.test(found.protocol) && found.href.length <= 4000 ? found.href : null;
}

/** ISO 639-1 out of a tag such as de-AT. */
function languageCode(tag: string): string | null {
  return /^([a-z]{2})([-_]|$)/.exec(tag.trim().toLowerCase())?.[1] ?? null;
}

/** By its mark, by what the site said, by what the page says, or as any other text. */
function decodePage(bytes: Buffer, contentType: string): string {
  const isMarked =
    (bytes[0] === 0xff && bytes[1] === 0xfe) ||
    (bytes[0] === 0xfe && bytes[1] === 0xff) ||
    (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  const label = isMarked ? undefined : (charsetOf(contentType) ?? declaredCharset(bytes));
  const decoder = label && createDecoder(label);
  return decoder ? decoder.decode(bytes).replaceAll('\0', '') : decodeText(bytes);
}

function charsetOf(text: string): string | undefined {
  return /charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(text.slice(0, 500))?.[1];
}

function declaredCharset(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 4096);
  const declared = /<meta\b[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(start)?.[1];
  const xml = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})/i.exec(start)?.[1];
  const label = declared ?? xml;
  // A page that could be read this far is not in UTF-16, whatever it says.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

function createDecoder(label: string) {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
