import { Link, useLocation } from '@tanstack/react-router';
import type { Place } from './navigation.ts';
import classes from './place-tabs.module.css';

/** The pages of one place, above each of them; a lone entry needs no list. */
export function PlaceTabs({
  label,
  places,
}: {
  label: string;
  places: readonly Pick<Place, 'path' | 'label'>[];
}) {
  const { pathname } = useLocation();
  if (places.length < 2) return null;
  return (
    <nav aria-label={label} className={classes.places}>
      {places.map((place) => (
        <Link
          key={place.path}
          to={place.path}
          activeOptions={{ exact: true }}
          className={classes.place}
          {...(pathname === place.path && { 'aria-current': 'page' as const })}
        >
          {place.label}
        </Link>
      ))}
    </nav>
  );
}
