import { FileRefused, type RenderedPage, type TaskHandler, type TaskPart } from '../tasks.ts';
import { encodePage } from './encode.ts';
import { openReader } from './pdf-reader.ts';

/** Pages whose pixels are in memory at once: one is drawn while the others are encoded in other threads. */
const openDeliveries = 2;

/** Pages in their order, each as soon as it is ready; the first one before anything is done for the second. */
export const renderPdf: TaskHandler<'render-pdf'> = async (limits, { inputPath, folder, emit }) => {
  const reader = await openReader(inputPath);
  try {
    const { pageCount } = reader;
    if (pageCount === 0) throw new FileRefused('empty', 'The PDF has no pages.');
    const lastPage = Math.min(pageCount, Math.max(limits.imagePageLimit, limits.textPageLimit));
    const deliver = createDelivery(emit);
    let renderedPageCount = 0;
    await deliver({ kind: 'opened', pageCount });
    for (let pageNumber = 1; pageNumber <= lastPage; pageNumber += 1) {
      const seen = await reader.seePage(pageNumber, pageNumber <= limits.imagePageLimit);
      if (!seen) break;
      const encoding = seen.pixels ? encodePage(seen.pixels, { folder, pageNumber }) : Promise.resolve([]);
      if (seen.pixels) renderedPageCount += 1;
      const part = encoding.then((images): TaskPart<'render-pdf'> => {
        const page: RenderedPage = { pageNumber, ...seen.page, images };
        return { kind: 'page', page };
      });
      await deliver(part);
      // Drawing holds everything else up, so the first page goes out before the second is drawn.
      if (pageNumber === 1) await part;
      await new Promise((done) => setImmediate(done));
    }
    await deliver.all();
    if (renderedPageCount === 0 && limits.imagePageLimit > 0) throw reader.refusal();
    return { pageCount, renderedPageCount };
  } finally {
    reader.close();
  }
};

/** Emits parts one after the other, while the next ones are being made; waits when too many are. */
function createDelivery(emit: (part: TaskPart<'render-pdf'>) => Promise<void>) {
  const open: Promise<void>[] = [];
  let last = Promise.resolve();
  const deliver = async (part: TaskPart<'render-pdf'> | Promise<TaskPart<'render-pdf'>>) => {
    last = Promise.all([part, last]).then(([ready]) => emit(ready));
    // A failure is met where the delivery is awaited.
    last.catch(() => undefined);
    open.push(last);
    if (open.length > openDeliveries) await open.shift();
  };
  deliver.all = () => last;
  return deliver;
}
