import { Outlet } from '@tanstack/react-router';
import { useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { mainPlaces, morePlaces, placesFor } from './navigation.ts';
import { PlaceTabs } from './place-tabs.tsx';

const places = [...mainPlaces, ...morePlaces].filter(
  ({ path }) => path === paths.requests || path === paths.gaps,
);

/** What sales asked marketing for, and what it looked for in vain. */
export function RequestsFrame() {
  const { role } = useUser();
  return (
    <>
      <PlaceTabs label="Requests" places={placesFor(places, role)} />
      <Outlet />
    </>
  );
}
