-- What prospects ask in a room, and what they are answered there.

create table room_question (
  id text primary key,
  room_id text not null constraint room_question_room_id_fkey references room on delete cascade,
  -- It is read by whoever holds this share link, and by the other holders once it is answered for everybody.
  share_link_id text not null constraint room_question_share_link_id_fkey references share_link,
  -- Null where nobody is told who reads.
  visitor_id text constraint room_question_visitor_id_fkey references visitor on delete set null,
  -- The item that it is about; null: the room.
  asset_id text constraint room_question_asset_id_fkey references asset on delete set null,
  -- As they gave it; both may be missing.
  asked_by_name text not null default '',
  asked_by_email text,
  text text not null,
  asked_at timestamptz not null,
  answer text,
  answered_by_user_id text constraint room_question_answered_by_user_id_fkey references "user" on delete set null,
  answered_at timestamptz,
  is_for_all boolean not null default false,
  -- Set where it does not belong into the room, such as what a stranger wrote.
  hidden_at timestamptz,
  constraint room_question_text_check check (length(text) between 1 and 2000),
  constraint room_question_answer_check check ((answer is null) = (answered_at is null))
);
create index room_question_room_id_idx on room_question (room_id, asked_at desc, id);
create index room_question_share_link_id_idx on room_question (share_link_id, asked_at);
create index room_question_asked_by_email_idx on room_question (lower(asked_by_email))
  where asked_by_email is not null;

create trigger room_question_changed after insert or update or delete on room_question
  for each row execute function tell_share_change('room_id');
