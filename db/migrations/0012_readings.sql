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
  -- Which seconds of a video or sound were played.
  watched int4multirange not null default '{}',
  primary key (visit_id, asset_version_id)
);
create index reading_share_link_id_idx on reading (share_link_id);
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
  -- How much of what was surfaced is known from here only, because its searches are too old to be kept.
  gone_surfaced_days int not null default 0,
  gone_surfaced_count int not null default 0,
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

-- ── raw rows by month ───────────────────────────────────────────────────────────────────────────────────
-- Months begin in UTC. A month whose rows are all too old is dropped at once; what was counted of it stays. Where no month
-- was made yet, rows go to the table named "other" and are moved from there, so nothing is ever refused.
alter table visit add constraint visit_id_started_at_key unique (id, started_at);

-- Each page of a visit stands where the visit began, however late it was told.
alter table page_view rename to page_view_before;
alter table page_view_before rename constraint page_view_pkey to page_view_before_pkey;
create table page_view (
  visit_id text not null,
  visit_started_at timestamptz not null,
  tab_key text not null,
  asset_version_id text not null constraint page_view_asset_version_id_fkey references asset_version,
  page_number int not null,
  active_ms int not null,
  first_seen_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (visit_id, tab_key, asset_version_id, page_number, visit_started_at),
  constraint page_view_visit_id_fkey foreign key (visit_id, visit_started_at)
    references visit (id, started_at) on update cascade on delete cascade,
  constraint page_view_active_ms_check check (active_ms >= 0)
) partition by range (visit_started_at);
create table page_view_other partition of page_view default;

alter table link_hit rename to link_hit_before;
alter table link_hit_before rename constraint link_hit_pkey to link_hit_before_pkey;
alter index link_hit_share_link_id_idx rename to link_hit_before_share_link_id_idx;
alter index link_hit_network_idx rename to link_hit_before_network_idx;
create table link_hit (
  id text not null,
  share_link_id text not null constraint link_hit_share_link_id_fkey references share_link on delete cascade,
  method text not null,
  status int not null,
  user_agent text not null default '',
  purpose text not null default '',
  network text not null default '',
  country text,
  -- What the headers say and whether they agree with each other.
  facts jsonb not null default '{}',
  occurred_at timestamptz not null,
  primary key (id, occurred_at)
) partition by range (occurred_at);
create table link_hit_other partition of link_hit default;
create index link_hit_share_link_id_idx on link_hit (share_link_id, occurred_at);
create index link_hit_network_idx on link_hit (network, occurred_at);

-- What is not there any more as raw rows: what was counted of these months is what is left of them.
create table dropped_month (
  table_name text not null,
  month date not null,
  dropped_at timestamptz not null default now(),
  primary key (table_name, month)
);

-- Makes the table of a month, with what waits for it among the others. Whoever writes waits for a moment, in the order in
-- which beats lock tables, too.
create function open_month(of_table text, of_month date) returns void language plpgsql as $$
declare
  name text := of_table || '_' || to_char(of_month, 'YYYY_MM');
  of_column text := case of_table when 'page_view' then 'visit_started_at' else 'occurred_at' end;
  from_time timestamptz := of_month::timestamp at time zone 'UTC';
  to_time timestamptz := (of_month + interval '1 month')::timestamp at time zone 'UTC';
begin
  perform pg_advisory_xact_lock(7420011);
  if to_regclass(quote_ident(name)) is not null then
    return;
  end if;
  execute format('lock table %I in share row exclusive mode', case of_table when 'page_view' then 'visit' else 'share_link' end);
  execute format('lock table %I in share update exclusive mode', of_table);
  execute format('lock table %I in access exclusive mode', of_table || '_other');
  execute format('create table %I (like %I including defaults including constraints)', name, of_table);
  execute format(
    'with moved as (delete from %I where %I >= $1 and %2$I < $2 returning *) insert into %3$I select * from moved',
    of_table || '_other', of_column, name
  ) using from_time, to_time;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', of_table, name, from_time, to_time);
end $$;

-- The months of which rows stand among the others.
create function months_among_others(of_table text) returns setof date language plpgsql stable as $$
begin
  return query execute format(
    'select distinct date_trunc(''month'', %I at time zone ''UTC'')::date from %I',
    case of_table when 'page_view' then 'visit_started_at' else 'occurred_at' end, of_table || '_other'
  );
end $$;

