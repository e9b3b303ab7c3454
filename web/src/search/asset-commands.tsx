import type { AssetCard } from '@offshelf/server/contract/assets';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type CommandSource, scoreCommand, useCommandSource } from '../lib/commands.ts';
import { formatFileType } from '../lib/format.ts';
import { findPath, paths } from '../lib/paths.ts';
import { findPublishedAssets } from './api.ts';

const mostAssets = 6;

/** Lets the palette go to assets by their title, and hands the rest over to Find. */
export function AssetCommands() {
  const navigate = useNavigate();
  const source = useMemo(
    (): CommandSource => ({
      id: 'assets',
      find: async (query, signal) => {
        if (query.length < 2) return [];
        const assets = await findPublishedAssets(query, signal);
        const byTitle = ({ title }: AssetCard) => scoreCommand({ label: title }, query);
        return [
          ...assets
            .toSorted((a, b) => byTitle(b) - byTitle(a))
            .slice(0, mostAssets)
            .map((asset) => ({
              id: `asset:${asset.id}`,
              label: asset.title,
              group: 'Assets',
              hint: asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName),
              run: () => void navigate({ to: paths.asset(asset.id) }),
            })),
          {
            id: 'find-text',
            label: `Search the library for “${query}”`,
            group: 'Assets',
            run: () => void navigate({ href: findPath(query) }),
          },
        ];
      },
    }),
    [navigate],
  );
  useCommandSource(source);
  return null;
}
