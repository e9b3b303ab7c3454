import { Progress } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useUser } from '../auth/api.ts';
import { formatMinute, formatNumber, formatPercent, formatRelative, plural } from '../lib/format.ts';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { classWords } from '../ui/judgement-words.ts';
import { notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { useMinute } from '../ui/words.tsx';
import { type Measurement, measurementQuery, type Rejudging, rejudgePast } from './api.ts';
import classes from './measurement-page.module.css';
import {
  corpusSentence,
  freshSentence,
  hiddenSentence,
  lostSentence,
  silentSentence,
} from './measurement-words.ts';
import { RuleTable } from './rule-table.tsx';

/** How far the numbers about visits can be trusted, in sentences with their evidence. */
export function MeasurementPage() {
  const measurement = useQuery(measurementQuery);
  const isAdmin = useUser().role === 'admin';
  const { data } = measurement;
  return (
    <>
      <PageHeader
        title="Measurement"
        lead="How far you can trust what Offshelf says about visits: what is hidden, what is doubtful, and by which rules."
        actions={isAdmin && <RejudgeButton latest={data?.rejudgings[0]} />}
      />
      {measurement.error && !data && (
        <ProblemNote error={measurement.error} onRetry={() => void measurement.refetch()} />
      )}
      {measurement.isPending && <SkeletonText lines={10} />}
      {data && <Answers measurement={data} />}
    </>
  );
}

function RejudgeButton({ latest }: { latest: Rejudging | undefined }) {
  const rejudge = useMutation({ mutationFn: rejudgePast, onError: notifyProblem });
  const isBusy = latest !== undefined && latest.finishedAt === null;
  return (
    <ConfirmButton
      question="Every visit is judged again by the rules of today. What somebody said of a visit stands, and what changes is listed here."
      confirmLabel="Judge again"
      isHarmless
      disabled={isBusy}
      loading={rejudge.isPending}
      onConfirm={() => rejudge.mutate()}
    >
      {isBusy ? 'Judging the past' : 'Judge the past again'}
    </ConfirmButton>
  );
}

function Answers({ measurement }: { measurement: Measurement }) {
  const now = useMinute();
  const { visits, requests, calibration, ages, rejudgings, rules, ruleVersion, asOf } = measurement;
  return (
    <div className={classes.answers}>
      {rejudgings.length > 0 && <Rejudgings rejudgings={rejudgings} />}
      <Answer title="What is hidden" sentence={hiddenSentence(visits)}>
        <Counts classes={visits.classes} unit="visits" />
        <p className={classes.note}>
          {plural(visits.confirmedCount, 'visit')} confirmed as a person’s,{' '}
          {formatNumber(visits.overruledCount)} decided by somebody of your team.{' '}
          {requests.count > 0 &&
            `Behind them are ${plural(requests.count, 'raw request')}, which never count: ${declaredWords(requests)}.`}
        </p>
      </Answer>
      <Answer title="How good the rules are" sentence={corpusSentence(measurement.corpus)}>
        <p className={classes.note}>
          Each situation is written down with its public source and played against the app whenever it is
          tested. {formatNumber(measurement.corpus.unsureCount)} who came were left undecided. Scanners that
          do everything as people do are among those: no rule tells them apart for certain.
        </p>
      </Answer>
      <Answer
        title="Whether they hold here"
        sentence={calibrationSentence(calibration, visits.confirmedCount)}
      >
        {calibration.rows.length > 0 && <Calibration rows={calibration.rows} />}
        {calibration.rows.length > 0 && (
          <p className={classes.note}>
            Codes and passcodes can prove people only, so the second column leans towards people. Your own
            word about machines evens it out.
            {calibration.asOf && ` Counted ${formatRelative(calibration.asOf, now)}.`}
          </p>
        )}
      </Answer>
      <Answer title="What is lost" sentence={lostSentence(measurement.beats)}>
        <p className={classes.note}>
          Browsers number what they tell, so a gap shows what was lost. They tell totals, so the next message
          makes up for it. What can be lost for good is the time after the last one, at most 15 seconds of it.{' '}
          {silentSentence(measurement.silentVisits)} Visits that ask for privacy are not counted at all.
        </p>
      </Answer>
      <Answer title="How fresh it is" sentence={freshSentence(ages, now)}>
        <p className={classes.note}>
          {ages.latestRollupAt
            ? `What search ranks by was counted ${formatRelative(ages.latestRollupAt, now)}.`
            : 'What search ranks by has not been counted yet.'}{' '}
          As of {formatMinute(asOf)}.
        </p>
      </Answer>
      <Answer
        title={`The rules, set ${ruleVersion.toString()}`}
        sentence="A lone sign never decides, except what a visitor declares of itself and what proves a person."
      >
        <RuleTable rules={rules} />
      </Answer>
      <p className={classes.note}>
        Countries come from IP2Location LITE data, available from{' '}
        <a href="https://lite.ip2location.com">lite.ip2location.com</a>.
      </p>
    </div>
  );
}

function Answer({ title, sentence, children }: { title: string; sentence: string; children: ReactNode }) {
  return (
    <section className={classes.answer}>
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.sentence}>{sentence}</p>
      {children}
    </section>
  );
}

