import { formatNumber, plural } from '../lib/format.ts';
import { Figure } from '../ui/figure.tsx';
import type { Team } from './api.ts';
import { formatHours, teamName } from './team-words.ts';
import classes from './teams-table.module.css';

/** The teams by name, side by side: each number with what it is a part of beneath it. */
export function TeamsTable({ teams, asOf }: { teams: readonly Team[]; asOf: Date }) {
  return (
    <table className={classes.teams} aria-label="Teams">
      <thead>
        <tr>
          <th scope="col">Team</th>
          <th scope="col">Shared something</th>
          <th scope="col">Share links a seller</th>
          <th scope="col">Searches that led to something</th>
          <th scope="col">Readers answered</th>
        </tr>
      </thead>
      <tbody>
        {teams.map((team) => (
          <tr key={team.name ?? ''}>
            <th scope="row">{teamName(team.name)}</th>
            <td data-label="Shared something">
              <Sharing team={team} asOf={asOf} />
            </td>
            <td data-label="Share links a seller">
              <Shares team={team} asOf={asOf} />
            </td>
            <td data-label="Searches that led to something">
              <Searches team={team} asOf={asOf} />
            </td>
            <td data-label="Readers answered">
              <Answers team={team} asOf={asOf} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  team: Team;
  asOf: Date;
}

function Sharing({ team: { name, sharing, previousSharing }, asOf }: CellProps) {
  return (
    <>
      <Figure
        metric="adoption"
        value={sharing.part}
        n={sharing.n}
        asOf={asOf}
        size="large"
        label={`Sellers who shared something, ${teamName(name)}`}
      />
      <span className={classes.beneath} data-metric="adoption">
        of {plural(sharing.n, 'seller')}; {formatNumber(previousSharing.part)} before
      </span>
    </>
  );
}

function Shares({ team: { name, sharesPerRep }, asOf }: CellProps) {
  const { median, low, high, n } = sharesPerRep;
  return (
    <>
      <Figure
        metric="shares_per_seller"
        value={median}
        low={low}
        high={high}
        n={n}
        asOf={asOf}
        size="large"
        label={`Share links a seller, the median, ${teamName(name)}`}
      />
      <span className={classes.beneath} data-metric="shares_per_seller">
        {low === high
          ? 'the median'
          : `the middle half from ${formatNumber(Math.round(low))} to ${formatNumber(Math.round(high))}`}
      </span>
    </>
  );
}

function Searches({ team: { name, search }, asOf }: CellProps) {
  return (
    <>
      <Figure
        metric="search_success"
        value={search.value}
        format="percent"
        n={search.n}
        asOf={asOf}
        size="large"
        label={`Searches that led to something, ${teamName(name)}`}
      />
      <span className={classes.beneath} data-metric="search_success">
        of {plural(search.n, 'search', 'searches')}
      </span>
    </>
  );
}

function Answers({ team: { name, followUp }, asOf }: CellProps) {
  const { answered, hours } = followUp;
  return (
    <>
      <Figure
        metric="follow_up"
        value={answered.value}
        format="percent"
        n={answered.n}
        asOf={asOf}
        size="large"
        label={`Readers answered, ${teamName(name)}`}
      />
      <span className={classes.beneath} data-metric="follow_up">
        of {plural(answered.n, 'share link')} that {answered.n === 1 ? 'was' : 'were'} read
        {hours.median !== null && `; half of them within ${formatHours(hours.median)}`}
      </span>
    </>
  );
}
