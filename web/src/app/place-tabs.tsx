import { Link, useLocation } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import type { Place } from './navigation.ts';
import classes from './place-tabs.module.css';

/** The pages of one place, above each of them; a lone entry needs no list. */
export function PlaceTabs({
  label,
  places,
  search,
}: {
  label: string;
  places: readonly Pick<Place, 'path' | 'label'>[];
  /** What of the address goes along from page to page. */
  search?: Record<string, unknown>;
}) {
  const { pathname } = useLocation();
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a narrow window the page may be beyond its edge.
  useLayoutEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (list.current && current) list.current.scrollLeft = current.offsetLeft - list.current.offsetLeft - 32;
  }, [pathname]);
  if (places.length < 2) return null;
  return (
    <nav ref={list} aria-label={label} className={classes.places}>
      {places.map((place) => (
        <Link
          key={place.path}
          to={place.path}
          {...(search && { search: search as never })}
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
