/** How values travel between PostgreSQL and JavaScript; the server infers every parameter's type. */
export const valueTypes = {
  text: codec([25, 1042, 1043], (text) => text),
  boolean: codec([16], (text) => text === 't'),
  number: codec([21, 23, 26, 700, 701], Number),
  bigint: codec([20], safeInteger),
  bytes: codec([17], (text) => Buffer.from(text.slice(2), 'hex')),
  /** A day has no time zone, so it stays 'YYYY-MM-DD'. */
  day: { ...codec([1082], (text) => text), serialize: day },
  instant: codec([1114, 1184], (text) => new Date(text)),
  json: { ...codec([114, 3802], (text) => JSON.parse(text)), serialize: json },
  textArray: codec([1009, 1014, 1015], (text) => parseArray(text, (item) => item)),
  numberArray: codec([1005, 1007, 1021, 1022], (text) => parseArray(text, Number)),
  bigintArray: codec([1016], (text) => parseArray(text, safeInteger)),
  booleanArray: codec([1000], (text) => parseArray(text, (item) => item === 't')),
  dayArray: codec([1182], (text) => parseArray(text, (item) => item)),
  instantArray: codec([1115, 1185], (text) => parseArray(text, (item) => new Date(item))),
  jsonArray: {
    ...codec([199, 3807], (text) => parseArray(text, (item) => JSON.parse(item))),
    serialize: (value: unknown) => arrayText(unwrap(value) as unknown[], (item) => JSON.stringify(item)),
  },
};

/** Wraps what has no plain text form, so that the text can depend on the type that the server infers. */
export function toParameter(value: unknown): unknown {
  return value !== null && typeof value === 'object' ? new Parameter(value) : value;
}

class Parameter {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  toString(): string {
    return plainText(this.value);
  }
}

function codec<T>(oids: number[], parse: (text: string) => T) {
  return { to: oids[0] ?? 0, from: oids, parse, serialize: (value: unknown) => plainText(unwrap(value)) };
}

function unwrap(value: unknown): unknown {
  return value instanceof Parameter ? value.value : value;
}

function plainText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return arrayText(value, plainText);
  if (value !== null && typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

function json(value: unknown): string {
  return JSON.stringify(unwrap(value));
}

function day(value: unknown): string {
  return plainText(unwrap(value)).slice(0, 10);
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`The database answered ${text}, which is too large for a JavaScript number.`);
}

function arrayText(items: readonly unknown[], toText: (item: unknown) => string): string {
  const parts = items.map((item) => {
    if (item === null || item === undefined) return 'null';
    if (Array.isArray(item)) return arrayText(item, toText);
    return `"${toText(item).replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}

const arrayToken = /"((?:[^"\\]|\\.)*)"|[{},]|[^{},"]+/gs;

/** Reads PostgreSQL's array notation, e.g. {a,"b ""c",null}; nested arrays come back nested. */
export function parseArray<T>(text: string, parseItem: (item: string) => T): T[] {
  const root: unknown[] = [];
  const open: unknown[][] = [root];
  for (const [token, quoted] of text.matchAll(arrayToken)) {
    const current = open.at(-1) ?? root;
    if (quoted !== undefined) current.push(parseItem(quoted.replace(/\\(.)/gs, '$1')));
    else if (token === '{') {
      const nested: unknown[] = [];
      current.push(nested);
      open.push(nested);
    } else if (token === '}') open.pop();
    else if (token !== ',') current.push(token === 'NULL' ? null : parseItem(token));
  }
  return (root[0] ?? []) as T[];
}
