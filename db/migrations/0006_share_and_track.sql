-- Share links with a policy, rooms, and what is known of those who open them.

-- What an admin decided for the whole instance; a key that is missing has its default in the code.
create table setting (
  key text primary key,
  value jsonb not null,
  changed_by_user_id text constraint setting_changed_by_user_id_fkey references "user" on delete set null,
  changed_at timestamptz not null
);

-- ── recipients ──────────────────────────────────────────────────────────────────────────────────────────
-- A person, a whole account, or a channel such as a post, of which nobody knows who comes.
alter table recipient
  add column kind text not null default 'person',
  add constraint recipient_kind_check check (kind in ('person', 'account', 'channel')),
  add constraint recipient_account_check check (kind <> 'account' or account_id is not null),
  add constraint recipient_email_check check (kind = 'person' or email is null);
drop index recipient_name_account_id_key;
create unique index recipient_name_account_id_key on recipient (kind, lower(name), account_id)
  nulls not distinct where email is null;

-- ── rooms ───────────────────────────────────────────────────────────────────────────────────────────────
-- A collection as prospects see it. It is a copy, so that tidying a playbook changes nothing that was sent.
create table room (
  id text primary key,
  collection_id text constraint room_collection_id_fkey references collection on delete set null,
  name text not null,
  note text not null default '',
  -- The one next step: a link, a date, or nothing yet.
  next_step_label text not null default '',
  next_step_url text,
  next_step_at timestamptz,
  created_by_user_id text not null constraint room_created_by_user_id_fkey references "user",
  is_sample boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint room_name_check check (length(name) between 1 and 120)
);
create index room_created_by_user_id_idx on room (created_by_user_id, updated_at desc, id);

create table room_item (
  room_id text not null constraint room_item_room_id_fkey references room on delete cascade,
  asset_id text not null constraint room_item_asset_id_fkey references asset,
  position int not null,
  -- Why it matters to these prospects.
  note text not null default '',
  pinned_version_id text constraint room_item_pinned_version_id_fkey references asset_version,
  added_at timestamptz not null,
  -- An item that was taken out stays known, because it was read.
  removed_at timestamptz,
  primary key (room_id, asset_id)
);
create index room_item_asset_id_idx on room_item (asset_id);

-- ── share links ─────────────────────────────────────────────────────────────────────────────────────────
alter table share_link
  alter column asset_id drop not null,
  add column room_id text constraint share_link_room_id_fkey references room,
  -- Shows this version for ever; null: the current one.
  add column pinned_version_id text constraint share_link_pinned_version_id_fkey references asset_version,
  add column gate text not null default 'none',
  add column allowed_domains text[] not null default '{}',
  add column allowed_emails text[] not null default '{}',
  add column has_watermark boolean not null default false,
  add column starts_at timestamptz,
  -- How many different visitors it admits.
  add column max_visitors int,
  -- The share link that this one was made from, for one more person.
  add column parent_share_link_id text constraint share_link_parent_share_link_id_fkey references share_link,
  -- Set where a prospect made it by the forward button.
  add column forwarded_by_visitor_id text constraint share_link_forwarded_by_visitor_id_fkey
    references visitor on delete set null,
  -- Taken back within a minute of making it: nobody has it, and it counts nowhere.
  add column undone_at timestamptz,
  -- When its sender asked for it to be mailed, and when the mail server took it.
  add column mail_asked_at timestamptz,
  add column mailed_at timestamptz,
  add column transferred_from_user_id text constraint share_link_transferred_from_user_id_fkey references "user",
  add constraint share_link_asset_id_check check ((asset_id is null) <> (room_id is null)),
  add constraint share_link_gate_check check (gate in ('none', 'ask', 'required', 'verified')),
  add constraint share_link_max_visitors_check check (max_visitors > 0);
