import { Skeleton } from '@mantine/core';
import { id } from '@offshelf/server/contract/http';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useRef } from 'react';
import { z } from 'zod';
import { isCurator, useUser } from '../auth/api.ts';
import { influenceLineQuery } from '../influence/api.ts';
import { ApiProblem } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { renditionQuery, retryRendition } from '../rendering/api.ts';
import { useLookedAt } from '../search/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FileContent } from '../ui/file-content.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { type Asset, type AssetVersion, assetQuery, fileUrl, useOpenedFrom } from './api.ts';
import { AssetHead } from './asset-head.tsx';
import { AssetLinks } from './asset-links.tsx';
import classes from './asset-page.module.css';
import { AssetProperties } from './asset-properties.tsx';
import { AssetVersions } from './asset-versions.tsx';
import { ConflictNote } from './conflict-note.tsx';
import { DeleteAsset } from './delete-asset.tsx';
import { EditableText } from './editable-text.tsx';
import { FlagAnswers } from './flag-answers.tsx';
import type { AssetEdit } from './merge-edit.ts';
import { NotRightLine } from './not-right-line.tsx';
import { type AssetEditing, useAssetEditing } from './use-asset-editing.ts';

const pageState = z.object({
  version: id('ver').optional().catch(undefined),
  /** The search that led here. */
  search: id('srh').optional().catch(undefined),
});

/** One asset: when to use it, what to say with it, the thing itself, and for its keepers everything to change. */
export function AssetPage() {
  const { assetId } = useParams({ strict: false }) as { assetId: string };
  const asset = useQuery(assetQuery(assetId));
  if (asset.error && !asset.data) return <Missing error={asset.error} onRetry={() => void asset.refetch()} />;
  if (!asset.data) return <AssetSkeleton />;
  return <Loaded key={assetId} asset={asset.data} />;
}

/** Whether deals that read it moved on more often than others, or how far that is from being known. */
function InfluenceLine({ assetId }: { assetId: string }) {
  const { data } = useQuery(influenceLineQuery(assetId));
  return data ? <p className="quiet">{data}</p> : null;
}

function AssetSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className={classes.head}>
        <div className={classes.headWords}>
          <Skeleton height={26} width="58%" radius={6} mt={22} />
          <Skeleton height={10} width={220} radius={5} mt={16} />
        </div>
      </div>
      <div className={classes.columns}>
        <div className={classes.texts}>
          <SkeletonText lines={2} />
          <SkeletonText lines={3} />
          <Skeleton height={420} radius={8} />
        </div>
        <SkeletonText lines={10} />
      </div>
    </div>
  );
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  usePageTitle('Not to be shown');
  if (error instanceof ApiProblem && (error.code === 'not_found' || error.code === 'invalid_request'))
    return (
      <EmptyState
        isPage
        title="There is no such asset"
        action={<LinkButton to={paths.find}>Go to Find</LinkButton>}
      >
        It is gone, or it is not published. Whoever sent you the address can tell you which.
      </EmptyState>
    );
  return <ProblemNote error={error} onRetry={onRetry} />;
}

