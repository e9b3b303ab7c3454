import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type Asset, type AssetVersion, assetQuery, fileUrl } from '../assets/api.ts';
import { paths } from '../lib/paths.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { useUrlState } from '../lib/url-state.ts';
import { useLookedAt } from '../search/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FileContent } from '../ui/file-content.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { type Rendition, renditionQuery } from './api.ts';
import { FlowReading } from './flow-reading.tsx';
import { PageReading } from './page-reading.tsx';
import { ReadingBar } from './reading-bar.tsx';
import classes from './reading-page.module.css';
import { readingState, useLeave } from './reading-state.ts';

/** A document to be read: all of its pages, the words in it, and nothing else in the window. */
export function ReadingPage() {
  const { assetId } = useParams({ strict: false }) as { assetId: string };
  const asset = useQuery(assetQuery(assetId));
  if (asset.error && !asset.data) return <Missing />;
  if (!asset.data) return <Loading />;
  return <Loaded key={assetId} asset={asset.data} />;
}

function Missing() {
  usePageTitle('Not to be shown');
  return (
    <main className={classes.centred}>
      <EmptyState
        isPage
        title="There is nothing to read here"
        action={<LinkButton to={paths.find}>Go to Find</LinkButton>}
      >
        The asset is gone, it is not published, or Offshelf cannot be reached right now.
      </EmptyState>
    </main>
  );
}

function Loading() {
  return (
    <main className={classes.centred} role="status" aria-label="Loading">
      <h1 className="only-heard">Loading</h1>
      <div className={classes.blank}>
        <SkeletonText lines={12} />
      </div>
    </main>
  );
}

function Loaded({ asset }: { asset: Asset }) {
  const [state, change] = useUrlState(readingState);
  const version =
    asset.versions.find((candidate) => candidate.id === state.version) ??
    asset.versions.find((candidate) => candidate.id === asset.versionId);
  const rendition = useQuery(renditionQuery(version?.id ?? asset.versionId));
  usePageTitle(asset.title);
  useLookedAt(asset.id);
  if (!version) return <Missing />;
  const kind = kindOf(asset, rendition.data);
  if (rendition.data && kind === 'pages')
    return (
      <PageReading
        asset={asset}
        version={version}
        rendition={rendition.data}
        state={state}
        onChange={change}
      />
    );
  if (rendition.data && kind === 'flow')
    return (
      <FlowReading
        asset={asset}
        version={version}
        rendition={rendition.data}
        state={state}
        onChange={change}
      />
    );
  return <OtherReading asset={asset} version={version} rendition={rendition} />;
}

/** Films and pictures are looked at; what has pages or text is read. */
function kindOf(asset: Asset, rendition: Rendition | undefined): 'pages' | 'flow' | 'other' {
  if (!rendition || asset.kind === 'web_link' || /^(video|audio)\//.test(asset.mediaType)) return 'other';
  if (rendition.pages.some((page) => page.hasImage)) return 'pages';
  if (rendition.html !== '') return 'flow';
  return rendition.pages.some((page) => page.wordCount > 0) ? 'pages' : 'other';
}

interface OtherReadingProps {
  asset: Asset;
  version: AssetVersion;
  rendition: { data: Rendition | undefined; error: Error | null; refetch: () => unknown };
}

function OtherReading({ asset, version, rendition }: OtherReadingProps) {
  const leave = useLeave(asset.id);
  useShortcut('Escape', 'Back', leave, { group: 'Reading' });
  const here = { to: paths.reading(asset.id), search: {} };
  return (
    <div className={classes.frame}>
      <ReadingBar asset={asset} version={version} onLeave={leave} />
      <main className={classes.looked}>
        <h1 className="only-heard">{asset.title}</h1>
        <FileContent
          key={version.id}
          title={asset.title}
          file={{ ...version, versionId: version.id, isWebLink: asset.kind === 'web_link' }}
          src={fileUrl(asset.id, { versionId: version.id })}
          rendition={rendition}
          isRetrying={false}
          size="page"
          readingAt={() => here}
          onRead={() => undefined}
        />
      </main>
    </div>
  );
}