-- The months that have a table of their own.
create view open_month_table as
  select parent.relname::text as table_name, to_date(right(child.relname, 7), 'YYYY_MM') as month
  from pg_inherits
  join pg_class parent on parent.oid = inhparent
  join pg_class child on child.oid = inhrelid
  where parent.relname in ('page_view', 'link_hit') and parent.relnamespace = current_schema()::regnamespace
    and child.relname ~ '_[0-9]{4}_[0-9]{2}$';

-- Answers how many rows went with it.
create function drop_month(of_table text, of_month date) returns bigint language plpgsql as $$
declare
  row_count bigint;
begin
  perform pg_advisory_xact_lock(7420011);
  execute format('select count(*) from %I', of_table || '_' || to_char(of_month, 'YYYY_MM')) into row_count;
  execute format('lock table %I in access exclusive mode', case of_table when 'page_view' then 'visit' else 'share_link' end);
  execute format('drop table %I', of_table || '_' || to_char(of_month, 'YYYY_MM'));
  insert into dropped_month (table_name, month) values (of_table, of_month) on conflict do nothing;
  return row_count;
end $$;

insert into page_view_other
    (visit_id, visit_started_at, tab_key, asset_version_id, page_number, active_ms, first_seen_at, updated_at)
  select p.visit_id, v.started_at, p.tab_key, p.asset_version_id, p.page_number, p.active_ms, p.first_seen_at, p.updated_at
  from page_view_before p join visit v on v.id = p.visit_id;
insert into link_hit_other
    (id, share_link_id, method, status, user_agent, purpose, network, country, facts, occurred_at)
  select id, share_link_id, method, status, user_agent, purpose, network, country, facts, occurred_at from link_hit_before;
drop table page_view_before, link_hit_before;
select open_month('page_view', month) from months_among_others('page_view') month;
select open_month('link_hit', month) from months_among_others('link_hit') month;

-- Each page of a visit with its active time and the words on it as its version is shown now, null where nothing is known.
-- Tabs add up, but nobody is active for longer than the visit lasted.
create or replace function pages_of_visit(of_visit_id text)
  returns table (asset_version_id text, page_number int, active_ms int, word_count int)
  language sql stable as $$
  select seen.asset_version_id, seen.page_number, seen.active_ms, page.word_count
  from (
    select p.asset_version_id, p.page_number,
      least(sum(p.active_ms), extract(epoch from v.last_active_at - v.started_at) * 1000 + 5000)::int as active_ms
    from visit v join page_view p on p.visit_id = v.id and p.visit_started_at = v.started_at
    where v.id = of_visit_id
    group by p.asset_version_id, p.page_number, v.last_active_at, v.started_at
  ) seen
  left join lateral (
    select rendition_id from version_rendition where asset_version_id = seen.asset_version_id limit 1
  ) shown on true
  left join rendition_page page on page.rendition_id = shown.rendition_id and page.page_number = seen.page_number
$$;

-- ── what is to be counted again ─────────────────────────────────────────────────────────────────────────
-- Whatever changes a count leaves a mark in the same transaction; whoever counts takes the marks and counts from raw rows
-- what they name, in one transaction. So nothing is missed, nothing is counted twice, and a crash leaves both as they were.
-- Kinds: visit · asset (in the month of `at`) · link, recipient, contact, account, user, source (of renditions): what hangs on
-- them · deal (of an account): what moved · lost_link, lost_asset: deleted. There is no key: writing it costs next to nothing.
create table rollup_mark (
  kind text not null,
  key text not null,
  at timestamptz,
  constraint rollup_mark_kind_check check (kind in
    ('visit', 'asset', 'link', 'recipient', 'contact', 'account', 'user', 'source', 'deal', 'lost_link', 'lost_asset'))
);
alter table rollup_mark set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- One row. Everything that was committed before `counted_at` is counted, in days of this time zone; null: nothing is yet.
create table rollup_state (
  is_only boolean primary key default true constraint rollup_state_is_only_check check (is_only),
  counted_at timestamptz not null,
  time_zone text
);
insert into rollup_state (counted_at, time_zone) select now(), case when not exists (
  select from share_link union all select from search union all select from asset_activity union all select from account
) then 'UTC' end;

create function mark_visits() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key) select distinct 'visit', visit_id from changed;
  return null;
end $$;
-- More time on a page that was seen before comes with a beat, which changes its visit, too, and marks it by that.
create trigger page_view_added after insert on page_view referencing new table as changed
  for each statement execute function mark_visits();
