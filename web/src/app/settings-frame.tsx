import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useUser } from '../auth/api.ts';
import { placesFor, settingsPlaces } from './navigation.ts';
import classes from './settings-frame.module.css';

/** The settings' own contents, above the page; a lone entry needs no list. */
export function SettingsFrame() {
  const { role } = useUser();
  const { pathname } = useLocation();
  const places = placesFor(settingsPlaces, role);
  return (
    <>
      {places.length > 1 && (
        <nav aria-label="Settings" className={classes.places}>
          {places.map((place) => (
            <Link
              key={place.path}
              to={place.path}
              className={classes.place}
              {...(pathname === place.path && { 'aria-current': 'page' as const })}
            >
              {place.label}
            </Link>
          ))}
        </nav>
      )}
      <Outlet />
    </>
  );
}
