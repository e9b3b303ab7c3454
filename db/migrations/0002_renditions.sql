-- What is inside the files: pages with text and pictures, instead of one text per version.

-- ── assets ──────────────────────────────────────────────────────────────────────────────────────────────
-- A file that the virus scanner named is kept aside: its row says so, and nothing serves it any more.
alter table blob
  add column scanned_at timestamptz,
  add column threat text;

-- What a rendition is made from: the same file is rendered once, whoever uploads it and under whatever name.
alter table asset_version
  add column source_key text not null generated always as (coalesce(blob_hash || ' ' || media_type, id)) stored,
  -- A sentence when the content is not what the name says.
  add column type_warning text;
create index asset_version_source_key_idx on asset_version (source_key);

-- ── rendering ───────────────────────────────────────────────────────────────────────────────────────────
create table rendition (
  id text primary key,
  source_key text not null,
  -- The way of rendering; a newer way makes a new rendition, and the old one is shown until it is done.
  method int not null,
  blob_hash text constraint rendition_blob_hash_fkey references blob on delete cascade,
  media_type text not null,
  -- Of a web link, whose content has no hash.
  asset_version_id text constraint rendition_asset_version_id_fkey references asset_version on delete cascade,
  state text not null default 'queued',
  -- Why it failed or is not supported, for the person who put the file there.
  reason text,
  -- Whether it has no pages only because nothing on the host makes any of Office files.
  lacks_converter boolean not null default false,
  -- The process that renders it; when another one finds it running, that one died on it.
  worker_key text,
  -- How often a child died on it; after the third time it is not tried again by itself.
  death_count int not null default 0,
  page_count int not null default 1,
  -- Pages with pictures; grows while it is running.
  rendered_page_count int not null default 0,
  word_count int not null default 0,
  language text,
  duration_ms int,
  -- Safe HTML of what has no pages, such as Markdown.
  html text,
  -- MinHash of the text, to find what is nearly the same.
  signature bigint[],
  -- The signature in parts: two texts that are nearly the same have at least one in common, and an index finds it.
  bands int[],
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint rendition_source_key_method_key unique (source_key, method),
  constraint rendition_source_check check ((blob_hash is null) <> (asset_version_id is null)),
  constraint rendition_state_check check (state in ('queued', 'running', 'done', 'failed', 'unsupported'))
);
create index rendition_blob_hash_idx on rendition (blob_hash);
create index rendition_bands_idx on rendition using gin (bands);
create index rendition_asset_version_id_idx on rendition (asset_version_id);
create index rendition_state_idx on rendition (state) where state in ('queued', 'running', 'failed');

-- Lengths are in points, from the upper left corner.
create table rendition_page (
  rendition_id text not null constraint rendition_page_rendition_id_fkey references rendition on delete cascade,
  page_number int not null,
  width real,
  height real,
  text text not null,
  -- What the speaker says to this slide; found by search, never shown to prospects.
  notes text not null default '',
  word_count int not null,
  headings jsonb not null default '[]',
  links jsonb not null default '[]',
  text_layer jsonb not null default '[]',
  primary key (rendition_id, page_number)
);

create table rendition_image (
  rendition_id text not null constraint rendition_image_rendition_id_fkey references rendition on delete cascade,
  page_number int not null,
  kind text not null,
  blob_hash text not null constraint rendition_image_blob_hash_fkey references blob,
  width int not null,
  height int not null,
  primary key (rendition_id, page_number, kind),
  constraint rendition_image_kind_check check (kind in ('large', 'small', 'thumbnail', 'poster'))
);
create index rendition_image_blob_hash_idx on rendition_image (blob_hash);

-- What a web link's page said of itself when it was last asked.
create table web_page (
  asset_version_id text primary key constraint web_page_asset_version_id_fkey references asset_version on delete cascade,
  final_url text,
  http_status int,
  title text not null default '',
  description text not null default '',
  -- Null while it works; else why not, in words.
  fault text,
  failed_since timestamptz,
  checked_at timestamptz not null
);

-- The rendition that stands for a version: the newest that is done, else the newest.
create view version_rendition as
  select distinct on (version.id) version.id as asset_version_id, rendition.id as rendition_id, rendition.method,
    rendition.state, rendition.reason, rendition.page_count, rendition.rendered_page_count, rendition.word_count,
    rendition.language, rendition.duration_ms, rendition.finished_at
  from asset_version version join rendition on rendition.source_key = version.source_key
  order by version.id, (rendition.state = 'done') desc, rendition.method desc;

-- Texts that were read before there were pages become the renditions of method 1, shown until there are better ones.
insert into rendition (id, source_key, method, blob_hash, media_type, state, reason, word_count, queued_at, finished_at)
  select distinct on (version.source_key) 'rnd_' || substr(md5(version.source_key), 1, 20), version.source_key, 1,
    version.blob_hash, version.media_type, old.state, old.reason, old.word_count, old.updated_at, old.updated_at
  from version_text old join asset_version version on version.id = old.asset_version_id
  where version.blob_hash is not null and old.state = 'done'
  order by version.source_key, old.updated_at desc;
insert into rendition_page (rendition_id, page_number, text, word_count)
  select distinct on (rendition.id) rendition.id, 1, old.body, old.word_count
  from rendition join asset_version version on version.source_key = rendition.source_key
  join version_text old on old.asset_version_id = version.id and old.state = 'done'
  order by rendition.id, old.updated_at desc;
drop table version_text;

-- ── search ──────────────────────────────────────────────────────────────────────────────────────────────
create table search_page (
  asset_id text not null constraint search_page_asset_id_fkey references asset on delete cascade,
  page_number int not null,
  text text not null,
  vector tsvector not null,
  primary key (asset_id, page_number)
);
-- Until it is indexed anew, the text that an asset had counts as its only page.
insert into search_page (asset_id, page_number, text, vector)
  select asset_id, 1, body, vector from search_document where body <> '';
alter table search_document drop column body;
