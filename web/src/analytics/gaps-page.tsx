import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatMinute, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { ListSection } from '../ui/list-section.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows, SkeletonText } from '../ui/skeletons.tsx';
import answer from './answer.module.css';
import { definitions, type Gap, type GapList, gapsQuery, metricsQuery } from './api.ts';
import { GapRow } from './gap-row.tsx';
import { gapsAnswer, gapsEvidence, isOnce } from './gap-sentences.ts';

const firstShown = 20;

/** The fourth question of the shelf report: what did sales ask for and not find? */
export function GapsPage() {
  usePageTitle('Not found');
  const gaps = useQuery(gapsQuery);
  return (
    <>
      <section className={answer.answer} aria-labelledby="answer" data-metric="gap search_success">
        <div className={answer.words}>
          <p className={answer.question}>What did sales ask for and not find?</p>
          {gaps.data ? (
            <Answer gaps={gaps.data} />
          ) : (
            <>
              <h1 id="answer" className="only-heard">
                Asked for and not found
              </h1>
              <SkeletonText lines={3} />
            </>
          )}
        </div>
      </section>
      {gaps.error && <ProblemNote error={gaps.error} onRetry={() => void gaps.refetch()} />}
      {gaps.isPending && <SkeletonRows rows={6} widths={['44%', '24%', '18%']} />}
      {gaps.data && (
        <div data-metric="gap">
          <Gaps items={gaps.data.items} />
        </div>
      )}
    </>
  );
}

function Answer({ gaps }: { gaps: GapList }) {
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  return (
    <>
      <h1 id="answer" className={answer.headline}>
        {gapsAnswer(gaps)}
      </h1>
      <p className={answer.evidence}>{gapsEvidence(gaps)}</p>
      <p className={answer.small}>
        As of <time dateTime={gaps.asOf.toISOString()}>{formatMinute(gaps.asOf)}</time>.{' '}
        <Definition metrics={definitions(metrics, ['gap', 'search_success'])}>How this is counted</Definition>
      </p>
    </>
  );
}

const groups: { key: Gap['state'] | 'once'; title: string; lead: string; isFolded: boolean }[] = [
  {
    key: 'open',
    title: 'To decide',
    lead: 'What the most people missed most often comes first.',
    isFolded: false,
  },
  {
    key: 'acted_on',
    title: 'Seen to',
    lead: 'Each closes by itself when a search like it succeeds.',
    isFolded: false,
  },
  {
    key: 'once',
    title: 'Only once',
    lead: 'One person looked once and used nothing of what was found. It may mean nothing.',
    isFolded: true,
  },
  {
    key: 'closed',
    title: 'Closed by themselves',
    lead: 'Searches like these succeed now. They come back when they fail again.',
    isFolded: true,
  },
  { key: 'dismissed', title: 'Set aside', lead: 'Nothing will be done about these.', isFolded: true },
];

function Gaps({ items }: { items: readonly Gap[] }) {
  if (items.length === 0)
    return (
      <EmptyState
        title="Nothing was looked for in vain"
        miniature={<MiniatureRows widths={['36%', '22%', '18%']} />}
        action={
          <LinkButton to={paths.find} variant="default">
            Search for something
          </LinkButton>
        }
      >
        When a search finds nothing, or nothing that anybody uses, it stands here together with others like
        it: who asked, how often and for which deals. One click makes it a request, another teaches search the
        word.
      </EmptyState>
    );
  return groups.map(({ key, ...group }) => (
    <GapGroup key={key} {...group} gaps={items.filter((gap) => (isOnce(gap) ? 'once' : gap.state) === key)} />
  ));
}

interface GapGroupProps {
  title: string;
  lead: string;
  isFolded: boolean;
  gaps: readonly Gap[];
}

function GapGroup({ title, lead, isFolded, gaps }: GapGroupProps) {
  const [isShown, setIsShown] = useState(!isFolded);
  const [limit, setLimit] = useState(firstShown);
  if (gaps.length === 0) return null;
  return (
    <>
      <ListSection
        title={title}
        count={gaps.length}
        lead={isShown ? lead : undefined}
        action={
          isFolded && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-expanded={isShown}
              onClick={() => setIsShown((was) => !was)}
            >
              {isShown ? 'Hide' : 'Show'}
            </Button>
          )
        }
      >
        {isShown && gaps.slice(0, limit).map((gap) => <GapRow key={gap.clusterKey} gap={gap} />)}
      </ListSection>
      {isShown && gaps.length > limit && (
        <Button variant="default" mt={-24} mb={40} onClick={() => setLimit(gaps.length)}>
          Show {plural(gaps.length - limit, 'more', 'more')}
        </Button>
      )}
    </>
  );
}
