import { once } from 'node:events';

interface Visits {
  fromMs: number;
  nowMs: number;
  visitCount: number;
  linkCount: number;
  assetCount: number;
  pagesOfVisit: number;
}

/** When visit `n` began, as SQL; the same below, as rows of a file. */
export function startOf({ fromMs, nowMs, visitCount }: Visits): string {
  return `timestamptz 'epoch' + interval '1 millisecond' *
    (${fromMs} + (n * 7919::bigint % ${visitCount}) * ${nowMs - fromMs}::bigint / ${visitCount})`;
}

/** What follows the name of this program when COPY reads page views from it. */
export function toArguments(visits: Visits): string {
  return `${visits.fromMs} ${visits.nowMs} ${visits.visitCount} ${visits.linkCount} ${visits.assetCount} ${visits.pagesOfVisit}`;
}

if (process.argv[1] === import.meta.filename) {
  const [fromMs = 0, nowMs = 0, visitCount = 0, linkCount = 0, assetCount = 0, pagesOfVisit = 0] =
    process.argv.slice(2).map(Number);
  await writePages({ fromMs, nowMs, visitCount, linkCount, assetCount, pagesOfVisit });
}

async function writePages(visits: Visits): Promise<void> {
  const { fromMs, nowMs, visitCount, linkCount, assetCount, pagesOfVisit } = visits;
  let text = '';
  for (let n = 0; n < visitCount; n += 1) {
    // The product is too large for a double.
    const afterMs = (BigInt((n * 7919) % visitCount) * BigInt(nowMs - fromMs)) / BigInt(visitCount);
    const startMs = fromMs + Number(afterMs);
    const started = new Date(startMs).toISOString();
    const ended = new Date(startMs + 300_000).toISOString();
    const versionId = idOf('ver', (n % linkCount) % assetCount);
    for (let page = 1; page <= pagesOfVisit; page += 1)
      text += `${idOf('vis', n)}\t${started}\ttab00001\t${versionId}\t${page}\t${(n * 37 + page * 911) % 30_000}\t${started}\t${ended}\n`;
    if (text.length < 1_000_000 && n < visitCount - 1) continue;
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    text = '';
  }
}

function idOf(kind: string, number: number): string {
  return `${kind}_${number.toString().padStart(10, '0')}`;
}
