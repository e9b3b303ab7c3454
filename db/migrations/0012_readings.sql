-- What is counted from the raw rows, so that reports read few rows and old raw rows may go.

-- The accounts that reports are sliced by. 0 stands for everybody, of whatever account or none.
create table buyer_slice (
  id int generated always as identity primary key,
  industry text,
  region text,
  segment text,
  constraint buyer_slice_industry_region_segment_key unique nulls not distinct (industry, region, segment)
);

-- What one visit read of one version. It outlives its visit.
create table reading (
  visit_id text not null,
  asset_version_id text not null,
  asset_id text not null,
  share_link_id text not null,
  recipient_id text not null,
  -- Whom "reached" and "read by" count: the recipient where it is a person, else the visitor.
  reader_key text not null,
  account_id text,
  buyer_slice_id int not null,
  started_at timestamptz not null,
  -- The day of its start where the instance is.
  day date not null,
  class text not null,
  probability real not null,
  is_human boolean not null,
  page_count int not null,
  -- Active time of the pages 1, 2, 3 …; 0 where a page was never in sight.
  page_ms int[] not null,
  -- Which of them count as read.
  read_pages int[] not null,
  active_ms int not null,
  furthest_page int not null,
  downloaded_at timestamptz,
  primary key (visit_id, asset_version_id)
);
create index reading_asset_id_idx on reading (asset_id, day);
create index reading_account_id_idx on reading (account_id, started_at) where account_id is not null and is_human;
create index reading_day_idx on reading (day);

-- On which days of a month something happened to an asset, a bit a day (bit 0: the 1st), and how often in the month.
-- Surfaced, opened and downloaded are counted for everybody (buyer slice 0) only.
create table asset_month (
  asset_id text not null,
  month date not null,
  buyer_slice_id int not null,
  surfaced_days int not null default 0,
  opened_days int not null default 0,
  downloaded_days int not null default 0,
  shared_days int not null default 0,
  reached_days int not null default 0,
  read_days int not null default 0,
  surfaced_count int not null default 0,
  opened_count int not null default 0,
  downloaded_count int not null default 0,
  shared_count int not null default 0,
  reached_count int not null default 0,
  read_count int not null default 0,
  primary key (asset_id, month, buyer_slice_id)
);
create index asset_month_month_idx on asset_month (month, buyer_slice_id);

-- A day on which an asset was read by people of an account of which a deal then entered another stage, and when it first did.
create table asset_move (
  asset_id text not null,
  buyer_slice_id int not null,
  read_on date not null,
  moved_at timestamptz not null,
  primary key (asset_id, buyer_slice_id, read_on)
);
create index asset_move_read_on_idx on asset_move (read_on);
