const ooxml = 'application/vnd.openxmlformats-officedocument';
const odf = 'application/vnd.oasis.opendocument';

/** What a converter is told that a file is; it decides by the ending which of its readers to take. */
const extensions: Record<string, string> = {
  [`${ooxml}.presentationml.presentation`]: 'pptx',
  [`${ooxml}.presentationml.slideshow`]: 'ppsx',
  [`${ooxml}.presentationml.template`]: 'potx',
  'application/vnd.ms-powerpoint.presentation.macroenabled.12': 'pptm',
  'application/vnd.ms-powerpoint.slideshow.macroenabled.12': 'ppsm',
  'application/vnd.ms-powerpoint.template.macroenabled.12': 'potm',
  [`${ooxml}.wordprocessingml.document`]: 'docx',
  [`${ooxml}.wordprocessingml.template`]: 'dotx',
  'application/vnd.ms-word.document.macroenabled.12': 'docm',
  'application/vnd.ms-word.template.macroenabled.12': 'dotm',
  [`${ooxml}.spreadsheetml.sheet`]: 'xlsx',
  [`${ooxml}.spreadsheetml.template`]: 'xltx',
  'application/vnd.ms-excel.sheet.macroenabled.12': 'xlsm',
  'application/vnd.ms-excel.template.macroenabled.12': 'xltm',
  'application/vnd.ms-excel.sheet.binary.macroenabled.12': 'xlsb',
  [`${odf}.text`]: 'odt',
  [`${odf}.text-template`]: 'ott',
  [`${odf}.presentation`]: 'odp',
  [`${odf}.presentation-template`]: 'otp',
  [`${odf}.spreadsheet`]: 'ods',
  [`${odf}.spreadsheet-template`]: 'ots',
  [`${odf}.graphics`]: 'odg',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
  'text/html': 'html',
};

/** The ending of Office files of a media type; undefined for what no converter is asked about. */
export function officeExtension(mediaType: string): string | undefined {
  return extensions[mediaType.toLowerCase()];
}

/** What LibreOffice is asked for, in all its shapes. */
export function pdfOptions({ pageLimit, hasPagePerSheet }: { pageLimit: number; hasPagePerSheet: boolean }) {
  return {
    PageRange: { type: 'string', value: `1-${pageLimit}` },
    SinglePageSheets: { type: 'boolean', value: String(hasPagePerSheet) },
  };
}
