import type { Gap } from './contract.ts';
import type { ClusterRequest, DecisionRow, TaxonomyTerm } from './gap-queries.ts';
import type { GapState } from './gap-state.ts';

interface Background {
  decision: DecisionRow | undefined;
  request: ClusterRequest | undefined;
  terms: TaxonomyTerm[];
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
export function on(date: Date): string {
  return dayFormat.format(date);
}

/** The state of a gap and why it is in it, in a sentence or two. */
export function describeState(state: GapState, background: Background): Pick<Gap, 'state' | 'stateSays'> {
  const { decision, request } = background;
  if (decision?.kind === 'dismissed' && (!request || decision.decidedAt > request.createdAt))
    return {
      state: 'dismissed',
      stateSays: `${decision.decidedByName} set it aside on ${on(decision.decidedAt)}.`,
    };
  if (state.state === 'closed' && state.closedAt)
    return {
      state: 'closed',
      stateSays: state.closedByAction
        ? `Closed by itself on ${on(state.closedAt)}: a search like it succeeded after ${whatWasDone(background)}.`
        : `Closed by itself on ${on(state.closedAt)}: the two latest searches like it succeeded.`,
    };
  if (request?.status === 'declined' && state.state === 'acted_on')
    return { state: 'dismissed', stateSays: `The request was declined${because(request.answer)}.` };
  if (state.state === 'acted_on') return { state: 'acted_on', stateSays: describeWaiting(background) };
  return { state: 'open', stateSays: describeOpen(state, background) };
}

function describeWaiting({ decision, request, terms }: Background): string {
  const ending = 'It closes by itself when a search like it succeeds.';
  if (decision?.kind === 'synonym' && (!request || decision.decidedAt > request.createdAt))
    return `“${decision.word}” means ${nameOf(decision, terms)} since ${on(decision.decidedAt)}. ${ending}`;
  if (!request) return ending;
  if (request.status === 'done')
    return `The request was answered on ${on(request.closedAt ?? request.createdAt)}. ${ending}`;
  const state = request.status === 'planned' ? 'Planned' : 'Requested';
  return `${state}; ${request.createdByName} asked for it on ${on(request.createdAt)}. ${ending}`;
}

function describeOpen({ hasReopened, actedInVain }: GapState, background: Background): string {
  if (actedInVain) return `Searches still fail after ${whatWasDone(background)}.`;
  if (hasReopened) return 'It was closed, and searches like it fail again.';
  return 'Nobody has done anything about it yet.';
}

function whatWasDone({ decision, request, terms }: Background): string {
  if (decision?.kind === 'synonym')
    return `“${decision.word}” became a synonym of ${nameOf(decision, terms)}`;
  return request?.status === 'done' ? 'the request was answered' : 'it was requested';
}

function nameOf({ termId }: DecisionRow, terms: TaxonomyTerm[]): string {
  return terms.find(({ id }) => id === termId)?.name ?? 'a term that is retired now';
}

function because(answer: string): string {
  const [first = ''] = answer.split(/(?<=[.!?])\s|\n/);
  return first === '' ? '' : `: ${first.replace(/[.!?]$/, '')}`;
}
