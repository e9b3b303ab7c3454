import { Button } from '@mantine/core';
import { IconExternalLink, IconPencil, IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '../lib/api.ts';
import { formatDuration, formatMinute, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { readShareLinkUrl } from '../shares/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Hint } from '../ui/hint.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { PageHeader, usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useSharing } from '../ui/sharing.tsx';
import { SkeletonCardsPage } from '../ui/skeletons.tsx';
import { AddItem } from './add-item.tsx';
import { type Room, roomQuery } from './api.ts';
import { Holders } from './holders.tsx';
import { NextStepEditor } from './next-step.tsx';
import { QuestionList } from './question-list.tsx';
import { RoomItems } from './room-items.tsx';
import classes from './room-page.module.css';
import { NameSheet, RoomNote } from './room-words.tsx';

/** One room: everything that a prospect sees in it, to change where it stands, and what they did there. */
export function RoomPage() {
  const { roomId } = useParams({ strict: false }) as { roomId: string };
  const room = useQuery(roomQuery(roomId));
  if (room.error && !room.data) return <Missing error={room.error} onRetry={() => void room.refetch()} />;
  if (!room.data) return <SkeletonCardsPage />;
  return <Loaded key={roomId} room={room.data} />;
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  usePageTitle('Not to be shown');
  if (error instanceof ApiProblem && error.code === 'not_found')
    return (
      <EmptyState
        isPage
        title="You have no such room"
        action={<LinkButton to={paths.rooms}>Go to your rooms</LinkButton>}
      >
        A room is seen by whoever made it, by whom its share links were handed over to, and by marketing.
      </EmptyState>
    );
  return <ProblemNote error={error} onRetry={onRetry} />;
}

function Loaded({ room }: { room: Room }) {
  const { name, items, holders, questions } = room;
  const [isNaming, setIsNaming] = useState(false);
  const waiting = questions.filter(({ answer, isHidden }) => answer === null && !isHidden).length;
  return (
    <article>
      <PageHeader
        title={name}
        above={
          <nav aria-label="Where this is">
            <AppLink to={paths.rooms}>Rooms</AppLink>
          </nav>
        }
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={16} stroke={1.5} aria-hidden />}
              onClick={() => setIsNaming(true)}
            >
              Rename
            </Button>
            <OpenAsProspect room={room} />
            <ShareRoom room={room} />
          </>
        }
      />
      <Facts room={room} />
      <div className={classes.parts}>
        <div className={classes.made}>
          <RoomNote room={room} />
          <NextStepEditor room={room} />
          <section aria-labelledby="items">
            <h2 id="items" className={classes.heading}>
              What is in it
            </h2>
            {items.length > 0 ? (
              <RoomItems room={room} />
            ) : (
              <p className={classes.empty}>
                Nothing is in it. Whoever opens it now reads that it is being changed.
              </p>
            )}
            <AddItem room={room} />
          </section>
        </div>
        <div className={classes.done}>
          <section aria-labelledby="questions">
            <h2 id="questions" className={classes.heading}>
              {waiting > 0 ? `Questions, ${waiting.toString()} to answer` : 'Questions'}
            </h2>
            {questions.length > 0 ? (
              <QuestionList questions={questions} label="Questions" />
            ) : (
              <p className={classes.empty}>
                Nobody has asked anything yet. Whoever has the room can ask in it, and you answer here.
              </p>
            )}
          </section>
          <Holders holders={holders} asOf={room.asOf} itemCount={items.length} />
        </div>
      </div>
      {isNaming && <NameSheet room={room} onClose={() => setIsNaming(false)} />}
    </article>
  );
}

function Facts({ room: { items, collection, isOwn, createdByName, createdAt } }: { room: Room }) {
  const expectedMs = items.reduce((sum, item) => sum + item.expectedMs, 0);
  return (
    <p className={classes.facts}>
      <span>{plural(items.length, 'item')}</span>
      {expectedMs > 0 && (
        <span>about {formatDuration(Math.max(1, Math.round(expectedMs / 60_000)) * 60_000)} in all</span>
      )}
      <span title={formatMinute(createdAt)}>made by {isOwn ? 'you' : createdByName}</span>
      {collection && (
        <span>
          from <AppLink to={paths.collection(collection.id)}>{collection.name}</AppLink>
        </span>
      )}
    </p>
  );
}

function ShareRoom({ room: { id, name, items } }: { room: Room }) {
  const { share } = useSharing();
  const isEmpty = items.length === 0;
  return (
    <Button
      leftSection={<IconSend size={16} stroke={1.5} aria-hidden />}
      disabled={isEmpty}
      title={isEmpty ? 'Put something into it first' : undefined}
      onClick={() => share({ roomId: id, title: name, itemCount: items.length })}
    >
      Share
    </Button>
  );
}

/** The page as it is, by the newest share link that opens; what colleagues look at counts nowhere. */
function OpenAsProspect({ room: { holders } }: { room: Room }) {
  const holder = holders.find(({ state }) => state === 'active');
  const open = async () => {
    // A window that is opened after a wait is blocked, so it is opened first.
    const tab = window.open('about:blank', '_blank');
    try {
      const { origin, pathname } = new URL(await readShareLinkUrl(holder?.shareLinkId ?? ''));
      if (tab) {
        tab.opener = null;
        tab.location.href = `${origin}${pathname}?private=1`;
      }
    } catch (error) {
      tab?.close();
      notifyProblem(error);
    }
  };
  const button = (
    <Button
      variant="default"
      {...(!holder && { 'data-disabled': true, 'aria-disabled': true })}
      rightSection={<IconExternalLink size={15} stroke={1.5} aria-hidden />}
      onClick={() => holder && void open()}
    >
      See what they see
    </Button>
  );
  return holder ? button : <Hint label="Share it once, then you can open it as they do.">{button}</Hint>;
}
