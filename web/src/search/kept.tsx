import { ActionIcon } from '@mantine/core';
import type { AssetRequest } from '@offshelf/server/contract/requests';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import type { SavedSearch } from './api.ts';
import { changeSavedSearch, myRequestsQuery, savedSearchesQuery } from './find-api.ts';
import classes from './find-home.module.css';
import { QuestionLink } from './question-link.tsx';
import { SavedMenu } from './saved-menu.tsx';

/** What somebody keeps an eye on: searches that say what is new, and what they asked marketing for. */
export function Kept() {
  return (
    <>
      <SavedSearches />
      <MyRequests />
    </>
  );
}

function SavedSearches() {
  const saved = useQuery(savedSearchesQuery);
  if (!saved.data) return null;
  const { items } = saved.data;
  return (
    <section className={classes.kept} aria-labelledby="saved-searches">
      <h2 id="saved-searches" className={classes.heading}>
        Saved searches
      </h2>
      {items.length === 0 ? (
        <p className={classes.lesson}>
          Save a search that you do again and again. It then says here what is new in it.
        </p>
      ) : (
        <ul className={classes.list}>
          {items.map((each) => (
            <SavedLine key={each.id} saved={each} />
          ))}
        </ul>
      )}
    </section>
  );
}

function SavedLine({ saved }: { saved: SavedSearch }) {
  return (
    <li className={classes.line}>
      <QuestionLink
        question={saved}
        className={classes.lineLink}
        onClick={() => {
          if (saved.newCount > 0) changeSavedSearch(saved.id, { isSeen: true }).catch(notifyProblem);
        }}
      >
        {saved.name}
      </QuestionLink>
      {saved.newCount > 0 && <StatusBadge tone="good">{`${saved.newCount.toString()} new`}</StatusBadge>}
      <SavedMenu saved={saved}>
        <ActionIcon size={28} aria-label={`Actions for ${saved.name}`} className={classes.lineMenu}>
          <IconDots size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </SavedMenu>
    </li>
  );
}

const statusWords: Record<AssetRequest['status'], string> = {
  open: 'Open',
  planned: 'Planned',
  done: 'Done',
  declined: 'Declined',
};

function MyRequests() {
  const requests = useQuery(myRequestsQuery);
  if (!requests.data) return null;
  const { items } = requests.data;
  if (items.length === 0) return null;
  return (
    <section className={classes.kept} aria-labelledby="my-requests">
      <div className={classes.headingLine}>
        <h2 id="my-requests" className={classes.heading}>
          My requests
        </h2>
        <AppLink to={paths.requests}>All requests</AppLink>
      </div>
      <ul className={classes.list}>
        {items.map((request) => (
          <li key={request.id} className={classes.line}>
            <span className={classes.lineWords}>
              {request.asset ? (
                <AppLink to={paths.asset(request.asset.id)}>{request.title}</AppLink>
              ) : (
                request.title
              )}
              <span className={classes.newFacts}>{request.answer || plural(request.voteCount, 'vote')}</span>
            </span>
            <StatusBadge tone={request.status === 'done' ? 'good' : 'plain'}>
              {statusWords[request.status]}
            </StatusBadge>
          </li>
        ))}
      </ul>
    </section>
  );
}
