import { Outlet } from '@tanstack/react-router';
import { useUser } from '../auth/api.ts';
import { placesFor, settingsPlaces } from './navigation.ts';
import { PlaceTabs } from './place-tabs.tsx';

/** The settings' own contents, above the page; a lone entry needs no list. */
export function SettingsFrame() {
  const { role } = useUser();
  return (
    <>
      <PlaceTabs label="Settings" places={placesFor(settingsPlaces, role)} />
      <Outlet />
    </>
  );
}
