import type { Page } from 'playwright-core';
import { metrics } from '../../server/src/analytics/metrics.ts';

interface Numbers {
  /** Each number that stands on the page without a definition, with the words around it. */
  bare: string[];
  /** How many stand there with one. */
  definedCount: number;
}

/** Numbers that say when or for how long something is looked at; they were chosen, not counted. */
const moments = [
  String.raw`\b\d{1,2}(?: (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\w*)(?: \d{4})?(?:,? \d{2}:\d{2})?`,
  String.raw`\b\d{4}-\d{2}-\d{2}\b`,
  String.raw`\b(?:[Ll]ast|[Nn]ext|[Pp]revious) \d+ (?:days|weeks|months)\b`,
];

/** What a text on the page is taken for. */
interface Rules {
  /** Every metric that has a definition. */
  keys: string[];
  names: string[];
  moments: string[];
}

/**
 * Looks at every text that is seen on the page. A number in it is defined where it stands in an element that names its
 * metrics (`data-metric`) and the page opens or prints what they mean (`data-defines`); it is no metric where the page says why
 * (`data-no-metric`), and may be part of a name, a date or a field. Everything else is a number that nobody can look up.
 */
export function findNumbers(page: Page, names: readonly string[] = []): Promise<Numbers> {
  const longestFirst = names.toSorted((one, other) => other.length - one.length);
  return page.evaluate(walkNumbers, { keys: Object.keys(metrics), names: longestFirst, moments });
}

/** Runs in the page, so it uses nothing that stands outside of it. */
function walkNumbers({ keys, names, moments }: Rules): Numbers {
  const root = document.querySelector('main') ?? document.body;
  const listed = (element: Element | null, attribute: string) =>
    element?.getAttribute(attribute)?.split(' ').filter(Boolean) ?? [];
  const openers = [...root.querySelectorAll('[data-defines]')];
  const opened = new Set(openers.flatMap((opener) => listed(opener, 'data-defines')));
  const isSeen = (element: Element) =>
    !element.closest('script, style, noscript, time, input, select, textarea') &&
    element.checkVisibility({ visibilityProperty: true });
  const withoutNames = (text: string) => {
    const left = names.reduce((rest, name) => rest.replaceAll(name, ' '), text);
    return moments.reduce((rest, moment) => rest.replaceAll(new RegExp(moment, 'g'), ' '), left);
  };
  /** What is wrong with a number; undefined where nothing is. */
  const judge = (element: Element, text: string): string | undefined => {
    const named = listed(element.closest('[data-metric]'), 'data-metric');
    const unknown = named.filter((key) => !keys.includes(key));
    const closed = named.filter((key) => !opened.has(key));
    if (unknown.length > 0) return `“${text}”: no metric is called ${unknown.join()}`;
    if (closed.length > 0) return `“${text}”: nothing opens what ${closed.join()} means`;
    if (named.length > 0 || element.closest('[data-no-metric]:not([data-no-metric=""])')) return undefined;
    if (!/\p{Nd}/u.test(withoutNames(text))) return undefined;
    const around = element.closest('p, li, tr, section')?.textContent ?? text;
    return `“${text}” in <${element.localName}> of “${around.replaceAll(/\s+/g, ' ').slice(0, 140)}”`;
  };
  const bare = new Set<string>();
  let definedCount = 0;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
    const element = node.parentElement;
    if (!element || !/\p{Nd}/u.test(text) || !isSeen(element)) continue;
    const fault = judge(element, text);
    if (fault) bare.add(fault);
    else if (element.closest('[data-metric]')) definedCount += 1;
  }
  return { bare: [...bare], definedCount };
}

/** What things are called may have numbers in it. These are the names in everything that the page asks the API for. */
export function collectNames(page: Page): Set<string> {
  const names = new Set<string>();
  page.on('response', async (response) => {
    if (!response.url().includes('/api/')) return;
    const text = await response.text().catch(() => '');
    if (text.startsWith('{'))
      JSON.parse(text, (key, value) => {
        if (nameKeys.has(key) && typeof value === 'string' && /\p{Nd}/u.test(value))
          names.add(value.replaceAll(/\s+/g, ' ').trim());
        return value;
      });
  });
  return names;
}

const nameKeys = new Set([
  'title',
  'name',
  'query',
  'assetTitle',
  'dealName',
  'accountName',
  'ownerName',
  'userName',
]);
