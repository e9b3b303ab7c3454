const deepestIndent = 20;
/** A line that is longer was written for machines. */
const longestLine = 400;

/**
 * JSON with a line for each value, when it has none. Every value stays as it is written, even in a text that is not
 * quite JSON, and nesting without end costs nothing.
 */
export function indentJson(text: string, longest: number): string {
  if (!text.split('\n', 200).some((line) => line.length > longestLine)) return text;
  let out = '';
  let depth = 0;
  let before = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"?|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    if (out.length > longest) break;
    if (closes.has(token)) depth -= 1;
    if (depth < 0) return text;
    const isOwnLine = before === ',' || opens.has(before) !== closes.has(token) || isNextText(before, token);
    out +=
      (isOwnLine && token !== ',' && token !== ':' ? lineStart(depth) : '') + (token === ':' ? ': ' : token);
    if (opens.has(token)) depth += 1;
    before = token;
  }
  return out.trimStart();
}

const opens = new Set(['{', '[']);
const closes = new Set(['}', ']']);

/** Logs hold one text after the other. */
function isNextText(before: string, token: string): boolean {
  return !/^[[{,:]?$/.test(before) && !/^[\]},:]$/.test(token);
}

function lineStart(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, deepestIndent))}`;
}
