import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Asset, AssetVersion } from '../assets/api.ts';
import { paths } from '../lib/paths.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { AppLink } from '../ui/app-link.tsx';
import { ShareButton, useSharing, whyNotShared } from '../ui/sharing.tsx';
import classes from './reading-page.module.css';

interface ReadingBarProps {
  asset: Asset;
  version: AssetVersion;
  onLeave: () => void;
  /** Between the title and the share button. */
  children?: ReactNode;
}

/** The way back, what is read, what can be done with it. */
export function ReadingBar({ asset, version, onLeave, children }: ReadingBarProps) {
  const { share } = useSharing();
  const canShare = whyNotShared(asset) === undefined;
  useShortcutList(canShare ? [{ keys: 's', label: 'Share', group: 'Reading', run: () => share(asset) }] : []);
  return (
    <header className={classes.bar}>
      <div className={classes.what}>
        <Tooltip label="Back (Esc)">
          <ActionIcon aria-label="Back" onClick={onLeave}>
            <IconArrowLeft size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
        <AppLink to={paths.asset(asset.id)} className={classes.title} underline="hover">
          {asset.title}
        </AppLink>
        {version.id !== asset.versionId && <span className={classes.version}>version {version.number}</span>}
      </div>
      {children}
      <div className={classes.share}>
        <ShareButton asset={asset} size="xs" />
      </div>
    </header>
  );
}
