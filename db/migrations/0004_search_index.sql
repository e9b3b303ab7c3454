-- The index of the PostgreSQL engine, made anew: rows are narrow, because a common word matches half of the library.
-- What people may see is mirrored from the asset by triggers, so that it is true at once; texts follow by jobs.

drop table search_document;
drop table search_word;

-- Every set of terms of one dimension that some asset has: there are few, and one number stands for each.
create table search_term_set (
  id int generated always as identity,
  dimension_key text not null,
  term_ids text[] not null,
  constraint search_term_set_pkey primary key (id),
  constraint search_term_set_dimension_key_fkey foreign key (dimension_key) references dimension (key)
);
create unique index search_term_set_term_ids_key on search_term_set (dimension_key, term_ids);

create table search_document (
  number int generated always as identity,
  asset_id text not null,
  is_published boolean not null,
  audience text not null,
  owner_user_id text,
  published_at timestamptz,
  -- When it was published or last used.
  moved_at timestamptz not null,
  -- When its text was read; null until then.
  indexed_at timestamptz,
  persona_set int,
  stage_set int,
  objection_set int,
  industry_set int,
  region_set int,
  product_set int,
  language_set int,
  content_type_set int,
  -- A title, B tags, C when to use it, D what to say. Words of titles and tags stand in it with a ^ before them, too,
  -- so that the index alone tells where they are.
  heading tsvector not null default '',
  -- A all of that, B the description, C headings on pages, D the text inside.
  vector tsvector not null default '',
  constraint search_document_pkey primary key (asset_id),
  constraint search_document_number_key unique (number),
  constraint search_document_asset_id_fkey foreign key (asset_id) references asset (id) on delete cascade
) with (toast_tuple_target = 128, fillfactor = 90);
-- The vectors are kept apart from the row, and as they are: they are read for the best matches only.
alter table search_document
  alter column asset_id set storage plain,
  alter column audience set storage plain,
  alter column owner_user_id set storage plain,
  alter column heading set storage external,
  alter column vector set storage external;
create index search_document_heading_idx on search_document using gin (heading) with (fastupdate = off);
create index search_document_vector_idx on search_document using gin (vector) with (fastupdate = off);
create index search_document_moved_at_idx on search_document (moved_at desc, number) where is_published;

-- A title that was typed as it is comes first, whatever else holds its words.
create index asset_title_idx on asset (lower(title));

-- What remains of the beginning of a word when up to so many of its letters are left out.
create function search_deletions(word text, most int) returns text[] language sql immutable parallel safe
return (
  with once as (
    select left(word, 7) as rest
    union
    select overlay(left(word, 7) placing '' from place for 1)
    from generate_series(1, least(length(word), 7)) as place where most > 0
  ), twice as (
    select rest from once
    union
    select overlay(rest placing '' from place for 1)
    from once, generate_series(1, length(rest)) as place where most > 1 and length(rest) < least(length(word), 7)
  )
  select array_agg(rest) from twice
);

-- The library's own words. The empty word counts the documents themselves.
create table search_word (
  word text collate "C" not null,
  stem text generated always as ((ts_lexize('english_stem', word))[1]) stored,
  document_count int not null default 0,
  -- Documents that hold it in the title, a tag, when to use it or what to say.
  heading_count int not null default 0,
  -- Two words that share one of these differ little: misspellings are looked up, not compared with every word.
  deletions text[] generated always as (
    case when length(word) < 4 or word ~ '\d' then '{}'
      else search_deletions(word, case when length(word) < 6 then 1 else 2 end) end
  ) stored,
  constraint search_word_pkey primary key (word)
) with (fillfactor = 80);
create index search_word_stem_idx on search_word (stem);
create index search_word_heading_idx on search_word (word) where heading_count > 0;
create index search_word_deletions_idx on search_word using gin (deletions) with (fastupdate = off);

