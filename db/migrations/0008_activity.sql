-- What people did once somebody had read what they sent.

create table follow_up (
  id text primary key,
  share_link_id text not null constraint follow_up_share_link_id_fkey references share_link on delete cascade,
  -- Whose reading it answers, where one of several was meant; else the recipient's.
  visitor_id text constraint follow_up_visitor_id_fkey references visitor on delete set null,
  user_id text not null constraint follow_up_user_id_fkey references "user",
  kind text not null,
  note text not null default '',
  followed_up_at timestamptz not null,
  -- Taken back: it settles nothing and stands in no list.
  undone_at timestamptz,
  constraint follow_up_kind_check check (kind in ('mail', 'call', 'meeting', 'other'))
);
create index follow_up_share_link_id_idx on follow_up (share_link_id, followed_up_at desc);

-- Who does not want to be reminded of a share link before then.
create table snooze (
  share_link_id text not null constraint snooze_share_link_id_fkey references share_link on delete cascade,
  user_id text not null constraint snooze_user_id_fkey references "user" on delete cascade,
  until_at timestamptz not null,
  primary key (share_link_id, user_id)
);

create index recipient_account_id_idx on recipient (account_id) where account_id is not null;
create index contact_account_id_idx on contact (account_id) where account_id is not null;
