-- What buyers object in the field, and how many assets a cell of the coverage is meant to hold.

-- An objection in the words in which somebody heard it.
create table objection_note (
  id text primary key,
  text text not null,
  -- Which objection it is; null until somebody says so.
  objection_term_id text constraint objection_note_objection_term_id_fkey references term on delete set null,
  persona_term_id text constraint objection_note_persona_term_id_fkey references term on delete set null,
  -- Where the deal stood when it was heard, unless the one who heard it said otherwise.
  stage_term_id text constraint objection_note_stage_term_id_fkey references term on delete set null,
  deal_id text constraint objection_note_deal_id_fkey references deal on delete set null,
  -- What it was said about, where that is known.
  asset_id text constraint objection_note_asset_id_fkey references asset on delete set null,
  share_link_id text constraint objection_note_share_link_id_fkey references share_link on delete set null,
  noted_by_user_id text not null constraint objection_note_noted_by_user_id_fkey references "user",
  noted_at timestamptz not null,
  updated_at timestamptz not null,
  is_sample boolean not null default false,
  constraint objection_note_text_check check (length(text) between 1 and 2000)
);
create index objection_note_noted_at_idx on objection_note (noted_at desc, id);
create index objection_note_objection_term_id_idx on objection_note (objection_term_id, noted_at desc);
create index objection_note_deal_id_idx on objection_note (deal_id, noted_at desc) where deal_id is not null;
create index objection_note_asset_id_idx on objection_note (asset_id) where asset_id is not null;
create index objection_note_share_link_id_idx on objection_note (share_link_id) where share_link_id is not null;

-- How many assets are wanted where two or three terms meet; 0: it is meant to stay empty.
create table coverage_target (
  persona_term_id text constraint coverage_target_persona_term_id_fkey references term on delete cascade,
  stage_term_id text constraint coverage_target_stage_term_id_fkey references term on delete cascade,
  objection_term_id text constraint coverage_target_objection_term_id_fkey references term on delete cascade,
  wanted_count int not null,
  set_by_user_id text constraint coverage_target_set_by_user_id_fkey references "user" on delete set null,
  set_at timestamptz not null,
  constraint coverage_target_cell_key unique nulls not distinct (persona_term_id, stage_term_id, objection_term_id),
  constraint coverage_target_cell_check check (num_nonnulls(persona_term_id, stage_term_id, objection_term_id) >= 2),
  constraint coverage_target_wanted_count_check check (wanted_count between 0 and 99)
);
