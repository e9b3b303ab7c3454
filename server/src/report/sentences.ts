import type { Aging } from '../aging/contract.ts';
import type { Reach } from '../analytics/contract.ts';
import type { Coverage, CoverageCell } from '../coverage/contract.ts';
import type { Decision } from '../decisions/contract.ts';
import type { Brief, BriefQuestion, GapTile } from './contract.ts';
import { answerGaps } from './gap-sentence.ts';
import type { Words } from './words.ts';

const mostRows = 4;
/** Of fewer assets a percentage says more than is known. */
const fewAssets = 10;

export function sayReach({ unusedRate, ladder }: Reach, words: Words): BriefQuestion {
  const { current, previous } = unusedRate;
  const countOf = ({ part, n }: { part: number; n: number }) => `${words.number(part)} of ${words.number(n)}`;
  const reachedCount = (rung: string) => ladder.find((step) => step.rung === rung)?.reachedCount ?? 0;
  const answer =
    current.n === 0 || current.value === null
      ? 'No asset counts yet: assets count from 30 days after they were published.'
      : current.n < fewAssets
        ? `${countOf(current)} eligible assets stayed on the shelf.`
        : `${words.percent(current.value)} of the library stayed on the shelf.`;
  const before =
    previous.n === 0 || previous.value === null
      ? 'There is nothing to compare it with.'
      : `In the days before it was ${previous.n < fewAssets ? countOf(previous) : `${words.percent(previous.value)}, ${countOf(previous)}`}.`;
  return {
    key: 'reach',
    ask: 'How much of what we make reaches buyers?',
    answer,
    evidence:
      current.n === 0
        ? []
        : [
            `Sales neither shared nor downloaded ${countOf(current)} eligible assets. ${before}`,
            `People outside opened ${words.number(reachedCount('reached'))} of them and read ${words.number(reachedCount('read'))}.`,
          ],
    rows: ladder
      .filter(({ rung, count }) => count > 0 && rung !== 'read' && rung !== 'moved')
      .toSorted((a, b) => b.count - a.count)
      .slice(0, mostRows)
      .map(({ count, cause, action }) => ({
        name: words.plural(count, 'asset'),
        says: `${cause} ${action}`,
      })),
    path: '/shelf/reach',
    metrics: ['unused_rate', 'used_assets', 'eligible_assets', 'usage_ladder'],
  };
}

export function sayCoverage(coverage: Coverage, words: Words): BriefQuestion {
  const terms = [...coverage.rowTerms, ...coverage.columnTerms];
  const nameOf = ({ rowTermId, columnTermId }: CoverageCell) =>
    [rowTermId, columnTermId].map((termId) => terms.find(({ id }) => id === termId)?.name ?? '').join(' × ');
  const [thin] = coverage.thin;
  const [fat] = coverage.fat;
  const answer = thin
    ? thin.assetCount === 0
      ? `Nothing answers ${nameOf(thin)}, where there is demand.`
      : `${nameOf(thin)} is asked for, and ${words.plural(thin.sharedCount, 'asset')} of ${words.number(thin.assetCount)} there was shared.`
    : fat
      ? `Whatever was asked for is there; ${nameOf(fat)} has ${words.plural(fat.assetCount, 'asset')} that nobody asks for.`
      : coverage.isDemandEnough
        ? 'Whatever was asked for is there and was shared.'
        : 'Too little was asked for yet to say where we are thin or fat.';
  const said = (cell: CoverageCell) => {
    const demand = [
      cell.searchCount > 0 && words.plural(cell.searchCount, 'search', 'searches'),
      cell.noteCount > 0 && words.plural(cell.noteCount, 'objection note'),
      cell.openDealCount > 0 &&
        `${words.plural(cell.openDealCount, 'open deal')}${cell.openValue > 0 ? ` worth ${words.money(cell.openValue, coverage.baseCurrency)}` : ''}${cell.unconvertedDealCount > 0 ? ` (${words.number(cell.unconvertedDealCount)} not converted)` : ''}`,
    ].filter(Boolean);
    return `${words.plural(cell.assetCount, 'asset')}, ${words.number(cell.sharedCount)} shared, ${words.number(cell.readCount)} read${demand.length > 0 ? `; ${demand.join(', ')}` : ''}.`;
  };
  const { searchCount, noteCount } = coverage.placed;
  return {
    key: 'coverage',
    ask: 'Where are we thin or fat?',
    answer,
    evidence: [
      `Counted over ${words.plural(coverage.eligibleCount, 'eligible asset')}, ${words.plural(searchCount, 'search', 'searches')} and ${words.plural(noteCount, 'objection note')} that name enough to stand in a cell.`,
    ],
    rows: coverage.thin.slice(0, mostRows).map((cell) => ({ name: nameOf(cell), says: said(cell) })),
    path: '/shelf/coverage',
    metrics: ['coverage', 'coverage_demand'],
  };
}

