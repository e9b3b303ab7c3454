import { Outlet, useLocation } from '@tanstack/react-router';
import { useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { SliceBar } from '../slices/slice-bar.tsx';
import { mainPlaces, morePlaces, placesFor } from './navigation.ts';
import { PlaceTabs } from './place-tabs.tsx';

const places = [...mainPlaces, ...morePlaces].filter(
  ({ path }) => path === paths.requests || path === paths.gaps || path === paths.objections,
);

/** What sales asked marketing for, what it looked for in vain, and what buyers said against it. */
export function RequestsFrame() {
  const { role } = useUser();
  const { pathname } = useLocation();
  return (
    <>
      <PlaceTabs label="Requests" places={placesFor(places, role)} />
      {pathname === paths.objections && <SliceBar />}
      <Outlet />
    </>
  );
}
