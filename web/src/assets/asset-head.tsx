import { Button, Menu } from '@mantine/core';
import {
  IconArchive,
  IconChevronDown,
  IconDownload,
  IconPencil,
  IconSend,
  IconStack2,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useCommands } from '../lib/commands.ts';
import { formatBytes, formatFileType } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { recordDownload } from '../search/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AssetStatusBadge, CautionBadges, StatusBadge } from '../ui/badges.tsx';
import { useCollecting } from '../ui/collecting.tsx';
import { NoteObjectionButton } from '../ui/noting-objection.tsx';
import { ShareButton, useSharing, whyNotShared } from '../ui/sharing.tsx';
import { type Asset, type AssetStatus, fileUrl } from './api.ts';
import classes from './asset-page.module.css';
import { EditableText } from './editable-text.tsx';
import type { AssetEditing } from './use-asset-editing.ts';

interface AssetHeadProps {
  asset: Asset;
  canEdit: boolean;
  editing: AssetEditing;
}

/** What it is called, what it is, whether it may be used, and what can be done with it. */
export function AssetHead({ asset, canEdit, editing }: AssetHeadProps) {
  const base = useRef(asset);
  const download = useRef<HTMLAnchorElement>(null);
  const { open: collect } = useCollecting();
  useAssetKeys(asset, () => download.current?.click());
  return (
    <header className={classes.head}>
      <div className={classes.headWords}>
        {canEdit && (
          <nav aria-label="Where this is" className={classes.above}>
            <AppLink to={paths.library}>Library</AppLink>
          </nav>
        )}
        <EditableText
          label="Title"
          hasHiddenLabel
          isSingleLine
          value={asset.title}
          canEdit={canEdit}
          onBegin={() => {
            base.current = asset;
          }}
          onSave={(title) => void editing.save(base.current, { title })}
          invitation="Give it a title"
          maxLength={200}
        >
          <h1 className={classes.title}>{asset.title}</h1>
        </EditableText>
        <Facts asset={asset} isSaving={editing.isSaving} />
      </div>
      <div className={classes.actions}>
        <Button
          variant="default"
          leftSection={<IconStack2 size={16} stroke={1.5} aria-hidden />}
          onClick={() => collect(asset)}
        >
          Add to collection
        </Button>
        {asset.status === 'published' && <NoteObjectionButton draft={{ assetId: asset.id }} />}
        {asset.kind === 'file' && (
          <Button
            component="a"
            ref={download}
            href={fileUrl(asset.id, { asDownload: true })}
            download
            variant="default"
            leftSection={<IconDownload size={16} stroke={1.5} aria-hidden />}
            onClick={() => recordDownload(asset.id)}
          >
            Download
          </Button>
        )}
        {canEdit && (
          <StatusMenu status={asset.status} onStatus={(status) => void editing.setStatus(status)} />
        )}
        <MainAction asset={asset} canEdit={canEdit} onPublish={() => void editing.setStatus('published')} />
      </div>
    </header>
  );
}

/** A draft's next step is to be published; everybody else's is to be shared. */
function MainAction({
  asset,
  canEdit,
  onPublish,
}: {
  asset: Asset;
  canEdit: boolean;
  onPublish: () => void;
}) {
  if (canEdit && asset.status === 'draft') return <Button onClick={onPublish}>Publish</Button>;
  return <ShareButton asset={asset} />;
}

function Facts({ asset, isSaving }: { asset: Asset; isSaving: boolean }) {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  const file = asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName);
  const facts = [
    ...(type ? [type] : []),
    asset.sizeBytes === null ? file : `${file}, ${formatBytes(asset.sizeBytes)}`,
    ...(asset.versionNumber > 1 ? [`version ${asset.versionNumber.toString()}`] : []),
  ];
  return (
    <div className={classes.facts}>
      <AssetStatusBadge status={asset.status} />
      <CautionBadges asset={asset} />
      {asset.isSample && (
        <StatusBadge tone="quiet" hint="Part of the sample data.">
          Sample
        </StatusBadge>
      )}
      <span className="quiet">{facts.join(' · ')}</span>
      <span className={classes.saving} role="status">
        {isSaving ? 'Saving' : ''}
      </span>
    </div>
  );
}

const steps: { status: AssetStatus; label: string; icon: typeof IconSend }[] = [
  { status: 'published', label: 'Publish', icon: IconSend },
  { status: 'draft', label: 'Back to draft', icon: IconPencil },
  { status: 'archived', label: 'Archive', icon: IconArchive },
];

function StatusMenu({ status, onStatus }: { status: AssetStatus; onStatus: (status: AssetStatus) => void }) {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={15} stroke={1.5} aria-hidden />}>
          Status
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {steps
          .filter((step) => step.status !== status)
          .map(({ status: next, label, icon: Icon }) => (
            <Menu.Item
              key={next}
              leftSection={<Icon size={16} stroke={1.5} />}
              onClick={() => onStatus(next)}
            >
              {label}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useAssetKeys(asset: Asset, download: () => void): void {
  const { share } = useSharing();
  const { open: collect } = useCollecting();
  const canShare = whyNotShared(asset) === undefined;
  useShortcutList([
    { keys: 'a', label: 'Add to a collection', group: 'This asset', run: () => collect(asset) },
    ...(canShare ? [{ keys: 's', label: 'Share', group: 'This asset', run: () => share(asset) }] : []),
    ...(asset.kind === 'file' ? [{ keys: 'd', label: 'Download', group: 'This asset', run: download }] : []),
  ]);
  useCommands([
    {
      id: 'collect-asset',
      label: 'Add this asset to a collection',
      group: 'Actions',
      keys: 'a',
      run: () => collect(asset),
    },
    ...(canShare
      ? [
          {
            id: 'share-asset',
            label: 'Share this asset',
            group: 'Actions',
            keys: 's',
            run: () => share(asset),
          },
        ]
      : []),
    ...(asset.kind === 'file'
      ? [{ id: 'download-asset', label: 'Download this asset', group: 'Actions', keys: 'd', run: download }]
      : []),
  ]);
}
