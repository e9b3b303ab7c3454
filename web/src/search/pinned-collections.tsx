import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pinnedCollectionsQuery } from '../collections/api.ts';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Fan } from '../ui/fan.tsx';
import homeClasses from './find-home.module.css';
import classes from './pinned-collections.module.css';

/** What marketing wants everybody to have at hand; nothing while nothing is pinned. */
export function PinnedCollections() {
  const { data, isPending } = useQuery(pinnedCollectionsQuery);
  // Where there were some the last time, their place is kept until they are here again.
  const [isExpected, setIsExpected] = useLocalStorage({
    key: 'offshelf-has-pinned-collections',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const hasSome = data && data.length > 0;
  useEffect(() => {
    if (hasSome !== undefined) setIsExpected(hasSome);
  }, [hasSome, setIsExpected]);
  if (!hasSome) return isPending && isExpected ? <div className={classes.strip} aria-hidden="true" /> : null;
  return (
    <section className={classes.strip} aria-labelledby="pinned-collections">
      <div className={classes.head}>
        <h2 id="pinned-collections" className={homeClasses.heading}>
          Pinned collections
        </h2>
        <AppLink to={paths.collections} className={classes.all}>
          All collections
        </AppLink>
      </div>
      <ul className={classes.list}>
        {data.map(({ id, name, covers, itemCount }) => (
          <li key={id} className={classes.item}>
            <Fan covers={covers} size="row" />
            <span className={classes.words}>
              <AppLink to={paths.collection(id)} className={classes.name} underline="never">
                {name}
              </AppLink>
              <span className={classes.facts}>{plural(itemCount, 'asset')}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
