import type { Metric, MetricKey, Rung } from './contract.ts';

/** Every metric that a screen shows, with the one text that defines it. The glossary prints this table. */
export const metrics = {
  eligible_assets: {
    name: 'Eligible assets',
    definition:
      'Assets that are published and not archived at the end of the window, and were first published at least 30 days before it.',
    unit: 'assets',
    minimumN: 0,
  },
  used_assets: {
    name: 'Used assets',
    definition:
      'Eligible assets that, in the window, a user with a sales role (rep or manager) shared or downloaded. Opening an asset inside the library is not use.',
    unit: 'assets',
    minimumN: 0,
  },
  unused_rate: {
    name: 'Unused rate',
    definition:
      '1 − used assets ÷ eligible assets, for the window; beside it the same for the window before.',
    unit: 'ratio',
    minimumN: 1,
  },
  usage_ladder: {
    name: 'Usage ladder',
    definition:
      "Each eligible asset stands on the highest rung that it reached in the window: published → surfaced (shown in somebody's results) → opened (by a user with a sales role) → shared (by one) → reached (a visit judged human) → read (such a visit read a page) → in a deal that moved (a deal of the recipient's account entered another stage after the read). It shows where assets stop, not what makes deals move.",
    unit: 'assets',
    minimumN: 0,
  },
  human_opens: {
    name: 'Human opens',
    definition:
      'Visits whose latest judgement is human-likely or human-confirmed. The interval is the middle 90% of the number of people’s visits that the judgements’ probabilities allow, with unsure visits included. Automated and internal visits are hidden and counted beside it.',
    unit: 'visits',
    minimumN: 0,
  },
  read_pages: {
    name: 'Pages read',
    definition:
      'Pages on which a visit judged human was active for at least 3 seconds and 15% of the expected reading time: words ÷ 238 per minute, or 6 seconds for a page without text.',
    unit: 'pages',
    minimumN: 0,
  },
  reads: {
    name: 'Reads',
    definition: 'Visits judged human in which at least one page was read.',
    unit: 'visits',
    minimumN: 0,
  },
  attention: {
    name: 'Attention',
    definition:
      'Active time on a page in a visit judged human that had it in sight: the median of such visits, with the quartiles from five on, in tenths of a second. A visit came past a page that lies between the first and the furthest it had in sight. It skipped the page (never in sight), skimmed it (in sight, not read), read it, or studied it (read, and for at least the expected reading time: words ÷ 238 per minute, or 6 seconds for a page without text; 3 seconds at least).',
    unit: 'visits',
    minimumN: 1,
  },
  visit_time: {
    name: 'Time in a visit',
    definition:
      'Active time on one version in a visit judged human, never longer than the visit lasted: the median, with the quartiles.',
    unit: 'visits',
    minimumN: 5,
  },
  completion: {
    name: 'Completion',
    definition:
      'Pages read ÷ pages of the version, in a visit judged human; for video and sound the part of its length that was played, each second counted once. The median of such visits.',
    unit: 'visits',
    minimumN: 5,
  },
  drop_off: {
    name: 'Drop-off',
    definition:
      'Readers (the recipient where it is a person, else the visitor) whose visits judged human in the window had a page in sight, and of them those who had this page or a later one in sight. Whoever comes back and reads on has not dropped off.',
    unit: 'readers',
    minimumN: 1,
  },
  retention: {
    name: 'Retention',
    definition:
      'Readers (the recipient where it is a person, else the visitor) who played some of a video or sound in visits judged human in the window, and of them those who played this second of it. What is played twice counts once.',
    unit: 'readers',
    minimumN: 1,
  },
  shares_read: {
    name: 'Share links that were read',
    definition:
      'Share links to an asset, by itself or with a room that has it, that were made in the window, and those of them by which a person read it (a visit judged human read a page of it), then or since.',
    unit: 'share links',
    minimumN: 0,
  },
  deals_read: {
    name: 'Deals for which it was read',
    definition:
      'Deals of which a share link was read (a visit judged human read a page) in the window, by how they stand now. A share link is for the deal that was chosen for it, else for the deals of its recipient’s account that were open when it was made. It describes; it does not say that reading helped.',
    unit: 'deals',
    minimumN: 0,
  },
  stale_assets: {
    name: 'Stale assets',
    definition: 'Published assets whose review date is past, or whose owner has left.',
    unit: 'assets',
    minimumN: 0,
  },
  search_success: {
    name: 'Search success',
    definition:
      'A search session is what one user searches for the same thing, each search at most 30 minutes after the one before. It succeeded when the user shared or downloaded an asset from its results, or kept one open for at least 10 seconds. It failed when it found nothing, or when it ended without that.',
    unit: 'search sessions',
    minimumN: 0,
  },
  gap: {
    name: 'Gap',
    definition:
      'Failed search sessions of the last 90 days that ask for the same: forms of a word, misspellings and synonyms of a term count as one; of a pasted text only the terms that were recognised in it count. A gap closes by itself when the two latest sessions of it succeeded, or the latest one after marketing made a request or added a synonym. When a session fails after that, it opens again. Its value is that of the open deals of those who searched.',
    unit: 'gaps',
    minimumN: 0,
  },
  coverage: {
    name: 'Coverage',
    definition:
      'A cell is where a persona, a stage and an objection meet, or two of them, whatever the third. An eligible asset stands in every cell of which it has all terms; one without a persona stands in no cell of a persona and is counted as untagged. A cell is empty, has an asset, or is as far as the furthest of its assets got in the window: shared (by a user with a sales role), read (a visit judged human read a page), or lifts (read in deals that move on more often than others like them, with an interval above zero after the correction for many assets).',
    unit: 'cells',
    minimumN: 0,
  },
  coverage_demand: {
    name: 'Demand for a cell',
    definition:
      'Search sessions of the window that asked for all terms of the cell (what one user asks for it, each search at most 30 minutes after the one before; failed when none of them led to a share, a download or an open of at least 10 seconds), objection notes of the window that are tied to them, and the deals open now in which they came up: the stage is that of the deal, a persona or an objection is known by a note on the deal, by a search about its account, or by a search that a share link of the deal came from. What names one term of the cell only is not counted. Nobody asks for a cell is said once 20 searches and notes stand in cells.',
    unit: 'search sessions',
    minimumN: 20,
  },
  objection_notes: {
    name: 'Objection notes',
    definition:
      'Objections that users noted in the window as they heard them, by the objection they were tied to; beside it the same for as long before. Their value is that of the open deals in which they were noted, in the base currency; amounts without a rate are counted, not converted.',
    unit: 'notes',
    minimumN: 0,
  },
  reads_per_share: {
    name: 'Reads per share',
    definition:
      'Of the share links to an asset that users with a sales role made in a week, the part that a person read (a visit judged human read a page) within 14 days; links younger than that are not counted yet. A fall is the week of the last 26 since which the part is lower: at least 20 share links on each side, found by the likelihood ratio, its probability multiplied by the number of weeks looked at, and kept only where at most one in ten of all falls named would be chance (Benjamini–Hochberg over assets). It counts share links of all buyers, whatever days and buyers are chosen.',
    unit: 'share links',
    minimumN: 40,
  },
  hot_stale_assets: {
    name: 'Hot but stale',
    definition:
      'Stale assets (review date past, or owner gone) that were used on at least 5 days of the window: shared or downloaded by a user with a sales role, or read by a person.',
    unit: 'assets',
    minimumN: 0,
  },
  expiring: {
    name: 'Expiring',
    definition:
      'Published assets whose review is due, and share links that end, within 30 days, and that a person read in the window.',
    unit: 'assets',
    minimumN: 0,
  },
  held_versions: {
    name: 'Old versions still with buyers',
    definition:
      'Share links that can still be opened and keep a version older than the current one, or by which a person last read an older one in the last 180 days and not the current one since.',
    unit: 'share links',
    minimumN: 0,
  },
  unanswered_flags: {
    name: 'Unanswered flags',
    definition:
      'Published assets that somebody called wrong or outdated in their search results since the current version was uploaded and since the owner or marketing last answered.',
    unit: 'assets',
    minimumN: 0,
  },
  influence: {
    name: 'Influence',
    definition:
      'Among deals that stood at the same stage, with a like amount and of the same segment: the share that progressed (entered a later stage or were won within 60 days of entering the stage) of those of which a share link to the asset was read (a visit judged human read a page) within the first 14 days of the stage, less the same share of those in which nobody did. A share link is for the deal that was chosen for it, else for the deals of its recipient’s account that were open when it was made. Each deal counts once at each stage. Left out: deals that left the stage within the 14 days, and stages entered in the last 60 days or more than two years ago. Pooled by Mantel–Haenszel, with a 95% interval; marked where it stands after the correction of Benjamini and Hochberg (at most one in ten marked by chance); ordered by an estimate that is moved towards the mean of all assets, the further the less is known. With fewer than 20 deals on either side, or fewer than 5 of either outcome, nothing is said. It is an association, not a cause.',
    unit: 'ratio',
    minimumN: 20,
  },
  first_place: {
    name: 'What the first place makes',
    definition:
      'Where two assets fit a search equally, chance chooses which comes first. The share of such searches in which the asset put first was opened, shared or downloaded, less that of the asset put second, with a 95% interval. It is an experiment: nothing but the place differs.',
    unit: 'ratio',
    minimumN: 30,
  },
  pipeline_read: {
    name: 'Open pipeline that is being read',
    definition:
      'Of what the open deals are worth in the base currency: the part of those of which a share link was read (a page of it) in the last 14 days in a visit judged human-confirmed; beside it the same with human-likely visits. A share link is for the deal that was chosen for it, else for the deals of its recipient’s account that were open when it was made. Amounts in a currency without a rate are named and not converted. Counted every five minutes. It describes; it does not say that reading helps.',
    unit: 'ratio',
    minimumN: 1,
  },
  decision_effect: {
    name: 'What came of a decision',
    definition:
      'Share links made by users with a sales role, human opens, and visits in which a page was read, of the assets of a decision: in the days since it, at most 30, and in as many days before it; beside it the same for all other assets. Said from the seventh day on. It compares; it proves nothing.',
    unit: 'share links',
    minimumN: 1,
  },
  adoption: {
    name: 'Sellers who share',
    definition:
      'Users with a sales role (rep or manager) who have not left and who made at least one share link in the window, of all of them; what was undone does not count.',
    unit: 'people',
    minimumN: 1,
  },
  shares_per_seller: {
    name: 'Share links a seller',
    definition:
      'Share links that a user with a sales role made in the window; of a team the median, with the quartiles. What was undone and what prospects forwarded does not count.',
    unit: 'share links',
    minimumN: 1,
  },
  follow_up: {
    name: 'Readers answered',
    definition:
      'Of the share links to a person or an account that a person first read in the window (a visit judged human read a page): those after whose first reading a follow-up was noted. The time is from that reading to the first follow-up after it, as a median of those that were answered.',
    unit: 'share links',
    minimumN: 5,
  },
  published_assets: {
    name: 'Published assets',
    definition:
      'Assets that are published and not archived now, of the product, language, personas and stages that are chosen.',
    unit: 'assets',
    minimumN: 0,
  },
  share_links: {
    name: 'Share links',
    definition:
      'Share links to an asset, by itself or with a room that has it, that users with a sales role made in the window; what was undone does not count.',
    unit: 'share links',
    minimumN: 0,
  },
  open_requests: {
    name: 'Open requests',
    definition:
      'Requests that somebody made of marketing and that are neither done nor declined now; overdue are those whose due date is past.',
    unit: 'requests',
    minimumN: 0,
  },
} as const satisfies Record<MetricKey, Omit<Metric, 'key'>>;

