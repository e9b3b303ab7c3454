import { z } from 'zod';
import { Problem } from '../http/problem.ts';
import { type DimensionKey, dimensionKey } from './contract.ts';

const word = z.string().trim().min(1).max(80);
const fileTerm = z.object({
  order: z.number().optional(),
  name: word,
  description: z.string().trim().max(500).default(''),
  synonyms: z.array(word).max(60).default([]),
});
const file = z.object({
  dimensions: z.array(z.object({ key: z.string().trim().min(1), terms: z.array(fileTerm).max(500) })).min(1),
});

export type FileTerm = z.output<typeof fileTerm>;
export interface FileDimension {
  key: DimensionKey;
  terms: FileTerm[];
}

/** Reads the text of a taxonomy.json; what is wrong is named with its place. */
export function readTaxonomyFile(text: string): FileDimension[] {
  const result = file.safeParse(parseJson(text));
  if (!result.success)
    refuse(result.error.issues.map((issue) => ({ place: placeOf(issue.path), detail: issue.message })));
  const faults: Fault[] = [];
  const dimensions = result.data.dimensions.flatMap(({ key, terms }, index) => {
    const known = dimensionKey.safeParse(toDimensionKey(key));
    const place = `dimensions[${index}]`;
    if (!known.success) {
      faults.push({
        place: `${place}.key`,
        detail: `"${key}" is no dimension. Use one of ${dimensionKey.options.join(', ')}.`,
      });
      return [];
    }
    faults.push(...findRepeatedNames(terms, place));
    return [{ key: known.data, terms: inOrder(terms) }];
  });
  dimensions.forEach(({ key }, index) => {
    if (dimensions.findIndex((other) => other.key === key) < index)
      faults.push({ place: 'dimensions', detail: `"${key}" is there twice. Put its terms into one.` });
  });
  if (faults.length > 0) refuse(faults);
  return dimensions;
}

/** "Content type", "contentType", "content-types" and "personas" are all understood. */
function toDimensionKey(text: string): string {
  const key = text
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const plurals: Record<string, DimensionKey> = { industries: 'industry' };
  return plurals[key] ?? (dimensionKey.safeParse(key).success ? key : key.replace(/s$/, ''));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'It could not be read.';
    throw new Problem('refused_import', `taxonomy.json is not valid JSON: ${detail}. Mend it and try again.`);
  }
}

interface Fault {
  place: string;
  detail: string;
}

function findRepeatedNames(terms: FileTerm[], place: string): Fault[] {
  const names = terms.map((term) => term.name.toLowerCase());
  return terms.flatMap((term, index) =>
    names.indexOf(term.name.toLowerCase()) < index
      ? [{ place: `${place}.terms[${index}].name`, detail: `"${term.name}" is there twice.` }]
      : [],
  );
}

function inOrder(terms: FileTerm[]): FileTerm[] {
  const placeOfTerm = (term: FileTerm) => term.order ?? Number.POSITIVE_INFINITY;
  return terms.toSorted((a, b) => (placeOfTerm(a) === placeOfTerm(b) ? 0 : placeOfTerm(a) - placeOfTerm(b)));
}

function placeOf(path: PropertyKey[]): string {
  const place = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return place || 'the top level';
}

function refuse(faults: Fault[]): never {
  const first = faults[0];
  const more = faults.length > 1 ? ` There are ${faults.length - 1} more faults.` : '';
  throw new Problem(
    'refused_import',
    `taxonomy.json, ${first?.place}: ${first?.detail}${more}`,
    faults.slice(0, 100).map(({ place, detail }) => ({
      pointer: `/taxonomyJson/${place.replaceAll(/[.[]/g, '/').replaceAll(']', '')}`.replaceAll('//', '/'),
      detail,
    })),
  );
}

/** Trimmed, each once whatever its case, and never the term's own name. */
export function tidySynonyms(name: string, synonyms: readonly string[]): string[] {
  const seen = new Set([name.trim().toLowerCase()]);
  return synonyms.flatMap((synonym) => {
    const text = synonym.trim().replace(/\s+/g, ' ');
    if (text === '' || seen.has(text.toLowerCase())) return [];
    seen.add(text.toLowerCase());
    return [text];
  });
}
