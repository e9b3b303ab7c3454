-- Deals as a CRM knows them: segments, currencies, deals that a rep chose for a share link.

-- How large the account is, in the words of the CRM, such as "Enterprise".
alter table account add column segment text;

alter table deal
  add column name text not null default '',
  -- Not in the CRM any more; it keeps its history and counts nowhere.
  add column removed_at timestamptz,
  add column updated_at timestamptz not null default now();

-- What one unit of a currency is worth in the base currency, whose own rate is 1. A currency that is missing is not converted.
create table currency_rate (
  currency text primary key,
  rate numeric(18, 8) not null,
  is_base boolean not null default false,
  changed_by_user_id text constraint currency_rate_changed_by_user_id_fkey references "user" on delete set null,
  changed_at timestamptz not null,
  constraint currency_rate_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint currency_rate_rate_check check (rate > 0),
  constraint currency_rate_is_base_check check (not is_base or rate = 1)
);
create unique index currency_rate_is_base_key on currency_rate (is_base) where is_base;

-- Each deal that counts, with its amount in the base currency; null where there is no rate for it.
create view deal_value as
  select d.id as deal_id, d.account_id, d.stage, d.outcome, d.amount, d.currency, d.opened_at, d.closed_at,
    d.amount * r.rate as base_amount
  from deal d left join currency_rate r on r.currency = d.currency
  where d.removed_at is null;

-- The deal that a rep named for a share link; null: the open deals of the recipient's account.
alter table share_link add column deal_id text constraint share_link_deal_id_fkey references deal on delete set null;
create index share_link_deal_id_idx on share_link (deal_id) where deal_id is not null;

-- A file of deals: handed in, checked, then taken in. It says what its columns are and how far it got.
create table deal_import (
  id text primary key,
  file_name text not null,
  encoding text not null,
  separator text not null,
  header text[] not null,
  samples jsonb not null,
  -- Field → column and how values are read; what the next file with this header begins with.
  settings jsonb not null,
  state text not null,
  -- Rows that are done in this state, of how many; both survive a crash.
  done_count integer not null default 0,
  row_count integer not null default 0,
  counts jsonb not null default '{}',
  notes jsonb not null default '{}',
  failure text,
  created_by_user_id text constraint deal_import_created_by_user_id_fkey references "user" on delete set null,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint deal_import_state_check check (state in ('uploaded', 'checking', 'checked', 'importing', 'done', 'failed'))
);
create index deal_import_created_at_idx on deal_import (created_at desc);

-- The bytes of the file, kept until it is taken in.
create table deal_import_chunk (
  deal_import_id text not null constraint deal_import_chunk_deal_import_id_fkey references deal_import on delete cascade,
  position integer not null,
  content bytea not null,
  primary key (deal_import_id, position)
);

-- Where each external id of the file stands first; what the file says nothing of is found by it.
create table deal_import_row (
  deal_import_id text not null constraint deal_import_row_deal_import_id_fkey references deal_import on delete cascade,
  external_id text not null,
  line integer not null,
  primary key (deal_import_id, external_id)
);

create table deal_import_error (
  deal_import_id text not null constraint deal_import_error_deal_import_id_fkey references deal_import on delete cascade,
  line integer not null,
  external_id text not null,
  detail text not null,
  primary key (deal_import_id, line)
);
