import { Outlet, useLocation } from '@tanstack/react-router';
import { Freshness } from '../analytics/freshness.tsx';
import { useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { sliceQuery, useSlice } from '../slices/api.ts';
import { SliceBar } from '../slices/slice-bar.tsx';
import { LinkButton } from '../ui/app-link.tsx';
import { gapReaders, mainPlaces, morePlaces, placesFor } from './navigation.ts';
import { PlaceTabs } from './place-tabs.tsx';

/** Pages that speak of the present or of all time, where no days and buyers can be chosen. */
const withoutSlice: readonly string[] = [paths.decisions];

const places = [...mainPlaces, ...morePlaces].filter(
  ({ path }) => path === paths.shelf || path.startsWith(`${paths.shelf}/`),
);

/** The pages of the shelf report, with one bar that says which days, assets and buyers they are about. */
export function ShelfFrame() {
  const { role } = useUser();
  const { pathname } = useLocation();
  const slice = useSlice();
  const mayReadAll = gapReaders.includes(role);
  const brief = mayReadAll && pathname !== paths.brief && (
    <LinkButton to={paths.brief} search={sliceQuery(slice)} variant="subtle" color="gray" size="xs">
      Brief to print
    </LinkButton>
  );
  return (
    <>
      <PlaceTabs
        label="Shelf report"
        places={placesFor(places, role).map((place) =>
          place.path === paths.shelf
            ? { ...place, label: mayReadAll ? 'Five questions' : 'The shelf' }
            : place,
        )}
        search={sliceQuery(slice)}
      />
      {!withoutSlice.includes(pathname) && <SliceBar aside={<Freshness />} actions={brief} />}
      <Outlet />
    </>
  );
}
