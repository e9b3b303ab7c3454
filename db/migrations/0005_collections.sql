-- Ordered sets of assets with a note for each: playbooks that users make for themselves and for each other.

create table collection (
  id text not null,
  name text not null,
  description text not null default '',
  created_by_user_id text not null references "user" (id) on delete cascade,
  created_at timestamptz not null,
  -- When it or anything in it changed last.
  updated_at timestamptz not null,
  -- Set while it stands on everybody's Find home.
  pinned_at timestamptz,
  -- Set for a day, in which it can be brought back; then it goes for good.
  deleted_at timestamptz,
  constraint collection_pkey primary key (id),
  constraint collection_name_check check (length(name) between 1 and 120),
  constraint collection_description_check check (length(description) <= 1000)
);
create unique index collection_name_key on collection (created_by_user_id, lower(name))
  where deleted_at is null;
create index collection_updated_at_idx on collection (updated_at desc, id) where deleted_at is null;
create index collection_pinned_at_idx on collection (pinned_at desc, id)
  where deleted_at is null and pinned_at is not null;

create table collection_item (
  collection_id text not null references collection (id) on delete cascade,
  asset_id text not null references asset (id) on delete cascade,
  -- Places may have gaps, where an asset was deleted.
  position int not null,
  note text not null default '',
  added_by_user_id text references "user" (id) on delete set null,
  added_at timestamptz not null,
  constraint collection_item_pkey primary key (collection_id, asset_id),
  constraint collection_item_note_check check (length(note) <= 500)
);
create index collection_item_asset_id_idx on collection_item (asset_id);