function Counts({ classes: counts, unit }: { classes: Measurement['visits']['classes']; unit: string }) {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  return (
    <table className={classes.table}>
      <caption className="only-heard">{unit} of the last 30 days</caption>
      <thead className="only-heard">
        <tr>
          <th scope="col">Judged to be</th>
          <th scope="col">Number</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ class: name, count }) => (
          <tr
            key={name}
            data-hidden={classWords[name].isHidden || undefined}
            data-doubtful={name === 'unsure' || undefined}
          >
            <th scope="row">{classWords[name].name}</th>
            <td className={classes.number}>{formatNumber(count)}</td>
            <td className={classes.share}>
              <span className={classes.bar} style={{ width: `${((count / total) * 100).toFixed(1)}%` }} />
              <span className="only-heard">{formatPercent(count / total)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function declaredWords({ classes: counts, count }: Measurement['requests']): string {
  const silent = counts.find((row) => row.class === 'unsure')?.count ?? 0;
  return `${formatNumber(count - silent)} said that they were programs or only loaded ahead, ${formatNumber(silent)} said nothing`;
}

function calibrationSentence({ confirmedCount }: Measurement['calibration'], recentCount: number): string {
  if (confirmedCount > 0)
    return `${plural(confirmedCount, 'visit')} ${confirmedCount === 1 ? 'is' : 'are'} confirmed, and what is learned from them changes how likely a person is.`;
  return recentCount > 0
    ? 'What confirmed visits teach is counted every night, and has not been counted yet.'
    : 'No visit is confirmed yet. A code from a mailbox, a passcode, or your word under “Why we think so” confirms one.';
}

function Calibration({ rows }: { rows: Measurement['calibration']['rows'] }) {
  return (
    <table className={classes.table}>
      <caption className="only-heard">What the rules said of visits that were confirmed later</caption>
      <thead>
        <tr>
          <th scope="col">The rules said</th>
          <th scope="col" className={classes.number}>
            Confirmed
          </th>
          <th scope="col" className={classes.number}>
            Were people
          </th>
          <th scope="col">Likely between</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.from}>
            <th scope="row">{formatPercent(row.predicted)} a person</th>
            <td className={classes.number}>{formatNumber(row.count)}</td>
            <td className={classes.number}>{formatPercent(row.observed)}</td>
            <td>
              {formatPercent(row.low)} and {formatPercent(row.high)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rejudgings({ rejudgings }: { rejudgings: Rejudging[] }) {
  const now = useMinute();
  const [latest, ...earlier] = rejudgings;
  if (!latest) return null;
  const share = latest.totalCount === 0 ? 100 : (latest.doneCount / latest.totalCount) * 100;
  return (
    <section className={classes.answer} aria-label="The past, judged again">
      {latest.finishedAt === null ? (
        <div role="status">
          <p>
            Judging the past again: {formatNumber(latest.doneCount)} of {plural(latest.totalCount, 'visit')}.
            You can leave this page.
          </p>
          <Progress value={share} size={6} aria-label="Visits judged again" className={classes.progress} />
        </div>
      ) : (
        <p role="status">{rejudgingWords(latest, now)}</p>
      )}
      <Changes changes={latest.changes} />
      {earlier.length > 0 && (
        <details className={classes.earlier}>
          <summary>Earlier</summary>
          <ul>
            {earlier.map((rejudging) => (
              <li key={rejudging.id}>{rejudgingWords(rejudging, now)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function rejudgingWords({ finishedAt, doneCount, changedCount, askedBy, ruleVersion }: Rejudging, now: Date) {
  const who = askedBy ? `, asked by ${askedBy}` : '';
  const changed = changedCount === 0 ? 'nothing changed' : `${formatNumber(changedCount)} changed`;
  return `The past was judged by rule set ${ruleVersion.toString()} ${finishedAt ? formatRelative(finishedAt, now) : ''}${who}: ${plural(doneCount, 'visit')}, ${changed}.`;
}

function Changes({ changes }: { changes: Rejudging['changes'] }) {
  if (changes.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {changes.map(({ from, to, count }) => (
        <li key={`${from} ${to}`}>
          <span className={classes.number}>{formatNumber(count)}</span> {classWords[from].name} →{' '}
          {classWords[to].name}
        </li>
      ))}
    </ul>
  );
}
