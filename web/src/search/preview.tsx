import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Asset, AssetCard } from '@offshelf/server/contract/assets';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { assetQuery, fileUrl } from '../assets/api.ts';
import { formatBytes, formatFileType } from '../lib/format.ts';
import { holds, markedWords, type Wanted } from '../lib/marks.ts';
import { paths } from '../lib/paths.ts';
import { renditionQuery } from '../rendering/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { StatusBadge, TermChips } from '../ui/badges.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { FileContent } from '../ui/file-content.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ShareButton, useSharing, whyNotShared } from '../ui/sharing.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { DateText, DayText } from '../ui/words.tsx';
import { recordDownload, type SearchHit, useLookedAt } from './api.ts';
import classes from './preview.module.css';

interface PreviewProps {
  assetId: string | undefined;
  /** What the result already says, so that the panel does not open empty. */
  hit: SearchHit | undefined;
  /** What was asked. */
  query: string;
  onClose: () => void;
}

/** The asset beside the results: what it is, when to use it, what to say with it. */
export function Preview({ assetId, hit, query, onClose }: PreviewProps) {
  const asset = useQuery({ ...assetQuery(assetId ?? ''), enabled: assetId !== undefined });
  const { isSharing } = useSharing();
  const isBeside = useMediaQuery('(width >= 1180px)', true, { getInitialValueInEffect: false });
  const whole = asset.data?.id === assetId ? asset.data : undefined;
  const shown = whole ?? hit?.asset;
  useLookedAt(shown?.id);
  // Where the preview covers the page it steps aside for the share sheet and comes back after it.
  const isOpen = assetId !== undefined && (isBeside || !isSharing);
  return (
    <DetailPanel
      isOpen={isOpen}
      onClose={onClose}
      title={shown?.title ?? (asset.error ? 'Not to be shown' : 'One moment')}
      footer={shown && <Actions asset={shown} />}
    >
      {asset.error && <ProblemNote error={asset.error} onRetry={() => void asset.refetch()} />}
      {!shown && !asset.error && <SkeletonText lines={6} />}
      {shown && <Body asset={shown} whole={whole} hit={hit} query={query} />}
    </DetailPanel>
  );
}

function Actions({ asset }: { asset: AssetCard }) {
  return (
    <>
      {asset.kind === 'file' && (
        <Button
          component="a"
          href={fileUrl(asset.id, { asDownload: true })}
          download
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.5} aria-hidden />}
          onClick={() => recordDownload(asset.id)}
        >
          Download
        </Button>
      )}
      <LinkButton to={paths.asset(asset.id)} variant="default">
        Open page
      </LinkButton>
      <ShareButton asset={asset} />
    </>
  );
}

function Body({ asset, whole, hit, query }: ContentProps) {
  const top = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another asset begins at its top.
  useEffect(() => {
    top.current?.parentElement?.scrollTo({ top: 0 });
  }, [asset.id]);
  const reason = whyNotShared(asset);
  return (
    <div ref={top} className={classes.body}>
      {(reason || asset.isStale) && (
        <ul className={classes.cautions}>
          {reason && <li>{reason}</li>}
          {asset.isStale && (
            <li>
              <StatusBadge tone="look">Review overdue</StatusBadge>{' '}
              {asset.reviewOn ? (
                <>
                  To be reviewed by <DayText day={asset.reviewOn} />. Check it before you send it.
                </>
              ) : (
                'Its owner is gone. Check it before you send it.'
              )}
            </li>
          )}
        </ul>
      )}
      {asset.useWhen && (
        <Part heading="Use when">
          <p className={classes.useWhen}>{asset.useWhen}</p>
        </Part>
      )}
      <Content
        key={`${asset.versionId} ${hit?.pageNumber?.toString() ?? ''}`}
        asset={asset}
        whole={whole}
        hit={hit}
        query={query}
      />
      <TalkTrack text={whole?.talkTrack} />
      {asset.description && (
        <Part heading="What it is">
          <p className={classes.text}>{asset.description}</p>
        </Part>
      )}
      <Facts asset={asset} />
      <TermChips terms={asset.terms} limit={12} />
    </div>
  );
}

interface ContentProps {
  asset: AssetCard;
  whole: Asset | undefined;
  hit: SearchHit | undefined;
  query: string;
}

/** Its pages, open at the one that answers the question, with the words marked. */
function Content({ asset, whole, hit, query }: ContentProps) {
  const navigate = useNavigate();
  const rendition = useQuery(renditionQuery(asset.versionId));
  const version = whole?.versions.find(({ id }) => id === asset.versionId);
  const at = hit?.pageNumber ? { pageNumber: hit.pageNumber, wanted: markedWords(hit.excerpt) } : undefined;
  const readingAt = (pageNumber: number) => ({
    to: paths.reading(asset.id),
    search: { ...(pageNumber > 1 && { page: pageNumber }), ...(at && looked(hit, query, at.wanted)) },
  });
  return (
    <FileContent
      title={asset.title}
      file={{
        ...asset,
        url: whole?.url ?? null,
        isWebLink: asset.kind === 'web_link',
        typeWarning: version?.typeWarning ?? null,
      }}
      src={fileUrl(asset.id)}
      rendition={rendition}
      isRetrying={false}
      size="panel"
      at={at}
      readingAt={readingAt}
      onRead={(pageNumber) => void navigate(readingAt(pageNumber) as never)}
    />
  );
}

/** A question that stands on the page as it is goes on as a search in the document; else its words are marked there. */
function looked(
  hit: SearchHit | undefined,
  query: string,
  wanted: Wanted,
): { find?: string; mark?: string[] } {
  const excerpt = hit?.excerpt?.map((part) => part.text).join('') ?? '';
  if (query !== '' && holds(excerpt, query)) return { find: query };
  return { mark: wanted.words.slice(0, mostMarks) };
}

const mostMarks = 12;

function Part({ heading, action, children }: { heading: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <div className={classes.partHead}>
        <h3 className={classes.heading}>{heading}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}

function TalkTrack({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <Part heading="What to say" action={<CopyButton value={text} label="Copy" size="compact-xs" />}>
      <p className={classes.talkTrack}>{text}</p>
    </Part>
  );
}

function Facts({ asset }: { asset: AssetCard }) {
  const fileType = asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName);
  const size = asset.sizeBytes === null ? '' : `, ${formatBytes(asset.sizeBytes)}`;
  return (
    <dl className={classes.facts}>
      <Fact name="Owner">{asset.ownerName ?? 'Nobody'}</Fact>
      <Fact name="Version">
        {asset.versionNumber}, {fileType}
        {size}
      </Fact>
      <Fact name="Published">
        <DateText date={asset.publishedAt} fallback="Not yet" />
      </Fact>
      <Fact name="Review by">
        <DayText day={asset.reviewOn} fallback="No date" />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
