import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { z } from 'zod';
import { isCurator, useUser } from '../auth/api.ts';
import { useUrlState } from '../lib/url-state.ts';
import { CountTabs } from '../ui/count-tabs.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type AssetRequest, requestsQuery } from './api.ts';
import { RequestList } from './request-list.tsx';
import { RequestPanel } from './request-panel.tsx';
import { RequestSheet } from './request-sheet.tsx';
import classes from './requests-page.module.css';

const views = ['planned', 'done', 'declined', 'mine'] as const;
type View = (typeof views)[number];

const pageState = z.object({
  show: z.enum(views).optional().catch(undefined),
  request: z.string().optional().catch(undefined),
  /** Find leads here with what was searched for: the form is open and filled in. */
  new: z.literal('1').optional().catch(undefined),
  title: z.string().max(2000).optional().catch(undefined),
  term: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  search: z.string().optional().catch(undefined),
});

const viewWords: Record<View | 'open', { name: string; title: string; text: string }> = {
  open: {
    name: 'Open',
    title: 'Everything has an answer',
    text: 'What somebody asks for stands here until marketing plans, answers or declines it.',
  },
  planned: {
    name: 'Planned',
    title: 'Nothing is planned',
    text: 'What marketing has taken on stands here, with the day by which it will be there.',
  },
  done: {
    name: 'Done',
    title: 'Nothing is done yet',
    text: 'What was asked for and is in the library now stands here, with the asset that answers it.',
  },
  declined: {
    name: 'Declined',
    title: 'Nothing was declined',
    text: 'What marketing will not make stands here, with the reason.',
  },
  mine: {
    name: 'Mine',
    title: 'You have not asked for anything',
    text: 'What you ask for, or vote for, stands here until it is answered and after.',
  },
};

/** What sales asks marketing to make: to vote on, to plan and to answer. */
export function RequestsPage() {
  const user = useUser();
  const [state, change] = useUrlState(pageState);
  const requests = useInfiniteQuery(requestsQuery);
  const all = useMemo(() => requests.data?.pages.flatMap((page) => page.items) ?? [], [requests.data]);
  const view = state.show ?? 'open';
  const shown = useMemo(() => listShown(all, view), [all, view]);
  const open = all.find(({ id }) => id === state.request);
  const isEmpty = requests.data !== undefined && all.length === 0;
  const ask = (
    <Button
      leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />}
      onClick={() => change({ new: '1' }, { keepsHistory: true })}
    >
      Ask for something
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Requests"
        lead={
          isCurator(user)
            ? 'What sales asks you to make. The more people want something, the higher it stands.'
            : 'What you and others ask marketing to make. Vote for what you need, too.'
        }
        actions={!isEmpty && ask}
      />
      {requests.error && <ProblemNote error={requests.error} onRetry={() => void requests.refetch()} />}
      {requests.isPending && <SkeletonRows rows={7} widths={['6%', '46%', '20%', '14%']} />}
      {isEmpty && (
        <EmptyState
          title="Nobody has asked for anything yet"
          miniature={<MiniatureRows widths={['7%', '46%', '22%']} />}
          action={ask}
        >
          When a search finds nothing that fits, ask for it in one click. Others vote for it, marketing sees
          which deals are waiting for it, and the answer comes back here.
        </EmptyState>
      )}
      {all.length > 0 && (
        <>
          <CountTabs
            label="Show"
            className={classes.filter}
            value={state.show}
            onChoose={(show) => change({ show, request: undefined })}
            tabs={[undefined, ...views].map((value) => ({
              value,
              name: viewWords[value ?? 'open'].name,
              count: listShown(all, value ?? 'open').length,
            }))}
          />
          {shown.length === 0 ? (
            <EmptyState title={viewWords[view].title}>{viewWords[view].text}</EmptyState>
          ) : (
            <RequestList
              requests={shown}
              isMixed={view === 'mine'}
              openId={open?.id}
              onOpen={({ id }) => change({ request: id }, { keepsHistory: true })}
            />
          )}
          {requests.hasNextPage && (
            <Button
              variant="default"
              mt={16}
              loading={requests.isFetchingNextPage}
              onClick={() => void requests.fetchNextPage()}
            >
              Show older requests
            </Button>
          )}
        </>
      )}
      <RequestPanel request={open} onClose={() => change({ request: undefined })} />
      {state.new && (
        <RequestSheet
          draft={{
            title: (state.title ?? '').slice(0, 200),
            details: '',
            termIds: [state.term ?? []].flat().filter((id) => /^trm_[0-9a-z]{10,40}$/.test(id)),
            searchId: /^srh_[0-9a-z]{10,40}$/.test(state.search ?? '') ? (state.search ?? null) : null,
          }}
          onClose={(made) =>
            change({
              new: undefined,
              title: undefined,
              term: undefined,
              search: undefined,
              ...(made && { request: made.id, show: undefined }),
            })
          }
        />
      )}
    </>
  );
}

/** What most people want first, then what most money waits for, then the newest. */
function listShown(all: readonly AssetRequest[], view: View | 'open'): AssetRequest[] {
  const worth = (request: AssetRequest) => request.openValue.reduce((sum, { amount }) => sum + amount, 0);
  return all
    .filter((request) => (view === 'mine' ? request.isOwn || request.hasVoted : request.status === view))
    .toSorted((a, b) =>
      view === 'open' || view === 'planned'
        ? b.voteCount - a.voteCount || worth(b) - worth(a)
        : b.updatedAt.getTime() - a.updatedAt.getTime(),
    );
}
