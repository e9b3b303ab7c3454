/** A sheet as written in the content: row 0 is the head. */
export type SheetText = { name: string; rows: string[][] };

/**
 * Values of all number and formula cells, by "Sheet!A1". Formulas know + - * / ( ) SUM and references to other
 * sheets; that is what the sample's calculator needs.
 */
export function evaluateSheets(sheets: SheetText[]): Map<string, number> {
  const texts = new Map<string, string>();
  for (const sheet of sheets) {
    for (const [row, cells] of sheet.rows.entries()) {
      if (row === 0) continue;
      for (const [column, text] of cells.entries()) {
        texts.set(`${sheet.name}!${String.fromCharCode(65 + column)}${row + 1}`, text);
      }
    }
  }
  const values = new Map<string, number>();
  const valueAt = (key: string): number => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const text = texts.get(key) ?? '';
    const sheet = key.slice(0, key.indexOf('!'));
    const value = text.startsWith('=') ? evaluate(text.slice(1), sheet, valueAt) : (numberOf(text) ?? 0);
    values.set(key, value);
    return value;
  };
  for (const [key, text] of texts) {
    if (text.startsWith('=') || numberOf(text) !== null) valueAt(key);
  }
  return new Map([...values].filter(([key]) => (texts.get(key) ?? '') !== ''));
}

function numberOf(text: string): number | null {
  const match = /^(-?\d+(?:\.\d+)?)(%?)$/.exec(text);
  if (!match) return null;
  return Number(match[1]) / (match[2] === '%' ? 100 : 1);
}

function evaluate(formula: string, sheet: string, valueAt: (key: string) => number): number {
  const tokens =
    formula.match(/SUM\([A-Z]\d+:[A-Z]\d+\)|(?:'[^']+'!|[A-Za-z]+!)?[A-Z]\d+|\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  if (tokens.join('') !== formula)
    throw new Error(`Formula "${formula}" uses something that is not understood.`);
  let at = 0;
  const atom = (): number => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token === '(') {
      const inner = sum();
      at += 1;
      return inner;
    }
    if (token.startsWith('SUM(')) return sumOf(token, sheet, valueAt);
    if (/^\d/.test(token)) return Number(token);
    return valueAt(token.includes('!') ? token.replaceAll("'", '') : `${sheet}!${token}`);
  };
  const product = (): number => {
    let value = atom();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const isTimes = tokens[at] === '*';
      at += 1;
      const other = atom();
      value = isTimes ? value * other : value / other;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const isPlus = tokens[at] === '+';
      at += 1;
      const other = product();
      value = isPlus ? value + other : value - other;
    }
    return value;
  };
  const value = sum();
  if (at !== tokens.length) throw new Error(`Formula "${formula}" goes on after its end.`);
  return value;
}

function sumOf(token: string, sheet: string, valueAt: (key: string) => number): number {
  const range = /([A-Z])(\d+):[A-Z](\d+)/.exec(token);
  let total = 0;
  for (let row = Number(range?.[2]); row <= Number(range?.[3]); row += 1)
    total += valueAt(`${sheet}!${range?.[1]}${row}`);
  return total;
}
