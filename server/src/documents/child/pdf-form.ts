import type { RenderedPage } from '../tasks.ts';
import { readAnnotations } from './pdf-links.ts';
import { type PdfPage, withPage } from './pdf-page.ts';
import type { PdfDocument } from './pdfium.ts';

const widget = 20;
const forDisplay = 0;
const hasChanged = 1;
const annotationLimit = 2_000;

/**
 * Makes what stands in the fields of a form a part of the page, to be drawn, read and found like the rest. The links
 * of such a page go with its fields, so they are returned.
 */
export function fillInFields(document: PdfDocument, index: number): RenderedPage['links'] {
  const { form } = document;
  if (!form) return [];
  const links = withPage(document, index, (page) => {
    if (!hasFields(page)) return [];
    const { pdfium, handle } = page;
    pdfium.FORM_OnAfterLoadPage(handle, form);
    const before = readAnnotations(page);
    const state = pdfium.FPDFPage_Flatten(handle, forDisplay);
    pdfium.FORM_OnBeforeClosePage(handle, form);
    return state === hasChanged ? before : [];
  });
  return links ?? [];
}

function hasFields({ pdfium, handle }: PdfPage): boolean {
  const count = Math.min(pdfium.FPDFPage_GetAnnotCount(handle), annotationLimit);
  for (let index = 0; index < count; index += 1) {
    const annotation = pdfium.FPDFPage_GetAnnot(handle, index);
    if (!annotation) continue;
    const subtype = pdfium.FPDFAnnot_GetSubtype(annotation);
    pdfium.FPDFPage_CloseAnnot(annotation);
    if (subtype === widget) return true;
  }
  return false;
}
