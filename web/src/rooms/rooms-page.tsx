import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { isCurator, useUser } from '../auth/api.ts';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { Fan } from '../ui/fan.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type RoomCard, roomQuestionsQuery, roomsQuery } from './api.ts';
import { QuestionList } from './question-list.tsx';
import classes from './rooms-page.module.css';

const pageState = z.object({ show: z.enum(['all']).optional().catch(undefined) });

/** The user's rooms, last changed first, and above them what prospects asked and nobody has answered. */
export function RoomsPage() {
  const [{ show }, change] = useUrlState(pageState);
  const rooms = useInfiniteQuery(roomsQuery(show ?? 'own'));
  const questions = useQuery(roomQuestionsQuery);
  const items = rooms.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = rooms.data?.pages[0]?.counts;
  const waiting = questions.data?.items.filter(({ answer }) => answer === null) ?? [];
  const seesAll = isCurator(useUser());
  return (
    <>
      <PageHeader
        title="Rooms"
        lead="What you put together for somebody: in order, with a next step, and questions answered in one place."
      />
      {rooms.error && <ProblemNote error={rooms.error} onRetry={() => void rooms.refetch()} />}
      {waiting.length > 0 && (
        <section className={classes.inbox} aria-labelledby="waiting">
          <h2 id="waiting" className={classes.heading}>
            {plural(waiting.length, 'question')} {waiting.length === 1 ? 'waits' : 'wait'} for your answer
          </h2>
          <QuestionList questions={waiting} label="Questions without an answer" isAcrossRooms />
        </section>
      )}
      {seesAll && counts && counts.all > 0 && (
        <CountTabs
          label="Show"
          value={show}
          onChoose={(value) => change({ show: value })}
          tabs={[
            { value: undefined, name: 'Yours', count: counts.own },
            { value: 'all', name: 'Everybody’s', count: counts.all },
          ]}
        />
      )}
      {rooms.isPending && <SkeletonRows rows={5} widths={['40%', '16%', '16%', '12%']} />}
      {items.length > 0 && (
        <ul className={classes.list} aria-label="Rooms">
          {items.map((room) => (
            <Row key={room.id} room={room} />
          ))}
        </ul>
      )}
      {rooms.data && items.length === 0 && <NoRooms />}
      {rooms.hasNextPage && (
        <Button
          variant="default"
          className={classes.more}
          loading={rooms.isFetchingNextPage}
          onClick={() => void rooms.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function Row({ room }: { room: RoomCard }) {
  const { id, name, covers, itemCount, holderCount, openedByCount, lastOpenedAt, openQuestionCount } = room;
  return (
    <li className={classes.row}>
      <Fan covers={covers} size="row" />
      <div className={classes.words}>
        <h2 className={classes.name}>
          <AppLink to={paths.room(id)} className={classes.link} underline="never">
            {name}
          </AppLink>
        </h2>
        <p className={classes.facts}>
          {openQuestionCount > 0 && (
            <StatusBadge tone="look">{plural(openQuestionCount, 'question')} to answer</StatusBadge>
          )}
          <span>{plural(itemCount, 'item')}</span>
          {!room.isOwn && <span>by {room.createdByName}</span>}
          <span>{holderCount === 0 ? 'not shared yet' : plural(holderCount, 'share link')}</span>
          {holderCount > 0 && (
            <span>
              {openedByCount === 0 ? (
                'nobody has opened an item'
              ) : (
                <>
                  opened by {openedByCount} of {holderCount}, last <DateText date={lastOpenedAt} />
                </>
              )}
            </span>
          )}
        </p>
      </div>
    </li>
  );
}

function NoRooms() {
  return (
    <EmptyState
      title="You have no room yet"
      miniature={<MiniatureRows widths={['34%', '22%', '16%']} />}
      action={<LinkButton to={paths.collections}>Choose a collection</LinkButton>}
    >
      A room is a collection as a prospect sees it: a note from you, the assets in order with why each
      matters, one next step, and questions that you answer there. Open a collection and choose “Share as a
      room”.
    </EmptyState>
  );
}
