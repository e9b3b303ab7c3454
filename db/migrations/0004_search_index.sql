-- What searches are answered from. The index of PostgreSQL's engine is made anew: rows are narrow, because a common
-- word matches half of the library. What people may see is mirrored from the asset by triggers, so that it is true at
-- once; texts follow by jobs.

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
-- Each alone says how often a set of terms stands on the shelf, without a look at the rows.
create index search_document_persona_set_idx on search_document (persona_set) where is_published;
create index search_document_stage_set_idx on search_document (stage_set) where is_published;
create index search_document_objection_set_idx on search_document (objection_set) where is_published;
create index search_document_industry_set_idx on search_document (industry_set) where is_published;
create index search_document_region_set_idx on search_document (region_set) where is_published;
create index search_document_product_set_idx on search_document (product_set) where is_published;
create index search_document_language_set_idx on search_document (language_set) where is_published;
create index search_document_content_type_set_idx on search_document (content_type_set) where is_published;

-- A title that was typed as it is comes first, whatever else holds its words.
create index asset_title_idx on asset (lower(title));

-- What remains of the beginning of a word when up to so many of its letters are left out.
create function search_deletions(word text, most int) returns text[]
language plpgsql immutable parallel safe as $$
declare
  start text := left(word, 7);
  rest text;
  found text[] := array[start];
begin
  if most > 0 then
    for place in 1..length(start) loop
      rest := overlay(start placing '' from place for 1);
      found := found || rest;
      if most > 1 then
        for next_place in place..length(rest) loop
          found := found || overlay(rest placing '' from next_place for 1);
        end loop;
      end if;
    end loop;
  end if;
  return found;
end $$;

-- The library's own words; cheap to write, as every document writes hundreds. The empty word counts the documents.
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
  is_in_heading boolean generated always as (heading_count > 0) stored,
  constraint search_word_pkey primary key (word)
) with (fillfactor = 80);
create index search_word_stem_idx on search_word (stem);
-- An index on the count itself, which changes all the time, would have the whole row indexed anew with it.
create index search_word_is_in_heading_idx on search_word (word) where is_in_heading;
create index search_word_deletions_idx on search_word using gin (deletions)
  with (fastupdate = on, gin_pending_list_limit = 128);

-- Whether a lexeme is a word that somebody may type: not a mark, and no key or number that is long.
create function search_is_word(lexeme text) returns boolean language sql immutable parallel safe
return lexeme not like '^%' and not (length(lexeme) > 6 and lexeme ~ '\d');

-- What a document counts for in the dictionary.
create function search_words_of(heading tsvector, vector tsvector)
  returns table (word text, documents int, headings int) language sql immutable parallel safe
begin atomic
  select lexeme, 1, 0 from unnest(tsvector_to_array(vector)) as lexeme where search_is_word(lexeme)
  union all select lexeme, 0, 1 from unnest(tsvector_to_array(heading)) as lexeme where search_is_word(lexeme)
  union all select '', 1, 0 where vector <> '';
end;

-- Rows come in without text and get it later, so there is nothing to count when one is inserted.
create function search_count_changed_words() returns trigger language plpgsql as $$
begin
  if not exists (
    select from old_rows join new_rows using (number)
    where old_rows.heading <> new_rows.heading or old_rows.vector <> new_rows.vector
  ) then return null; end if;
  insert into search_word as known (word, document_count, heading_count)
  select word, sum(documents), sum(headings) from (
    select word, documents, headings from new_rows, search_words_of(heading, vector)
    union all
    select word, -documents, -headings from old_rows, search_words_of(heading, vector)
  ) as change
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
  select word, -sum(documents), -sum(headings) from old_rows, search_words_of(heading, vector)
  group by word order by word
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

-- How much an asset is used, worked out now and then: a tie-breaker of the ranking, never a number on a screen.
create table search_evidence (
  asset_id text not null references asset (id) on delete cascade,
  sharer_count int not null,
  human_open_count int not null,
  not_right_count int not null,
  refreshed_at timestamptz not null,
  constraint search_evidence_pkey primary key (asset_id)
);

-- What Meilisearch has not taken in yet, where there is one.
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

-- How far a rebuild of the indexes is.
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
