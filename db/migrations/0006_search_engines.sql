-- A second engine beside PostgreSQL: what it has not taken in yet, and how far a rebuild of the indexes is.

create table search_change (
  asset_id text not null,
  -- Counts up with every change, so that one that comes in while another is taken over is not lost.
  revision int not null default 1,
  -- The first change that waits.
  changed_at timestamptz not null,
  -- What was taken over stays until the next rebuild: it has to be written into the index that was being filled.
  is_waiting boolean not null default true,
  constraint search_change_pkey primary key (asset_id)
);
create index search_change_changed_at_idx on search_change (changed_at) where is_waiting;

create table search_rebuild (
  number int generated always as identity,
  state text not null default 'queued',
  -- Only an engine that holds nothing yet is filled, or all of them are.
  is_first_fill boolean not null,
  done_count int not null default 0,
  total_count int not null default 0,
  requested_at timestamptz not null,
  started_at timestamptz,
  -- When it was last seen to go on.
  seen_at timestamptz not null,
  finished_at timestamptz,
  reason text,
  constraint search_rebuild_pkey primary key (number),
  constraint search_rebuild_state_check check (state in ('queued', 'running', 'done', 'failed'))
);
-- One at a time.
create unique index search_rebuild_state_key on search_rebuild ((true)) where state in ('queued', 'running');
