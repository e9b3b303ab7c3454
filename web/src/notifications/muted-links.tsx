import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Facts } from '../ui/facts.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { mutedQuery, toggleMute } from './api.ts';
import classes from './muted-links.module.css';

/** The share links of which somebody is told no more, each with the way back. */
export function MutedLinks() {
  const { data, error, refetch } = useQuery(mutedQuery);
  if (!data)
    return error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <SkeletonText lines={2} />;
  if (data.length === 0)
    return (
      <p className={classes.quiet}>None. The page of each share link that you sent has a Mute button.</p>
    );
  return (
    <ul className={classes.list} aria-label="Muted share links">
      {data.map((link) => (
        <li key={link.shareLinkId} className={classes.row}>
          <div className={classes.words}>
            <AppLink to={paths.shareLink(link.shareLinkId)}>{link.title}</AppLink>
            <p className={classes.quiet}>
              <Facts>
                {`sent to ${link.recipient.name}`}
                <span>
                  muted <DateText date={link.mutedAt} />
                </span>
              </Facts>
            </p>
          </div>
          <Button
            variant="default"
            size="xs"
            className={classes.again}
            aria-label={`Tell me again of ${link.title}, sent to ${link.recipient.name}`}
            onClick={() => void toggleMute({ ...link, isMuted: true })}
          >
            Tell me again
          </Button>
        </li>
      ))}
    </ul>
  );
}