-- Rows come in without text and get it later, so there is nothing to count when one is inserted.
create function search_count_changed_words() returns trigger language plpgsql as $$
begin
  if not exists (
    select from old_rows join new_rows using (number)
    where old_rows.heading <> new_rows.heading or old_rows.vector <> new_rows.vector
  ) then return null; end if;
  insert into search_word as known (word, document_count, heading_count)
  select word, sum(documents), sum(headings) from (
    select unnest(tsvector_to_array(vector)) as word, 1 as documents, 0 as headings from new_rows
    union all select unnest(tsvector_to_array(vector)), -1, 0 from old_rows
    union all select unnest(tsvector_to_array(heading)), 0, 1 from new_rows
    union all select unnest(tsvector_to_array(heading)), 0, -1 from old_rows
    union all select '', 1, 0 from new_rows where vector <> ''
    union all select '', -1, 0 from old_rows where vector <> ''
  ) as change
  where word not like '^%'
  group by word having sum(documents) <> 0 or sum(headings) <> 0
  -- In one order, so that two writers never wait for each other in a circle.
  order by word
  on conflict (word) do update set
    document_count = known.document_count + excluded.document_count,
    heading_count = known.heading_count + excluded.heading_count;
  return null;
end $$;

create function search_count_removed_words() returns trigger language plpgsql as $$
begin
  insert into search_word as known (word, document_count, heading_count)
  select word, sum(documents), sum(headings) from (
    select unnest(tsvector_to_array(vector)) as word, -1 as documents, 0 as headings from old_rows
    union all select unnest(tsvector_to_array(heading)), 0, -1 from old_rows
    union all select '', -1, 0 from old_rows where vector <> ''
  ) as change
  where word not like '^%'
  group by word
  order by word
  on conflict (word) do update set
    document_count = known.document_count + excluded.document_count,
    heading_count = known.heading_count + excluded.heading_count;
  return null;
end $$;

create trigger search_document_count_changed after update on search_document
  referencing old table as old_rows new table as new_rows
  for each statement execute function search_count_changed_words();
create trigger search_document_count_removed after delete on search_document
  referencing old table as old_rows
  for each statement execute function search_count_removed_words();

create function search_mirror_asset() returns trigger language plpgsql as $$
begin
  if new.status = 'published' then
    insert into search_document as known (asset_id, is_published, audience, owner_user_id, published_at, moved_at)
    values (new.id, true, new.audience, new.owner_user_id, new.published_at, new.published_at)
    on conflict (asset_id) do update set is_published = true, audience = excluded.audience,
      owner_user_id = excluded.owner_user_id, published_at = excluded.published_at,
      moved_at = greatest(known.moved_at, excluded.moved_at);
  else
    update search_document set is_published = false where asset_id = new.id and is_published;
  end if;
  return null;
end $$;

create trigger asset_search_insert after insert on asset
  for each row when (new.status = 'published') execute function search_mirror_asset();
create trigger asset_search_update after update of status, audience, owner_user_id, published_at on asset
  for each row when (
    (old.status, old.audience, old.owner_user_id, old.published_at)
      is distinct from (new.status, new.audience, new.owner_user_id, new.published_at)
  ) execute function search_mirror_asset();

create function search_mirror_use() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'share_link' then
    update search_document set moved_at = new.created_at
    where asset_id = new.asset_id and moved_at < new.created_at;
  else
    update search_document set moved_at = new.occurred_at
    where asset_id = new.asset_id and moved_at < new.occurred_at;
  end if;
  return null;
end $$;

create trigger share_link_search after insert on share_link
  for each row execute function search_mirror_use();
create trigger asset_activity_search after insert on asset_activity
  for each row when (new.kind = 'downloaded') execute function search_mirror_use();

insert into search_document (asset_id, is_published, audience, owner_user_id, published_at, moved_at)
select id, true, audience, owner_user_id, published_at, greatest(published_at, used.last_at)
from asset
left join (
  select asset_id, max(at) as last_at from (
    select asset_id, created_at as at from share_link
    union all
    select asset_id, occurred_at from asset_activity where kind = 'downloaded'
  ) as use group by asset_id
) as used on used.asset_id = asset.id
where status = 'published';