function Loaded({ asset }: { asset: Asset }) {
  const user = useUser();
  const canEdit = isCurator(user);
  const editing = useAssetEditing(asset.id);
  const [{ version: versionId, search }, change] = useUrlState(pageState);
  usePageTitle(asset.title);
  useLookedAt(search ? undefined : asset.id);
  useOpenedFrom(asset.id, search);

  const shown = asset.versions.find((version) => version.id === versionId) ?? asset.versions[0];
  const isOld = shown !== undefined && shown.id !== asset.versionId;
  const showVersion = (id: string) => change({ version: id === asset.versionId ? undefined : id });
  return (
    <article>
      <AssetHead asset={asset} canEdit={canEdit} editing={editing} />
      {editing.conflict && (
        <ConflictNote
          conflict={editing.conflict}
          onKeepTheirs={editing.keepTheirs}
          onOverwrite={() => void editing.overwrite()}
        />
      )}
      <div className={classes.columns}>
        <div className={classes.main}>
          <FlagAnswers assetId={asset.id} seesAll={canEdit || asset.ownerUserId === user.id} />
          <Texts asset={asset} canEdit={canEdit} editing={editing} />
          <section aria-label="Preview" className={classes.preview}>
            {isOld && (
              <p className={classes.old} role="status">
                You see version {shown.number}.{' '}
                <AppLink to={paths.asset(asset.id)}>Show the current one</AppLink>
              </p>
            )}
            {shown && <VersionContent key={shown.id} asset={asset} version={shown} />}
          </section>
          <AssetLinks assetId={asset.id} />
        </div>
        <aside className={classes.aside} aria-label="About this asset">
          <div>
            <AppLink to={paths.attention(asset.id)}>Attention: how people read it</AppLink>
            <InfluenceLine assetId={asset.id} />
          </div>
          {(canEdit || asset.ownerUserId === user.id) && <NotRightLine assetId={asset.id} />}
          <AssetProperties
            asset={asset}
            canEdit={canEdit}
            onSave={(base, edit) => void editing.save(base, edit)}
          />
          <AssetVersions
            asset={asset}
            canEdit={canEdit}
            shownId={shown?.id ?? asset.versionId}
            onShow={(version) => showVersion(version.id)}
            onAddWebAddress={editing.addWebAddress}
          />
          {canEdit && <DeleteAsset asset={asset} />}
        </aside>
      </div>
    </article>
  );
}

function VersionContent({ asset, version }: { asset: Asset; version: AssetVersion }) {
  const canEdit = isCurator(useUser());
  const navigate = useNavigate();
  const rendition = useQuery(renditionQuery(version.id));
  const again = useMutation({ mutationFn: () => retryRendition(version.id), onError: notifyProblem });
  const readingAt = (pageNumber: number) => ({
    to: paths.reading(asset.id),
    search: {
      ...(version.id !== asset.versionId && { version: version.id }),
      ...(pageNumber > 1 && { page: pageNumber }),
    },
  });
  return (
    <FileContent
      title={asset.title}
      file={{ ...version, versionId: version.id, isWebLink: asset.kind === 'web_link' }}
      src={fileUrl(asset.id, { versionId: version.id })}
      rendition={rendition}
      retry={canEdit ? () => again.mutate() : undefined}
      isRetrying={again.isPending}
      size="page"
      readingAt={readingAt}
      onRead={(pageNumber) => void navigate(readingAt(pageNumber) as never)}
    />
  );
}

interface TextsProps {
  asset: Asset;
  canEdit: boolean;
  editing: AssetEditing;
}

function Texts({ asset, canEdit, editing }: TextsProps) {
  // An edit is made on the asset as it was when it began, whatever has arrived since.
  const base = useRef(asset);
  const begin = () => {
    base.current = asset;
  };
  const save = (edit: AssetEdit) => void editing.save(base.current, edit);
  return (
    <div className={classes.texts}>
      {(canEdit || asset.useWhen) && (
        <EditableText
          label="Use when"
          value={asset.useWhen}
          canEdit={canEdit}
          onBegin={begin}
          onSave={(useWhen) => save({ useWhen })}
          invitation="Describe the situation in which a rep should send this. Reps read this line first."
          maxLength={1000}
        >
          <p className={classes.useWhen}>{asset.useWhen}</p>
        </EditableText>
      )}
      {(canEdit || asset.description) && (
        <EditableText
          label="Description"
          value={asset.description}
          canEdit={canEdit}
          onBegin={begin}
          onSave={(description) => save({ description })}
          invitation="Say in a sentence or two what is in it."
          maxLength={4000}
        >
          <p className={classes.description}>{asset.description}</p>
        </EditableText>
      )}
      {(canEdit || asset.talkTrack) && (
        <EditableText
          label="Talk track"
          value={asset.talkTrack}
          canEdit={canEdit}
          onBegin={begin}
          onSave={(talkTrack) => save({ talkTrack })}
          invitation="Write what a rep can say with it. It becomes the message when they share."
          maxLength={8000}
          aside={
            asset.talkTrack && (
              <CopyButton
                value={asset.talkTrack}
                label="Copy talk track"
                variant="subtle"
                color="gray"
                size="compact-xs"
              />
            )
          }
        >
          <p className={classes.talkTrack}>{asset.talkTrack}</p>
        </EditableText>
      )}
    </div>
  );
}
