-- What goes off, what was asked for and not found as it was counted last, and the brief by mail.

-- Assets of which fewer share links are read than before, as the last run of the job found it.
create table asset_fall (
  asset_id text primary key constraint asset_fall_asset_id_fkey references asset on delete cascade,
  -- The Monday of the first week after the change.
  since_on date not null,
  before_shared_count int not null,
  before_read_count int not null,
  after_shared_count int not null,
  after_read_count int not null,
  -- One a week: week, shared, read.
  weeks jsonb not null
);

-- One row: when falls were looked for last, and in how many assets there was enough to tell.
create table asset_fall_run (
  is_only boolean primary key default true constraint asset_fall_run_is_only_check check (is_only),
  counted_at timestamptz not null,
  tested_count int not null
);

-- What was answered to those who said that an asset is wrong or outdated. It answers all that was said before it.
create table flag_answer (
  id text primary key,
  asset_id text not null constraint flag_answer_asset_id_fkey references asset on delete cascade,
  kind text not null constraint flag_answer_kind_check check (kind in ('answered', 'fixed', 'still_right')),
  sentence text not null constraint flag_answer_sentence_check check (length(sentence) between 1 and 500),
  answered_by_user_id text not null constraint flag_answer_answered_by_user_id_fkey references "user",
  answered_at timestamptz not null,
  undone_at timestamptz
);
create index flag_answer_asset_id_idx on flag_answer (asset_id, answered_at desc);
create index search_action_flag_idx on search_action (asset_id, acted_at)
  where kind = 'dismissed' and reason in ('outdated', 'wrong');

-- Share links that hold an old version on purpose, and those that end soon.
create index share_link_pinned_version_id_idx on share_link (pinned_version_id) where pinned_version_id is not null;
create index share_link_expires_at_idx on share_link (expires_at) where expires_at is not null;

-- One row: the gaps of 90 days as they were counted last, because with many searches that takes a second or two.
create table gap_snapshot (
  is_only boolean primary key default true constraint gap_snapshot_is_only_check check (is_only),
  counted_at timestamptz not null,
  -- What it was counted from: when that has changed, it is counted anew.
  mark text not null,
  report jsonb not null
);

-- Who gets the brief by mail, on which day (1: Monday) and at which hour where the instance is.
create table brief_subscription (
  user_id text primary key constraint brief_subscription_user_id_fkey references "user" on delete cascade,
  weekday int not null constraint brief_subscription_weekday_check check (weekday between 1 and 7),
  hour int not null constraint brief_subscription_hour_check check (hour between 0 and 23),
  -- How numbers and days are written, such as en-GB.
  locale text not null,
  -- The slice, as it stands behind the question mark of an address.
  query text not null,
  subscribed_at timestamptz not null
);

-- One row for each week and user, made before the mail leaves: whoever makes it sends it, and nobody else.
create table brief_sending (
  user_id text not null constraint brief_sending_user_id_fkey references "user" on delete cascade,
  week_on date not null,
  claimed_at timestamptz not null,
  sent_at timestamptz,
  primary key (user_id, week_on)
);

-- What the open deals of those who searched are worth.
create index deal_open_owner_idx on deal (lower(owner_email)) where outcome = 'open' and removed_at is null;
