import { readdirSync, readFileSync } from 'node:fs';

/** One asset of the sample library as it is written in `content/`: catalogue data on top, prose below. */
export type SampleSource = {
  /** Name of the source in `content/`, without its ending. */
  key: string;
  file: string;
  url: string;
  /** How many it has once it is drawn, which is later than its past is written. */
  pageCount: number;
  title: string;
  description: string;
  useWhen: string;
  contentType: string;
  personas: string[];
  stages: string[];
  objections: string[];
  products: string[];
  regions: string[];
  language: string;
  audience: string;
  ownerRole: string;
  /** Days before today; null leaves the asset a draft. */
  publishedDaysAgo: number | null;
  /** Days from today, negative when the review is overdue; null when nobody set a date. */
  reviewInDays: number | null;
  talkTrack: string;
  body: string;
};

export function readSampleSources(): SampleSource[] {
  const folder = new URL('./content/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => parseSource(name.replace(/\.md$/, ''), readFileSync(new URL(name, folder), 'utf8')));
}

function parseSource(key: string, text: string): SampleSource {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text.replaceAll('\r\n', '\n'));
  if (!parts) throw new Error(`content/${key}.md has no catalogue data between two lines of "---".`);
  const fields = new Map(
    (parts[1] ?? '').split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const field = (name: string) => fields.get(name) ?? '';
  const terms = (name: string) =>
    field(name)
      .split(';')
      .map((term) => term.trim())
      .filter((term) => term !== '');
  const days = (name: string) => (field(name) === '' ? null : Number(field(name)));
  if (field('title') === '') throw new Error(`content/${key}.md has no title.`);
  if (field('file') === '' && field('url') === '')
    throw new Error(`content/${key}.md names no file and no url.`);
  return {
    key,
    file: field('file'),
    url: field('url'),
    pageCount: Number(field('pages') || 1),
    title: field('title'),
    description: field('description'),
    useWhen: field('use_when'),
    contentType: field('content_type'),
    personas: terms('personas'),
    stages: terms('stages'),
    objections: terms('objections'),
    products: terms('products'),
    regions: terms('region'),
    language: field('language'),
    audience: field('audience'),
    ownerRole: field('owner_role'),
    publishedDaysAgo: days('published'),
    reviewInDays: days('review'),
    talkTrack: field('talk_track'),
    body: (parts[2] ?? '').trim(),
  };
}
