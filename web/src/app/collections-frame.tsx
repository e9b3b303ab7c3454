import { Outlet } from '@tanstack/react-router';
import { useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { mainPlaces, morePlaces, placesFor } from './navigation.ts';
import { PlaceTabs } from './place-tabs.tsx';

const places = [...mainPlaces, ...morePlaces].filter(
  ({ path }) => path === paths.collections || path === paths.rooms,
);

/** Assets for a situation, and what of them was put together for somebody. */
export function CollectionsFrame() {
  const { role } = useUser();
  return (
    <>
      <PlaceTabs label="Collections" places={placesFor(places, role)} />
      <Outlet />
    </>
  );
}