create trigger visit_version_added after insert on visit_version referencing new table as changed
  for each statement execute function mark_visits();
create trigger visit_version_changed after update on visit_version referencing new table as changed
  for each statement execute function mark_visits();
create trigger watched_range_added after insert on watched_range referencing new table as changed
  for each statement execute function mark_visits();
create trigger watched_range_changed after update on watched_range referencing new table as changed
  for each statement execute function mark_visits();
create trigger judgement_added after insert on judgement referencing new table as changed
  for each statement execute function mark_visits();
create trigger judgement_changed after update on judgement referencing new table as changed
  for each statement execute function mark_visits();

create function mark_own_visits() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key) select 'visit', id from changed;
  return null;
end $$;
create trigger visit_changed after update on visit referencing new table as changed
  for each statement execute function mark_own_visits();

-- Of the row, as (kind, column): what hangs on it now and what hung on it before.
create function mark_row() returns trigger language plpgsql as $$
declare
  was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  is_now jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  insert into rollup_mark (kind, key)
    select distinct tg_argv[0], key from (values (was ->> tg_argv[1]), (is_now ->> tg_argv[1])) as hung (key)
    where key is not null;
  return null;
end $$;
create trigger share_link_counted after insert or update of undone_at, recipient_id, created_by_user_id on share_link
  for each row execute function mark_row('link', 'id');
create trigger share_link_lost after delete on share_link
  for each row execute function mark_row('lost_link', 'id');
create trigger recipient_counted after update of kind, contact_id, account_id on recipient
  for each row execute function mark_row('recipient', 'id');
create trigger contact_counted after update of account_id on contact
  for each row execute function mark_row('contact', 'id');
create trigger account_counted after update of industry, region, segment on account
  for each row when ((old.industry, old.region, old.segment) is distinct from (new.industry, new.region, new.segment))
  execute function mark_row('account', 'id');
create trigger user_counted after update of role on "user"
  for each row when (old.role <> new.role) execute function mark_row('user', 'id');
create trigger rendition_counted after insert or update of state, source_key, method or delete on rendition
  for each row execute function mark_row('source', 'source_key');
create trigger asset_version_counted after update of page_count on asset_version
  for each row when (old.page_count <> new.page_count) execute function mark_row('source', 'source_key');
create trigger deal_counted after update of account_id, removed_at on deal
  for each row when ((old.account_id, old.removed_at) is distinct from (new.account_id, new.removed_at))
  execute function mark_row('deal', 'account_id');
create trigger deal_lost after delete on deal
  for each row execute function mark_row('deal', 'account_id');
create trigger asset_lost after delete on asset
  for each row execute function mark_row('lost_asset', 'id');

create function mark_pages() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key)
    select distinct 'source', rendition.source_key from changed join rendition on rendition.id = changed.rendition_id;
  return null;
end $$;
create trigger rendition_page_added after insert on rendition_page referencing new table as changed
  for each statement execute function mark_pages();
create trigger rendition_page_changed after update on rendition_page referencing new table as changed
  for each statement execute function mark_pages();
create trigger rendition_page_gone after delete on rendition_page referencing old table as changed
  for each statement execute function mark_pages();

create function mark_stages() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key)
    select distinct 'deal', deal.account_id from changed join deal on deal.id = changed.deal_id;
  return null;
end $$;
create trigger deal_stage_added after insert on deal_stage referencing new table as changed
  for each statement execute function mark_stages();
create trigger deal_stage_changed after update on deal_stage referencing new table as changed
  for each statement execute function mark_stages();
create trigger deal_stage_gone after delete on deal_stage referencing old table as changed
  for each statement execute function mark_stages();

create function mark_activity() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key, at) select distinct 'asset', asset_id, occurred_at from changed;
  return null;
end $$;
create trigger asset_activity_added after insert on asset_activity referencing new table as changed
  for each statement execute function mark_activity();
create trigger asset_activity_gone after delete on asset_activity referencing old table as changed
  for each statement execute function mark_activity();

create function mark_results() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key, at)
    select distinct 'asset', changed.asset_id, search.searched_at
    from changed join search on search.id = changed.search_id;
  return null;
end $$;
create trigger search_result_added after insert on search_result referencing new table as changed
  for each statement execute function mark_results();

-- Before it goes, because its results go with it.
create function mark_lost_search() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key, at)
    select 'asset', asset_id, old.searched_at from search_result where search_id = old.id;
  return old;
