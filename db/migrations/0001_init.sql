-- The first shape of Offshelf's database. Each table is written by one feature only (named above it).

-- ── auth ────────────────────────────────────────────────────────────────────────────────────────────────
create table "user" (
  id text primary key,
  email text not null,
  name text not null,
  role text not null,
  team text,
  password_hash text,
  is_sample boolean not null default false,
  created_at timestamptz not null default now(),
  deactivated_at timestamptz,
  constraint user_role_check check (role in ('admin', 'marketing', 'manager', 'rep'))
);
create unique index user_email_key on "user" (lower(email));

create table session (
  token_hash text primary key,
  user_id text not null constraint session_user_id_fkey references "user" on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_user_id_idx on session (user_id);

-- An invitation or a password reset: a link that works once.
create table user_ticket (
  token_hash text primary key,
  kind text not null,
  user_id text not null constraint user_ticket_user_id_fkey references "user" on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint user_ticket_kind_check check (kind in ('invite', 'reset'))
);
create index user_ticket_user_id_idx on user_ticket (user_id);

-- One row per try at a secret; the key is a hash of what is limited (account and address, or share link and address).
create table attempt (
  id bigint generated always as identity primary key,
  key text not null,
  attempted_at timestamptz not null
);
create index attempt_key_idx on attempt (key, attempted_at);

-- ── accounts ────────────────────────────────────────────────────────────────────────────────────────────
create table account (
  id text primary key,
  name text not null,
  industry text,
  region text,
  is_sample boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index account_name_key on account (lower(name));

create table contact (
  id text primary key,
  account_id text constraint contact_account_id_fkey references account on delete cascade,
  name text not null,
  email text not null,
  is_sample boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index contact_email_key on contact (lower(email));

create table deal (
  id text primary key,
  external_id text not null constraint deal_external_id_key unique,
  account_id text not null constraint deal_account_id_fkey references account on delete cascade,
  amount numeric(14, 2) not null,
  currency text not null,
  owner_email text,
  stage text not null,
  outcome text not null,
  loss_reason text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  is_sample boolean not null default false,
  constraint deal_outcome_check check (outcome in ('open', 'won', 'lost'))
);
create index deal_account_id_idx on deal (account_id);

create table deal_stage (
  deal_id text not null constraint deal_stage_deal_id_fkey references deal on delete cascade,
  position int not null,
  stage text not null,
  entered_at timestamptz not null,
  primary key (deal_id, position)
);

-- ── taxonomy ────────────────────────────────────────────────────────────────────────────────────────────
create table dimension (
  key text primary key,
  name text not null,
  description text not null default '',
  is_multiple boolean not null default true,
  position int not null
);
insert into dimension (key, name, description, is_multiple, position) values
  ('persona', 'Persona', 'Who the content is meant to convince or help.', true, 1),
  ('stage', 'Stage', 'Where the account is in the buying journey. Deals use the same names.', true, 2),
  ('objection', 'Objection', 'What the buyer says against it, and the content answers.', true, 3),
  ('industry', 'Industry', 'The kind of company the content speaks to.', true, 4),
  ('region', 'Region', 'Where the content may be used.', true, 5),
  ('product', 'Product', 'What the content is about.', true, 6),
  ('language', 'Language', 'The language the content is written in.', false, 7),
  ('content_type', 'Content type', 'What kind of thing it is.', false, 8);

create table term (
  id text primary key,
  dimension_key text not null constraint term_dimension_key_fkey references dimension,
  name text not null,
  description text not null default '',
  synonyms text[] not null default '{}',
  position int not null,
  retired_at timestamptz,
  is_sample boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index term_name_key on term (dimension_key, lower(name));

-- ── assets ──────────────────────────────────────────────────────────────────────────────────────────────
-- A blob is referenced only once it is whole in the store; its name there is its SHA-256.
create table blob (
  hash text primary key,
  size_bytes bigint not null,
  created_at timestamptz not null default now()
);

create table asset (
  id text primary key,
  kind text not null,
  title text not null,
  description text not null default '',
  use_when text not null default '',
  talk_track text not null default '',
  owner_user_id text constraint asset_owner_user_id_fkey references "user",
  owner_role text not null default '',
  audience text not null default 'internal',
  review_on date,
  status text not null default 'draft',
  published_at timestamptz,
  archived_at timestamptz,
  current_version_id text,
  import_key text constraint asset_import_key_key unique,
  revision int not null default 1,
  is_sample boolean not null default false,
  created_by_user_id text constraint asset_created_by_user_id_fkey references "user",
  created_at timestamptz not null default now(),
  updated_by_user_id text constraint asset_updated_by_user_id_fkey references "user",
  updated_at timestamptz not null default now(),
  constraint asset_kind_check check (kind in ('file', 'web_link')),
  constraint asset_audience_check check (audience in ('internal', 'external')),
  constraint asset_status_check check (status in ('draft', 'published', 'archived')),
  constraint asset_published_at_check check (status <> 'published' or published_at is not null)
);
create index asset_status_idx on asset (status, updated_at desc, id);

-- Every state an asset has been in, so that a past window is judged by what was true then.
create table asset_status_change (
  id bigint generated always as identity primary key,
  asset_id text not null constraint asset_status_change_asset_id_fkey references asset on delete cascade,
  status text not null,
  changed_at timestamptz not null,
  changed_by_user_id text constraint asset_status_change_changed_by_user_id_fkey references "user"
);
create index asset_status_change_asset_id_idx on asset_status_change (asset_id, changed_at);

create table asset_version (
  id text primary key,
  asset_id text not null constraint asset_version_asset_id_fkey references asset on delete cascade,
  number int not null,
  blob_hash text constraint asset_version_blob_hash_fkey references blob,
  url text,
  file_name text,
  media_type text not null,
  size_bytes bigint,
  page_count int not null default 1,
  created_by_user_id text constraint asset_version_created_by_user_id_fkey references "user",
  created_at timestamptz not null default now(),
  constraint asset_version_asset_id_number_key unique (asset_id, number),
  constraint asset_version_content_check check ((blob_hash is null) <> (url is null))
);
create index asset_version_blob_hash_idx on asset_version (blob_hash);
alter table asset add constraint asset_current_version_id_fkey
  foreign key (current_version_id) references asset_version deferrable initially deferred;

create table asset_term (
  asset_id text not null constraint asset_term_asset_id_fkey references asset on delete cascade,
  term_id text not null constraint asset_term_term_id_fkey references term on delete cascade,
  primary key (asset_id, term_id)
);
create index asset_term_term_id_idx on asset_term (term_id);

-- What a signed-in user did with an asset inside the library.
create table asset_activity (
  id text primary key,
  asset_id text not null constraint asset_activity_asset_id_fkey references asset on delete cascade,
  user_id text not null constraint asset_activity_user_id_fkey references "user",
  kind text not null,
  search_id text,
  occurred_at timestamptz not null,
  constraint asset_activity_kind_check check (kind in ('opened', 'downloaded'))
);
create index asset_activity_asset_id_idx on asset_activity (asset_id, occurred_at);
create index asset_activity_user_id_idx on asset_activity (user_id, occurred_at desc);

create table import_run (
  id text primary key,
  state text not null,
  source_name text not null,
  plan jsonb not null,
  total_count int not null default 0,
  done_count int not null default 0,
  created_by_user_id text constraint import_run_created_by_user_id_fkey references "user",
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint import_run_state_check check (state in ('checking', 'ready', 'running', 'done', 'failed'))
);

create table import_row (
  import_run_id text not null constraint import_row_import_run_id_fkey references import_run on delete cascade,
  line int not null,
  action text not null,
  title text not null,
  detail text not null default '',
  payload jsonb not null,
  asset_id text,
  primary key (import_run_id, line),
  constraint import_row_action_check check (action in ('create', 'update', 'unchanged', 'error', 'done'))
);

-- ── rendering ───────────────────────────────────────────────────────────────────────────────────────────
-- The text inside a version, for search and reading time. Keyed by content, so the same file is read once.
create table version_text (
  asset_version_id text primary key constraint version_text_asset_version_id_fkey references asset_version on delete cascade,
  state text not null,
  body text not null default '',
  word_count int not null default 0,
  reason text,
  updated_at timestamptz not null default now(),
  constraint version_text_state_check check (state in ('queued', 'done', 'failed', 'unsupported'))
);

-- ── search ──────────────────────────────────────────────────────────────────────────────────────────────
create table search_document (
  asset_id text primary key constraint search_document_asset_id_fkey references asset on delete cascade,
  -- Title, tags and descriptions alone: small enough to rank every match by.
  heading tsvector not null,
  -- The same with the text inside.
  vector tsvector not null,
  body text not null,
  indexed_at timestamptz not null default now()
);
create index search_document_vector_idx on search_document using gin (vector);

-- The library's own words, each with its forms that lack one letter: misspellings are looked up in it.
create table search_word (
  word text primary key,
  deletions text[] not null
);
create index search_word_deletions_idx on search_word using gin (deletions);

-- One row per search that a person settled on; what they type on the way replaces the row.
create table search (
  id text primary key,
  user_id text not null constraint search_user_id_fkey references "user",
  query text not null,
  filters jsonb not null,
  result_count int not null,
  took_ms int not null,
  searched_at timestamptz not null
);
create index search_searched_at_idx on search (searched_at);
create index search_user_id_idx on search (user_id, searched_at desc);

create table search_result (
  search_id text not null constraint search_result_search_id_fkey references search on delete cascade,
  asset_id text not null constraint search_result_asset_id_fkey references asset on delete cascade,
  position int not null,
  primary key (search_id, asset_id)
);
create index search_result_asset_id_idx on search_result (asset_id);

create table search_action (
  search_id text not null constraint search_action_search_id_fkey references search on delete cascade,
  asset_id text not null constraint search_action_asset_id_fkey references asset on delete cascade,
  kind text not null,
  dwell_ms int,
  acted_at timestamptz not null,
  primary key (search_id, asset_id, kind),
  constraint search_action_kind_check check (kind in ('opened', 'shared', 'downloaded', 'dismissed'))
);

-- ── shares ──────────────────────────────────────────────────────────────────────────────────────────────
create table recipient (
  id text primary key,
  name text not null,
  email text,
  contact_id text constraint recipient_contact_id_fkey references contact on delete set null,
  account_id text constraint recipient_account_id_fkey references account on delete set null,
  is_sample boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index recipient_email_key on recipient (lower(email));
create unique index recipient_name_account_id_key on recipient (lower(name), account_id) nulls not distinct
  where email is null;

create table share_link (
  id text primary key,
  asset_id text not null constraint share_link_asset_id_fkey references asset,
  recipient_id text not null constraint share_link_recipient_id_fkey references recipient,
  created_by_user_id text not null constraint share_link_created_by_user_id_fkey references "user",
  search_id text constraint share_link_search_id_fkey references search on delete set null,
  token_hash text not null constraint share_link_token_hash_key unique,
  token_sealed text not null,
  message text not null default '',
  passcode_hash text,
  allows_download boolean not null default true,
  expires_at timestamptz,
  revoked_at timestamptz,
  is_sample boolean not null default false,
  created_at timestamptz not null default now()
);
create index share_link_asset_id_idx on share_link (asset_id, created_at);
create index share_link_created_by_user_id_idx on share_link (created_by_user_id, created_at desc, id);
create index share_link_recipient_id_idx on share_link (recipient_id);

-- ── tracking ────────────────────────────────────────────────────────────────────────────────────────────
-- One raw request to a share link: immutable, kept briefly; the address is cut to its network first.
create table link_hit (
  id bigint generated always as identity primary key,
  share_link_id text not null constraint link_hit_share_link_id_fkey references share_link on delete cascade,
  method text not null,
  status int not null,
  user_agent text not null default '',
  purpose text not null default '',
  network text not null default '',
  occurred_at timestamptz not null
);
create index link_hit_share_link_id_idx on link_hit (share_link_id, occurred_at);

create table visitor (
  id text primary key,
  key_kind text not null,
  key_hash text not null,
  created_at timestamptz not null default now(),
  constraint visitor_key_kind_key_hash_key unique (key_kind, key_hash),
  constraint visitor_key_kind_check check (key_kind in ('browser', 'visit'))
);

create table visit (
  id text primary key,
  share_link_id text not null constraint visit_share_link_id_fkey references share_link on delete cascade,
  asset_version_id text not null constraint visit_asset_version_id_fkey references asset_version,
  visitor_id text not null constraint visit_visitor_id_fkey references visitor,
  user_agent text not null default '',
  network text not null default '',
  is_internal boolean not null default false,
  has_trusted_input boolean not null default false,
  downloaded_at timestamptz,
  started_at timestamptz not null,
  last_active_at timestamptz not null
);
create index visit_share_link_id_idx on visit (share_link_id, started_at);
create index visit_visitor_id_idx on visit (visitor_id);

create table page_view (
  visit_id text not null constraint page_view_visit_id_fkey references visit on delete cascade,
  tab_key text not null,
  page_number int not null,
  active_ms int not null,
  first_seen_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (visit_id, tab_key, page_number),
  constraint page_view_active_ms_check check (active_ms >= 0)
);

create table judgement (
  id bigint generated always as identity primary key,
  visit_id text not null constraint judgement_visit_id_fkey references visit on delete cascade,
  class text not null,
  probability real not null,
  reasons jsonb not null,
  rule_version int not null,
  judged_by_user_id text constraint judgement_judged_by_user_id_fkey references "user",
  judged_at timestamptz not null,
  constraint judgement_class_check check (class in
    ('human-confirmed', 'human-likely', 'unsure', 'scanner', 'preview', 'prefetch', 'bot', 'agent', 'internal')),
  constraint judgement_probability_check check (probability between 0 and 1)
);
create index judgement_visit_id_idx on judgement (visit_id, id desc);

-- The judgement that counts: the latest one of each visit.
create view current_judgement as
  select distinct on (visit_id) visit_id, class, probability, reasons, rule_version, judged_by_user_id, judged_at
  from judgement order by visit_id, id desc;

-- ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────
create table job_run (
  id text primary key,
  name text not null,
  key text,
  payload jsonb not null,
  state text not null default 'queued',
  tries int not null default 0,
  max_tries int not null,
  error text,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint job_run_state_check check (state in ('queued', 'running', 'done', 'failed'))
);
create index job_run_state_idx on job_run (state, queued_at desc);
create unique index job_run_key_key on job_run (key) where state = 'queued';
