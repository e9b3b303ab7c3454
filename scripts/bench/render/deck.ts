import PDFDocument from 'pdfkit';
import sharp from 'sharp';

const [width, height] = [960, 540] as const;

/** Slides as sales teams have them: a title, lines of text, a chart and, on every third, a photograph. */
export async function makeDeck(pageCount: number): Promise<Buffer> {
  const doc = new PDFDocument({ autoFirstPage: false });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    doc.on('data', (chunk) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
  });
  for (let page = 1; page <= pageCount; page += 1) {
    doc.addPage({ size: [width, height] });
    drawSlide(doc, page);
    if (page % 3 === 1) doc.image(await makePhoto(page), 560, 130, { width: 360, height: 270 });
    else drawChart(doc, page);
  }
  doc.end();
  return done;
}

type Doc = InstanceType<typeof PDFDocument>;

function drawSlide(doc: Doc, page: number): void {
  doc.rect(0, 0, width, 70).fill('#12355b');
  doc
    .fillColor('#ffffff')
    .fontSize(32)
    .text(`What ${page * 7} teams changed in a quarter`, 40, 20);
  doc.fillColor('#1d1d1f').fontSize(18);
  for (let line = 0; line < 6; line += 1) {
    const text = `Point ${line + 1} of slide ${page}: fewer steps, sooner live, and a number that anyone can check`;
    doc.text(`• ${text}`, 40, 110 + line * 62, { width: 480 });
  }
  doc.fillColor('#6b7280').fontSize(10).text(`Page ${page}`, 880, 510, { lineBreak: false });
}

function drawChart(doc: Doc, page: number): void {
  for (let bar = 0; bar < 8; bar += 1) {
    const tall = 60 + ((bar * 53 + page * 29) % 200);
    doc.rect(580 + bar * 42, 400 - tall, 30, tall).fill(bar % 2 ? '#2f80ed' : '#f2994a');
  }
  doc.moveTo(570, 400).lineTo(930, 400).lineWidth(2).strokeColor('#1d1d1f').stroke();
}

/** Shading and grain, which cost as much to keep as those of a camera. */
async function makePhoto(seed: number): Promise<Buffer> {
  const [wide, tall] = [1200, 900];
  const data = Buffer.alloc(wide * tall * 3);
  let noise = seed;
  for (let at = 0; at < data.length; at += 1) {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) >>> 0;
    const [x, y] = [Math.floor(at / 3) % wide, Math.floor(at / 3 / wide)];
    const shade = 128 + 70 * Math.sin((x + seed * 90) / 140) + 50 * Math.cos((y * (1 + (at % 3))) / 170);
    data[at] = Math.max(0, Math.min(255, shade + (noise >>> 28)));
  }
  return sharp(data, { raw: { width: wide, height: tall, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}