export const eligibleAfterDays = 30;
/** An asset that was kept open for so long was looked at. */
export const succeedingDwellMs = 10_000;

/** The rungs from the lowest up; how high an asset stands is its place in this list. */
export const rungsUpwards = [
  'published',
  'surfaced',
  'opened',
  'shared',
  'reached',
  'read',
  'moved',
] as const satisfies Rung[];

/** The rate is null when there is nothing to divide by. */
export function unusedRateOf(counts: readonly { isUsed: boolean; count: number }[]): {
  value: number | null;
  part: number;
  n: number;
} {
  const n = sumOf(counts);
  const part = sumOf(counts.filter(({ isUsed }) => !isUsed));
  return { value: n > 0 && n >= metrics.unused_rate.minimumN ? part / n : null, part, n };
}

/** Counts per rung, and how many reached it or a higher one. */
export function ladderOf(
  counts: readonly { height: number; count: number }[],
): { rung: Rung; count: number; reachedCount: number }[] {
  return rungsUpwards.map((rung, height) => ({
    rung,
    count: sumOf(counts.filter((each) => each.height === height)),
    reachedCount: sumOf(counts.filter((each) => each.height >= height)),
  }));
}

function sumOf(counts: readonly { count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** Why assets stop on a rung, and the one thing to do about it. */
export const rungCauses: Record<Rung, { cause: string; action: string }> = {
  published: {
    cause: 'Nobody has seen these in their results: reps can’t find them.',
    action: 'Add the words reps use: tags, synonyms and a “use when” line.',
  },
  surfaced: {
    cause: 'Shown in results and passed over: the title or the fit doesn’t convince.',
    action: 'Rewrite the title and the “use when” line so that the situation is clear.',
  },
  opened: {
    cause: 'Reps looked and didn’t send it: they lack confidence that it helps.',
    action: 'Brief the reps and add a talk track, or retire it.',
  },
  shared: {
    cause: 'Sent, but no person opened it: the message around it doesn’t carry.',
    action: 'Give reps a better message to send it with.',
  },
  reached: {
    cause: 'Opened and put away unread: it is the asset itself.',
    action: 'Shorten it, or move the answer to the first page.',
  },
  read: {
    cause: 'Buyers read it.',
    action: 'Tell the reps who don’t use it yet.',
  },
  moved: {
    cause: 'Read in a deal that then moved on. That is not proof that it helped.',
    action: 'Keep it fresh and easy to find.',
  },
};

/** Of certain buyers the lowest rung means only that. */
export const notSharedCause = {
  cause: 'Not shared with these buyers.',
  action: 'Brief the reps who sell to them.',
};
