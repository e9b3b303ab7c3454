-- Which assets were read lately for which open deals, counted every few minutes: how much of the open pipeline is being read.
create table deal_read (
  deal_id text not null constraint deal_read_deal_id_fkey references deal on delete cascade,
  asset_id text not null constraint deal_read_asset_id_fkey references asset on delete cascade,
  -- By a person who is confirmed; else by a likely one.
  is_confirmed boolean not null,
  primary key (deal_id, asset_id)
);
create index deal_read_asset_id_idx on deal_read (asset_id);

-- One row: up to when that is counted.
create table deal_read_run (
  is_only boolean primary key default true constraint deal_read_run_is_only_check check (is_only),
  counted_at timestamptz not null
);
