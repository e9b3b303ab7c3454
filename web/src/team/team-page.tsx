import { Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { sliceKeys, useSlice } from '../slices/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { Figure } from '../ui/figure.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { changeTeam, type Rep, type Team, type TeamReport, teamsQuery } from './api.ts';
import classes from './team-page.module.css';
import { adoptionSentence, teamName } from './team-words.ts';
import { TeamsTable } from './teams-table.tsx';

/** Who uses the library, as something to help with: teams first, people only for those who lead them. */
export function TeamPage() {
  const slice = useSlice();
  const report = useQuery(teamsQuery(slice));
  const isNarrowed = sliceKeys.some((key) => slice[key].length > 0);
  return (
    <>
      <PageHeader title="Team" lead="How sellers use the library, to see where help is wanted." />
      {report.error && <ProblemNote error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <SkeletonRows rows={6} widths={['26%', '14%', '14%', '22%']} />}
      {report.data && (
        <div data-stale={report.isPlaceholderData || undefined}>
          <p className={classes.answer} data-metric="adoption">
            {adoptionSentence(report.data.teams)}
          </p>
          {isNarrowed && (
            <p className="quiet">
              People are counted by the days of the slice alone: what they do is not told apart by asset or
              buyer here.
            </p>
          )}
          <Report report={report.data} />
        </div>
      )}
    </>
  );
}

function Report({ report }: { report: TeamReport }) {
  if (report.teams.length === 0)
    return (
      <EmptyState
        title="No sellers yet"
        miniature={<MiniatureRows widths={['30%', '16%', '24%']} />}
        action={<LinkButton to={paths.users}>Invite people</LinkButton>}
      >
        Once reps and managers have joined, their teams stand here: who shares, how searches go, and how fast
        readers get an answer.
      </EmptyState>
    );
  return (
    <>
      <TeamsTable teams={report.teams} asOf={report.asOf} />
      {report.teams.map((team) => {
        const reps = report.reps.filter((rep) => rep.team === team.name);
        return reps.length > 0 && <People key={team.name ?? ''} team={team} reps={reps} asOf={report.asOf} />;
      })}
      {report.reps.length === 0 && (
        <p className={classes.lead}>
          Who did what is for those who lead a team and for each about themselves; here teams stand as a
          whole.
        </p>
      )}
    </>
  );
}

/** The people of a team, for whoever leads it; for everybody else they themselves. */
function People({ team, reps, asOf }: { team: Team; reps: readonly Rep[]; asOf: Date }) {
  return (
    <section className={classes.team} aria-label={teamName(team.name)}>
      <header className={classes.head}>
        <div>
          <h2 className={classes.title}>{teamName(team.name)}</h2>
          <p className={classes.lead}>
            {team.showsRanking
              ? 'In the order of what they share, because this team wants it.'
              : 'By name. What stands beside a name is something to help with, not a mark.'}
          </p>
        </div>
        {team.mayRank && <RankingSwitch team={team} />}
      </header>
      <RepTable team={team} reps={reps} asOf={asOf} />
    </section>
  );
}

function RankingSwitch({ team }: { team: Team }) {
  const change = useMutation({
    mutationFn: (showsRanking: boolean) => changeTeam(team.name, showsRanking),
    onError: notifyProblem,
  });
  return (
    <Switch
      size="xs"
      label="Put people in order"
      description="Off unless a team wants it. Everybody in it sees that it is on."
      checked={change.isPending ? change.variables : team.showsRanking}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}

function RepTable({ team, reps, asOf }: { team: Team; reps: readonly Rep[]; asOf: Date }) {
  const user = useUser();
  return (
    <table className={classes.reps} aria-label={`People of ${teamName(team.name)}`}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Share links</th>
          <th scope="col">Searches that led to something</th>
          <th scope="col">Readers answered</th>
          <th scope="col">To talk about</th>
        </tr>
      </thead>
      <tbody>
        {reps.map((rep) => (
          <tr key={rep.userId}>
            <th scope="row">
              {rep.name}
              {rep.userId === user.id && <span className="quiet"> (you)</span>}
            </th>
            <td data-label="Share links">
              <Figure
                metric="shares_per_seller"
                value={rep.shareCount}
                format="number"
                n={rep.shareCount}
                asOf={asOf}
                label={`Share links of ${rep.name}`}
              />{' '}
              <span className="quiet">
                before{' '}
                <Figure
                  metric="shares_per_seller"
                  value={rep.previousShareCount}
                  format="number"
                  n={rep.previousShareCount}
                  asOf={asOf}
                  label={`Share links of ${rep.name} in the days before`}
                />
              </span>
            </td>
            <td data-label="Searches that led to something">
              <Part metric="search_success" rate={rep.search} asOf={asOf} label={`Searches of ${rep.name}`} />
            </td>
            <td data-label="Readers answered">
              <Part
                metric="follow_up"
                rate={rep.followUp.answered}
                asOf={asOf}
                label={`Readers whom ${rep.name} answered`}
              />
            </td>
            <td
              data-label="To talk about"
              data-none={rep.coaching === null || undefined}
              className={classes.coaching}
            >
              {rep.coaching ?? <span className="quiet">–</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PartProps {
  metric: 'search_success' | 'follow_up';
  rate: Rep['search'];
  asOf: Date;
  label: string;
}

/** Of so few as one person has, the parts say more than a share. */
function Part({ metric, rate, asOf, label }: PartProps) {
  if (rate.n === 0) return <span className="quiet">none</span>;
  return (
    <>
      <Figure metric={metric} value={rate.part} format="number" n={rate.n} asOf={asOf} label={label} /> of{' '}
      <Figure metric={metric} value={rate.n} format="number" n={rate.n} asOf={asOf} label={`${label}, all`} />
    </>
  );
}