end $$;
create trigger search_lost before delete on search for each row execute function mark_lost_search();

-- An item is shared by every share link to its room, from the later of the two on.
create function mark_room_item() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into rollup_mark (kind, key, at)
      select 'asset', old.asset_id, greatest(created_at, old.added_at) from share_link where room_id = old.room_id;
  end if;
  if tg_op <> 'DELETE' then
    insert into rollup_mark (kind, key, at)
      select 'asset', new.asset_id, greatest(created_at, new.added_at) from share_link where room_id = new.room_id;
  end if;
  return null;
end $$;
create trigger room_item_counted after insert or update of added_at, removed_at or delete on room_item
  for each row execute function mark_room_item();

create function mark_lost_share() returns trigger language plpgsql as $$
begin
  insert into rollup_mark (kind, key, at)
    select 'asset', old.asset_id, old.created_at where old.asset_id is not null
    union all
    select 'asset', asset_id, greatest(old.created_at, added_at) from room_item where room_id = old.room_id;
  return null;
end $$;
create trigger share_link_lost_shares after delete on share_link for each row execute function mark_lost_share();

-- ── by which accounts ───────────────────────────────────────────────────────────────────────────────────
create function keep_buyer_slice() returns trigger language plpgsql as $$
begin
  insert into buyer_slice (industry, region, segment)
    select distinct industry, region, segment from changed
    where not exists (
      select from buyer_slice s where (s.industry, s.region, s.segment)
        is not distinct from (changed.industry, changed.region, changed.segment)
    )
    order by industry, region, segment
    on conflict do nothing;
  return null;
end $$;
create trigger account_added after insert on account referencing new table as changed
  for each statement execute function keep_buyer_slice();
create trigger account_changed after update on account referencing new table as changed
  for each statement execute function keep_buyer_slice();
insert into buyer_slice (industry, region, segment)
  select distinct industry, region, segment from account order by industry, region, segment;

-- The slice of each account. Missing values are compared as a letter that nobody types, so that an index finds them.
create index buyer_slice_values_idx on buyer_slice
  (coalesce(industry, chr(1)), coalesce(region, chr(1)), coalesce(segment, chr(1)));
create view account_slice as
  select account.id as account_id, (
      select slice.id from buyer_slice slice
      where coalesce(slice.industry, chr(1)) = coalesce(account.industry, chr(1))
        and coalesce(slice.region, chr(1)) = coalesce(account.region, chr(1))
        and coalesce(slice.segment, chr(1)) = coalesce(account.segment, chr(1))
      limit 1
    ) as buyer_slice_id
  from account;

-- ── what raw rows have left behind ──────────────────────────────────────────────────────────────────────
-- Active time of the pages 1, 2, 3 … from those that were in sight.
create function spread_pages(page_numbers int[], page_ms int[], page_count int) returns int[]
  language plpgsql immutable parallel safe as $$
declare
  spread int[] := array_fill(0, array[page_count]);
begin
  for i in 1 .. coalesce(cardinality(page_numbers), 0) loop
    spread[page_numbers[i]] := page_ms[i];
  end loop;
  return spread;
end $$;

-- Searches go after a time, and what was surfaced by them stays: to be called before they are deleted, in the same
-- transaction. It waits for whoever counts.
create function keep_surfaced(searched_before timestamptz) returns void language plpgsql as $$
declare
  zone text;
begin
  perform pg_advisory_xact_lock(7420012);
  select coalesce(time_zone, 'UTC') into zone from rollup_state;
  insert into asset_month (asset_id, month, buyer_slice_id, surfaced_days, surfaced_count, gone_surfaced_days, gone_surfaced_count)
    select asset_id, date_trunc('month', day)::date, 0, bit_or(1 << extract(day from day)::int - 1), count(*)::int,
      bit_or(1 << extract(day from day)::int - 1), count(*)::int
    from (
      select r.asset_id, (s.searched_at at time zone zone)::date as day
      from search s join search_result r on r.search_id = s.id
      where s.searched_at < searched_before
    ) surfaced
    group by asset_id, date_trunc('month', day)
    on conflict (asset_id, month, buyer_slice_id) do update set
      gone_surfaced_days = asset_month.gone_surfaced_days | excluded.gone_surfaced_days,
      gone_surfaced_count = asset_month.gone_surfaced_count + excluded.gone_surfaced_count;
end $$;
