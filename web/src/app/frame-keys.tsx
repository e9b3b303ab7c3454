import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { signOut, useUser } from '../auth/api.ts';
import { useCommands } from '../lib/commands.ts';
import { paths } from '../lib/paths.ts';
import { listenToKeyboard, useShortcut, useShortcutList } from '../lib/shortcuts.ts';
import { notifyProblem } from '../ui/notify.tsx';
import { mainPlaces, morePlaces, placesFor, settingsPlaces } from './navigation.ts';

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));
const ShortcutSheet = lazy(() =>
  import('./shortcut-sheet.tsx').then((module) => ({ default: module.ShortcutSheet })),
);

/** The keyboard as it works on every page: go anywhere, search, and the sheet that shows all shortcuts. */
export function useFrameKeys(): { overlays: ReactNode; openPalette: () => void; openSheet: () => void } {
  const [opened, setOpened] = useState<'palette' | 'sheet' | null>(null);
  const openSheet = () => setOpened('sheet');
  useEffect(listenToKeyboard, []);
  usePlaces();
  useShortcut('mod+k', 'Go anywhere', () => setOpened((was) => (was === 'palette' ? null : 'palette')), {
    group: 'Everywhere',
  });
  useShortcut('?', 'Show the shortcuts', openSheet, { group: 'Everywhere' });
  useShortcut('/', 'Search', () => focusSearch(), { group: 'Everywhere' });
  useFrameCommands(openSheet);
  return {
    openPalette: () => setOpened('palette'),
    openSheet,
    overlays: (
      <Suspense>
        {opened === 'palette' && <Palette onClose={() => setOpened(null)} />}
        {opened === 'sheet' && <ShortcutSheet onClose={() => setOpened(null)} />}
      </Suspense>
    ),
  };
}

export const schemes = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export async function leave(navigate: ReturnType<typeof useNavigate>): Promise<void> {
  try {
    await signOut(() => navigate({ to: paths.signIn }));
  } catch (error) {
    notifyProblem(error);
  }
}

/** A page marks its search box with `data-search-box`; from elsewhere `/` goes to Find, whose box takes the focus itself. */
function focusSearch(): void {
  const box = document.querySelector<HTMLInputElement>('[data-search-box]');
  if (box) {
    box.focus();
    box.select();
    return;
  }
  document.querySelector<HTMLAnchorElement>(`nav a[href="${paths.find}"]`)?.click();
}

/** Every place has its `g` shortcut and its line in the palette. */
function usePlaces(): void {
  const { role } = useUser();
  const navigate = useNavigate();
  const mine = placesFor([...mainPlaces, ...morePlaces, ...settingsPlaces], role);
  useCommands(
    mine.map((place) => ({
      id: `go:${place.path}`,
      label: place.name,
      group: 'Pages',
      keywords: place.keywords,
      keys: `g ${place.key}`,
      run: () => void navigate({ to: place.path }),
    })),
  );
  useShortcutList(
    mine.map((place) => ({
      keys: `g ${place.key}`,
      label: place.name,
      group: 'Go to',
      run: () => void navigate({ to: place.path }),
    })),
  );
}

function useFrameCommands(onSheet: () => void): void {
  const { setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  useCommands([
    ...schemes.map(({ value, label }) => ({
      id: `scheme:${value}`,
      label: `Colours: ${label.toLowerCase()}`,
      group: 'Actions',
      keywords: 'theme dark light scheme',
      run: () => setColorScheme(value),
    })),
    {
      id: 'shortcuts',
      label: 'Show the shortcuts',
      group: 'Actions',
      keywords: 'keyboard help',
      keys: '?',
      run: onSheet,
    },
    {
      id: 'sign-out',
      label: 'Sign out',
      group: 'Actions',
      keywords: 'log out leave',
      run: () => void leave(navigate),
    },
  ]);
}
