-- Views of the shelf report that somebody named: a page and what was chosen on it.

create table saved_view (
  id text primary key,
  user_id text not null constraint saved_view_user_id_fkey references "user" on delete cascade,
  name text not null,
  -- Everybody who may open the page finds it there, not only who made it.
  is_for_team boolean not null,
  path text not null,
  -- What stands behind the question mark of the address.
  query text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Kept for a while, so that it can be brought back.
  deleted_at timestamptz
);
create unique index saved_view_user_id_name_key on saved_view (user_id, lower(name)) where deleted_at is null;
create index saved_view_team_idx on saved_view (is_for_team) where deleted_at is null;

-- By which values accounts are sliced.
create index account_industry_idx on account (industry);
create index account_region_idx on account (region);
create index account_segment_idx on account (segment);
