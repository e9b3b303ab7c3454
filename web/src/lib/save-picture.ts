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

/** What a drawing asks for is not loaded when it becomes a picture itself, so it travels within. */
async function asDataUrl(address: string): Promise<string | undefined> {
  const answer = await fetch(address);
  if (!answer.ok) return undefined;
  const blob = await answer.blob();
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.readAsDataURL(blob);
  });
}

async function bringPictures(svg: SVGSVGElement): Promise<void> {
  for (const image of svg.querySelectorAll('image')) {
    const url = await asDataUrl(image.href.baseVal);
    if (url) image.setAttribute('href', url);
  }
}

/** The letters of the app, as its style sheet says where they are. */
async function bringFont(svg: SVGSVGElement): Promise<void> {
  const family = getComputedStyle(document.body).fontFamily.split(',')[0] ?? '';
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const rule = rules.find(
    (each): each is CSSFontFaceRule =>
      each instanceof CSSFontFaceRule && each.style.getPropertyValue('font-family') === family.trim(),
  );
  const address = /url\("?([^")]+)"?\)/.exec(rule?.style.getPropertyValue('src') ?? '')?.[1];
  const url =
    address && (await asDataUrl(new URL(address, rule?.parentStyleSheet?.href ?? location.href).href));
  if (!url) return;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = `@font-face { font-family: ${family}; font-weight: 100 900; src: url(${url}); }`;
  svg.prepend(style);
}

async function drawSvg(context: CanvasRenderingContext2D, svg: SVGSVGElement, top: number): Promise<void> {
  const { width, height } = svg.getBoundingClientRect();
  const clone = cloneWithStyles(svg);
  await Promise.all([bringPictures(clone), bringFont(clone)]);
  clone.setAttribute('width', width.toString());
  clone.setAttribute('height', height.toString());
  clone.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const text = new XMLSerializer().serializeToString(clone);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  context.drawImage(image, margin, top, width, height);
}

/** Words that are too long for a line, on several. */
function linesOf(context: CanvasRenderingContext2D, words: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
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
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');
  const room = Math.max(width, 320);
  const titleFont = `600 16px ${styles.fontFamily}`;
  const footFont = `12px ${styles.fontFamily}`;
  context.font = titleFont;
  const titleLines = linesOf(context, title, room);
  context.font = footFont;
  const footLines = linesOf(context, foot, room);
  const top = margin + titleLines.length * 22 + 8;
  const footTop = top + height + 12;
  canvas.width = (room + 2 * margin) * scale;
  canvas.height = (footTop + footLines.length * 16 + margin) * scale;
  context.scale(scale, scale);
  context.fillStyle = styles.getPropertyValue('--paper') || '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'top';
  context.fillStyle = styles.getPropertyValue('--ink') || '#000000';
  context.font = titleFont;
  for (const [index, line] of titleLines.entries()) context.fillText(line, margin, margin + index * 22);
  if (chart instanceof SVGSVGElement) await drawSvg(context, chart, top);
  else context.drawImage(chart, margin, top, width, height);
  context.fillStyle = styles.getPropertyValue('--quiet') || '#666666';
  context.font = footFont;
  for (const [index, line] of footLines.entries()) context.fillText(line, margin, footTop + index * 16);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture could not be made.');
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