create index share_link_room_id_idx on share_link (room_id) where room_id is not null;
create index share_link_parent_share_link_id_idx on share_link (parent_share_link_id)
  where parent_share_link_id is not null;

-- What was changed of a share link after it was made, and by whom.
create table share_link_change (
  share_link_id text not null constraint share_link_change_share_link_id_fkey references share_link on delete cascade,
  kind text not null constraint share_link_change_kind_check
    check (kind in ('policy', 'transferred', 'revoked', 'restored')),
  -- Of a policy: what holds from then on, without addresses and passcodes.
  policy jsonb not null default '{}',
  from_user_id text constraint share_link_change_from_user_id_fkey references "user" on delete set null,
  to_user_id text constraint share_link_change_to_user_id_fkey references "user" on delete set null,
  by_user_id text constraint share_link_change_by_user_id_fkey references "user" on delete set null,
  changed_at timestamptz not null,
  primary key (share_link_id, changed_at, kind)
);

-- Every asset that a share link leads to, alone or in a room.
create view shared_asset as
  select id as share_link_id, asset_id, recipient_id, created_by_user_id, created_at as shared_at, is_sample
  from share_link where asset_id is not null and undone_at is null
  union all
  select l.id, i.asset_id, l.recipient_id, l.created_by_user_id, greatest(l.created_at, i.added_at), l.is_sample
  from share_link l join room_item i on i.room_id = l.room_id
  where l.undone_at is null and (i.removed_at is null or i.removed_at > l.created_at);

-- What was sent to whom, as those who tell of it name it. What was undone is not here. The account is the recipient's own
-- or that of the contact.
create view sent_link as
  select l.id as share_link_id, l.asset_id, l.room_id, coalesce(a.title, room.name) as title,
    coalesce(shown.page_count, (
      select sum(version.page_count) from room_item item
      join asset on asset.id = item.asset_id
      join asset_version version on version.id = coalesce(item.pinned_version_id, asset.current_version_id)
      where item.room_id = l.room_id and item.removed_at is null
    ), 1)::int as page_count,
    (select duration_ms from version_rendition where asset_version_id = shown.id limit 1) as duration_ms,
    r.id as recipient_id, r.kind as recipient_kind, r.name as recipient_name, r.email as recipient_email,
    acc.id as account_id, acc.name as account_name, l.created_by_user_id, u.name as sender_name, l.created_at,
    l.mailed_at, l.starts_at, l.expires_at, l.revoked_at, l.parent_share_link_id, l.transferred_from_user_id,
    l.forwarded_by_visitor_id is not null as is_by_prospect
  from share_link l
  join recipient r on r.id = l.recipient_id
  join "user" u on u.id = l.created_by_user_id
  left join contact c on c.id = r.contact_id
  left join account acc on acc.id = coalesce(r.account_id, c.account_id)
  left join asset a on a.id = l.asset_id
  left join room on room.id = l.room_id
  left join asset_version shown on shown.id = coalesce(l.pinned_version_id, a.current_version_id)
  where l.undone_at is null;

