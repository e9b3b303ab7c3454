-- Who is told what of the people who read, and which other systems are.

-- One for each visitor to a share link, brought up to date instead of a message for every event, and one for each question
-- that was asked in a room. Who and what it is about stands where it always did; here stands only what was counted when
-- it was told.
create table notification_thread (
  id text primary key,
  user_id text not null constraint notification_thread_user_id_fkey references "user" on delete cascade,
  share_link_id text not null constraint notification_thread_share_link_id_fkey references share_link on delete cascade,
  visitor_id text constraint notification_thread_visitor_id_fkey references visitor on delete cascade,
  question_id text constraint notification_thread_question_id_fkey references room_question on delete cascade,
  -- The latest visit of a person.
  visit_id text constraint notification_thread_visit_id_fkey references visit on delete set null,
  news text not null,
  is_confirmed boolean not null,
  visit_count int not null,
  read_page_count int not null,
  active_ms int not null,
  has_downloaded boolean not null,
  device text not null,
  -- How likely it is that the share link was passed on, as far as it is.
  forwarding text,
  last_visit_at timestamptz not null,
  last_active_at timestamptz not null,
  -- When it last said something new.
  told_at timestamptz not null,
  read_at timestamptz,
  -- Set where it turned out that nobody read; it stands in no list.
  withdrawn_at timestamptz,
  constraint notification_thread_key unique (user_id, share_link_id, visitor_id),
  constraint notification_thread_question_id_key unique (question_id, user_id),
  constraint notification_thread_about_check check (
    (visitor_id is null) <> (question_id is null) and (question_id is null) <> (news = 'asked')
  ),
  constraint notification_thread_news_check check (
    news in ('opened', 'read_more', 'came_back', 'downloaded', 'asked')
  ),
  constraint notification_thread_forwarding_check check (forwarding in ('low', 'medium', 'high'))
);
create index notification_thread_told_at_idx on notification_thread (user_id, told_at desc, id desc);
create index notification_thread_share_link_id_idx on notification_thread (share_link_id, visitor_id);
create index notification_thread_visitor_id_idx on notification_thread (visitor_id);
create index notification_thread_visit_id_idx on notification_thread (visit_id);

-- What of a thread still has to leave by mail or to Slack, and when it last did.
create table notification_sending (
  thread_id text not null constraint notification_sending_thread_id_fkey references notification_thread on delete cascade,
  channel text not null,
  due_at timestamptz,
  sent_at timestamptz,
  primary key (thread_id, channel),
  constraint notification_sending_channel_check check (channel in ('email', 'slack'))
);
create index notification_sending_due_at_idx on notification_sending (due_at) where due_at is not null;

-- How somebody wants to be told; without a row as the code says.
create table notification_preference (
  user_id text primary key constraint notification_preference_user_id_fkey references "user" on delete cascade,
  -- For each kind of news whether the bell counts it, and when it leaves by mail and to Slack.
  kinds jsonb not null,
  -- The incoming webhook, sealed with the instance key.
  slack_url_sealed text,
  -- In minutes after midnight, in the time zone; the end may lie on the next day.
  quiet_from int,
  quiet_until int,
  digest_hour int not null,
  time_zone text not null,
  constraint notification_preference_quiet_check check ((quiet_from is null) = (quiet_until is null)),
  constraint notification_preference_quiet_from_check check (quiet_from between 0 and 1439),
  constraint notification_preference_quiet_until_check check (quiet_until between 0 and 1439),
  constraint notification_preference_digest_hour_check check (digest_hour between 0 and 23)
);

-- Who does not want to be told of a share link.
create table notification_mute (
  share_link_id text not null constraint notification_mute_share_link_id_fkey references share_link on delete cascade,
  user_id text not null constraint notification_mute_user_id_fkey references "user" on delete cascade,
  muted_at timestamptz not null,
  primary key (share_link_id, user_id)
);

-- ── webhooks ────────────────────────────────────────────────────────────────────────────────────────────
create table webhook_endpoint (
  id text primary key,
  url text not null,
  events text[] not null,
  -- Signs what is sent; sealed with the instance key.
  secret_sealed text not null,
  -- Signs as well until then, so that the other side can change over.
  previous_secret_sealed text,
  previous_until timestamptz,
  created_by_user_id text constraint webhook_endpoint_created_by_user_id_fkey references "user" on delete set null,
  created_at timestamptz not null,
  -- The first failure since the last success.
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  constraint webhook_endpoint_events_check check (cardinality(events) > 0)
);

create table webhook_delivery (
  id text primary key,
  webhook_endpoint_id text not null constraint webhook_delivery_webhook_endpoint_id_fkey
    references webhook_endpoint on delete cascade,
  -- By which the other side knows what it has had already; sending it again leaves it as it is.
  message_id text not null,
  event text not null,
  payload jsonb not null,
  created_at timestamptz not null,
  state text not null,
  try_count int not null default 0,
  next_try_at timestamptz,
  tried_at timestamptz,
  response_status int,
  response_excerpt text not null default '',
  error text,
  took_ms int,
  constraint webhook_delivery_key unique (webhook_endpoint_id, message_id),
  constraint webhook_delivery_state_check check (state in ('waiting', 'delivered', 'failed'))
);
create index webhook_delivery_created_at_idx on webhook_delivery (webhook_endpoint_id, created_at desc, id desc);

-- ── telling every process ───────────────────────────────────────────────────────────────────────────────
create function tell_notification_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('notification_changed', coalesce(new.user_id, old.user_id));
  return null;
end $$;
create trigger notification_thread_changed after insert or update or delete on notification_thread
  for each row execute function tell_notification_change();

-- What is open for a session ends with it.
create function tell_session_end() returns trigger language plpgsql as $$
begin
  perform pg_notify('session_ended', old.token_hash);
  return null;
end $$;
create trigger session_ended after delete on session
  for each row execute function tell_session_end();
