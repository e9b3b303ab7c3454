-- What is known of a person can be handed out and forgotten, and nothing is kept for longer than was decided.

-- What an admin, or a command, was asked to do for somebody. The address itself is not kept: its hash proves to whoever
-- knows the address that this was about it, and keeps what was on its way from naming the person again.
create table privacy_request (
  id text primary key,
  kind text not null,
  -- One for each way to write the address.
  address_hashes text[] not null,
  -- Null where it was asked for by command.
  requested_by_user_id text constraint privacy_request_requested_by_user_id_fkey references "user" on delete set null,
  requested_at timestamptz not null,
  -- How many rows of each table named the person, as {"visitor": 2}.
  counts jsonb not null,
  -- What a look through the whole database found afterwards; null for an export.
  proof jsonb,
  constraint privacy_request_kind_check check (kind in ('export', 'erase'))
);
create index privacy_request_requested_at_idx on privacy_request (requested_at desc, id);
create index privacy_request_address_hashes_idx on privacy_request using gin (address_hashes);

-- When each kind of row was last looked through for what is kept too long.
create table retention_sweep (
  kind text primary key,
  swept_at timestamptz not null,
  deleted_count int not null
);

-- The visit of somebody who was erased: it counts as it was judged, is judged no more, and takes no more beats.
alter table visit add column erased_at timestamptz;
