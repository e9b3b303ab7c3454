import { createRequire } from 'node:module';
import { Document, HeadingLevel, Packer, Paragraph, TextRun } from 'docx';
import PDFDocument from 'pdfkit';
import type PptxGenJS from 'pptxgenjs';
import sharp from 'sharp';

/*
 * Real files, made by code.
 */

/** A PDF with these lines on its pages. */
export function makePdf(
  pages: string[],
  options: { userPassword?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const doc = new PDFDocument({ autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  const done = new Promise<Uint8Array<ArrayBuffer>>((resolve) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
  });
  for (const text of pages) {
    doc.addPage({ size: [720, 405] });
    doc.fontSize(28).text(text, 40, 40, { width: 640 });
  }
  doc.end();
  return done;
}

// Its types describe the CommonJS build and its import gives the other one, so the CommonJS build is loaded.
const Deck: typeof PptxGenJS.default = createRequire(import.meta.url)('pptxgenjs');

export interface SlideInput {
  title: string;
  text?: string;
  notes?: string;
}

export async function makeSlides(slides: SlideInput[]): Promise<Uint8Array<ArrayBuffer>> {
  const deck = new Deck();
  for (const { title, text, notes } of slides) {
    const slide = deck.addSlide();
    slide.addText(title, { x: 0.5, y: 0.4, w: 9, h: 1, fontSize: 28 });
    if (text) slide.addText(text, { x: 0.5, y: 1.6, w: 9, h: 3, fontSize: 16 });
    if (notes) slide.addNotes(notes);
  }
  const bytes = await deck.write({ outputType: 'nodebuffer' });
  if (!(bytes instanceof Uint8Array)) throw new Error('pptxgenjs returned no bytes.');
  return new Uint8Array(bytes);
}

export async function makeWord(paragraphs: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const children = paragraphs.map((text, index) =>
    index === 0
      ? new Paragraph({ text, heading: HeadingLevel.HEADING_1 })
      : new Paragraph({ children: [new TextRun(text)] }),
  );
  return new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children }] })));
}

export async function makePicture(width = 1200, height = 800): Promise<Uint8Array<ArrayBuffer>> {
  const background = { r: 30, g: 90, b: 160 };
  return new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer(),
  );
}
