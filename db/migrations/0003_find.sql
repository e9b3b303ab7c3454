-- What a search was read as, what came of it, and what marketing does about searches that fail.

alter table search
  -- The question without spelling, order and wording: searches with the same key ask for the same thing.
  add column cluster_key text not null default '',
  -- Terms that were chosen or read from the words.
  add column term_ids text[] not null default '{}',
  add column account_id text references account (id) on delete set null,
  -- The situation as it can be opened again, when the words alone are too long for an address.
  add column question jsonb;

create index search_cluster_key_idx on search (cluster_key, searched_at);
create index search_account_id_idx on search (account_id) where account_id is not null;

alter table search_action
  add column reason text,
  add column note text not null default '',
  add constraint search_action_reason_check
    check (reason in ('off_topic', 'wrong_audience', 'outdated', 'wrong', 'other'));

-- Words that somebody typed and then chose a term for, or refused one that had been read from them.
create table term_choice (
  phrase text not null,
  term_id text not null references term (id) on delete cascade,
  user_id text not null references "user" (id),
  is_refused boolean not null,
  chosen_at timestamptz not null,
  constraint term_choice_pkey primary key (phrase, term_id, user_id)
);
create index term_choice_term_id_idx on term_choice (term_id);

create table saved_search (
  id text not null,
  user_id text not null references "user" (id) on delete cascade,
  name text not null,
  question jsonb not null,
  created_at timestamptz not null,
  -- When its owner looked at the results last: what was published later is new.
  seen_at timestamptz not null,
  constraint saved_search_pkey primary key (id),
  constraint saved_search_name_check check (length(name) between 1 and 120)
);
create unique index saved_search_name_key on saved_search (user_id, lower(name));

-- What a rep asks marketing to make.
create table request (
  id text not null,
  title text not null,
  details text not null default '',
  status text not null default 'open',
  -- The group of failed searches that it came from.
  cluster_key text,
  due_on date,
  -- What marketing answers, and the asset that answers it.
  answer text not null default '',
  asset_id text references asset (id) on delete set null,
  created_by_user_id text not null references "user" (id),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  closed_at timestamptz,
  is_sample boolean not null default false,
  constraint request_pkey primary key (id),
  constraint request_title_check check (length(title) between 1 and 200),
  constraint request_status_check check (status in ('open', 'planned', 'done', 'declined'))
);
create index request_status_idx on request (status, created_at desc, id);
create index request_asset_id_idx on request (asset_id) where asset_id is not null;
create unique index request_cluster_key_key on request (cluster_key) where status in ('open', 'planned');

create table request_term (
  request_id text not null references request (id) on delete cascade,
  term_id text not null references term (id) on delete cascade,
  constraint request_term_pkey primary key (request_id, term_id)
);
create index request_term_term_id_idx on request_term (term_id);

create table request_vote (
  request_id text not null references request (id) on delete cascade,
  user_id text not null references "user" (id) on delete cascade,
  voted_at timestamptz not null,
  constraint request_vote_pkey primary key (request_id, user_id)
);

-- What marketing decided about a group of failed searches.
create table gap_decision (
  cluster_key text not null,
  kind text not null,
  request_id text references request (id) on delete cascade,
  term_id text references term (id) on delete cascade,
  -- The word that became a synonym of the term.
  word text,
  decided_by_user_id text not null references "user" (id),
  decided_at timestamptz not null,
  constraint gap_decision_pkey primary key (cluster_key),
  constraint gap_decision_kind_check check (kind in ('requested', 'synonym', 'dismissed'))
);
create index gap_decision_request_id_idx on gap_decision (request_id) where request_id is not null;
create index gap_decision_term_id_idx on gap_decision (term_id) where term_id is not null;
