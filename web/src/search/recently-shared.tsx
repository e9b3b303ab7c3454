import { useQuery } from '@tanstack/react-query';
import { type MyLink, recentlySharedQuery } from '../analytics/api.ts';
import { formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { DateText } from '../ui/words.tsx';
import classes from './find-home.module.css';

/** What the user sent last, and what became of it. Who has sent nothing yet learns of it by sharing, not here. */
export function RecentlyShared() {
  const links = useQuery(recentlySharedQuery).data?.items ?? [];
  if (links.length === 0) return null;
  return (
    <section className={classes.kept} aria-labelledby="recently-shared">
      <div className={classes.headingLine}>
        <h2 id="recently-shared" className={classes.heading}>
          Recently shared
        </h2>
        <AppLink to={paths.myLinks}>All your links</AppLink>
      </div>
      <ul className={classes.list}>
        {links.map((link) => (
          <Sent key={link.shareLink.id} link={link} />
        ))}
      </ul>
    </section>
  );
}

function Sent({ link }: { link: MyLink }) {
  const { id, title, recipient, createdAt } = link.shareLink;
  const { words, isRead } = becameOf(link);
  return (
    <li className={classes.new}>
      <span className={classes.newWords}>
        <AppLink to={paths.shareLink(id)} className={classes.newTitle}>
          {title}
        </AppLink>
        <span className={classes.newFacts}>
          {[recipient.name, recipient.accountName].filter(Boolean).join(', ')}, <DateText date={createdAt} />
        </span>
      </span>
      <span className={classes.outcome} data-read={isRead || undefined}>
        {words}
      </span>
    </li>
  );
}

/** In the fewest words how far a person got with it. */
export function becameOf({ shareLink, humanOpens, readPageCount, pageCount }: MyLink): {
  words: string;
  isRead: boolean;
} {
  if (readPageCount > 0)
    return {
      words:
        pageCount > 1 ? `${formatNumber(readPageCount)} of ${formatNumber(pageCount)} pages read` : 'Read',
      isRead: true,
    };
  if (humanOpens.value > 0) return { words: 'Opened, not read', isRead: false };
  if (shareLink.state === 'revoked') return { words: 'Revoked', isRead: false };
  if (shareLink.state === 'expired') return { words: 'Expired unopened', isRead: false };
  if (humanOpens.high > 0) return { words: 'Perhaps opened', isRead: false };
  return { words: 'Not opened yet', isRead: false };
}
