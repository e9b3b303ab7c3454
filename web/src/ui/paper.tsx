import type { RenditionPage, readPageText } from '@offshelf/server/contract/rendering';
import { memo, useMemo } from 'react';
import { findStretches, nothingWanted, type Wanted } from '../lib/marks.ts';
import { pageImagePath } from '../lib/paths.ts';
import { MarkedRun, MarkedText } from './marked-text.tsx';
import classes from './paper.module.css';

export type PageText = typeof readPageText.response._output;

interface PaperProps {
  assetVersionId: string;
  page: Pick<RenditionPage, 'pageNumber' | 'width' | 'height' | 'hasImage'>;
  pageCount: number;
  /** How wide it is shown, in CSS pixels, so that the browser takes the picture that fits. */
  width: number;
  /** Undefined until it is known; the picture does not wait for it. */
  text: PageText | undefined;
  /** What to mark. */
  wanted?: Wanted;
  /** The match of this page that somebody is at. */
  currentMatch?: number | undefined;
  onGoTo: (pageNumber: number) => void;
}

/** One page: its picture, over it the words that can be selected and found, and its links. */
export function Paper({ assetVersionId, page, pageCount, width, text, ...rest }: PaperProps) {
  const { pageNumber, hasImage } = page;
  const label = `Page ${pageNumber.toString()} of ${pageCount.toString()}`;
  if (!hasImage)
    return (
      <section className={classes.words} aria-label={label} data-page={pageNumber}>
        {text && (
          <p>
            <MarkedText
              text={text.text}
              wanted={rest.wanted ?? nothingWanted}
              currentMatch={rest.currentMatch}
            />
          </p>
        )}
      </section>
    );
  const source = (size: 'small' | 'large') => pageImagePath(assetVersionId, pageNumber, size);
  return (
    <section
      className={classes.paper}
      aria-label={label}
      data-page={pageNumber}
      style={{ aspectRatio: `${(page.width ?? 1).toString()} / ${(page.height ?? 1).toString()}` }}
    >
      <img
        className={classes.picture}
        srcSet={`${source('small')} 800w, ${source('large')} 1600w`}
        sizes={`${Math.max(1, Math.round(width)).toString()}px`}
        src={source('large')}
        alt={text?.text.trim() ? '' : label}
        decoding="async"
        draggable={false}
      />
      {text?.width && <TextLayer text={text} wanted={rest.wanted} currentMatch={rest.currentMatch} />}
      {text && <Links text={text} onGoTo={rest.onGoTo} />}
    </section>
  );
}

type LayerProps = { text: PageText } & Pick<PaperProps, 'wanted' | 'currentMatch'>;

/** Every run of text stands, unseen, exactly on its picture, at whatever size the page is shown. */
const TextLayer = memo(function TextLayer({ text, wanted, currentMatch }: LayerProps) {
  const { textLayer } = text;
  const stretches = useMemo(
    () =>
      findStretches(
        textLayer.map(([run]) => run),
        wanted ?? nothingWanted,
      ),
    [textLayer, wanted],
  );
  const [pageWidth, pageHeight] = [text.width ?? 1, text.height ?? 1];
  const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
  return (
    <div className={classes.layer}>
      {textLayer.map(([run, x, y, width, height], index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the runs of a page keep their order for good.
          key={index}
          dir="auto"
          className={classes.run}
          style={{
            left: percent(x / pageWidth),
            top: percent(y / pageHeight),
            fontSize: `${((height / pageWidth) * 100).toFixed(3)}cqw`,
            transform: `scaleX(${stretchOf(run, width, height).toFixed(4)})`,
          }}
        >
          <MarkedRun text={run} stretches={stretches[index] ?? []} currentMatch={currentMatch} />{' '}
        </span>
      ))}
    </div>
  );
});

function Links({ text, onGoTo }: { text: PageText; onGoTo: (pageNumber: number) => void }) {
  const [pageWidth, pageHeight] = [text.width ?? 1, text.height ?? 1];
  const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
  return text.links.map(({ x, y, width, height, href, pageNumber }) => {
    const place = {
      left: percent(x / pageWidth),
      top: percent(y / pageHeight),
      width: percent(width / pageWidth),
      height: percent(height / pageHeight),
    };
    const key = `${x.toString()} ${y.toString()} ${href ?? pageNumber?.toString() ?? ''}`;
    if (href)
      return (
        <a
          key={key}
          className={classes.link}
          style={place}
          href={href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          title={href}
        >
          <span className="only-heard">{href}</span>
        </a>
      );
    if (pageNumber === null) return null;
    const label = `Go to page ${pageNumber.toString()}`;
    return (
      <button
        key={key}
        type="button"
        className={classes.link}
        style={place}
        title={label}
        aria-label={label}
        onClick={() => onGoTo(pageNumber)}
      />
    );
  });
}

let ruler: CanvasRenderingContext2D | null = null;

/** How much wider or narrower than our font the run is; one factor for every size. */
function stretchOf(run: string, width: number, height: number): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler || height <= 0 || width <= 0) return 1;
  ruler.font = '100px sans-serif';
  const natural = (ruler.measureText(run).width * height) / 100;
  return natural > 0 ? width / natural : 1;
}
