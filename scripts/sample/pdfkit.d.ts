/** The part of pdfkit that the sample and the tests use; the package ships without types. */
declare module 'pdfkit' {
  type TextOptions = {
    width?: number;
    height?: number;
    lineGap?: number;
    continued?: boolean;
    align?: 'left' | 'center' | 'right';
    lineBreak?: boolean;
    characterSpacing?: number;
  };
  class PDFDocument {
    constructor(options: {
      size?: string;
      margins?: { top: number; bottom: number; left: number; right: number };
      autoFirstPage?: boolean;
      bufferPages?: boolean;
      lang?: string;
      displayTitle?: boolean;
      userPassword?: string;
      info?: Record<string, string | Date>;
    });
    x: number;
    y: number;
    page: {
      width: number;
      height: number;
      margins: { top: number; bottom: number; left: number; right: number };
    };
    on(event: 'data', listener: (chunk: Buffer) => void): this;
    on(event: 'end', listener: () => void): this;
    end(): void;
    addPage(options?: { size: [number, number] }): this;
    switchToPage(page: number): this;
    bufferedPageRange(): { start: number; count: number };
    font(name: string): this;
    fontSize(size: number): this;
    fillColor(color: string): this;
    strokeColor(color: string): this;
    lineWidth(width: number): this;
    rect(x: number, y: number, width: number, height: number): this;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    circle(x: number, y: number, radius: number): this;
    polygon(...points: [number, number][]): this;
    fill(color?: string): this;
    stroke(): this;
    image(source: Buffer, x: number, y: number, options: { width: number; height: number }): this;
    text(text: string, x?: number, y?: number, options?: TextOptions): this;
    text(text: string, options?: TextOptions): this;
    heightOfString(text: string, options?: TextOptions): number;
    widthOfString(text: string, options?: TextOptions): number;
  }
  export = PDFDocument;
}
