const scale = 2;
const margin = 24;

interface PictureWords {
  title: string;
  /** Below the picture: when it was counted, and over what. */
  foot: string;
}

/** What a chart's marks look like is said by style sheets, which a picture doesn't have: each carries its own then. */
const carried = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'visibility',
  'display',
] as const;

function cloneWithStyles(svg: SVGSVGElement): SVGSVGElement {
  const clone = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  const copies = [clone, ...clone.querySelectorAll('*')];
  for (const [index, original] of originals.entries()) {
    const styles = getComputedStyle(original);
    const copy = copies[index] as SVGElement | undefined;
    for (const name of carried) copy?.style.setProperty(name, styles.getPropertyValue(name));
  }
  return clone;
}

/** A picture within a drawing is not asked for when the drawing becomes a picture itself, so it travels within. */
async function bringAlong(image: SVGImageElement): Promise<void> {
  const answer = await fetch(image.href.baseVal);
  if (!answer.ok) return;
  const blob = await answer.blob();
  const url = await new Promise<string>((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.readAsDataURL(blob);
  });
  image.setAttribute('href', url);
}

async function drawSvg(context: CanvasRenderingContext2D, svg: SVGSVGElement, top: number): Promise<void> {
  const { width, height } = svg.getBoundingClientRect();
  const clone = cloneWithStyles(svg);
  await Promise.all([...clone.querySelectorAll('image')].map(bringAlong));
  clone.setAttribute('width', width.toString());
  clone.setAttribute('height', height.toString());
  clone.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const text = new XMLSerializer().serializeToString(clone);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  context.drawImage(image, margin, top, width, height);
}

/** Writes words that are too long for a line on several; answers how far down it came. */
function writeLines(
  context: CanvasRenderingContext2D,
  words: string,
  top: number,
  lineHeight: number,
): number {
  const width = context.canvas.width / scale - 2 * margin;
  let line = '';
  let at = top;
  for (const word of words.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > width) {
      context.fillText(line, margin, at);
      at += lineHeight;
      line = word;
    } else line = longer;
  }
  context.fillText(line, margin, at);
  return at + lineHeight;
}

/** Gives the browser a chart as a picture, with its finding above it and its date below. */
export async function savePicture(
  fileName: string,
  chart: SVGSVGElement | HTMLCanvasElement,
  { title, foot }: PictureWords,
): Promise<void> {
  const { width, height } = chart.getBoundingClientRect();
  const styles = getComputedStyle(document.body);
  const canvas = document.createElement('canvas');
  canvas.width = (Math.max(width, 320) + 2 * margin) * scale;
  canvas.height = (height + 140) * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');
  context.scale(scale, scale);
  context.fillStyle = styles.getPropertyValue('--paper') || '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = styles.getPropertyValue('--ink') || '#000000';
  context.font = `600 16px ${styles.fontFamily}`;
  context.textBaseline = 'top';
  const top = writeLines(context, title, margin, 22) + 8;
  if (chart instanceof SVGSVGElement) await drawSvg(context, chart, top);
  else context.drawImage(chart, margin, top, width, height);
  context.fillStyle = styles.getPropertyValue('--quiet') || '#666666';
  context.font = `12px ${styles.fontFamily}`;
  writeLines(context, foot, top + height + 10, 16);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture could not be made.');
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
