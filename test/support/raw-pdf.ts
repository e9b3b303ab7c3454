/** A PDF of these objects, the first of which is its catalogue: what no program that makes PDFs would write. */
export function makeRawPdf(objects: (string | Buffer)[]): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    offsets.push(at);
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(part);
    at += part.length;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const end = `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

export function makeStream(content: string | Buffer, entries = ''): Buffer {
  const data = Buffer.from(content);
  return Buffer.concat([
    Buffer.from(`<< /Length ${data.length} ${entries} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
}

/** One page for each content, in Helvetica as `/F`; `entries` go into every page. */
export function makePagesPdf(
  contents: (string | Buffer)[],
  {
    box = '[0 0 612 792]',
    entries = '',
    resources = '',
    catalog = '',
    more = [] as (string | Buffer)[],
  } = {},
): Buffer {
  const firstMore = 4 + contents.length * 2;
  const pages = contents.map(
    (_, index) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox ${box} ${entries} /Contents ${4 + contents.length + index} 0 R
      /Resources << /Font << /F 3 0 R >> ${resources.replaceAll('MORE', String(firstMore))} >> >>`,
  );
  return makeRawPdf([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [${pages.map((_, index) => `${4 + index} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages,
    ...contents.map((content) => makeStream(content)),
    ...more,
  ]);
}
