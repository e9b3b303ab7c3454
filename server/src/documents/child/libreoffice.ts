import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { officeExtension, pdfOptions } from '../office-formats.ts';
import { FileRefused, type TaskHandler } from '../tasks.ts';
import { type OfficeEngine, OfficeFault, startOfficeEngine } from './libreoffice-engine.ts';

let engine: Promise<OfficeEngine> | undefined;

/** Writes the file as `output.pdf`. LibreOffice starts with the first file and is kept for the next. */
export const convertOffice: TaskHandler<'convert-office'> = async (task, { inputPath, folder }) => {
  const extension = officeExtension(task.mediaType);
  if (!extension) throw new FileRefused('unknown_type', `No converter is known for ${task.mediaType}`);
  const bytes = await readFile(inputPath);
  if (bytes.length === 0) throw new FileRefused('empty', 'The file has no bytes');
  engine ??= start(task.extraFontFiles);
  const { pdf, pageCount } = convert(await engine, bytes, extension, pdfOptions(task));
  await writeFile(join(folder, 'output.pdf'), pdf);
  return { pageCount };
};

async function start(fontFiles: string[]): Promise<OfficeEngine> {
  const fonts = fontFiles.map(async (file, index) => ({
    name: `${index}-${basename(file)}`,
    bytes: await readFile(file),
  }));
  return startOfficeEngine(await Promise.all(fonts));
}

function convert(office: OfficeEngine, bytes: Uint8Array, extension: string, options: object) {
  const [input, output] = [`/tmp/input/file.${extension}`, '/tmp/output/file.pdf'];
  try {
    office.writeFile(input, bytes);
    const document = office.openDocument(input);
    try {
      document.saveAs(output, 'pdf', options);
      const pdf = office.readFile(output);
      if (pdf.length === 0) throw new OfficeFault('LibreOffice wrote an empty file');
      return { pdf, pageCount: document.kind === 'spreadsheet' ? null : document.partCount };
    } finally {
      document.close();
    }
  } catch (error) {
    if (error instanceof OfficeFault) throw new FileRefused('damaged', error.message);
    throw error;
  } finally {
    for (const path of [input, output]) removeQuietly(office, path);
  }
}

function removeQuietly(office: OfficeEngine, path: string): void {
  try {
    office.removeFile(path);
  } catch {
    // It was not written.
  }
}