export function sayGaps(tile: GapTile, words: Words): BriefQuestion {
  const { requests } = tile;
  const [rising] = tile.rising;
  return {
    key: 'gaps',
    ask: 'What did sales ask for and not find?',
    answer: answerGaps(tile, words),
    evidence: [
      `${words.number(tile.failedCount)} of ${words.plural(tile.searchCount, 'search session')} of the last 90 days failed.`,
      ...(rising
        ? [
            `“${rising.term.name}” comes up more: ${[rising.noteCount > 0 && `${words.plural(rising.noteCount, 'note')}, before ${words.number(rising.noteBeforeCount)}`, rising.searcherCount > 0 && `${words.plural(rising.searcherCount, 'person', 'people')} searched for it, before ${words.number(rising.searcherBeforeCount)}`].filter(Boolean).join('; ')}.`,
          ]
        : []),
      requests.openCount === 0
        ? 'No request is open.'
        : `${words.plural(requests.openCount, 'request')} ${requests.openCount === 1 ? 'is' : 'are'} open, ${words.number(requests.overdueCount)} overdue.`,
    ],
    rows: tile.gaps.slice(0, mostRows).map((gap) => ({
      name: gap.query,
      says: `${words.plural(gap.peopleCount, 'person', 'people')}, ${words.plural(gap.searchCount, 'search', 'searches')}${gap.openDealCount > 0 ? `; ${words.plural(gap.openDealCount, 'open deal')}${gap.openValue > 0 ? ` worth ${words.money(gap.openValue, tile.baseCurrency)}` : ''}${gap.unconvertedDealCount > 0 ? ` (${words.number(gap.unconvertedDealCount)} not converted)` : ''}` : ''}.`,
    })),
    path: '/requests/not-found',
    metrics: ['gap', 'search_success', 'objection_notes'],
  };
}

export function sayAging(aging: Aging, words: Words): BriefQuestion {
  const { falling, hotStale, expiring, held, flagged } = aging;
  const rows = [
    ...flagged.items.map(({ title, userCount }) => ({
      name: title,
      says: `${words.plural(userCount, 'colleague')} called it wrong or outdated, and nobody answered.`,
    })),
    ...hotStale.items.map(({ title, usedDays, reviewOn, hasOwner }) => ({
      name: title,
      says: `Used on ${words.plural(usedDays, 'day')}${reviewOn !== null && reviewOn < aging.window.lastDay ? `; review was due ${words.day(reviewOn)}` : ''}${hasOwner ? '' : '; nobody owns it'}.`,
    })),
    ...falling.items.map(({ title, before, after, sinceOn }) => ({
      name: title,
      says: `Reads per share fell from ${words.percent(before.readCount / before.sharedCount)} to ${words.percent(after.readCount / after.sharedCount)} in the week of ${words.day(sinceOn)}; ${words.plural(before.sharedCount, 'share')} before, ${words.number(after.sharedCount)} after.`,
    })),
    ...held.items.map(({ title, recipientName, heldNumber, currentNumber, senderName }) => ({
      name: title,
      says: `${recipientName} holds version ${words.number(heldNumber)} of ${words.number(currentNumber)}, sent by ${senderName}.`,
    })),
    ...expiring.items.map(({ title, endsOn, link }) => ({
      name: title,
      says: `${link ? `The share link of ${link.recipientName} ends` : 'Its review is due'} on ${words.day(endsOn)}.`,
    })),
  ];
  return {
    key: 'aging',
    ask: 'What is going off?',
    answer: aging.says,
    evidence: [
      falling.countedAt === null
        ? 'Falling reads were not looked for yet.'
        : `Falling reads were looked for in ${words.plural(falling.testedCount, 'asset')} with 40 share links or more.`,
    ],
    rows: rows.slice(0, mostRows + 1),
    path: '/shelf/aging',
    metrics: ['unanswered_flags', 'hot_stale_assets', 'held_versions', 'reads_per_share', 'expiring'],
  };
}

/** What was decided, and once it is a week old what became of it beside everything else. */
export function sayDecision(decision: Decision, words: Words): Brief['decisions'][number] {
  const { kind, assetCount, effect, ownerName, on, terms, decidedByName, decidedAt } = decision;
  const assets = words.plural(assetCount, 'asset');
  const what = {
    archive: `archived ${assets}`,
    assign: ownerName === null ? `took the owner off ${assets}` : `gave ${assets} to ${ownerName}`,
    request_review:
      on === null
        ? `took the review date off ${assets}`
        : `asked for a review of ${assets} by ${words.day(on)}`,
    add_tags: `tagged ${assets} ${terms.map(({ name }) => name).join(', ')}`,
    promote: `recommended ${assets} to reps`,
  }[kind];
  const measured = kind === 'assign' || kind === 'request_review' ? 'reads' : 'shares';
  return {
    says: `${decidedByName} ${what} on ${words.day(decidedAt.toISOString().slice(0, 10))}.`,
    effectSays:
      effect &&
      `${words.plural(effect.assets[measured].before, measured === 'reads' ? 'read' : 'share')} in the ${words.plural(effect.days, 'day')} before, ${words.number(effect.assets[measured].after)} since; everything else went from ${words.number(effect.others[measured].before)} to ${words.number(effect.others[measured].after)}.`,
  };
}