-- A code that was sent to an address, to prove that it can be read there.
create table email_code (
  id text primary key,
  share_link_id text not null constraint email_code_share_link_id_fkey references share_link on delete cascade,
  email text not null,
  code_hash text not null,
  try_count int not null default 0,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index email_code_share_link_id_idx on email_code (share_link_id, lower(email), sent_at desc);

-- ── hits ────────────────────────────────────────────────────────────────────────────────────────────────
-- The id is made where the request is taken, so that writing it twice changes nothing.
alter table link_hit alter column id drop identity;
alter table link_hit
  alter column id type text using 'hit_' || lpad(id::text, 12, '0'),
  add column country text,
  -- What the headers say and whether they agree with each other.
  add column facts jsonb not null default '{}';

-- What one network did in a minute, whatever it was sent.
create index link_hit_network_idx on link_hit (network, occurred_at);

-- ── visitors ────────────────────────────────────────────────────────────────────────────────────────────
-- From the surest key to the weakest: a code that came back from a mailbox, an address that was typed, a cookie,
-- a hash that changes every day, and nothing at all.
alter table visitor drop constraint visitor_key_kind_check;
update visitor set key_kind = 'cookie' where key_kind = 'browser';
alter table visitor
  add column email text,
  add column name text,
  add constraint visitor_key_kind_check check (key_kind in ('code', 'email', 'cookie', 'daily', 'visit'));
create index visitor_email_idx on visitor (lower(email)) where email is not null;

-- Salts the daily key of visitors without a cookie; it is thrown away, and the keys mean nothing any more.
create table visitor_salt (
  day date primary key,
  salt text not null
);

-- ── visits ──────────────────────────────────────────────────────────────────────────────────────────────
alter table visit
  add column country text,
  -- What the request and the browser say of themselves; see the judging rules.
  add column request_facts jsonb not null default '{}',
  add column browser_facts jsonb not null default '{}',
  -- Which of their numbered beats came from the tabs of this visit, so that a gap tells of one that was lost: what
  -- stands for the tab in the upper bits, the number in the lower 16.
  add column beat_numbers int8multirange not null default '{}';

create index visit_started_at_idx on visit (started_at);

-- What was opened in a visit: the one version of an asset, or each item of a room.
create table visit_version (
  visit_id text not null constraint visit_version_visit_id_fkey references visit on delete cascade,
  asset_version_id text not null constraint visit_version_asset_version_id_fkey references asset_version,
  opened_at timestamptz not null,
  downloaded_at timestamptz,
  primary key (visit_id, asset_version_id)
);
create index visit_version_asset_version_id_idx on visit_version (asset_version_id);
insert into visit_version (visit_id, asset_version_id, opened_at, downloaded_at)
  select id, asset_version_id, started_at, downloaded_at from visit;

-- Every asset that was opened in a visit.
create view visited_asset as
  select v.id as visit_id, v.share_link_id, v.started_at, opened.asset_version_id, version.asset_id
  from visit v
  join visit_version opened on opened.visit_id = v.id
  join asset_version version on version.id = opened.asset_version_id;

alter table page_view
  add column asset_version_id text constraint page_view_asset_version_id_fkey references asset_version;
update page_view set asset_version_id = visit.asset_version_id from visit where visit.id = page_view.visit_id;
alter table page_view
  alter column asset_version_id set not null,
  drop constraint page_view_pkey,
  add primary key (visit_id, tab_key, asset_version_id, page_number);

alter table visit drop column asset_version_id, drop column downloaded_at;

-- Each page of a visit with its active time and the words on it as its version is shown now, null where nothing is known.
-- Tabs add up, but nobody is active for longer than the visit lasted.
create function pages_of_visit(of_visit_id text)
  returns table (asset_version_id text, page_number int, active_ms int, word_count int)
  language sql stable as $$
  select seen.asset_version_id, seen.page_number, seen.active_ms, page.word_count
  from (
    select p.asset_version_id, p.page_number,
      least(sum(p.active_ms), extract(epoch from v.last_active_at - v.started_at) * 1000 + 5000)::int as active_ms
    from page_view p join visit v on v.id = p.visit_id
    where p.visit_id = of_visit_id
    group by p.asset_version_id, p.page_number, v.last_active_at, v.started_at
  ) seen
  left join lateral (
    select rendition_id from version_rendition where asset_version_id = seen.asset_version_id limit 1
  ) shown on true
  left join rendition_page page on page.rendition_id = shown.rendition_id and page.page_number = seen.page_number
$$;

-- Which seconds of a video or sound were played; telling it again changes nothing.
create table watched_range (
  visit_id text not null constraint watched_range_visit_id_fkey references visit on delete cascade,
  asset_version_id text not null constraint watched_range_asset_version_id_fkey references asset_version,
  seconds int4multirange not null,
  updated_at timestamptz not null,
  primary key (visit_id, asset_version_id)
);

-- ── judgements ──────────────────────────────────────────────────────────────────────────────────────────
-- A rule set as it was used, so that an old judgement can be explained by the rules of its time.
create table judgement_rules (
  version int primary key,
  rules jsonb not null,
  first_used_at timestamptz not null
);

-- How often visits with the same signals turned out to be people.
create table signal_pattern (
  rule_version int not null,
  pattern text not null,
  human_count int not null,
  other_count int not null,
  probability real not null,
  low real not null,
  high real not null,
  as_of timestamptz not null,
  primary key (rule_version, pattern)
);

alter table judgement
  -- The names of the signals that were there, in order; by it visits are compared with those that were confirmed.
  add column pattern text not null default '',
  -- Set where a person took their word back: the judgement is history then.
  add column undone_at timestamptz;
update judgement set reasons = coalesce(
  (select jsonb_agg(jsonb_build_object('rule', '', 'weight', 0, 'sentence', reason))
    from jsonb_array_elements_text(reasons) as reason), '[]');

-- The judgement that counts: what a person said, else the latest one of the rules.
drop index judgement_visit_id_idx;
create index judgement_visit_id_idx on judgement (visit_id, (judged_by_user_id is null), id desc);
create index judgement_judged_at_idx on judgement (judged_at desc);
drop view current_judgement;
-- It goes from visit to visit by the index, so that whoever joins it to a few visits does not look at all judgements.
create view current_judgement as
  select visit.id as visit_id, judged.class, judged.probability, judged.reasons, judged.rule_version,
    judged.judged_by_user_id, judged.judged_at, judged.pattern,
    judged.class in ('human-confirmed', 'human-likely') as is_human,
    judged.class in ('human-confirmed', 'human-likely', 'unsure') as may_be_human
  from visit
  cross join lateral (
    select * from judgement where visit_id = visit.id and undone_at is null
    order by (judged_by_user_id is null), id desc limit 1
  ) judged;

-- The past judged again by the rules of today, and what changed by it.
create table rejudging (
  id text primary key,
  rule_version int not null,
  -- Null where it was asked for by the rules themselves, when a new set of them was first used.
  asked_by_user_id text constraint rejudging_asked_by_user_id_fkey references "user" on delete set null,
  asked_at timestamptz not null,
  finished_at timestamptz,
  total_count int not null,
  done_count int not null default 0,
  changed_count int not null default 0,
  -- How many visits went from which class to which, as {"unsure → scanner": 3}.
  changes jsonb not null default '{}',
  -- Where to go on after a crash.
  last_visit_id text not null default ''
);

-- ── telling every process ───────────────────────────────────────────────────────────────────────────────
-- What a share page shows is kept in memory; each change names what it is about on one channel.
create function tell_share_change() returns trigger language plpgsql as $$
declare
  changed jsonb := to_jsonb(coalesce(new, old));
begin
  perform pg_notify('share_changed', changed ->> tg_argv[0]);
  return null;
end $$;
create trigger share_link_changed after update or delete on share_link
  for each row execute function tell_share_change('id');
create trigger recipient_changed after update on recipient
  for each row execute function tell_share_change('id');
create trigger room_changed after update or delete on room
  for each row execute function tell_share_change('id');
create trigger room_item_changed after insert or update or delete on room_item
  for each row execute function tell_share_change('room_id');
create trigger asset_changed after update on asset
  for each row execute function tell_share_change('id');
create trigger rendition_changed after insert or update or delete on rendition
  for each row execute function tell_share_change('source_key');
create trigger user_name_changed after update of name on "user"
  for each row execute function tell_share_change('id');
create trigger blob_changed after update on blob
  for each row execute function tell_share_change('hash');
create trigger setting_changed after insert or update or delete on setting
  for each row execute function tell_share_change('key');
