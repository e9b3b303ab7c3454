import { serveTasks } from './serve.ts';

/** The entry of a child process. A handler is loaded when its first task comes: most children need one or two. */
serveTasks({
  inspect: async () => (await import('./inspect.ts')).inspect,
  'render-pdf': async () => (await import('./pdf.ts')).renderPdf,
  'render-picture': async () => (await import('./picture.ts')).renderPicture,
  'make-jpeg': async () => (await import('./picture.ts')).makeJpeg,
  watermark: async () => (await import('./watermark.ts')).drawWatermark,
  'read-office': async () => (await import('./office-text.ts')).readOffice,
  'convert-office': async () => (await import('./libreoffice.ts')).convertOffice,
  'read-text': async () => (await import('./flow-text.ts')).readText,
  'read-video': async () => (await import('./video.ts')).readVideo,
  'read-web-page': async () => (await import('./web-page.ts')).readWebPage,
  digest: async () => (await import('./digest.ts')).digest,
});
