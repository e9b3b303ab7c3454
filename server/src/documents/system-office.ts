import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pdfOptions } from './office-formats.ts';
import type { Sandbox } from './sandbox.ts';

/** Where systems keep LibreOffice. */
export const officePlaces = [
  '/usr/bin/soffice',
  '/usr/local/bin/soffice',
  '/opt/libreoffice/program/soffice',
  '/usr/lib/libreoffice/program/soffice',
  '/usr/lib64/libreoffice/program/soffice',
  '/opt/homebrew/bin/soffice',
  '/Applications/LibreOffice.app/Contents/MacOS/soffice',
];

interface Conversion {
  program: string;
  file: string;
  extension: string;
  options: { pageLimit: number; hasPagePerSheet: boolean };
  timeoutMs: number;
  memoryBytes: number;
  signal: AbortSignal | undefined;
  onPdf: (path: string) => Promise<void>;
}

/** Has the system's LibreOffice make a PDF, in a profile of its own that allows nothing a file asks for. */
export async function convertWithSystemOffice(sandbox: Sandbox, conversion: Conversion): Promise<void> {
  const { program, file, extension, options, signal, timeoutMs, memoryBytes, onPdf } = conversion;
  const args = (folder: string, inputPath: string) => {
    writeProfile(join(folder, 'profile'));
    const filter = `pdf:writer_pdf_Export:${JSON.stringify(pdfOptions(options))}`;
    return [
      `-env:UserInstallation=file://${join(folder, 'profile')}`,
      ...['--headless', '--norestore', '--nolockcheck', '--nodefault', '--nologo', '--nofirststartwizard'],
      // Its reader for the web loses the first lines on the way to paper.
      ...(extension === 'html' ? ['--infilter=HTML (StarWriter)'] : []),
      ...['--convert-to', filter, '--outdir', folder, inputPath],
    ];
  };
  await sandbox.exec(program, args, {
    file,
    inputName: `input.${extension}`,
    timeoutMs,
    memoryBytes,
    ...(signal && { signal }),
    onResult: (folder) => onPdf(join(folder, 'input.pdf')),
  });
}

/** What keeps a file from running anything, fetching anything and asking for anything. */
const settings: [path: string, name: string, value: string][] = [
  ['/org.openoffice.Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'],
  ['/org.openoffice.Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'],
  ['/org.openoffice.Office.Common/Security/Scripting', 'DisableActiveContent', 'true'],
  ['/org.openoffice.Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'],
  ['/org.openoffice.Office.Writer/Content/Update', 'Link', '2'],
  ['/org.openoffice.Office.Calc/Content/Update', 'Link', '2'],
  ['/org.openoffice.Office.Common/Save/Document', 'WarnAlienFormat', 'false'],
  ['/org.openoffice.Inet/Settings', 'ooInetProxyType', '2'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPProxyName', '127.0.0.1'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPProxyPort', '9'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPSProxyName', '127.0.0.1'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPSProxyPort', '9'],
];

function writeProfile(folder: string): void {
  const items = settings.map(
    ([path, name, value]) =>
      `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  mkdirSync(join(folder, 'user'), { recursive: true });
  writeFileSync(
    join(folder, 'user', 'registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">${items.join('\n')}</oor:items>\n`,
  );
}
