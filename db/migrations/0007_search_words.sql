-- The dictionary is written with every document, so that it has to be cheap to write.

-- The same as before in a fifth of the time.
create or replace function search_deletions(word text, most int) returns text[]
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

-- An index on a count that changes all the time would have the whole row indexed anew with it.
drop index search_word_heading_idx;
alter table search_word add column is_in_heading boolean generated always as (heading_count > 0) stored;
create index search_word_is_in_heading_idx on search_word (word) where is_in_heading;
alter index search_word_deletions_idx set (fastupdate = on, gin_pending_list_limit = 128);

-- Whether a lexeme is a word that somebody may type: not a mark, and no key or number that is long.
create function search_is_word(lexeme text) returns boolean language sql immutable parallel safe
return lexeme not like '^%' and not (length(lexeme) > 6 and lexeme ~ '\d');

create or replace function search_count_changed_words() returns trigger language plpgsql as $$
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
  where search_is_word(word)
  group by word having sum(documents) <> 0 or sum(headings) <> 0
  -- In one order, so that two writers never wait for each other in a circle.
  order by word
  on conflict (word) do update set
    document_count = known.document_count + excluded.document_count,
    heading_count = known.heading_count + excluded.heading_count;
  return null;
end $$;

create or replace function search_count_removed_words() returns trigger language plpgsql as $$
begin
  insert into search_word as known (word, document_count, heading_count)
  select word, sum(documents), sum(headings) from (
    select unnest(tsvector_to_array(vector)) as word, -1 as documents, 0 as headings from old_rows
    union all select unnest(tsvector_to_array(heading)), 0, -1 from old_rows
    union all select '', -1, 0 from old_rows where vector <> ''
  ) as change
  where search_is_word(word)
  group by word
  order by word
  on conflict (word) do update set
    document_count = known.document_count + excluded.document_count,
    heading_count = known.heading_count + excluded.heading_count;
  return null;
end $$;

delete from search_word where not search_is_word(word);
