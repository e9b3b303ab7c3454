-- Which assets deals that move on had read, among deals that were alike.

-- One row: what was counted last, and of how many stages that deals stood at.
create table influence_state (
  is_only boolean primary key default true constraint influence_state_is_only_check check (is_only),
  counted_at timestamptz not null,
  -- Entered in the time looked at; of these entered too lately to know, and left before the landmark.
  entered_count int not null,
  too_young_count int not null,
  left_early_count int not null,
  -- Where the lower and the middle third of the amounts end, in the base currency; null: none is known.
  low_amount numeric,
  middle_amount numeric
);

-- Deals at a stage that were alike before anybody read: how many, and how many of them progressed.
create table influence_cell (
  stage text not null,
  amount_band text not null,
  industry text not null,
  region text not null,
  segment text not null,
  deal_count int not null,
  progressed_count int not null,
  primary key (stage, amount_band, industry, region, segment),
  constraint influence_cell_amount_band_check check (amount_band in ('low', 'middle', 'high', 'unknown'))
);

-- Of these those of which somebody read the asset before the landmark.
create table asset_influence_cell (
  asset_id text not null constraint asset_influence_cell_asset_id_fkey references asset on delete cascade,
  stage text not null,
  amount_band text not null,
  industry text not null,
  region text not null,
  segment text not null,
  exposed_count int not null,
  exposed_progressed_count int not null,
  primary key (asset_id, stage, amount_band, industry, region, segment)
);

-- What follows for each asset, of every buyer; the estimate is null where there is not enough.
create table asset_influence (
  asset_id text primary key constraint asset_influence_asset_id_fkey references asset on delete cascade,
  exposed_count int not null,
  exposed_progressed_count int not null,
  unexposed_count int not null,
  unexposed_progressed_count int not null,
  estimate float8,
  low float8,
  high float8,
  -- By this the assets are ordered: moved towards the mean of all, the further the less is known.
  shrunken float8,
  false_discovery_rate float8,
  -- The chance to find a true difference of 10 points with so many deals.
  power float8,
  -- About so many more deals of which somebody reads it, until there is enough.
  more_deal_count int,
  is_lifting boolean not null default false
);
create index asset_influence_is_lifting_idx on asset_influence (asset_id) where is_lifting;

-- Of two assets that fitted a search equally, which one chance put first.
create table search_tie (
  search_id text not null constraint search_tie_search_id_fkey references search on delete cascade,
  first_asset_id text not null constraint search_tie_first_asset_id_fkey references asset on delete cascade,
  second_asset_id text not null constraint search_tie_second_asset_id_fkey references asset on delete cascade,
  -- Of the first of the two.
  "position" int not null,
  primary key (search_id, "position")
);
create index search_tie_first_asset_id_idx on search_tie (first_asset_id);
create index search_tie_second_asset_id_idx on search_tie (second_asset_id);
